/* An exam's blueprint as a form. Form and YAML edit one text: each field changes its own piece of it (yaml-edit.ts), comments and all that the form
 * does not know stay. Whether forms can be drawn is shown while one types. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Icon } from '../../../parts/icon/icon.tsx';
import { Notice } from '../../../parts/states/states.tsx';
import { t, type Key } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { Domains } from './domains.tsx';
import { Complaints, useFeasible, Verdict } from './feasible.tsx';
import { DurationField, Group, LinesField, SelectField, SwitchField, TextField } from './fields.tsx';
import { Blueprint } from './model.ts';
import { Formats } from './formats.tsx';
import { After, Report, Scoring, Sitting } from './rules.tsx';
import { Sections } from './sections.tsx';
import type { Step, Value } from './yaml-edit.ts';

export interface Parts {
  bp: Blueprint;
  edit: (text: string) => void;
  /* What a field of one word or number needs. */
  field: (...path: Step[]) => { value: string; onChange: (v: string) => void };
  put: (path: Step[], value: Value | undefined) => void;
}

/* Which part of the form a field of the text belongs to; its complaints are shown there. */
const GROUPS = {
  about: ['id', 'title', 'description', 'kind', 'modes'],
  items: ['items', 'tasks', 'unscored', 'duration'],
  domains: ['domains'],
  sections: ['sections', 'navigation'],
  scoring: ['scoring', 'partial', 'negative', 'essays', 'marking'],
  sitting: ['docs', 'shuffle', 'confidence', 'grace'],
  report: ['report'],
  after: ['retake', 'certificate', 'effective', 'note'],
} as const;
type GroupId = keyof typeof GROUPS;
const groupOf = (key: string): GroupId | null => (Object.keys(GROUPS) as GroupId[]).find((g) => (GROUPS[g] as readonly string[]).includes(key)) ?? null;

function About({ field, bp, put }: Parts) {
  const modes = bp.has('modes') ? bp.list('modes') : ['exam', 'study'];
  const mode = (m: string, on: boolean): void => put(['modes'], ['exam', 'study'].filter((x) => (x === m ? on : modes.includes(x))));
  return (
    <>
      <TextField label={t('plan.title')} wide {...field('title')} />
      <LinesField label={t('plan.description')} {...field('description')} />
      <SelectField label={t('plan.kind')} values={['practice', 'quiz', 'renewal']} names={(v) => t(`kind.${v}` as Key)} {...field('kind')} value={bp.get('kind') || 'practice'} />
      <fieldset class="bp-field">
        <legend>{t('plan.modes')}</legend>
        <SwitchField label={t('plan.mode.exam')} value={modes.includes('exam')} onChange={(on) => mode('exam', on)} />
        <SwitchField label={t('plan.mode.study')} value={modes.includes('study')} onChange={(on) => mode('study', on)} />
      </fieldset>
    </>
  );
}

function Items({ bp, edit, field }: Parts) {
  const [from, to] = bp.items;
  return (
    <>
      <TextField label={t(to === null ? 'plan.items' : 'plan.itemsFrom')} number value={from} onChange={(v) => edit(bp.setItems(v, to))} />
      {to !== null && <TextField label={t('plan.itemsTo')} number value={to} onChange={(v) => edit(bp.setItems(from, v))} />}
      <SwitchField label={t('plan.itemsRange')} value={to !== null} onChange={(on) => edit(bp.setItems(from || '10', on ? String((Number(from) || 10) + 5) : null))} />
      <DurationField label={t('plan.duration')} hint={t('plan.durationHint')} units={['m', 'h', 's']} {...field('duration')} />
      <TextField label={t('plan.unscored')} hint={t('plan.unscoredHint')} number placeholder="0" {...field('unscored')} />
      <TextField label={t('plan.tasks')} hint={t('plan.tasksHint')} placeholder="0" {...field('tasks')} />
    </>
  );
}

function Broken({ desk, bp }: { desk: Desk; bp: Blueprint }) {
  const m = bp.yaml.mistake!;
  const show = (): void => {
    desk.showPane('write');
    void desk.open(desk.doc!.path, { line: m.line, column: m.column });
  };
  return (
    <Notice tone="bad">
      <p>{t('plan.broken', { line: m.line })} {m.message && <span lang="en">{m.message}</span>}</p>
      <p><button type="button" class="button button-quiet button-small" onClick={show}>{t('plan.brokenShow')}</button></p>
    </Notice>
  );
}

export function BlueprintPane({ desk }: { desk: Desk }) {
  const { path, text } = desk.doc!;
  const bp = useMemo(() => new Blueprint(text), [text]);
  const says = useFeasible(path, text, desk.tree.change);
  const edit = (next: string): void => {
    if (next !== text) desk.edit(next);
  };
  const put = (at: Step[], value: Value | undefined): void => edit(bp.set(at, value));
  const parts: Parts = { bp, edit, put, field: (...at) => ({ value: bp.get(...at), onChange: (v) => put(at, v) }) };
  if (bp.yaml.mistake) return <div class="bp"><Broken desk={desk} bp={bp} /></div>;
  const lines = bp.yaml.lines();
  const within = (g: GroupId | null) => (line: number): boolean => groupOf(lines.find((l) => line >= l.line && line <= l.end)?.key ?? '') === g;
  const gist = (...words: (string | false)[]): string => words.filter(Boolean).join(' · ');
  const group = (g: GroupId, open: boolean, words: string, children: ComponentChildren) => (
    <Group title={t(`plan.group.${g}` as Key)} gist={words} open={open}>
      {children}
      <Complaints desk={desk} lines={within(g)} />
    </Group>
  );
  const sections = bp.read('sections');
  return (
    <div class="bp">
      <div class="bp-top">
        <Verdict says={says} />
        <Formats desk={desk} bp={bp} edit={edit} />
      </div>
      <Complaints desk={desk} lines={within(null)} />
      {bp.get('note') && <p class="bp-note"><Icon name="note" /> {bp.get('note')}</p>}
      {group('about', true, '', <About {...parts} />)}
      {group('items', true, '', <Items {...parts} />)}
      {group('domains', true, '', <Domains desk={desk} bp={bp} says={says} edit={edit} />)}
      {group('scoring', true, '', <Scoring {...parts} />)}
      {group('sections', Array.isArray(sections), Array.isArray(sections) ? t('plan.gistSections', { n: sections.length }) : '', <Sections bp={bp} domains={desk.tree.domains} edit={edit} />)}
      {group('sitting', false, gist(t(`plan.docs.${bp.get('docs') || (bp.has('docs') ? 'urls' : 'closed')}` as Key), bp.get('confidence') === 'true' && t('plan.gistConfidence')), <Sitting {...parts} />)}
      {group('report', false, t(`plan.show.${bp.get('report', 'show') || (bp.method === 'pass-fail' ? 'pass-fail' : 'domains')}` as Key), <Report {...parts} />)}
      {group('after', false, gist(bp.has('retake') && t('plan.gistRetake'), bp.has('certificate') && t('plan.gistCertificate')), <After {...parts} exams={desk.tree.exams.filter((e) => e.path !== path)} />)}
    </div>
  );
}
