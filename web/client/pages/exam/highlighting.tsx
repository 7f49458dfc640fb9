/* Highlighting words of the question: of what is selected, or sentence by sentence from a list, which needs neither mouse nor sight. Painted with
 * the CSS custom highlight API, so the question's own elements stay untouched. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Range as Mark } from '../../api/types.ts';
import { addRange, covered, pageRanges, removeRange, selectedRange, sentences, textOf } from '../../attempt/highlights.ts';
import type { AttemptSession, Live } from '../../attempt/session.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { currentLanguage, t } from '../../texts/index.ts';
import { noteOf } from './notes.tsx';

const NAME = 'assay';
const HIGHLIGHTS_MAX = 60;

export const canHighlight = (): boolean => typeof CSS !== 'undefined' && 'highlights' in CSS;

/* Keeps the painted highlights in step with the note. */
export function usePaint(body: RefObject<HTMLDivElement | null>, item: Live | null): void {
  const marks = item ? noteOf(item).highlights : [];
  useEffect(() => {
    if (!canHighlight() || !body.current) return undefined;
    CSS.highlights.set(NAME, new Highlight(...pageRanges(body.current, marks)));
    return () => void CSS.highlights.delete(NAME);
  }, [item?.id, item?.note, body.current]);
}

export function setMarks(session: AttemptSession, item: Live, marks: Mark[]): void {
  session.setNote(item, { ...noteOf(item), highlights: marks.slice(0, HIGHLIGHTS_MAX) });
}

/* Highlights the selection, or takes the highlight from it when all of it has one. False: nothing is selected. */
export function toggleSelection(session: AttemptSession, item: Live, body: HTMLElement | null): boolean {
  const part = body && selectedRange(body);
  if (!part) return false;
  const marks = noteOf(item).highlights;
  const on = covered(marks, part);
  setMarks(session, item, on ? removeRange(marks, part) : addRange(marks, part));
  getSelection()?.removeAllRanges();
  announce(t(on ? 'highlight.removed' : 'highlight.added'));
  return true;
}

export function HighlightDialog({ session, item, body, onClose }: { session: AttemptSession; item: Live; body: HTMLElement; onClose: () => void }) {
  const [text] = useState(() => textOf(body));
  const marks = noteOf(item).highlights;
  return (
    <Dialog
      title={t('highlight.title')}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" disabled={!marks.length} onClick={() => setMarks(session, item, [])}>{t('highlight.clear')}</button>
          <button type="button" class="button" onClick={onClose}>{t('dialog.done')}</button>
        </>
      }
    >
      <p class="hint">{t('highlight.how')}</p>
      <fieldset>
        <legend class="sr-only">{t('highlight.sentences')}</legend>
        {sentences(text, currentLanguage()).map((s) => {
          const on = covered(marks, s);
          return (
            <label key={s.start} class="line">
              <input type="checkbox" checked={on} onChange={() => setMarks(session, item, on ? removeRange(marks, s) : addRange(marks, s))} />
              <span>{text.slice(s.start, s.end)}</span>
            </label>
          );
        })}
      </fieldset>
    </Dialog>
  );
}
