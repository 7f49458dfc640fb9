/* matching: for each left side a list to pick its partner from; dragging a partner onto it is the same with the mouse. */
import { useId, useState } from 'preact/hooks';
import { Html, plainText } from '../parts/html/html.tsx';
import { t } from '../texts/index.ts';
import { letter } from './choice.tsx';
import type { ControlProps, ShowProps } from './kinds.ts';
import type { Response } from '../api/types.ts';

export const matchOf = (r: Response | null): Record<string, string> => (r && 'match' in r ? r.match : {});

/* The pairs after one left side got a partner ("": none); null when no pair is left. Pure. */
export function paired(match: Record<string, string>, left: string, right: string): Record<string, string> | null {
  const next = { ...match };
  if (right) next[left] = right;
  else delete next[left];
  return Object.keys(next).length ? next : null;
}

export function Matching({ item, response, onAnswer, locked, lang }: ControlProps) {
  const id = useId();
  const [over, setOver] = useState<string | null>(null);
  const match = matchOf(response);
  const right = item.right ?? [];
  const set = (left: string, value: string): void => {
    const next = paired(match, left, value);
    onAnswer(next ? { match: next } : null, 350);
  };
  return (
    <div class="matching" role="group" aria-label={t('matching.label')}>
      <p class="hint">{t('matching.hint')}</p>
      <ul class="matching-left">
        {(item.left ?? []).map((l) => (
          <li
            key={l.id}
            class={over === l.id ? 'is-over' : ''}
            onDragOver={(e) => {
              if (locked) return;
              e.preventDefault();
              setOver(l.id);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(e) => {
              e.preventDefault();
              setOver(null);
              const dropped = e.dataTransfer?.getData('text/plain') ?? '';
              if (!locked && right.some((r) => r.id === dropped)) set(l.id, dropped);
            }}
          >
            <label for={`${id}-${l.id}`}><Html html={l.html} inline lang={lang} /></label>
            <select id={`${id}-${l.id}`} value={match[l.id] ?? ''} disabled={locked} onChange={(e) => set(l.id, e.currentTarget.value)}>
              <option value="">{t('matching.none')}</option>
              {right.map((r, i) => <option key={r.id} value={r.id}>{`${letter(i)} · ${plainText(r.html)}`}</option>)}
            </select>
          </li>
        ))}
      </ul>
      <ul class="matching-right" aria-label={t('matching.partners')}>
        {right.map((r, i) => (
          <li
            key={r.id}
            class={Object.values(match).includes(r.id) ? 'is-used' : ''}
            draggable={!locked}
            onDragStart={(e) => e.dataTransfer?.setData('text/plain', r.id)}
          >
            <span class="option-letter">{letter(i)}</span>
            <Html html={r.html} inline lang={lang} />
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ShowMatching({ item, response, lang }: ShowProps) {
  const match = matchOf(response);
  return (
    <dl class="shown-pairs">
      {(item.left ?? []).map((l) => {
        const r = item.right?.find((x) => x.id === match[l.id]);
        return (
          <div key={l.id}>
            <dt><Html html={l.html} inline lang={lang} /></dt>
            <dd>{r ? <Html html={r.html} inline lang={lang} /> : t('shown.nothing')}</dd>
          </div>
        );
      })}
    </dl>
  );
}
