/* Answers that are typed: numbers with unit and tolerance, texts and expressions. A line that has no fields is edited as it is written. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../../texts/index.ts';
import { Choose } from '../preview/look.tsx';
import { readNumberAnswer, readTextAnswer, writeNumberAnswer, writeTextAnswer, type NumberAnswer, type TextAnswer } from './answers.ts';
import { Errors } from './field.tsx';
import type { PartProps } from './props.ts';
import { Rows } from './rows.tsx';
import { useFilled } from './sources.tsx';

/* Fields of a line: what is typed stays as it is typed, also while it makes no line yet. */
function useFields<F>(line: string, read: (line: string) => F, write: (f: F) => string, onChange: (line: string, now: boolean) => void): [F, (f: F, now?: boolean) => void] {
  const [fields, setFields] = useState(() => read(line));
  const shown = write(fields) === line ? fields : read(line);
  return [shown, (f, now = false) => {
    setFields(f);
    onChange(write(f), now);
  }];
}

interface CellProps { label: string; value: string; onInput: (v: string) => void; size?: number; mono?: boolean; placeholder?: string; grow?: boolean }

function Cell({ label, value, onInput, size = 8, mono, placeholder, grow }: CellProps) {
  return (
    <label class={`cell-field ${grow ? 'grow' : ''}`}>
      <span>{label}</span>
      <input type="text" class={mono ? 'is-mono' : ''} dir="auto" autocomplete="off" autocapitalize="off" spellcheck={false} size={size} value={value} placeholder={placeholder} onInput={(e) => onInput(e.currentTarget.value)} />
    </label>
  );
}

interface LineProps { line: string; onChange: (line: string, now: boolean) => void }

function NumberFields({ line, onChange }: LineProps) {
  const [a, put] = useFields<NumberAnswer>(line, readNumberAnswer, writeNumberAnswer, onChange);
  const unit = a.form === 'raw' ? '' : a.unit;
  const become = (form: NumberAnswer['form']): void => {
    if (form === a.form) return;
    if (form === 'raw') put({ form: 'raw', text: writeNumberAnswer(a) }, true);
    else if (form === 'range') put({ form: 'range', from: a.form === 'value' ? a.value : '0', to: a.form === 'value' ? a.value : '1', unit }, true);
    else put({ form: 'value', value: a.form === 'range' ? a.from : '0', unit, tolerance: '', relative: false }, true);
  };
  return (
    <div class="typed-row">
      <Choose label={t('form.number.form')} value={a.form} values={a.form === 'raw' ? (['value', 'range', 'raw'] as const) : (['value', 'range'] as const)} name={(v) => t(`form.number.${v}`)} onChange={become} />
      {a.form === 'value' && (
        <>
          <Cell label={t('form.number.is')} value={a.value} mono onInput={(value) => put({ ...a, value })} />
          <Cell label={t('form.number.unit')} value={a.unit} size={5} placeholder="GiB" onInput={(u) => put({ ...a, unit: u })} />
          <Cell label={t('form.number.tolerance')} value={a.tolerance} size={6} mono placeholder="±" onInput={(tolerance) => put({ ...a, tolerance })} />
          <label class="cell-check"><input type="checkbox" checked={a.relative} onChange={(e) => put({ ...a, relative: e.currentTarget.checked }, true)} /> {t('form.number.relative')}</label>
        </>
      )}
      {a.form === 'range' && (
        <>
          <Cell label={t('form.number.from')} value={a.from} mono onInput={(from) => put({ ...a, from })} />
          <Cell label={t('form.number.to')} value={a.to} mono onInput={(to) => put({ ...a, to })} />
          <Cell label={t('form.number.unit')} value={a.unit} size={5} placeholder="GiB" onInput={(u) => put({ ...a, unit: u })} />
        </>
      )}
      {a.form === 'raw' && <Cell label={t('form.number.line')} value={a.text} mono grow onInput={(text) => put({ form: 'raw', text })} />}
    </div>
  );
}

function TextFields({ line, onChange }: LineProps) {
  const [a, put] = useFields<TextAnswer>(line, readTextAnswer, writeTextAnswer, onChange);
  if (a.form === 'raw') return <div class="typed-row"><Cell label={t('form.text.line')} value={a.text} mono grow onInput={(text) => put({ ...a, text })} /></div>;
  return (
    <div class="typed-row">
      <Choose label={t('form.text.form')} value={a.form} values={['exact', 'pattern'] as const} name={(v) => t(`form.text.${v}`)} onChange={(form) => put({ ...a, form }, true)} />
      <Cell label={t(a.form === 'pattern' ? 'form.text.expression' : 'form.text.answer')} value={a.text} mono grow onInput={(text) => put({ ...a, text })} />
      {a.form === 'pattern' && <label class="cell-check"><input type="checkbox" checked={a.anyCase} onChange={(e) => put({ ...a, anyCase: e.currentTarget.checked }, true)} /> {t('form.text.anyCase')}</label>}
      <label class="cell-check"><input type="checkbox" checked={a.share !== ''} onChange={(e) => put({ ...a, share: e.currentTarget.checked ? '50' : '', why: e.currentTarget.checked ? a.why : '' }, true)} /> {t('form.text.partly')}</label>
      {a.share !== '' && (
        <>
          <Cell label={t('form.text.share')} value={a.share} size={4} mono onInput={(share) => put({ ...a, share: share || '0' })} />
          <Cell label={t('form.text.why')} value={a.why} grow onInput={(why) => put({ ...a, why })} />
        </>
      )}
    </div>
  );
}

function Lines({ model, errors, set, fields, label, add }: PartProps & { fields: (p: LineProps) => ComponentChildren; label: string; add: string }) {
  const [filled, put] = useFilled(model.answers ?? [], (v, now) => set({ answers: v }, now));
  const lines = filled.length ? filled : [''];
  let written = 0;
  const places = lines.map((l) => (l.trim() ? written++ : -1));
  return (
    <Rows
      label={label}
      values={lines}
      onChange={put}
      name={(line, i) => line || t('form.options.nth', { n: i + 1 })}
      fresh={() => ''}
      add={add}
      row={({ value, index, set: change }) => (
        <>
          {fields({ line: value, onChange: change })}
          <Errors problems={errors.get(`answers:${places[index]}`)} />
        </>
      )}
    />
  );
}

export const Numbers = (p: PartProps) => <Lines {...p} label={t('form.number')} add={t('form.number.add')} fields={(l) => <NumberFields {...l} />} />;
export const Texts = (p: PartProps) => <Lines {...p} label={t('form.text')} add={t('form.text.add')} fields={(l) => <TextFields {...l} />} />;
