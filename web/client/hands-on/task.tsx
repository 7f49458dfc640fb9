/* A hands-on task: instructions at the left, the box at the right with its shells and files; on a narrow screen one of them at a time, as tabs.
 *
 * The box is opened by a button, because setting it up takes a moment and is recorded; from then on it stays, whatever happens to the page. */
import type { ComponentType } from 'preact';
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { ControlProps } from '../items/kinds.ts';
import { announce } from '../parts/announce/announce.tsx';
import { Dialog } from '../parts/dialog/dialog.tsx';
import { useChanges } from '../parts/hooks.ts';
import { Icon } from '../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import { Instructions } from './instructions.tsx';
import { panelId, tabId, Tabs } from './tabs.tsx';
import { workplaceFor, type Workplace } from './workplace.ts';

type Pane = 'text' | 'shell' | 'files';

/* The parts that hold the libraries: loaded when the box is open, each when it is first shown. */
function useModule<P>(wanted: boolean, load: () => Promise<{ default: ComponentType<P> }>): { View: ComponentType<P> | null; error: unknown } {
  const [got, set] = useState<{ View: ComponentType<P> | null; error: unknown }>({ View: null, error: null });
  useEffect(() => {
    if (wanted && !got.View) load().then((m) => set({ View: m.default, error: null }), (error: unknown) => set({ View: null, error }));
  }, [wanted]);
  return got;
}

function Closed({ work, locked }: { work: Workplace; locked: boolean }) {
  const s = work.state;
  const busy = work.busy === 'opening' || s?.state === 'opening';
  if (!s && work.error === null) return <div class="bench-closed"><Loading /></div>;
  return (
    <div class="bench-closed">
      <span class="bench-mark" aria-hidden="true"><Icon name="terminal" /></span>
      {s?.state === 'ended' || locked ? (
        <p>{t('task.closedForGood')}</p>
      ) : (
        <>
          <p>{t(s?.state === 'lost' ? 'task.lost' : 'task.openText')}</p>
          <p><button type="button" class="button" disabled={busy} onClick={() => void (s ? work.open() : work.look())}><Icon name="terminal" /> {t(s ? 'task.open' : 'state.retry')}</button></p>
          <div role="status" class="bench-progress">{busy && <><progress aria-label={t('task.opening')} /> <span>{t('task.opening')}</span></>}</div>
        </>
      )}
      {work.error !== null && <Notice tone="bad"><p>{errorText(work.error)}</p></Notice>}
    </div>
  );
}

function Reset({ work, onClose }: { work: Workplace; onClose: () => void }) {
  const reset = async (): Promise<void> => {
    onClose();
    await work.reset();
    if (work.error === null) announce(t('shell.reset'));
  };
  return (
    <Dialog
      title={t('task.resetTitle')}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" onClick={onClose}>{t('task.resetNot')}</button>
          <button type="button" class="button" onClick={() => void reset()}>{t('task.resetDo')}</button>
        </>
      }
    >
      <p>{t('task.resetText')}</p>
    </Dialog>
  );
}

export default function Task(props: ControlProps) {
  const session = props.session!;
  const { item, aside, locked } = props;
  const id = useId();
  const work = useMemo(() => workplaceFor(session, item.id), [session, item.id]);
  useChanges((f) => work.subscribe(f));
  const [pane, setPane] = useState<Pane>('text');
  const [bench, setBench] = useState<'shell' | 'files'>('shell');
  const [asking, setAsking] = useState(false);
  const [byHand, setByHand] = useState(false); /* opened just now: the terminal gets the focus */
  const open = work.state?.state === 'open';
  const terminals = useModule(open, () => import('./terminals.tsx'));
  const files = useModule(open && bench === 'files', () => import('./files.tsx'));

  useEffect(() => void work.look(), [work]);
  useEffect(() => {
    if (work.busy === 'opening') setByHand(true);
  }, [work.busy]);
  /* Another request is setting the box up: look again until it is there. */
  useEffect(() => {
    if (work.state?.state !== 'opening' || work.busy) return undefined;
    const timer = setTimeout(() => void work.look(), 1000);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    if (open && byHand) select('shell');
  }, [open]);

  const select = (p: Pane): void => {
    setPane(p);
    if (p !== 'text') setBench(p);
  };
  const filesTab = <>{t('files.title')}{work.unsaved > 0 && <span class="tab-count" title={t('files.unsaved', { n: work.unsaved })}><span class="sr-only">{t('files.unsaved', { n: work.unsaved })}</span><span aria-hidden="true">●</span></span>}</>;
  const shellTab = <><Icon name="terminal" /> {t('task.shell')}</>;
  const tabs = [
    { id: 'shell', label: shellTab, panel: panelId(id, 'shell') },
    { id: 'files', label: <><Icon name="folder" /> {filesTab}</>, panel: panelId(id, 'files') },
  ];

  return (
    <div class={`task ${aside ? 'has-aside' : ''}`} data-pane={pane} data-task-state={work.state?.state ?? 'unknown'}>
      <Tabs name={t('task.parts')} prefix={`${id}-narrow`} class="task-panes" current={pane} onSelect={(p) => select(p as Pane)} tabs={[{ id: 'text', label: <><Icon name="note" /> {t('task.text')}</> }, ...tabs]} />
      <section class="task-text" id={panelId(`${id}-narrow`, 'text')} aria-label={t('task.text')} tabIndex={0}>
        <Instructions {...props} work={work} />
      </section>
      {aside && <div class="task-aside">{aside}</div>}
      <section class="bench" aria-label={t('task.bench')}>
        <div class="bench-head">
          <Tabs name={t('task.bench')} prefix={id} current={bench} onSelect={(p) => select(p as Pane)} tabs={tabs} />
          {open && !locked && (
            <button type="button" class="tool" disabled={work.busy !== null} onClick={() => setAsking(true)}><Icon name="reset" /> {t(work.busy === 'resetting' ? 'task.resetting' : 'task.reset')}</button>
          )}
        </div>
        {open && work.error !== null && <Notice tone="bad"><p>{errorText(work.error)}</p></Notice>}
        <div role="tabpanel" id={panelId(id, 'shell')} aria-labelledby={tabId(id, 'shell')} class="bench-body" hidden={bench !== 'shell'}>
          {!open && <Closed work={work} locked={locked} />}
          {open && (terminals.View ? <terminals.View key={work.round} work={work} focus={byHand} /> : terminals.error !== null ? <Notice tone="bad"><p>{errorText(terminals.error)}</p></Notice> : <Loading />)}
        </div>
        <div role="tabpanel" id={panelId(id, 'files')} aria-labelledby={tabId(id, 'files')} class="bench-body" hidden={bench !== 'files'}>
          {!open && <p class="bench-closed muted">{t('files.whenOpen')}</p>}
          {open && bench === 'files' && (files.View ? <files.View key={work.round} work={work} study={session.attempt?.mode === 'study'} /> : files.error !== null ? <Notice tone="bad"><p>{errorText(files.error)}</p></Notice> : <Loading />)}
        </div>
      </section>
      {asking && <Reset work={work} onClose={() => setAsking(false)} />}
    </div>
  );
}
