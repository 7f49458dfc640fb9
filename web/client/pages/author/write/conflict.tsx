/* The file was changed outside at the same lines as here: both side by side, and for each place one of them, or both. What comes of it is the unsaved
 * text, on top of what the folder has; saving is another step. */
import { useMemo, useState } from 'preact/hooks';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import { isHunk, merge, type Piece } from '../changes.ts';
import { settle } from '../folder.ts';
import type { Workbench } from '../workbench.ts';

type Choice = 'mine' | 'theirs' | 'both';
const CHOICES: readonly Choice[] = ['mine', 'theirs', 'both'];
const CONTEXT_LINES = 3;

const chosenText = (p: Piece, choice: Choice | undefined): string => {
  if (!isHunk(p)) return p.text;
  if (choice === 'both') return `${p.mine}${p.mine && !p.mine.endsWith('\n') ? '\n' : ''}${p.theirs}`;
  return choice === 'theirs' ? p.theirs : p.mine;
};

/* Settled text between two places: its ends only. */
function Context({ text, first, last }: { text: string; first: boolean; last: boolean }) {
  const lines = text.replace(/\n$/, '').split('\n');
  const keep = (first ? 0 : CONTEXT_LINES) + (last ? 0 : CONTEXT_LINES);
  if (lines.length <= keep + 1) return <pre class="conflict-same">{lines.join('\n')}</pre>;
  const head = first ? [] : lines.slice(0, CONTEXT_LINES);
  const tail = last ? [] : lines.slice(-CONTEXT_LINES);
  return (
    <pre class="conflict-same">
      {head.join('\n')}{head.length ? '\n' : ''}<span class="muted">{t('author.linesSame', { n: lines.length - keep })}</span>{tail.length ? '\n' : ''}{tail.join('\n')}
    </pre>
  );
}

export function Conflict({ bench }: { bench: Workbench }) {
  const d = bench.current!;
  const theirs = d.theirs!;
  const mine = d.state.doc.toString();
  const pieces = useMemo(() => merge(mine, d.saved.replace(/\r\n/g, '\n'), theirs.text.replace(/\r\n/g, '\n')), [mine, d.saved, theirs]);
  const [choices, setChoices] = useState<Record<number, Choice>>({});
  const open = pieces.flatMap((p, i) => (isHunk(p) ? [i] : []));
  const left = open.filter((i) => !choices[i]).length;
  const all = (c: Choice): void => setChoices(Object.fromEntries(open.map((i) => [i, c])));
  const use = (text: string): void => {
    settle(bench, d, theirs);
    bench.replace(d, text, 'input.merge');
    bench.keep();
    bench.checkSoon(0);
    bench.changed();
    requestAnimationFrame(() => bench.focusEditor());
  };
  return (
    <section class="conflict" aria-labelledby="conflict-title">
      <h2 id="conflict-title" class="title-small"><Icon name="warn" /> {t('author.conflict', { path: d.path })}</h2>
      <p>{t('author.conflictText', { n: open.length })}</p>
      <p class="row">
        <button type="button" class="button button-quiet button-small" onClick={() => all('mine')}>{t('author.allMine')}</button>
        <button type="button" class="button button-quiet button-small" onClick={() => all('theirs')}>{t('author.allTheirs')}</button>
        <span class="grow" />
        <button type="button" class="button button-small" disabled={left > 0} onClick={() => use(pieces.map((p, i) => chosenText(p, choices[i])).join(''))}>{t('author.useMerge')}</button>
      </p>
      <p class="hint" role="status">{left ? t('author.conflictLeft', { n: left }) : t('author.conflictNone')}</p>
      <div class="conflict-pieces">
        {pieces.map((p, i) => {
          if (!isHunk(p)) return <Context key={i} text={p.text} first={i === 0} last={i === pieces.length - 1} />;
          const n = open.indexOf(i) + 1;
          return (
            <fieldset key={i} class="conflict-hunk">
              <legend>{t('author.hunk', { n, of: open.length })}</legend>
              <div class="conflict-sides">
                {(['mine', 'theirs'] as const).map((side) => (
                  <div key={side} class={`conflict-side ${choices[i] === side || choices[i] === 'both' ? 'is-chosen' : ''}`}>
                    <strong>{t(`author.${side}`)}</strong>
                    <pre tabIndex={0} role="region" aria-label={`${t(`author.${side}`)}: ${t('author.hunk', { n, of: open.length })}`}>{p[side] || t('author.nothing')}</pre>
                  </div>
                ))}
              </div>
              <div class="segments" role="radiogroup" aria-label={t('author.hunk', { n, of: open.length })}>
                {CHOICES.map((c) => <label key={c}><input type="radio" name={`hunk-${i}`} checked={choices[i] === c} onChange={() => setChoices({ ...choices, [i]: c })} /><span>{t(`author.take.${c}`)}</span></label>)}
              </div>
            </fieldset>
          );
        })}
      </div>
    </section>
  );
}
