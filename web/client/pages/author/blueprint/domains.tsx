/* What each domain weighs, and beside it what that needs and what the bank has: a bar, its numbers in words, and a way to write what is missing. */
import { useId } from 'preact/hooks';
import type { AuthorFeasible } from '../../../api/author-types.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { number, t, type Key } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { addQuestion } from './add-question.ts';
import { missing } from './feasible.tsx';
import { SwitchField, useDraft } from './fields.tsx';
import { type Blueprint, evenWeights, sumOf, type Weight, weightOf, weightText } from './model.ts';

type Need = AuthorFeasible['domains'][number];
const KINDS = ['share', 'range', 'rest', 'none'] as const;
const WIDTH = 100;
const HEIGHT = 10;

/* Grey: what the bank has. In front of it what is needed: solid where it is there, hatched where it is missing; a line where the need may end. */
function Bar({ d, scale }: { d: Need; scale: number }) {
  const x = (n: number): number => (Math.min(n, scale) / scale) * WIDTH;
  const filled = Math.min(d.have, d.need_min);
  return (
    <svg class="bp-bar" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="bp-bar-rail" x="0" y="0" width={WIDTH} height={HEIGHT} />
      <rect class="bp-bar-have" x="0" y="2.500" width={x(d.have)} height={HEIGHT - 5} />
      <rect class="bp-bar-filled" x="0" y="0" width={x(filled)} height={HEIGHT} />
      {missing(d) > 0 && <rect class="bp-bar-missing" x={x(d.have)} y="0" width={x(d.need_min) - x(d.have)} height={HEIGHT} />}
      {d.need_max > 0 && d.need_max <= scale && <rect class="bp-bar-most" x={Math.min(x(d.need_max), WIDTH - 0.6)} y="0" width="0.600" height={HEIGHT} />}
    </svg>
  );
}

function needText(d: Need): string {
  if (d.need_min === d.need_max) return t('plan.need', { n: d.need_min, have: d.have });
  return d.need_min === 0 ? t('plan.needUpTo', { n: d.need_max, have: d.have }) : t('plan.needRange', { n: d.need_max, from: d.need_min, have: d.have });
}

function Amount({ label, value, onChange }: { label: string; value: string; onChange: (v: string) => void }) {
  const draft = useDraft(value, onChange);
  return <input type="text" inputMode="decimal" autocomplete="off" class="bp-number bp-small" aria-label={label} {...draft} />;
}

function WeightRow({ name, weight, onChange }: { name: string; weight: Weight; onChange: (w: Weight) => void }) {
  const value = Number(weight.from);
  const slides = weight.kind === 'share' && weight.from !== '' && Number.isInteger(value) && value >= 0 && value <= 100;
  const kind = (k: string): Weight =>
    k === 'share' ? { kind: 'share', from: weight.from || '10', to: '' }
    : k === 'range' ? { kind: 'range', from: weight.from || '10', to: weight.to || String((Number(weight.from) || 10) + 5) }
    : { kind: k as Weight['kind'], from: '', to: '' };
  return (
    <div class="bp-weight">
      <select aria-label={t('plan.weightKind', { domain: name })} value={weight.kind} onChange={(e) => onChange(kind(e.currentTarget.value))}>
        {KINDS.map((k) => <option key={k} value={k}>{t(`plan.weight.${k}` as Key)}</option>)}
      </select>
      {weight.kind === 'share' && (
        <>
          <input type="range" min="1" max="100" step="1" disabled={!slides} value={slides ? value : 0} aria-label={t('plan.weightSlider', { domain: name })} onInput={(e) => onChange({ ...weight, from: e.currentTarget.value })} />
          <Amount label={t('plan.weightOf', { domain: name })} value={weight.from} onChange={(from) => onChange({ ...weight, from })} />
        </>
      )}
      {weight.kind === 'range' && (
        <span class="bp-range">
          <Amount label={t('plan.weightFrom', { domain: name })} value={weight.from} onChange={(from) => onChange({ ...weight, from })} />
          <span aria-hidden="true">–</span>
          <Amount label={t('plan.weightTo', { domain: name })} value={weight.to} onChange={(to) => onChange({ ...weight, to })} />
          <span>%</span>
        </span>
      )}
    </div>
  );
}

export function Domains({ desk, bp, says, edit }: { desk: Desk; bp: Blueprint; says: AuthorFeasible | null; edit: (text: string) => void }) {
  const id = useId();
  const weights = bp.map('domains');
  const weighed = bp.has('domains');
  const known = desk.tree.domains;
  const strangers = Object.keys(weights).filter((w) => !known.some((d) => d.id === w));
  const scale = Math.max(1, ...(says?.domains ?? []).map((d) => Math.max(d.have, d.need_min)));
  const sum = weighed ? sumOf(weights) : null;
  const change = (domain: string, w: Weight): void => {
    const text = weightText(w);
    if (text !== '') edit(bp.set(['domains', domain], text));
  };
  return (
    <div class="bp-domains">
      <SwitchField label={t('plan.weighed')} hint={t('plan.weighedHint')} value={weighed} onChange={(on) => edit(bp.set(['domains'], on ? evenWeights(known.map((d) => d.id)) : undefined))} />
      <ul>
        {known.map((d) => {
          const need = says?.domains.find((n) => n.id === d.id);
          const short = need ? missing(need) : 0;
          return (
            <li key={d.id} class={`bp-domain ${short ? 'is-short' : ''}`} data-domain={d.id}>
              <span class="bp-domain-name" id={`${id}-${d.id}`}>{d.title}</span>
              <span class="bp-need">{need ? needText(need) : ' '}</span>
              {weighed && <WeightRow name={d.title} weight={weightOf(weights[d.id])} onChange={(w) => change(d.id, w)} />}
              {short > 0 ? (
                <button type="button" class="button-link bp-add" onClick={() => void addQuestion(desk, d)} aria-describedby={`${id}-${d.id}`}>
                  <Icon name="plus" /> {t('plan.addQuestion', { n: short })}
                </button>
              ) : <span class="bp-add" />}
              {need ? <Bar d={need} scale={scale} /> : <span class="bp-bar" />}
            </li>
          );
        })}
        {strangers.map((s) => (
          <li key={s} class="bp-domain is-short">
            <span class="bp-domain-name">{s}</span>
            <span class="bp-need">{t('plan.strange')}</span>
            <button type="button" class="button-link" onClick={() => edit(bp.set(['domains', s], undefined))}>{t('plan.remove')}</button>
          </li>
        ))}
      </ul>
      <p class="hint">{sum === null ? ' ' : t('plan.sum', { sum: number(sum) })}</p>
    </div>
  );
}
