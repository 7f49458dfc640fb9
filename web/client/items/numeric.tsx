/* numeric: a number, with a unit to pick where the item has units. What is not a number is not sent, and the page says why. */
import { useEffect, useId, useState } from 'preact/hooks';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import { readNumber } from './number.ts';
import type { Response } from '../api/types.ts';

const valueOf = (r: Response | null): { value: string; unit?: string } => (r && 'value' in r ? r : { value: '' });

export function Numeric({ item, response, onAnswer, locked }: ControlProps) {
  const id = useId();
  const saved = valueOf(response);
  const [typed, setTyped] = useState(saved.value);
  const [unit, setUnit] = useState(saved.unit ?? '');
  const [left, setLeft] = useState(true);
  /* An answer that came from elsewhere (another device, a cleared answer) replaces what is in the field, but not while it is typed in. */
  useEffect(() => {
    const mine = readNumber(typed);
    if (left && saved.value !== (mine.ok ? mine.value : '') && (mine.ok || saved.value !== '')) setTyped(saved.value);
    if (saved.unit) setUnit(saved.unit);
  }, [saved.value, saved.unit]);

  const units = item.units ?? [];
  const reading = readNumber(typed);
  const send = (text: string, u: string, quiet: number): void => {
    const r = readNumber(text);
    if (r.ok) onAnswer(units.length ? { value: r.value, unit: u } : { value: r.value }, quiet);
    else if (response !== null) onAnswer(null, quiet);
  };
  const why = reading.ok ? (units.length && !unit ? 'numeric.unitMissing' : null) : reading.why === 'empty' ? null : (`numeric.${reading.why}` as const);
  const show = why !== null && left;
  return (
    <div class="field">
      <label for={id}>{t('numeric.label')}</label>
      <div class="numeric-row">
        <input
          id={id}
          class="input-number"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          maxLength={40}
          value={typed}
          disabled={locked}
          aria-invalid={show && why !== 'numeric.unitMissing'}
          aria-describedby={`${id}-hint`}
          onFocus={() => setLeft(false)}
          onBlur={() => setLeft(true)}
          onInput={(e) => {
            setTyped(e.currentTarget.value);
            if (!units.length || unit) send(e.currentTarget.value, unit, 600);
          }}
        />
        {units.length > 0 && (
          <select
            aria-label={t('numeric.unit')}
            value={unit}
            disabled={locked}
            onChange={(e) => {
              setUnit(e.currentTarget.value);
              if (e.currentTarget.value) send(typed, e.currentTarget.value, 0);
            }}
          >
            <option value="">{t('numeric.pickUnit')}</option>
            {units.map((u) => <option key={u} value={u}>{u}</option>)}
          </select>
        )}
      </div>
      <p id={`${id}-hint`} class={`hint ${show ? 'hint-warn' : ''}`} role={show ? 'alert' : undefined}>{t(show ? why : 'numeric.hint')}</p>
    </div>
  );
}

export function ShowNumeric({ response }: ShowProps) {
  const { value, unit } = valueOf(response);
  return <p class="shown-value" dir="ltr">{value}{unit ? ` ${unit}` : ''}</p>;
}
