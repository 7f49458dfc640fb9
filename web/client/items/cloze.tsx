/* cloze: the blanks stand in the stem, as fields to type in or lists to pick from. */
import { useCallback } from 'preact/hooks';
import { Html, plainText } from '../parts/html/html.tsx';
import { number, t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import type { Response } from '../api/types.ts';

const blanksOf = (r: Response | null): Record<string, string> => (r && 'blanks' in r ? r.blanks : {});

/* The answer after one blank changed; null when all are empty. Pure. */
export function filled(blanks: Record<string, string>, id: string, value: string): Record<string, string> | null {
  const next = { ...blanks };
  if (value === '') delete next[id];
  else next[id] = value;
  return Object.keys(next).length ? next : null;
}

export function Cloze({ item, response, onAnswer, locked, lang }: ControlProps) {
  const values = blanksOf(response);
  const set = (id: string, value: string, quiet: number): void => {
    const next = filled(values, id, value);
    onAnswer(next ? { blanks: next } : null, quiet);
  };
  const blank = useCallback((id: string) => {
    const b = item.blanks?.find((x) => x.id === id);
    const name = t('cloze.blank', { id });
    const value = values[id] ?? '';
    if (b?.choices) {
      return (
        <select class="blank" aria-label={name} value={value} disabled={locked} onChange={(e) => set(id, e.currentTarget.value, 0)}>
          <option value="">{t('cloze.pick')}</option>
          {b.choices.map((c) => <option key={c.id} value={c.id}>{plainText(c.html)}</option>)}
        </select>
      );
    }
    return (
      <input
        class="blank"
        type="text"
        aria-label={name}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        dir="auto"
        maxLength={500}
        size={Math.max(10, Math.min(40, value.length + 2))}
        value={value}
        disabled={locked}
        onInput={(e) => set(id, e.currentTarget.value, 600)}
      />
    );
  }, [item, response, locked]);
  return <Html html={item.stem} class="stem cloze" blank={blank} lang={lang} />;
}

export function ShowCloze({ item, response, lang }: ShowProps) {
  const values = blanksOf(response);
  return (
    <dl class="shown-pairs">
      {(item.blanks ?? []).map((b, i) => {
        const value = values[b.id];
        const choice = b.choices?.find((c) => c.id === value);
        return (
          <div key={b.id}>
            <dt>{t('cloze.blank', { id: number(i + 1) })}</dt>
            <dd>{choice ? <Html html={choice.html} inline lang={lang} /> : value ? <code>{value}</code> : t('shown.nothing')}</dd>
          </div>
        );
      })}
    </dl>
  );
}
