/* One's own notes on a question: never marked, seen by nobody else. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AttemptSession, Live } from '../../attempt/session.ts';
import type { Note } from '../../api/types.ts';
import { useLatest } from '../../parts/hooks.ts';
import { t } from '../../texts/index.ts';

const TEXT_MAX = 2000; /* characters; with highlights it stays below the server's 8 KiB */
const QUIET_MS = 900;

export const noteOf = (item: Live): Note => item.note ?? { text: '', struck: [], highlights: [] };

export function Notes({ session, item }: { session: AttemptSession; item: Live }) {
  const id = useId();
  const [text, setText] = useState(noteOf(item).text);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const latest = useLatest(text);
  const save = (): void => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    if (latest.current !== noteOf(item).text) session.setNote(item, { ...noteOf(item), text: latest.current });
  };
  useLayoutEffect(() => {
    field.current?.focus();
    return save;
  }, []);
  return (
    <div class="notes">
      <label for={id}>{t('notes.label')}</label>
      <textarea
        ref={field}
        id={id}
        rows={4}
        dir="auto"
        maxLength={TEXT_MAX}
        value={text}
        aria-describedby={`${id}-hint`}
        onInput={(e) => {
          setText(e.currentTarget.value);
          if (timer.current) clearTimeout(timer.current);
          timer.current = setTimeout(save, QUIET_MS);
        }}
        onBlur={save}
      />
      <p id={`${id}-hint`} class="hint">{t('notes.hint')}</p>
    </div>
  );
}
