/* The bank's tree as the rows that are shown: flat, each with its level, because that is what keys and screen readers go through. Pure. */
import type * as T from '../../../api/author-types.ts';

export type View = 'files' | 'topics';
export interface Counts { errors: number; warnings: number }
export interface Row {
  key: string;
  what: 'group' | 'folder' | 'file' | 'item';
  level: number;
  label: string; /* a group's is a key of the texts */
  note: string; /* what tells it apart: its file, or its id */
  path: string | null;
  item: T.AuthorItem | null;
  kind: T.FileKind | null;
  expanded: boolean | null; /* null: there is nothing below */
  counts: Counts;
  dirty: boolean;
  movable: boolean; /* one of several questions in a file */
  size: number;
  place: number; /* from 1, of `size`, among those beside it */
}
export interface Source { tree: T.AuthorTree; problems: readonly T.AuthorProblem[]; dirty: ReadonlySet<string> }

interface Node extends Omit<Row, 'level' | 'expanded' | 'size' | 'place'> { children: Node[]; closed?: boolean; words: string }

const GROUPS: readonly { id: string; kinds: readonly T.FileKind[]; folder: string }[] = [
  { id: 'questions', kinds: ['question'], folder: 'questions/' },
  { id: 'exams', kinds: ['exam'], folder: 'exams/' },
  { id: 'tasks', kinds: ['task'], folder: 'tasks/' },
  { id: 'cases', kinds: ['case'], folder: 'cases/' },
  { id: 'docs', kinds: ['doc'], folder: 'docs/' },
  { id: 'media', kinds: ['media'], folder: 'media/' },
  { id: 'bank', kinds: ['manifest', 'other'], folder: '' },
];
const FEW = 60; /* with so many questions at most, all are shown from the beginning */

function count(problems: readonly T.AuthorProblem[], from = 0, to = Infinity): Counts {
  const counts = { errors: 0, warnings: 0 };
  for (const p of problems) if (p.line >= from && p.line <= to) counts[p.severity === 'error' ? 'errors' : 'warnings']++;
  return counts;
}
const sum = (nodes: readonly Node[]): Counts => nodes.reduce((s, n) => ({ errors: s.errors + n.counts.errors, warnings: s.warnings + n.counts.warnings }), { errors: 0, warnings: 0 });

function byPath(problems: readonly T.AuthorProblem[]): Map<string, T.AuthorProblem[]> {
  const map = new Map<string, T.AuthorProblem[]>();
  for (const p of problems) map.set(p.path, [...(map.get(p.path) ?? []), p]);
  return map;
}

function itemNode(f: T.AuthorFile, item: T.AuthorItem, problems: readonly T.AuthorProblem[], dirty: boolean): Node {
  const alone = f.items.length === 1;
  const counts = alone ? count(problems) : count(problems, item.line, item.end_line);
  const note = item.id;
  return {
    key: `item ${f.path} ${item.id} ${alone ? '' : f.items.indexOf(item)}`, what: 'item', label: item.title || item.id, note, path: f.path, item, kind: f.kind, counts,
    dirty: alone && dirty, movable: !alone, children: [], words: [item.title, item.id, item.kind, item.status, item.objective, f.path].join(' '),
  };
}

function fileNode(f: T.AuthorFile, source: Source, problems: readonly T.AuthorProblem[]): Node {
  const dirty = source.dirty.has(f.path);
  const name = f.path.slice(f.path.lastIndexOf('/') + 1);
  if (f.kind === 'question' && f.items.length === 1) return { ...itemNode(f, f.items[0]!, problems, dirty), note: name };
  const exam = source.tree.exams.find((e) => e.path === f.path);
  return {
    key: `file ${f.path}`, what: 'file', label: exam?.title ?? name, note: exam ? name : '', path: f.path, item: null, kind: f.kind, counts: count(problems), dirty, movable: false,
    children: f.kind === 'question' ? f.items.map((i) => itemNode(f, i, problems, dirty)) : [], closed: source.tree.counts.questions > FEW, words: f.path,
  };
}

/* Files in folders of their own, below the group's. A task is such a folder, and closed. */
function inFolders(files: Node[], folder: string, isTask: boolean): Node[] {
  const nodes: Node[] = [];
  const folders = new Map<string, Node[]>();
  for (const n of files) {
    const rest = n.path!.slice(folder.length);
    const slash = rest.indexOf('/');
    if (slash < 0) nodes.push(n);
    else folders.set(rest.slice(0, slash), [...(folders.get(rest.slice(0, slash)) ?? []), n]);
  }
  const below = [...folders].map(([name, inside]): Node => {
    const path = `${folder}${name}/`;
    const task = isTask && folder === 'tasks/';
    const opens = task && inside.some((n) => n.path === `${path}task.md`);
    const children = inFolders(inside, path, isTask);
    return {
      key: `folder ${path}`, what: 'folder', label: name, note: '', path: opens ? `${path}task.md` : null, item: null, kind: inside[0]!.kind, counts: sum(children),
      dirty: inside.some((c) => c.dirty), movable: false, children, closed: task, words: '',
    };
  });
  return [...below, ...nodes];
}

const group = (id: string, children: Node[]): Node => ({
  key: `group ${id}`, what: 'group', label: id, note: '', path: null, item: null, kind: null, counts: sum(children), dirty: false, movable: false, children, words: '',
});

function filesTree(source: Source): Node[] {
  const problems = byPath(source.problems);
  return GROUPS.map(({ id, kinds, folder }) => {
    const files = source.tree.files.filter((f) => kinds.includes(f.kind)).map((f) => fileNode(f, source, problems.get(f.path) ?? []));
    return group(`author.group.${id}`, inFolders(files, folder, id === 'tasks'));
  }).filter((g) => g.children.length);
}

/* By domain and objective. What says neither, or what there is none of, comes last. */
function topicsTree(source: Source): Node[] {
  const problems = byPath(source.problems);
  const items = source.tree.files.flatMap((f) => f.items.map((i) => ({ ...itemNode(f, i, problems.get(f.path) ?? [], source.dirty.has(f.path)), movable: false })));
  const of = (objective: string): Node[] => items.filter((n) => n.item!.objective === objective);
  const topic = (id: string, title: string, children: Node[]): Node => ({ ...group(title, children), key: `topic ${id}`, note: id, words: title });
  const known = new Set<string>();
  const nodes = source.tree.domains.map((d) => {
    const objectives = d.objectives.map((o) => {
      known.add(`${d.id}.${o.id}`);
      return topic(`${d.id}.${o.id}`, o.title, of(`${d.id}.${o.id}`));
    });
    known.add(d.id);
    return topic(d.id, d.title, [...objectives, ...of(d.id)]);
  });
  const rest = items.filter((n) => !known.has(n.item!.objective ?? ''));
  return rest.length ? [...nodes, group('author.group.rest', rest)] : nodes;
}

const folded = (text: string): string => text.toLocaleLowerCase();

/* What has all the words, with what it stands in; a part that has them itself keeps all that is below. */
function filtered(nodes: Node[], words: readonly string[]): Node[] {
  return nodes.flatMap((n) => {
    const own = folded(n.words);
    if (n.words && words.every((w) => own.includes(w))) return [n];
    const children = filtered(n.children, words);
    return children.length ? [{ ...n, children }] : [];
  });
}

/* `toggled`: keys of what the person has opened or closed. */
export function rowsOf(source: Source, view: View, filter: string, toggled: ReadonlySet<string>): Row[] {
  const words = folded(filter).split(/\s+/).filter(Boolean);
  const all = view === 'files' ? filesTree(source) : topicsTree(source);
  const rows: Row[] = [];
  const walk = (nodes: Node[], level: number): void => {
    nodes.forEach((n, i) => {
      const { children, closed, words: _, ...row } = n;
      const open = words.length > 0 || toggled.has(n.key) === (closed ?? false);
      rows.push({ ...row, level, expanded: children.length || n.what === 'group' ? open : null, size: nodes.length, place: i + 1 });
      if (open) walk(children, level + 1);
    });
  };
  walk(words.length ? filtered(all, words) : all, 1);
  return rows;
}

/* Which row stands for what is open. */
export function currentRow(rows: readonly Row[], path: string | null, item: string | null): Row | null {
  if (path === null) return null;
  return rows.find((r) => r.what === 'item' && r.path === path && r.item!.id === item) ?? rows.find((r) => r.what === 'file' && r.path === path) ?? rows.find((r) => r.path === path) ?? null;
}

/* Where a key leads in a tree; null: not a key of trees. */
export function goal(rows: readonly Row[], at: number, key: string): number | 'open' | 'close' | null {
  const row = rows[at];
  if (!row) return rows.length ? 0 : null;
  switch (key) {
    case 'ArrowDown': return Math.min(at + 1, rows.length - 1);
    case 'ArrowUp': return Math.max(at - 1, 0);
    case 'Home': return 0;
    case 'End': return rows.length - 1;
    case 'ArrowRight':
      if (row.expanded === false) return 'open';
      return row.expanded && rows[at + 1] && rows[at + 1]!.level > row.level ? at + 1 : at;
    case 'ArrowLeft': {
      if (row.expanded) return 'close';
      for (let i = at - 1; i >= 0; i--) if (rows[i]!.level < row.level) return i;
      return at;
    }
    default: {
      if (key.length !== 1 || key === ' ') return null;
      const letter = folded(key);
      for (let i = 1; i <= rows.length; i++) {
        const to = (at + i) % rows.length;
        if (folded(rows[to]!.label).startsWith(letter)) return to;
      }
      return at;
    }
  }
}
