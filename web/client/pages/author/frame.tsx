/* The page's frame: bar, tree, and the panes of panes.ts around the open file. On a narrow screen one of them at a time, as tabs. */
import type { ComponentType } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { panelId, tabId, Tabs } from '../../hands-on/tabs.tsx';
import { useChanges, useTitle } from '../../parts/hooks.ts';
import { DisplayMenu } from '../../parts/shell/display.tsx';
import { Brand, SkipLink } from '../../parts/shell/shell.tsx';
import { Failed, Loading } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';
import { PANES, type Pane, type PaneProps } from './panes.ts';
import { Tree } from './tree/tree.tsx';
import type { Workbench } from './workbench.ts';

const NARROW_REM = 62;
const paneName = (id: string): string => t(`author.pane.${id}` as 'author.pane.write');

/* Components that are there by now, by the pane's id. */
const loaded = new Map<string, ComponentType<PaneProps>>();

function PaneView({ pane, bench }: { pane: Pane; bench: Workbench }) {
  const [, again] = useState(0);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (loaded.has(pane.id)) return;
    setError(null);
    pane.load().then((c) => {
      loaded.set(pane.id, c);
      again((n) => n + 1);
    }, setError);
  }, [pane.id]);
  const View = loaded.get(pane.id);
  if (error !== null) return <Failed error={error} />;
  return View ? <View desk={bench} /> : <Loading />;
}

/* The panes of one place that fit the open file, and which of them is in front. */
function usePanes(bench: Workbench, place: Pane['place']): { panes: Pane[]; current: Pane | null } {
  const panes = PANES.filter((p) => p.place === place && (place === 'right' || bench.doc) && p.fits(bench));
  return { panes, current: panes.find((p) => p.id === bench.panes[place]) ?? panes[0] ?? null };
}

function Place({ bench, place }: { bench: Workbench; place: Pane['place'] }) {
  const id = useId();
  const { panes, current } = usePanes(bench, place);
  if (!current) return <p class="desk-nothing muted">{t('author.open')}</p>;
  return (
    <>
      <div class="desk-tabs">
        <Tabs name={t(place === 'centre' ? 'author.editors' : 'author.beside')} prefix={id} class="tabs-small" current={current.id} onSelect={(p) => bench.showPane(p)} tabs={panes.map((p) => ({ id: p.id, label: paneName(p.id) }))} />
      </div>
      <div class="desk-pane" role="tabpanel" id={panelId(id, current.id)} aria-labelledby={tabId(id, current.id)}><PaneView key={current.id} pane={current} bench={bench} /></div>
    </>
  );
}

function useNarrow(): { ref: { current: HTMLDivElement | null }; narrow: boolean } {
  const ref = useRef<HTMLDivElement>(null);
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const look = (): void => setNarrow(ref.current!.clientWidth < NARROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize));
    const observer = new ResizeObserver(look);
    observer.observe(ref.current!);
    look();
    return () => observer.disconnect();
  }, []);
  return { ref, narrow };
}

function Narrow({ bench }: { bench: Workbench }) {
  const id = useId();
  const [files, setFiles] = useState(bench.doc === null);
  const centre = usePanes(bench, 'centre');
  const right = usePanes(bench, 'right');
  const panes = [...centre.panes, ...right.panes];
  const current = files ? null : (panes.find((p) => p.id === bench.front) ?? panes[0] ?? null);
  const shown = current?.id ?? 'files';
  useEffect(() => {
    if (bench.path !== null) setFiles(false);
  }, [bench.opened]);
  return (
    <>
      <div class="desk-tabs">
        <Tabs
          name={t('author.panes')}
          prefix={id}
          class="tabs-small"
          current={shown}
          onSelect={(p) => {
            setFiles(p === 'files');
            if (p !== 'files') bench.showPane(p);
          }}
          tabs={[{ id: 'files', label: paneName('files') }, ...panes.map((p) => ({ id: p.id, label: paneName(p.id) }))]}
        />
      </div>
      <div class="desk-pane" role="tabpanel" id={panelId(id, shown)} aria-labelledby={tabId(id, shown)}>{current ? <PaneView key={current.id} pane={current} bench={bench} /> : <Tree bench={bench} />}</div>
    </>
  );
}

export function Frame({ bench }: { bench: Workbench }) {
  useChanges(bench.subscribe);
  useTitle(`${bench.tree.bank.title} · ${t('author.title')}`);
  const { ref, narrow } = useNarrow();
  return (
    <div class="frame desk" ref={ref}>
      <SkipLink />
      <header class="desk-head">
        <Brand />
        <h1 class="desk-title">{bench.tree.bank.title}</h1>
        <button type="button" class="button button-small" disabled={!bench.doc?.dirty} onClick={() => void bench.save()}>{t('author.save')}</button>
        <DisplayMenu />
      </header>
      <main id="main" class={`desk-main ${narrow ? 'is-narrow' : ''}`} tabIndex={-1}>
        {narrow ? (
          <Narrow bench={bench} />
        ) : (
          <>
            <nav class="desk-left" aria-label={t('author.tree')}><Tree bench={bench} /></nav>
            <section class="desk-centre" aria-label={t('author.editors')}><Place bench={bench} place="centre" /></section>
            <aside class="desk-right" aria-label={t('author.beside')}><Place bench={bench} place="right" /></aside>
          </>
        )}
      </main>
    </div>
  );
}
