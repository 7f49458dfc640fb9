/* The page's frame: bar, tree, and the panes of panes.ts around the open file. On a narrow screen one of them at a time, as tabs. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { panelId, tabId, Tabs } from '../../hands-on/tabs.tsx';
import { useChanges, useTitle } from '../../parts/hooks.ts';
import { SkipLink } from '../../parts/shell/shell.tsx';
import { t } from '../../texts/index.ts';
import { Bar } from './bar.tsx';
import { restore, watch } from './folder.ts';
import { goToProblem, mend, problemsHere } from './mend.ts';
import { Messages } from './messages.tsx';
import { paneName, PaneView } from './pane-view.tsx';
import { PANES, type Pane } from './panes.ts';
import { Picture } from './picture.tsx';
import { placeToBegin } from './place.ts';
import { Edge, useWidths } from './split.tsx';
import { Tree } from './tree/tree.tsx';
import { Welcome } from './welcome.tsx';
import type { Workbench } from './workbench.ts';
import { Conflict } from './write/conflict.tsx';

const NARROW_REM = 62;

/* The panes of one place that fit the open file, and which of them is in front. */
function panesOf(bench: Workbench, place: Pane['place']): { panes: Pane[]; current: Pane | null } {
  const panes = PANES.filter((p) => p.place === place && (place === 'right' || bench.doc) && p.fits(bench));
  return { panes, current: panes.find((p) => p.id === bench.panes[place]) ?? panes[0] ?? null };
}

function Place({ bench, place }: { bench: Workbench; place: Pane['place'] }) {
  const id = useId();
  const { panes, current } = panesOf(bench, place);
  if (place === 'centre' && bench.picture) return <Picture bench={bench} />;
  if (!current) return <Welcome bench={bench} />;
  if (place === 'centre' && bench.current?.theirs) return <div class="desk-pane"><Conflict bench={bench} /></div>;
  return (
    <>
      <div class="desk-tabs">
        <Tabs name={t(place === 'centre' ? 'author.editors' : 'author.beside')} prefix={id} class="tabs-small" current={current.id} onSelect={(p) => bench.showPane(p)} tabs={panes.map((p) => ({ id: p.id, label: paneName(p.id), panel: panelId(id, 'pane') }))} />
        {place === 'centre' && <span class="desk-path muted" dir="ltr" title={bench.path ?? ''}>{bench.path}</span>}
      </div>
      <div class="desk-pane" role="tabpanel" id={panelId(id, 'pane')} aria-labelledby={tabId(id, current.id)}><PaneView key={current.id} pane={current} bench={bench} /></div>
    </>
  );
}

function Narrow({ bench }: { bench: Workbench }) {
  const id = useId();
  const [files, setFiles] = useState(bench.doc === null);
  const opened = useRef(bench.opened);
  const right = panesOf(bench, 'right');
  const panes = [...panesOf(bench, 'centre').panes, ...right.panes];
  const current = files ? null : (panes.find((p) => p.id === bench.front) ?? panes[0] ?? null);
  const shown = current?.id ?? 'files'; /* a picture is shown in its place */
  useEffect(() => {
    if (bench.opened !== opened.current) setFiles(false);
    opened.current = bench.opened;
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
          tabs={[{ id: 'files', label: paneName('files'), panel: panelId(id, 'pane') }, ...panes.map((p) => ({ id: p.id, label: paneName(p.id), panel: panelId(id, 'pane') }))]}
        />
      </div>
      <div class="desk-pane" role="tabpanel" id={panelId(id, 'pane')} aria-labelledby={tabId(id, shown)}>
        {!current && (bench.picture && !files ? <Picture bench={bench} /> : <div class="desk-left"><Tree bench={bench} /></div>)}
        {current && (current.place === 'centre' && bench.current?.theirs ? <Conflict bench={bench} /> : <PaneView key={current.id} pane={current} bench={bench} />)}
      </div>
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

/* From tree to text to what is beside it, and around. */
function nextRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const at = regions.findIndex((r) => r.contains(document.activeElement));
  const to = regions[(at + by + regions.length) % regions.length];
  const targets = ['[role="treeitem"][tabindex="0"]', '.editor', '[role="tab"][tabindex="0"]', 'button'];
  const target = targets.map((s) => to?.querySelector<HTMLElement>(s)).find(Boolean);
  const editor = target?.shadowRoot?.querySelector<HTMLElement>('.cm-content');
  (editor ?? target)?.focus();
}

/* Keys that work everywhere on the page. */
function onKey(bench: Workbench, e: KeyboardEvent): void {
  const mod = e.ctrlKey || e.metaKey;
  if (document.querySelector('dialog[open]')) return;
  if (e.defaultPrevented || (e.target as Element | null)?.closest?.('.shell-screen')) return; /* keys in a terminal are the shell's */
  if (mod && !e.altKey && e.key.toLowerCase() === 's') void (e.shiftKey ? bench.saveAll() : bench.save());
  else if (e.key === 'F8') void goToProblem(bench, e.shiftKey ? -1 : 1);
  else if (e.key === 'F6') nextRegion(e.shiftKey ? -1 : 1);
  else if (mod && e.key === '.') {
    const p = problemsHere(bench).find((x) => x.fixes.length);
    if (!p) return;
    void mend(bench, p, p.fixes[0]!);
  } else return;
  e.preventDefault();
}

export function Frame({ bench, query }: { bench: Workbench; query: URLSearchParams }) {
  useChanges(bench.subscribe);
  useTitle(`${bench.tree.bank.title} · ${t('author.title')}`);
  const { ref, narrow } = useNarrow();
  const [widths, setWidth] = useWidths();
  useEffect(() => {
    const away = new AbortController();
    const key = (e: KeyboardEvent): void => onKey(bench, e);
    document.addEventListener('keydown', key);
    void bench.attempt(async () => {
      await restore(bench);
      const path = bench.path ?? placeToBegin(query);
      if (path !== null && (bench.docs.has(path) || bench.tree.files.some((f) => f.path === path))) await bench.open(path);
    });
    void watch(bench, away.signal);
    return () => {
      document.removeEventListener('keydown', key);
      away.abort();
      bench.keep();
    };
  }, []);
  return (
    <div class="frame desk" ref={ref}>
      <SkipLink />
      <Bar bench={bench} />
      <main id="main" class={`desk-main ${narrow ? 'is-narrow' : ''}`} style={{ '--left': `${widths.left}rem`, '--right': `${widths.right}rem` }} tabIndex={-1}>
        {narrow ? (
          <Narrow bench={bench} />
        ) : (
          <>
            <section class="desk-left" data-region="tree" aria-label={t('author.tree')}><Tree bench={bench} /></section>
            <Edge side="left" label={t('author.edgeLeft')} widths={widths} onWidth={setWidth} />
            <section class="desk-centre" data-region="centre" aria-label={t('author.editors')}><Place bench={bench} place="centre" /></section>
            <Edge side="right" label={t('author.edgeRight')} widths={widths} onWidth={setWidth} />
            <section class="desk-right" data-region="right" aria-label={t('author.beside')}><Place bench={bench} place="right" /></section>
          </>
        )}
      </main>
      <Messages bench={bench} />
    </div>
  );
}
