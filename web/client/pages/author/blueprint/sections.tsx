/* Sections and breaks: each with its own clock, in an order that buttons change. */
import type { AuthorDomain } from '../../../api/author-types.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import { DurationField, SelectField, SwitchField, TextField } from './fields.tsx';
import type { Blueprint } from './model.ts';
import type { Read } from './yaml-edit.ts';

type Edit = (text: string) => void;
const isBreak = (s: Read): boolean => typeof s === 'object' && !Array.isArray(s) && 'break' in s;

function Only({ bp, i, domains, edit }: { bp: Blueprint; i: number; domains: AuthorDomain[]; edit: Edit }) {
  const chosen = bp.list('sections', i, 'domains');
  const toggle = (id: string, on: boolean): void => {
    const next = domains.map((d) => d.id).filter((d) => (d === id ? on : chosen.includes(d)));
    edit(bp.set(['sections', i, 'domains'], next.length ? next : undefined));
  };
  return (
    <fieldset class="bp-only bp-wide">
      <legend>{t('plan.sectionDomains')} <small class="hint">{t('plan.sectionDomainsHint')}</small></legend>
      {domains.map((d) => (
        <label key={d.id} class="bp-chip"><input type="checkbox" checked={chosen.includes(d.id)} onChange={(e) => toggle(d.id, e.currentTarget.checked)} /> {d.title}</label>
      ))}
    </fieldset>
  );
}

function Section({ bp, i, n, domains, edit }: { bp: Blueprint; i: number; n: number; domains: AuthorDomain[]; edit: Edit }) {
  const pause = isBreak((bp.read('sections') as Read[])[i]!);
  const name = bp.get('sections', i, 'title') || (pause ? t('plan.break') : t('plan.sectionN', { n: i + 1 }));
  const field = (key: string) => ({ value: bp.get('sections', i, key), onChange: (v: string) => edit(bp.set(['sections', i, key], v)) });
  const tool = (icon: 'up' | 'down' | 'cross', label: string, off: boolean, act: () => void) => (
    <button type="button" class="button-icon" aria-label={label} title={label} disabled={off} onClick={act}><Icon name={icon} /></button>
  );
  return (
    <li class="bp-section" aria-label={name}>
      <div class="bp-section-head">
        <h3>{name}</h3>
        {tool('up', t('plan.sectionUp', { name }), i === 0, () => edit(bp.swap(['sections'], i - 1)))}
        {tool('down', t('plan.sectionDown', { name }), i + 1 === n, () => edit(bp.swap(['sections'], i)))}
        {tool('cross', t('plan.sectionRemove', { name }), false, () => edit(bp.set(['sections', i], undefined)))}
      </div>
      <div class="bp-fields">
        {pause ? (
          <>
            <DurationField label={t('plan.breakLength')} units={['m', 's', 'h']} {...field('break')} />
            <SelectField label={t('plan.breakClock')} values={['running', 'stopped']} names={(v) => t(v === 'stopped' ? 'plan.clockStopped' : 'plan.clockRunning')} {...field('clock')} value={bp.get('sections', i, 'clock') || 'running'} />
          </>
        ) : (
          <>
            <TextField label={t('plan.sectionTitle')} {...field('title')} />
            <TextField label={t('plan.sectionItems')} number {...field('items')} />
            <DurationField label={t('plan.sectionTime')} hint={t('plan.sectionTimeHint')} units={['m', 'h', 's']} {...field('duration')} />
            <SwitchField label={t('plan.mayReturn')} value={(bp.get('sections', i, 'return') || bp.get('navigation', 'return')) !== 'false'} onChange={(on) => edit(bp.set(['sections', i, 'return'], on ? (bp.get('navigation', 'return') === 'false' ? true : undefined) : false))} />
            {domains.length > 1 && <Only bp={bp} i={i} domains={domains} edit={edit} />}
          </>
        )}
      </div>
    </li>
  );
}

export function Sections({ bp, domains, edit }: { bp: Blueprint; domains: AuthorDomain[]; edit: Edit }) {
  const list = bp.read('sections');
  const n = Array.isArray(list) ? list.length : 0;
  const held = bp.inSections;
  const wanted = Number(bp.items[0]);
  const left = Math.max(1, (wanted || 0) - (held ?? 0));
  return (
    <div class="bp-sections bp-wide">
      {n > 0 && <ol>{(list as Read[]).map((_, i) => <Section key={i} bp={bp} i={i} n={n} domains={domains} edit={edit} />)}</ol>}
      <p class="hint">{held === null ? t('plan.noSections') : t('plan.sectionsHold', { n: held, items: bp.items[0] || '0' })}</p>
      <p class="row">
        <button type="button" class="button button-quiet button-small" onClick={() => edit(bp.append(['sections'], { items: String(held === null ? wanted || 10 : left) }))}><Icon name="plus" /> {t('plan.addSection')}</button>
        {n > 0 && <button type="button" class="button button-quiet button-small" onClick={() => edit(bp.append(['sections'], { break: '10m', clock: 'running' }))}><Icon name="pause" /> {t('plan.addBreak')}</button>}
      </p>
    </div>
  );
}
