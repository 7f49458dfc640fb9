/* The rubric as a form: points line by line, the sum, a comment, and on to the next answer.
 *
 * Keys: a digit gives the line that is on so many points and goes on to the next; Ctrl and Enter save, also from the comment. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type * as calls from '../../api/marking.ts';
import { preferences } from '../../app/preferences.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { useLatest } from '../../parts/hooks.ts';
import { Html } from '../../parts/html/html.tsx';
import { errorText } from '../../parts/states/states.tsx';
import { number, t } from '../../texts/index.ts';
import { typed } from '../exam/keys.ts';
import { choices, firstMissing, linesOf, readPoints, total, type Line } from './points.ts';
import type { Work } from './work.ts';

interface RowProps { line: Line; n: number; value: number | null; on: boolean; missing: boolean; name: string; set: (v: number | null) => void; enter: () => void }

function Row({ line, n, value, on, missing, name, set, enter }: RowProps) {
  const id = useId();
  const [text, setText] = useState<string | null>(null); /* what is being typed */
  const shown = text ?? (value === null ? '' : number(value, 3));
  const bad = text !== null && text.trim() !== '' && readPoints(text, line.points) === null;
  return (
    <li class={`marking-line ${on ? 'is-on' : ''} ${missing ? 'is-missing' : ''}`} data-line={n - 1}>
      <fieldset class="segments" onFocusCapture={enter} aria-describedby={line.when ? `${id}-when` : undefined}>
        <legend>
          <span class="sr-only">{n}. </span><Html html={line.text} inline /> <small class="muted">{t('marking.upTo', { n: line.points })}</small>
        </legend>
        {line.when && <div id={`${id}-when`} class="marking-when"><Html html={line.when} inline /></div>}
        {choices(line.points).map((v) => (
          <label key={v}>
            <input type="radio" name={name} data-points={v} checked={text === null && value === v} onChange={() => (setText(null), set(v))} />
            <span>{number(v, 3)}</span>
          </label>
        ))}
        <input
          class="marking-exact"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          aria-label={t('marking.exact', { n })}
          aria-invalid={bad}
          placeholder="–"
          value={shown}
          onInput={(e) => {
            setText(e.currentTarget.value);
            set(readPoints(e.currentTarget.value, line.points));
          }}
          onBlur={() => {
            if (!bad) setText(null);
          }}
        />
      </fieldset>
      {bad && <p class="marking-error" role="alert">{t('marking.notPoints', { max: number(line.points, 3) })}</p>}
    </li>
  );
}

/* Which line a digit is for: the one that has the focus, else the first without points. */
function usePanelKeys(h: { digit: (d: number) => void; save: () => void; undo: () => void; skip: () => void; comment: () => void }): void {
  const latest = useLatest(h);
  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || document.querySelector('dialog[open]')) return;
      const c = latest.current;
      if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) c.save();
      else if (e.ctrlKey || e.metaKey || e.altKey || typed(e) || !preferences().singleKeys) return;
      else if (/^[0-9]$/.test(e.key)) c.digit(Number(e.key));
      else if (e.key === 'u') c.undo();
      else if (e.key === 's') c.skip();
      else if (e.key === 'c') c.comment();
      else return;
      e.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

export function Panel({ work, answer: a }: { work: Work; answer: calls.Answer }) {
  const lines = linesOf(a, t('marking.whole'));
  const draft = work.draft(lines.length);
  const [on, setOn] = useState(Math.max(0, firstMissing(draft.given)));
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const name = useId();
  const missing = firstMissing(draft.given);
  const sum = total(draft.given.map((v) => v ?? 0), lines, a.max);

  const set = (i: number, v: number | null): void => work.keep({ ...draft, given: draft.given.map((old, k) => (k === i ? v : old)) });
  const focusLine = (i: number): void => {
    const radios = form.current?.querySelectorAll<HTMLElement>(`[data-line="${i}"] input[type='radio']`);
    [...(radios ?? [])].find((r) => (r as HTMLInputElement).checked)?.focus() ?? radios?.[0]?.focus();
  };
  const digit = (d: number): void => {
    const line = lines[on];
    if (!line || d > line.points) {
      announce(t('marking.tooMany', { max: number(line?.points ?? 0, 3) }));
      return;
    }
    set(on, d);
    announce(t('marking.given', { n: on + 1, points: number(d, 3), max: number(line.points, 3) }));
    setOn(Math.min(on + 1, lines.length - 1));
  };
  const save = async (): Promise<void> => {
    if (work.busy) return;
    if (missing >= 0) {
      setTried(true);
      setOn(missing);
      focusLine(missing);
      announce(t('marking.missing', { n: missing + 1 }), true);
      return;
    }
    const given = draft.given.map((v) => v ?? 0);
    const words = draft.comment.trim();
    const mark: calls.Mark = { ...(a.criteria ? { criteria: given } : { points: given[0]! }), ...(words ? { comment: words } : {}) };
    if (await work.give(draft, mark)) announce(t('marking.saved', { points: number(work.last?.points ?? sum, 3), max: number(a.max, 3) }));
  };
  const undo = async (): Promise<void> => {
    if (await work.undo()) announce(t('marking.undone'));
  };
  usePanelKeys({ digit, save: () => void save(), undo: () => void undo(), skip: () => void (work.waiting > 1 && work.skip()), comment: () => comment.current?.focus() });

  return (
    <form ref={form} class="card marking-panel" aria-label={t('marking.rubric')} onSubmit={(e) => (e.preventDefault(), void save())}>
      <h2>{t('marking.rubric')}</h2>
      {a.rubric && <details class="marking-rest" open={!a.criteria}><summary>{t(a.criteria ? 'marking.wholeRubric' : 'marking.against')}</summary><Html html={a.rubric} level={2} /></details>}
      <ol class="marking-lines">
        {lines.map((line, i) => (
          <Row key={i} line={line} n={i + 1} value={draft.given[i] ?? null} on={on === i} missing={tried && draft.given[i] === null} name={`${name}-${i}`} set={(v) => set(i, v)} enter={() => setOn(i)} />
        ))}
      </ol>
      <div class="field">
        <label for={`${name}-comment`}>{t('marking.comment')}</label>
        <textarea ref={comment} id={`${name}-comment`} rows={3} maxLength={1300} value={draft.comment} onInput={(e) => work.keep({ ...draft, comment: e.currentTarget.value })} />
        <p class="hint">{t('marking.commentHint')}</p>
      </div>
      {tried && missing >= 0 && <p class="marking-error">{t('marking.missing', { n: missing + 1 })}</p>}
      {work.error !== null && <p class="marking-error" role="alert">{errorText(work.error)}</p>}
      <details class="marking-keys">
        <summary>{t('marking.keys')}</summary>
        <dl class="keys">
          <div><dt><kbd>0</kbd>–<kbd>9</kbd></dt><dd>{t('marking.key.digit')}</dd></div>
          <div><dt><kbd>Ctrl</kbd> <kbd>Enter</kbd></dt><dd>{t('marking.save')}</dd></div>
          <div><dt><kbd>u</kbd></dt><dd>{t('marking.undo')}</dd></div>
          <div><dt><kbd>s</kbd></dt><dd>{t('marking.skip')}</dd></div>
          <div><dt><kbd>c</kbd></dt><dd>{t('marking.comment')}</dd></div>
        </dl>
      </details>
      <div class="marking-foot">
        <p class="marking-sum" aria-live="off"><strong>{number(sum, 3)}</strong> {t('marking.ofMax', { n: a.max })}</p>
        {work.waiting > 1 && <button type="button" class="button button-quiet" disabled={work.busy} onClick={() => void work.skip()}>{t('marking.skip')}</button>}
        <button type="submit" class="button" aria-keyshortcuts="Control+Enter" disabled={work.busy}>{t('marking.save')}</button>
      </div>
    </form>
  );
}
