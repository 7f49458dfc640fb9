/* Answers that are offered: options with what is right and why, the steps of an order, pairs. */
import { useId } from 'preact/hooks';
import type { AuthorOption } from '../../../api/author-types.ts';
import { t } from '../../../texts/index.ts';
import { Errors } from './field.tsx';
import { option } from './kinds.ts';
import type { PartProps } from './props.ts';
import { Prose } from './prose.tsx';
import { Rows } from './rows.tsx';

const nameOf = (o: AuthorOption, i: number): string => o.text?.split('\n')[0]?.slice(0, 60) || o.match || t('form.options.nth', { n: i + 1 });

export function Choices({ model, errors, set, path }: PartProps) {
  const group = useId();
  const several = model.type === 'multiple';
  const options = model.options ?? [];
  const fixed = model.type === 'true-false';
  const mark = (at: number, right: boolean): AuthorOption[] => options.map((o, i) => (i === at ? { ...o, right } : several ? o : { ...o, right: false }));
  return (
    <Rows
      label={t('form.options')}
      values={options}
      onChange={(v, now) => set({ options: v }, now)}
      name={nameOf}
      fresh={() => option(null)}
      add={t('form.options.add')}
      fixed={fixed}
      still={fixed}
      row={({ value, index, set: put }) => (
        <div class="option-row">
          <label class="option-key" title={t('form.options.right')}>
            <input type={several ? 'checkbox' : 'radio'} name={group} checked={value.right} onChange={(e) => set({ options: mark(index, e.currentTarget.checked) }, true)} />
            <span class="sr-only">{t('form.options.rightOf', { name: nameOf(value, index) })}</span>
          </label>
          <div class="option-texts">
            {fixed ? (
              <p class="option-fixed">{t(value.text === 'True' ? 'form.options.true' : 'form.options.false')}</p>
            ) : (
              <Prose
                id={`${group}-${index}`}
                label={t('form.options.nth', { n: index + 1 })}
                value={value.text ?? ''}
                path={path}
                least={1}
                tools={false}
                placeholder={t('form.options.text')}
                aria-invalid={errors.get(`options:${index}`)?.some((e) => e.severity === 'error') ? 'true' : undefined}
                onInput={(text) => put({ ...value, text: text || null })}
              />
            )}
            <div class="option-why">
              <Prose id={`${group}-${index}-why`} label={t('form.options.whyOf', { name: nameOf(value, index) })} value={value.why ?? ''} path={path} least={1} tools={false} placeholder={t(value.right ? 'form.options.whyRight' : 'form.options.whyWrong')} onInput={(why) => put({ ...value, why: why || null })} />
              {!fixed && (
                <label class="option-pin">
                  <input type="checkbox" checked={value.pin} onChange={(e) => put({ ...value, pin: e.currentTarget.checked }, true)} /> {t('form.options.pin')}
                </label>
              )}
            </div>
            <Errors problems={errors.get(`options:${index}`)} />
          </div>
        </div>
      )}
    />
  );
}

export function Steps({ model, errors, set, path }: PartProps) {
  const id = useId();
  return (
    <Rows
      label={t('form.steps')}
      values={model.options ?? []}
      onChange={(v, now) => set({ options: v }, now)}
      name={nameOf}
      fresh={() => option(null)}
      add={t('form.steps.add')}
      row={({ value, index, set: put }) => (
        <div class="option-row">
          <span class="step-number" aria-hidden="true">{index + 1}</span>
          <div class="option-texts">
            <Prose id={`${id}-${index}`} label={t('form.steps.nth', { n: index + 1 })} value={value.text ?? ''} path={path} least={1} tools={false} placeholder={t('form.steps.text')} onInput={(text) => put({ ...value, text: text || null })} />
            <Errors problems={errors.get(`options:${index}`)} />
          </div>
        </div>
      )}
    />
  );
}

/* A pair is one line of Markdown. */
const oneLine = (text: string): string | null => text.replace(/\s*\n\s*/g, ' ') || null;

export function Pairs({ model, errors, set }: PartProps) {
  return (
    <Rows
      label={t('form.pairs')}
      values={model.options ?? []}
      onChange={(v, now) => set({ options: v }, now)}
      name={nameOf}
      fresh={() => option(null)}
      add={t('form.pairs.add')}
      row={({ value, index, set: put }) => (
        <div class="option-texts">
          <div class="pair-row">
            <input type="text" dir="auto" aria-label={t('form.pairs.left', { n: index + 1 })} placeholder={t('form.pairs.leftHint')} value={value.text ?? ''} onInput={(e) => put({ ...value, text: oneLine(e.currentTarget.value) })} />
            <span class="pair-arrow" aria-hidden="true">→</span>
            <input type="text" dir="auto" aria-label={t('form.pairs.right', { n: index + 1 })} value={value.match ?? ''} onInput={(e) => put({ ...value, match: oneLine(e.currentTarget.value) })} />
          </div>
          <Errors problems={errors.get(`options:${index}`)} />
        </div>
      )}
    />
  );
}
