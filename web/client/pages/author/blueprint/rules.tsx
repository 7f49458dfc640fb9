/* The rules of an exam: how it is scored, what is at hand while one sits it, what is told afterwards, and when one may try again. */
import type { AuthorExam } from '../../../api/author-types.ts';
import { t, type Key } from '../../../texts/index.ts';
import type { Parts } from './blueprint.tsx';
import { DurationField, LinesField, SelectField, SwitchField, TextField } from './fields.tsx';

const words = (prefix: string) => (v: string): string => t(`plan.${prefix}.${v}` as Key);
/* A list is written with commas. */
const listOf = (text: string): string[] => text.split(/[,\s]+/).filter(Boolean);

export function Scoring({ bp, edit, field, put }: Parts) {
  const method = bp.method;
  const own = method === 'scaled' || method === 'points';
  return (
    <>
      <SelectField label={t('plan.method')} values={['percent', 'points', 'scaled', 'pass-fail']} names={words('method')} value={method} onChange={(v) => edit(bp.setMethod(v))} />
      <TextField label={t(own ? 'plan.cut' : 'plan.cutPercent')} number placeholder="70" {...field('scoring', 'cut')} />
      {method === 'scaled' && <TextField label={t('plan.min')} number {...field('scoring', 'min')} />}
      {own && <TextField label={t('plan.max')} number {...field('scoring', 'max')} />}
      <SelectField label={t('plan.partial')} values={['none', 'per-option', 'net-correct', 'coverage']} names={words('partial')} {...field('partial')} value={bp.get('partial') || 'none'} />
      <TextField label={t('plan.negative')} hint={t('plan.negativeHint')} number placeholder="0" {...field('negative')} />
      <SwitchField wide label={t('plan.essays')} value={bp.get('essays') === 'true'} onChange={(on) => put(['essays'], on || undefined)} />
      {bp.get('essays') === 'true' && (
        <>
          <SelectField label={t('plan.markers')} values={['1', '2']} names={words('markers')} value={bp.get('marking', 'markers') || '1'} onChange={(v) => (v === '1' ? put(['marking'], undefined) : put(['marking', 'markers'], v))} />
          {bp.get('marking', 'markers') === '2' && <TextField label={t('plan.tolerance')} hint={t('plan.toleranceHint')} {...field('marking', 'tolerance')} />}
        </>
      )}
    </>
  );
}

function Addresses({ bp, put }: Parts) {
  const all = (v: string): string[] => (listOf(v).length ? listOf(v) : ['https://']);
  return <LinesField label={t('plan.urls')} hint={t('plan.urlsHint')} value={bp.list('docs', 'urls').join('\n')} onChange={(v) => put(['docs', 'urls'], all(v))} meaning={(v) => all(v).join('\n')} rows={3} />;
}

export function Sitting(parts: Parts) {
  const { bp, put, field } = parts;
  const docs = bp.get('docs') || (bp.has('docs') ? 'urls' : 'closed');
  const shuffled = (part: string): boolean => bp.get('shuffle', part) !== 'false';
  const shuffle = (part: string, on: boolean): void => {
    const next: Record<string, boolean> = { items: shuffled('items'), options: shuffled('options'), [part]: on };
    put(['shuffle'], next.items && next.options ? undefined : next.items || next.options ? next : false);
  };
  return (
    <>
      <SelectField
        label={t('plan.docs')}
        values={['closed', 'bundled', 'urls', 'open']}
        names={words('docs')}
        value={docs}
        onChange={(v) => put(['docs'], v === 'closed' ? undefined : v === 'urls' ? { urls: ['https://'] } : v)}
      />
      {docs === 'urls' && <Addresses {...parts} />}
      <DurationField label={t('plan.grace')} hint={t('plan.graceHint')} units={['s', 'm']} placeholder="10" {...field('grace')} />
      <div class="bp-wide bp-switches">
        <SwitchField label={t('plan.mayReturn')} value={bp.get('navigation', 'return') !== 'false'} onChange={(on) => put(['navigation', 'return'], on ? undefined : false)} />
        <SwitchField label={t('plan.shuffleItems')} value={shuffled('items')} onChange={(on) => shuffle('items', on)} />
        <SwitchField label={t('plan.shuffleOptions')} value={shuffled('options')} onChange={(on) => shuffle('options', on)} />
        <SwitchField label={t('plan.confidence')} value={bp.get('confidence') === 'true'} onChange={(on) => put(['confidence'], on || undefined)} />
      </div>
    </>
  );
}

export function Report({ bp, edit, field, put }: Parts) {
  const delayed = bp.get('report', 'release') === 'delayed';
  const shows = ['pass-fail', 'score', 'bands', 'domains', 'objectives', 'questions'];
  const release = (later: boolean): void => {
    const { after: _, ...rest } = { show: bp.get('report', 'show') || undefined, explanations: bp.get('report', 'explanations') === 'true' || undefined, after: '' };
    const kept = Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== undefined)) as Record<string, string | boolean>;
    if (later) edit(bp.set(['report'], { ...kept, release: 'delayed', after: '7d' }));
    else put(['report'], Object.keys(kept).length ? kept : undefined);
  };
  return (
    <>
      <SelectField label={t('plan.show')} values={shows} names={words('show')} {...field('report', 'show')} value={bp.get('report', 'show') || (bp.method === 'pass-fail' ? 'pass-fail' : 'domains')} />
      <SelectField label={t('plan.release')} values={['immediate', 'delayed']} names={words('release')} value={delayed ? 'delayed' : 'immediate'} onChange={(v) => release(v === 'delayed')} />
      {delayed && <DurationField label={t('plan.releaseAfter')} units={['d', 'h', 'm']} {...field('report', 'after')} />}
      <SwitchField wide label={t('plan.explanations')} value={bp.get('report', 'explanations') === 'true'} onChange={(on) => put(['report', 'explanations'], on || undefined)} />
    </>
  );
}

/* Days as the browser's own date field; what is no plain day stays a text. */
function DayField({ label, value, onChange }: { label: string; value: string; onChange: (v: string) => void }) {
  if (value !== '' && !/^\d{4}-\d\d-\d\d$/.test(value)) return <TextField label={label} value={value} onChange={onChange} />;
  return <label class="field bp-field"><span class="bp-name">{label}</span><input type="date" class="bp-date" value={value} onChange={(e) => onChange(e.currentTarget.value)} /></label>;
}

export function After({ bp, field, put, exams }: Parts & { exams: AuthorExam[] }) {
  const certified = bp.has('certificate');
  const renewed = bp.has('certificate', 'renew');
  const renewals = exams.map((e) => e.id);
  return (
    <>
      <TextField label={t('plan.waits')} hint={t('plan.waitsHint')} placeholder="14d, 60d" value={bp.list('retake', 'waits').join(', ')} onChange={(v) => put(['retake', 'waits'], listOf(v).length ? listOf(v) : undefined)} meaning={(v) => listOf(v).join(', ')} />
      <TextField label={t('plan.tries')} number {...field('retake', 'max')} />
      <DurationField label={t('plan.triesPer')} units={['mo', 'd', 'y']} {...field('retake', 'per')} />
      <DurationField label={t('plan.lock')} units={['d', 'mo', 'y']} {...field('retake', 'lock_after_pass')} />
      <SwitchField wide label={t('plan.certificate')} value={certified} onChange={(on) => put(['certificate'], on ? { valid: '24mo' } : undefined)} />
      {certified && (
        <>
          <DurationField label={t('plan.valid')} units={['mo', 'y', 'd']} {...field('certificate', 'valid')} />
          {renewals.length > 0 && (
            <SelectField
              label={t('plan.renewal')}
              values={['', ...renewals]}
              names={(v) => exams.find((e) => e.id === v)?.title ?? t('plan.renewalNone')}
              value={bp.get('certificate', 'renew', 'exam')}
              onChange={(v) => put(['certificate', 'renew'], v ? { exam: v, window: bp.get('certificate', 'renew', 'window') || '6mo', extends: bp.get('certificate', 'renew', 'extends') || 'expiry' } : undefined)}
            />
          )}
          {renewed && (
            <>
              <DurationField label={t('plan.renewWindow')} units={['mo', 'd']} {...field('certificate', 'renew', 'window')} />
              <SelectField label={t('plan.extends')} values={['pass', 'expiry']} names={words('extends')} {...field('certificate', 'renew', 'extends')} value={bp.get('certificate', 'renew', 'extends') || 'pass'} />
            </>
          )}
        </>
      )}
      <DayField label={t('plan.from')} {...field('effective', 'from')} />
      <DayField label={t('plan.until')} {...field('effective', 'until')} />
      <TextField label={t('plan.note')} wide {...field('note')} />
    </>
  );
}
