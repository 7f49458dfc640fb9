/* A box on the task as it stands: the candidates' own terminal, and beside it what only an author has: scripts of the folder to run in it, and all
 * that the grader says. */
import type { ComponentType } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { loadSheet } from '../../../app/extras.ts';
import { Checks, checksSummary } from '../../../hands-on/checks.tsx';
import type { Workplace } from '../../../hands-on/workplace.ts';
import { announce } from '../../../parts/announce/announce.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { number, t } from '../../../texts/index.ts';
import { variants } from './folder.ts';
import type { PartProps } from './task.tsx';

type TerminalsView = ComponentType<{ work: Workplace; focus: boolean }>;

/* xterm.js and the styles of hands-on tasks come with the first box. */
function useTerminals(wanted: boolean): { View: TerminalsView | null; error: unknown } {
  const [got, set] = useState<{ View: TerminalsView | null; error: unknown }>({ View: null, error: null });
  useEffect(() => {
    if (!wanted || got.View) return;
    Promise.all([import('../../../hands-on/terminals.tsx'), loadSheet('hands-on')]).then(([m]) => set({ View: m.default, error: null }), (error: unknown) => set({ View: null, error }));
  }, [wanted]);
  return got;
}

function Closed({ desk, bench }: PartProps) {
  const busy = bench.busy === 'opening';
  return (
    <div class="ta-closed">
      <Icon name="terminal" />
      <p>{t('task.author.boxText')}</p>
      <p><button type="button" class="button" disabled={bench.busy !== null} onClick={() => void bench.open(desk)}>{t(desk.unsaved.length ? 'task.author.saveAndOpen' : 'task.author.openBox')}</button></p>
      <div role="status" class="ta-progress">{busy && <><progress aria-label={t('task.opening')} /> <span>{t('task.opening')}</span></>}</div>
      {bench.error !== null && <Notice tone="bad"><p>{errorText(bench.error)}</p></Notice>}
    </div>
  );
}

/* grader.lua:12 in what a grader says of itself is a way there. */
function GraderError({ desk, slug, text }: { desk: PartProps['desk']; slug: string; text: string }) {
  const line = /grader\.lua:(\d+)/.exec(text)?.[1];
  return (
    <Notice tone="bad">
      <p dir="auto">{text}</p>
      {line && <p><button type="button" class="button button-quiet button-small" onClick={() => void desk.open(`tasks/${slug}/grader.lua`, { line: Number(line) })}>{t('task.author.toLine', { line })}</button></p>}
    </Notice>
  );
}

function Ran({ bench }: PartProps) {
  const { variant, run } = bench.ran!;
  return (
    <section class="ta-ran" aria-label={t('task.author.output')} data-ran={variant} data-ok={String(run.ok)}>
      <p class={run.ok ? 'is-ok' : 'is-bad'}><Icon name={run.ok ? 'check' : 'cross'} /> {run.ok ? t('task.author.ranOk', { variant, s: number(run.ms / 1000) }) : t('task.author.ranBad', { variant, ended: run.ended ?? '' })}</p>
      {run.output && <pre tabIndex={0} dir="ltr">{run.output}</pre>}
    </section>
  );
}

function Tools(props: PartProps) {
  const { desk, slug, bench } = props;
  const id = useId();
  const ways = variants(desk.tree, slug);
  const [chosen, choose] = useState<string | null>(null);
  const variant = chosen !== null && ways.includes(chosen) ? chosen : (ways[0] ?? '');
  const off = bench.busy !== null || !bench.isOpen;
  const check = async (): Promise<void> => {
    await bench.check(desk);
    if (bench.grade) announce(checksSummary(bench.grade.checks));
  };
  return (
    <div class="ta-tools">
      <div class="ta-run">
        <label class="sr-only" for={`${id}-way`}>{t('task.author.way')}</label>
        <select id={`${id}-way`} value={variant} disabled={!ways.length} onChange={(e) => choose(e.currentTarget.value)}>{ways.map((w) => <option key={w} value={w}>{w}</option>)}</select>
        <button type="button" class="button button-quiet button-small" disabled={off || !variant} onClick={() => void bench.run(desk, variant)}><Icon name="play" /> {t(bench.busy === 'running' ? 'task.author.running' : 'task.author.run')}</button>
      </div>
      <button type="button" class="button button-small" disabled={off} onClick={() => void check()}><Icon name="check" /> {t(bench.busy === 'grading' ? 'task.checking' : 'task.author.grade')}</button>
      <button type="button" class="button button-quiet button-small" disabled={bench.busy !== null} onClick={() => void bench.open(desk)}><Icon name="reset" /> {t(bench.busy === 'opening' ? 'task.author.freshing' : 'task.author.fresh')}</button>
      <button type="button" class="button button-quiet button-small" disabled={off} onClick={() => void bench.close()}>{t('task.author.closeBox')}</button>
    </div>
  );
}

export function BoxPart(props: PartProps) {
  const { desk, slug, bench } = props;
  const { box, grade } = bench;
  const terminals = useTerminals(box !== null);
  if (!box) return <Closed {...props} />;
  return (
    <>
      <Tools {...props} />
      {bench.isOld(desk.tree) && <Notice tone="warn"><p>{t('task.author.oldBox')}</p></Notice>}
      {box.session.phase === 'superseded' && <Notice tone="warn"><p>{t('task.author.superseded')}</p></Notice>}
      {bench.error !== null && <Notice tone="bad"><p>{errorText(bench.error)}</p></Notice>}
      <div class="ta-shell">
        {terminals.View ? <terminals.View key={box.session.id} work={box.work} focus={false} /> : terminals.error !== null ? <Notice tone="bad"><p>{errorText(terminals.error)}</p></Notice> : <Loading />}
      </div>
      <div class="ta-said" aria-busy={bench.busy === 'grading' || bench.busy === 'running'}>
        {bench.ran && <Ran {...props} />}
        {grade && (
          <section aria-label={t('task.author.graded')} data-points={grade.points}>
            <p class="ta-points"><strong>{t('check.points', { points: number(grade.points), max: number(grade.max) })}</strong></p>
            {grade.error && <GraderError desk={desk} slug={slug} text={grade.error} />}
            <Checks checks={grade.checks} level={3} />
          </section>
        )}
        {!grade && !bench.ran && <p class="hint">{t('task.author.boxHint')}</p>}
      </div>
    </>
  );
}
