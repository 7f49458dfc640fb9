/* Fields of a form over a text: what is typed goes into the text at once, and what the text says is shown, whoever changed it. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { t, type Key } from '../../../texts/index.ts';
import { durationOf, UNITS, type Unit } from './model.ts';

const trimmed = (v: string): string => v.trim();
/* What is being typed stays as it is typed (a space at the end, a comma on the way to the next entry) while the text has what it means. */
export function useDraft(value: string, write: (v: string) => void, meaning: (v: string) => string = trimmed): { value: string; onInput: (e: { currentTarget: { value: string } }) => void; onBlur: () => void } {
  const [draft, set] = useState<{ shown: string; meant: string } | null>(null);
  return {
    value: draft && draft.meant === value ? draft.shown : value,
    onInput: (e) => {
      const shown = e.currentTarget.value;
      set({ shown, meant: meaning(shown) });
      write(shown.trim());
    },
    onBlur: () => set(null),
  };
}

interface Common { label: string; hint?: string | undefined; value: string; onChange: (v: string) => void; placeholder?: string | undefined; meaning?: (v: string) => string }

function Frame({ id, label, hint, class: more, children }: { id: string; label: string; hint?: string | undefined; class?: string; children: ComponentChildren }) {
  return (
    <div class={`field bp-field ${more ?? ''}`}>
      <label for={id}>{label}</label>
      {children}
      {hint && <small class="hint" id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

export function TextField({ label, hint, value, onChange, placeholder, meaning, wide, number }: Common & { wide?: boolean; number?: boolean }) {
  const id = useId();
  const draft = useDraft(value, onChange, meaning);
  return (
    <Frame id={id} label={label} hint={hint} class={wide ? 'bp-wide' : ''}>
      <input id={id} type="text" autocomplete="off" {...(number && { inputMode: 'decimal', class: 'bp-number' })} placeholder={placeholder} aria-describedby={hint && `${id}-hint`} {...draft} />
    </Frame>
  );
}

export function LinesField({ label, hint, value, onChange, meaning, rows = 2 }: Common & { rows?: number }) {
  const id = useId();
  const draft = useDraft(value, onChange, meaning);
  return (
    <Frame id={id} label={label} hint={hint} class="bp-wide">
      <textarea id={id} rows={rows} aria-describedby={hint && `${id}-hint`} {...draft} />
    </Frame>
  );
}

/* `values` are what the text says; a value that is none of them is shown as it is. */
export function SelectField({ label, hint, value, onChange, values, names }: Common & { values: readonly string[]; names: (v: string) => string }) {
  const id = useId();
  const all = values.includes(value) ? values : [...values, value];
  return (
    <Frame id={id} label={label} hint={hint}>
      <select id={id} value={value} aria-describedby={hint && `${id}-hint`} onChange={(e) => onChange(e.currentTarget.value)}>
        {all.map((v) => <option key={v} value={v}>{values.includes(v) ? names(v) : v}</option>)}
      </select>
    </Frame>
  );
}

export function SwitchField({ label, hint, value, onChange, wide }: { label: string; hint?: string; value: boolean; onChange: (on: boolean) => void; wide?: boolean }) {
  return (
    <label class={`switch bp-switch ${wide ? 'bp-wide' : ''}`}>
      <input type="checkbox" checked={value} onChange={(e) => onChange(e.currentTarget.checked)} />
      <span>{label}{hint && <small class="hint"> {hint}</small>}</span>
    </label>
  );
}

/* "90m": a number and a unit. What is written in another way is a text. */
export function DurationField(props: Common & { units?: readonly Unit[] }) {
  const { label, hint, value, onChange, placeholder, units = UNITS } = props;
  const id = useId();
  const parts = durationOf(value);
  const [unit, setUnit] = useState<Unit | null>(null); /* chosen while there is no number yet */
  const shownUnit = (value === '' ? unit : null) ?? (value === '' ? units[0]! : parts?.unit ?? units[0]!);
  const draft = useDraft(parts?.n ?? '', (n) => onChange(n === '' ? '' : `${n}${shownUnit}`));
  if (!parts) return <TextField {...props} />;
  return (
    <div class="field bp-field" role="group" aria-labelledby={`${id}-name`}>
      <label for={id} id={`${id}-name`}>{label}</label>
      <div class="bp-pair">
        <input id={id} type="text" inputMode="numeric" autocomplete="off" class="bp-number" placeholder={placeholder} aria-describedby={hint && `${id}-hint`} {...draft} />
        <select
          aria-label={t('plan.unit', { field: label })}
          value={shownUnit}
          onChange={(e) => {
            const next = e.currentTarget.value as Unit;
            setUnit(next);
            if (parts.n !== '') onChange(`${parts.n}${next}`);
          }}
        >
          {(units.includes(shownUnit) ? units : [...units, shownUnit]).map((u) => <option key={u} value={u}>{t(`plan.unit.${u}` as Key)}</option>)}
        </select>
      </div>
      {hint && <small class="hint" id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/* A part of the form; `gist` says in a few words what a closed one holds. */
export function Group({ title, gist, open, children }: { title: string; gist?: string; open?: boolean; children: ComponentChildren }) {
  return (
    <details class="bp-group" open={open}>
      <summary><h2>{title}</h2>{gist && <span class="bp-gist">{gist}</span>}</summary>
      <div class="bp-fields">{children}</div>
    </details>
  );
}
