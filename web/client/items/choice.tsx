/* single, multiple and true-false: a list of answers with radio buttons or check boxes. Each can be struck out; a struck answer can still be
 * chosen. After feedback each answer says whether it was right, and why. */
import { useId, useState } from 'preact/hooks';
import { Html, plainText } from '../parts/html/html.tsx';
import { Icon } from '../parts/icon/icon.tsx';
import { announce } from '../parts/announce/announce.tsx';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import type { Response } from '../api/types.ts';

export const letter = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));
export const chosenOf = (r: Response | null): string[] => (r && 'choose' in r ? r.choose : []);

/* The choice after an answer was toggled. `most`: how many may be chosen; null says that one more would be too many. Pure. */
export function toggle(chosen: string[], id: string, only: boolean, most: number | undefined): string[] | null {
  if (only) return [id];
  if (chosen.includes(id)) return chosen.filter((c) => c !== id);
  return most && chosen.length >= most ? null : [...chosen, id];
}

function Mark({ right, chosen }: { right: boolean; chosen: boolean }) {
  if (!right && !chosen) return null;
  const text = right ? (chosen ? t('choice.rightChosen') : t('choice.rightMissed')) : t('choice.wrongChosen');
  return (
    <span class={`option-mark ${right ? (chosen ? 'is-right' : 'is-missed') : 'is-wrong'}`}>
      <Icon name={right ? 'check' : 'cross'} /> {text}
    </span>
  );
}

export function Choice({ item, response, onAnswer, locked, feedback, struck, onStrike, lang }: ControlProps) {
  const name = useId();
  const [tooMany, setTooMany] = useState(false);
  const only = item.kind !== 'multiple';
  const chosen = chosenOf(response);
  const key = feedback ? chosenOf(feedback.key) : [];
  const hint = only ? t('choice.one') : item.select ? t('choice.some', { n: item.select }) : t('choice.any');

  const choose = (id: string): void => {
    const next = toggle(chosen, id, only, item.select);
    setTooMany(next === null);
    if (next === null) announce(t('choice.tooMany', { n: item.select ?? 0 }));
    else onAnswer(next.length ? { choose: next } : null, only ? 0 : 350);
  };

  return (
    <fieldset class="options" disabled={locked && !feedback}>
      <legend>{hint}</legend>
      {(item.options ?? []).map((o, i) => {
        const on = chosen.includes(o.id);
        const out = struck.includes(o.id);
        const text = feedback?.options?.[o.id];
        return (
          <div key={o.id} class={`option ${on ? 'is-chosen' : ''} ${out ? 'is-struck' : ''} ${feedback && key.includes(o.id) ? 'is-key' : ''}`}>
            <label>
              <input
                type={only ? 'radio' : 'checkbox'}
                name={name}
                data-option={i + 1}
                data-option-id={o.id}
                checked={on}
                disabled={locked}
                onChange={(e) => {
                  choose(o.id);
                  /* A refused choice leaves the state as it was: put the box back by hand. */
                  if (!only) e.currentTarget.checked = toggle(chosen, o.id, only, item.select)?.includes(o.id) ?? on;
                }}
              />
              <span class="option-letter" aria-hidden="true">{letter(i)}</span>
              <span class="option-text">
                <Html html={o.html} inline lang={lang} />
                {out && <span class="sr-only"> {t('choice.struck')}</span>}
                {feedback && <Mark right={key.includes(o.id)} chosen={on} />}
              </span>
            </label>
            {onStrike && !locked && (
              <button type="button" class="button-icon option-strike" aria-pressed={out} aria-label={t('choice.strike', { option: `${letter(i)}: ${plainText(o.html)}` })} title={t('choice.strike', { option: letter(i) })} onClick={() => onStrike(o.id)}>
                <Icon name="strike" />
              </button>
            )}
            {text && <Html html={text} class="option-why" lang={lang} />}
          </div>
        );
      })}
      {tooMany && <p class="hint hint-warn">{t('choice.tooMany', { n: item.select ?? 0 })}</p>}
    </fieldset>
  );
}

export function ShowChoice({ item, response, lang }: ShowProps) {
  const chosen = chosenOf(response);
  return (
    <ul class="shown-list">
      {(item.options ?? []).filter((o) => chosen.includes(o.id)).map((o) => <li key={o.id}><Html html={o.html} inline lang={lang} /></li>)}
    </ul>
  );
}

