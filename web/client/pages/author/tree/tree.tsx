/* The bank as a tree: by files, or by what questions are about. What is done with a row is done by the buttons above, by keys, or by dragging. */
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from '../../../parts/icon/icon.tsx';
import { maybe, t } from '../../../texts/index.ts';
import { cut, move, remove } from '../files.ts';
import { isDirty } from '../docs.ts';
import type { Workbench } from '../workbench.ts';
import { NewDialog } from './new.tsx';
import { RenameDialog } from './rename.tsx';
import { currentRow, goal, rowsOf, type Row, type View } from './rows.ts';

const ICONS: Record<string, IconName> = { question: 'note', exam: 'clock', task: 'terminal', case: 'book', doc: 'book', media: 'eye', manifest: 'sliders', other: 'file' };
const labelOf = (r: Row): string => (r.what === 'group' ? (maybe(r.label) ?? r.label) : r.label);
const kindText = (kind: string): string => maybe(`author.kind.${kind}`) ?? kind;

function Marks({ row }: { row: Row }) {
  const { errors, warnings } = row.counts;
  const i = row.item;
  return (
    <span class="row-marks">
      {i?.kind && <small class="muted">{kindText(i.kind)}</small>}
      {i?.status && i.status !== 'active' && <small class={`row-status is-${i.status}`}>{maybe(`author.status.${i.status}`) ?? i.status}</small>}
      {row.dirty && <span class="row-dirty" title={t('author.unsaved')}><span class="sr-only">{t('author.unsaved')}</span></span>}
      {errors > 0 && <span class="row-count is-error" title={t('author.errors', { n: errors })}><span class="sr-only">{t('author.errors', { n: errors })}</span><span aria-hidden="true">{errors}</span></span>}
      {errors === 0 && warnings > 0 && <span class="row-count is-warning" title={t('author.warnings', { n: warnings })}><span class="sr-only">{t('author.warnings', { n: warnings })}</span><span aria-hidden="true">{warnings}</span></span>}
    </span>
  );
}

interface Drag { path: string; id: string; over: string | null; after: boolean }

export function Tree({ bench }: { bench: Workbench }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>('files');
  const [filter, setFilter] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState<string | null>(null);
  const [asking, setAsking] = useState<'new' | Row | null>(null); /* a row: for its name */
  const [drag, setDrag] = useState<Drag | null>(null);
  const dirty = [...bench.docs.values()].filter(isDirty).map((d) => d.path).sort().join('\n');
  const { tree, problems, path, item } = bench;
  const rows = useMemo(() => rowsOf({ tree, problems, dirty: new Set(dirty.split('\n')) }, view, filter, toggled), [tree, problems, dirty, view, filter, toggled]);
  const shown = currentRow(rows, path ?? bench.picture, item);
  const at = Math.max(rows.findIndex((r) => r.key === (focus ?? shown?.key)), 0);
  const row = rows[at] ?? null;

  useEffect(() => {
    if (!list.current?.contains(document.activeElement)) setFocus(null);
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [shown?.key]);

  const toggle = (r: Row): void => {
    const next = new Set(toggled);
    if (!next.delete(r.key)) next.add(r.key);
    setToggled(next);
  };
  /* The file that is opened shows its questions; who closes it has it closed. */
  useEffect(() => {
    const r = rows.find((x) => x.what === 'file' && x.path === path && x.expanded === false);
    if (r) toggle(r);
  }, [path, view]);

  const focusRow = (to: number): void => {
    setFocus(rows[to]!.key);
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[to]?.focus();
  };
  const openRow = async (r: Row, thenWrite: boolean): Promise<void> => {
    setFocus(r.key);
    if (r.what === 'group' || r.path === null) return toggle(r);
    /* A task's folder stands for its task.md, and shows what is in it; who closes it has it closed. */
    if (r.what === 'folder' && (!r.expanded || (!thenWrite && r.path === path))) toggle(r);
    await bench.open(r.path, r.item ? { item: r.item.id } : {});
    if (thenWrite) requestAnimationFrame(() => bench.focusEditor());
  };
  const removeRow = (r: Row | null): void => {
    if (!r || !canRemove(r)) return;
    void (r.movable ? cut(bench, r.path!, r.item!.id) : remove(bench, r.path!));
  };
  const moveRow = async (r: Row | null, by: 1 | -1): Promise<void> => {
    if (!r?.movable) return;
    const { path: file, item: moved } = r;
    if (!(await move(bench, file!, moved!.id, r.place - 1 + by))) return;
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  const canRemove = (r: Row | null): boolean => !!r && (r.what === 'file' || r.what === 'item') && r.kind !== 'manifest' && !(r.what === 'item' && r.kind === 'task');

  const onKey = (e: KeyboardEvent): void => {
    /* The row that has the focus, whatever has been drawn since. */
    const key = (e.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key;
    const on = rows.findIndex((r) => r.key === key);
    const row = rows[on];
    if (e.ctrlKey || e.metaKey || !row) return;
    if (e.altKey) {
      if (e.key !== 'ArrowUp' && e.key !== 'ArrowDown') return;
      e.preventDefault();
      return void moveRow(row, e.key === 'ArrowUp' ? -1 : 1);
    }
    if (e.key === 'Enter' || e.key === ' ') void openRow(row, e.key === 'Enter');
    else if (e.key === 'Delete') removeRow(row);
    else if (e.key === 'F2') setAsking(canRename(row) ? row : null);
    else {
      const to = goal(rows, on, e.key);
      if (to === null) return;
      if (typeof to === 'number') focusRow(to);
      else toggle(row);
    }
    e.preventDefault();
  };

  const drop = (r: Row): void => {
    if (!drag || drag.path !== r.path) return;
    const from = rows.find((x) => x.what === 'item' && x.path === drag.path && x.item!.id === drag.id);
    setDrag(null);
    if (!from) return;
    const target = r.place - 1 + (drag.after ? 1 : 0);
    void move(bench, drag.path, drag.id, target > from.place - 1 ? target - 1 : target);
  };

  /* Only drawn again when something in it has changed, not with each key in the editor. */
  const drawn = useMemo(() => rows.map((r, i) => (
    <div
      key={r.key}
      role="treeitem"
      class={`tree-row is-${r.what} ${drag?.over === r.key ? (drag.after ? 'is-after' : 'is-before') : ''}`}
      data-level={Math.min(r.level, 6)}
      data-key={r.key}
      aria-level={r.level}
      aria-setsize={r.size}
      aria-posinset={r.place}
      aria-expanded={r.expanded ?? undefined}
      aria-selected={r.key === shown?.key}
      tabIndex={i === at ? 0 : -1}
      title={r.item ? `${r.item.id} · ${r.path}` : (r.path ?? undefined)}
      onClick={() => void openRow(r, false)}
      onFocus={() => setFocus(r.key)}
      draggable={r.movable && filter === ''}
      onDragStart={(e) => {
        e.dataTransfer?.setData('text/plain', r.item!.id);
        setDrag({ path: r.path!, id: r.item!.id, over: null, after: false });
      }}
      onDragOver={(e) => {
        if (!drag || !r.movable || r.path !== drag.path) return;
        e.preventDefault();
        const box = e.currentTarget.getBoundingClientRect();
        const after = e.clientY > box.top + box.height / 2;
        if (drag.over !== r.key || drag.after !== after) setDrag({ ...drag, over: r.key, after });
      }}
      onDrop={(e) => {
        e.preventDefault();
        drop(r);
      }}
      onDragEnd={() => setDrag(null)}
    >
      {r.expanded === null ? <span class="row-twist" /> : <span class="row-twist" onClick={(e) => { e.stopPropagation(); toggle(r); }}><Icon name={r.expanded ? 'down' : 'next'} /></span>}
      {r.kind && r.what !== 'group' && <Icon name={r.what === 'folder' ? 'folder' : r.what === 'file' && r.kind === 'question' ? 'file' : (ICONS[r.kind] ?? 'file')} />}
      <span class="row-label" dir="auto">{labelOf(r)}</span>
      <Marks row={r} />
    </div>
  )), [rows, shown?.key, at, drag, filter]);

  const counted = rows.filter((r) => r.what === 'item').length;
  return (
    <>
      <div class="tree-tools">
        <button type="button" class="button button-small" onClick={() => setAsking('new')}><Icon name="plus" /> {t('author.new')}</button>
        <span class="grow" />
        <button type="button" class="button-icon" aria-label={t('author.moveUp')} title={`${t('author.moveUp')} (Alt+↑)`} disabled={!row?.movable || row.place === 1} onClick={() => void moveRow(row, -1)}><Icon name="up" /></button>
        <button type="button" class="button-icon" aria-label={t('author.moveDown')} title={`${t('author.moveDown')} (Alt+↓)`} disabled={!row?.movable || row.place === row.size} onClick={() => void moveRow(row, 1)}><Icon name="down" /></button>
        <button type="button" class="button-icon" aria-label={t('author.rename')} title={`${t('author.rename')} (F2)`} disabled={!row || !canRename(row)} onClick={() => setAsking(row)}><Icon name="pen" /></button>
        <button type="button" class="button-icon" aria-label={t('author.remove')} title={`${t('author.remove')} (Del)`} disabled={!canRemove(row)} onClick={() => removeRow(row)}><Icon name="cross" /></button>
      </div>
      <div class="tree-find">
        <label for={`${id}-find`} class="sr-only">{t('author.filter')}</label>
        <input
          id={`${id}-find`}
          type="search"
          autocomplete="off"
          spellcheck={false}
          placeholder={t('author.filter')}
          value={filter}
          onInput={(e) => setFilter(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key !== 'ArrowDown' || !rows.length) return;
            e.preventDefault();
            focusRow(at);
          }}
        />
        <fieldset class="tree-views">
          <legend class="sr-only">{t('author.view')}</legend>
          {(['files', 'topics'] as const).map((v) => (
            <label key={v}><input type="radio" name={`${id}-view`} checked={view === v} onChange={() => setView(v)} /><span>{t(`author.view.${v}`)}</span></label>
          ))}
        </fieldset>
      </div>
      <div ref={list} class="tree-rows" role="tree" aria-label={t('author.tree')} onKeyDown={onKey}>{drawn}</div>
      <p class="sr-only" role="status">{filter && t('author.found', { n: counted })}</p>
      {filter && rows.length === 0 && <p class="desk-nothing muted">{t('author.foundNone')}</p>}
      {asking === 'new' && <NewDialog bench={bench} onClose={() => setAsking(null)} />}
      {asking && asking !== 'new' && <RenameDialog bench={bench} row={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

export const canRename = (r: Row): boolean => r.path !== null && r.what !== 'group' && r.kind !== 'manifest' && (r.what !== 'folder' || r.kind === 'task');
