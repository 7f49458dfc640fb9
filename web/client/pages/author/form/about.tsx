/* What a question is about, and how it is drawn and marked. */
import { useId } from 'preact/hooks';
import { t } from '../../../texts/index.ts';
import { Errors, Field, Line, Select } from './field.tsx';
import { isChoice } from './kinds.ts';
import { textOf, type PartProps } from './props.ts';
import { readTags, writeTags } from './tags.ts';

const STATUS = ['draft', 'review', 'approved', 'pretest', 'active', 'retired'] as const;
const PARTIAL = ['none', 'per-option', 'net-correct', 'coverage'] as const;

function Objective({ desk, model, errors, set }: PartProps) {
  const value = textOf(model.objective);
  const domains = desk.tree.domains;
  const known = domains.some((d) => d.id === value || d.objectives.some((o) => `${d.id}.${o.id}` === value));
  return (
    <Field label={t('form.objective')} errors={errors.get('objective')}>
      {(a) => (
        <select {...a} value={value} onChange={(e) => set({ objective: e.currentTarget.value || null }, true)}>
          <option value="">{t('form.objective.none')}</option>
          {value && !known && <option value={value}>{value}</option>}
          {domains.map((d) => (
            <optgroup key={d.id} label={d.title}>
              <option value={d.id}>{t('form.objective.whole', { domain: d.title })}</option>
              {d.objectives.map((o) => <option key={o.id} value={`${d.id}.${o.id}`}>{o.title}</option>)}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}

function Difficulty({ model, errors, set }: PartProps) {
  const id = useId();
  const value = textOf(model.difficulty);
  return (
    <fieldset class="form-field segments-small">
      <legend>{t('form.difficulty')}</legend>
      {['', '1', '2', '3', '4', '5'].map((v) => (
        <label key={v}>
          <input type="radio" name={id} checked={value === v} onChange={() => set({ difficulty: v || null }, true)} />
          <span>{v === '' ? t('form.difficulty.none') : v}</span>
        </label>
      ))}
      <Errors problems={errors.get('difficulty')} />
    </fieldset>
  );
}

/* How many are to be chosen, where that is not the number of right ones. */
function SelectField({ model, errors, set }: PartProps) {
  const value = textOf(model.select);
  return (
    <Select
      label={t('form.select')}
      value={value}
      errors={errors.get('select')}
      onChange={(v) => set({ select: v || null }, true)}
      values={[{ value: '', name: t('form.select.keys') }, { value: 'any', name: t('form.select.any') }, ...['1', '2', '3', '4', '5'].map((n) => ({ value: n, name: n }))]}
    />
  );
}

function Check({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return <label class="cell-check"><input type="checkbox" checked={on} onChange={(e) => onChange(e.currentTarget.checked)} /> {label}</label>;
}

export function About(p: PartProps) {
  const { desk, model, errors, set } = p;
  const families = useId();
  const cases = desk.tree.files.filter((f) => f.kind === 'case').map((f) => f.path.replace(/^cases\/|\.md$/g, ''));
  const ids = desk.tree.files.flatMap((f) => f.items.map((i) => i.id));
  const shuffled = isChoice(model.type) || model.type === 'matching';
  return (
    <div class="form-grid">
      <Objective {...p} />
      <Select
        label={t('form.status')}
        value={textOf(model.status)}
        errors={errors.get('status')}
        onChange={(v) => set({ status: v || null }, true)}
        values={[{ value: '', name: t('form.status.default') }, ...STATUS.map((s) => ({ value: s as string, name: t(`form.status.${s}`) }))]}
      />
      <Difficulty {...p} />
      <Line label={t('form.points')} value={textOf(model.points)} placeholder="1" inputMode="decimal" errors={errors.get('points')} onInput={(v) => set({ points: v.trim() || null })} />
      <Line label={t('form.tags')} hint={t('form.tags.hint')} value={readTags(textOf(model.tags))} errors={errors.get('tags')} onInput={(v) => set({ tags: writeTags(v) })} />
      <Line label={t('form.family')} hint={t('form.family.hint')} value={textOf(model.family)} list={families} mono errors={errors.get('family')} onInput={(v) => set({ family: v.trim() || null })} />
      <datalist id={families}>{ids.map((i) => <option key={i} value={i} />)}</datalist>
      {(cases.length > 0 || textOf(model.case) !== '') && (
        <Select label={t('form.case')} value={textOf(model.case)} errors={errors.get('case')} onChange={(v) => set({ case: v || null }, true)} values={[{ value: '', name: t('form.case.none') }, ...cases.map((c) => ({ value: c, name: c }))]} />
      )}
      {(model.type === 'multiple' || model.type === 'hotspot') && <SelectField {...p} />}
      <Select
        label={t('form.partial')}
        value={textOf(model.partial)}
        errors={errors.get('partial')}
        onChange={(v) => set({ partial: v || null }, true)}
        values={[{ value: '', name: t('form.partial.default') }, ...PARTIAL.map((v) => ({ value: v as string, name: t(`form.partial.${v}`) }))]}
      />
      {(shuffled || model.type === 'text' || model.type === 'cloze') && (
        <div class="form-field form-checks">
          {shuffled && <Check label={t('form.still')} on={textOf(model.shuffle) === 'false'} onChange={(on) => set({ shuffle: on ? 'false' : null }, true)} />}
          {(model.type === 'text' || model.type === 'cloze') && <Check label={t('form.ignoreCase')} on={textOf(model['ignore-case']) === 'true'} onChange={(on) => set({ 'ignore-case': on ? 'true' : null }, true)} />}
        </div>
      )}
    </div>
  );
}
