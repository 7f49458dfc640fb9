/* A field of the form: its name, a hint, and what is wrong with it right below. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { AuthorProblem } from '../../../api/author-types.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';

export function Errors({ id, problems }: { id?: string; problems: readonly AuthorProblem[] | undefined }) {
  if (!problems?.length) return null;
  return (
    <ul class="field-errors" id={id}>
      {problems.map((p) => (
        <li key={`${p.line}:${p.column}:${p.code}`} class={`is-${p.severity}`}>
          <Icon name={p.severity === 'error' ? 'cross' : 'warn'} />
          <span><span class="sr-only">{t(`preview.${p.severity}`)}: </span>{p.message}{p.hint && <span class="muted"> {p.hint}</span>}</span>
        </li>
      ))}
    </ul>
  );
}

export interface Attached { id: string; 'aria-describedby'?: string | undefined; 'aria-invalid'?: 'true' | undefined }

interface Props {
  label: string;
  hint?: string | undefined;
  errors?: readonly AuthorProblem[] | undefined;
  class?: string;
  children: (a: Attached) => ComponentChildren;
}

export function Field({ label, hint, errors, class: more, children }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, errors?.length && `${id}-errors`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`form-field ${more ?? ''}`}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': errors?.some((e) => e.severity === 'error') ? 'true' : undefined })}
      {hint && <p id={`${id}-hint`} class="hint">{hint}</p>}
      <Errors id={`${id}-errors`} problems={errors} />
    </div>
  );
}

interface LineProps { label: string; value: string; onInput: (v: string) => void; hint?: string; errors?: readonly AuthorProblem[] | undefined; class?: string; list?: string; inputMode?: 'numeric' | 'decimal'; mono?: boolean; readOnly?: boolean; placeholder?: string }

/* One line of text. */
export function Line({ label, value, onInput, hint, errors, class: more, list, inputMode, mono, readOnly, placeholder }: LineProps) {
  return (
    <Field label={label} hint={hint} errors={errors} class={more ?? ''}>
      {(a) => <input {...a} type="text" class={mono ? 'is-mono' : ''} dir="auto" autocomplete="off" spellcheck={!mono} list={list} inputMode={inputMode} readOnly={readOnly} placeholder={placeholder} value={value} onInput={(e) => onInput(e.currentTarget.value)} />}
    </Field>
  );
}

interface SelectProps<V extends string> { label: string; value: V; values: readonly { value: V; name: string }[]; onChange: (v: V) => void; hint?: string; errors?: readonly AuthorProblem[] | undefined }

export function Select<V extends string>({ label, value, values, onChange, hint, errors }: SelectProps<V>) {
  const all = values.some((v) => v.value === value) ? values : [...values, { value, name: value }];
  return (
    <Field label={label} hint={hint} errors={errors}>
      {(a) => (
        <select {...a} value={value} onChange={(e) => onChange(e.currentTarget.value as V)}>
          {all.map((v) => <option key={v.value} value={v.value}>{v.name}</option>)}
        </select>
      )}
    </Field>
  );
}
