/* Where a reader can check the answer, and hints for those who study: lists of short texts. Empty ones wait here until they say something. */
import { useId, useState } from 'preact/hooks';
import { t } from '../../../texts/index.ts';
import { AsText } from './as-text.tsx';
import { Errors } from './field.tsx';
import { Prose } from './prose.tsx';
import type { PartProps } from './props.ts';
import { Rows } from './rows.tsx';

/* The texts with the empty ones that somebody is about to fill. */
export function useFilled(written: readonly string[], put: (v: string[], now: boolean) => void): [readonly string[], (v: string[], now: boolean) => void] {
  const [typed, setTyped] = useState<readonly string[]>(written);
  const filled = typed.filter((x) => x.trim());
  const same = filled.length === written.length && filled.every((x, i) => x.trim() === written[i]!.trim());
  return [same ? typed : written, (v, now) => {
    setTyped(v);
    put(v.filter((x) => x.trim()), now);
  }];
}

const nth = (text: string, i: number): string => text.split('\n')[0]?.slice(0, 60) || t('form.options.nth', { n: i + 1 });

export function References({ desk, path, model, errors, set }: PartProps) {
  const [list, put] = useFilled(model.references ?? [], (v, now) => set({ references: v }, now));
  return (
    <div class="form-field">
      <span class="form-label">{t('feedback.references')}</span>
      {model.references === null ? (
        <AsText desk={desk} path={path} text="" />
      ) : (
        <Rows
          label={t('feedback.references')}
          values={list}
          onChange={put}
          name={nth}
          fresh={() => ''}
          add={t('form.references.add')}
          row={({ value, index, set: change }) => (
            <input type="text" class="wide" dir="auto" aria-label={t('form.references.nth', { n: index + 1 })} placeholder={t('form.references.hint')} value={value} onInput={(e) => change(e.currentTarget.value)} />
          )}
        />
      )}
      <Errors problems={errors.get('references')} />
    </div>
  );
}

export function Hints({ path, model, errors, set }: PartProps) {
  const id = useId();
  const [list, put] = useFilled(model.hints ?? [], (v, now) => set({ hints: v }, now));
  return (
    <div class="form-field">
      <span class="form-label">{t('feedback.hints')}</span>
      <Rows
        label={t('feedback.hints')}
        values={list}
        onChange={put}
        name={nth}
        fresh={() => ''}
        add={t('form.hints.add')}
        most={16}
        row={({ value, index, set: change }) => (
          <>
            <Prose id={`${id}-${index}`} label={t('form.hints.nth', { n: index + 1 })} value={value} path={path} least={1} tools={false} placeholder={t('form.hints.hint')} onInput={(v) => change(v)} />
            <Errors problems={errors.get(`hints:${index}`)} />
          </>
        )}
      />
    </div>
  );
}
