/* Files and questions: new ones, other names, gone and back again, another order. What is done to files is done at once; what is done inside a text
 * is an edit like any other, unsaved until it is saved. */
import * as calls from '../../api/author.ts';
import type * as T from '../../api/author-types.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { t } from '../../texts/index.ts';
import { isDirty, offsetOf, textOf, type Doc } from './docs.ts';
import { refresh } from './folder.ts';
import type { Workbench } from './workbench.ts';

/* Makes a file and opens it, in the editor or another pane. */
export async function create(bench: Workbench, path: string, text: string, pane = 'write'): Promise<boolean> {
  const done = await bench.attempt(async () => {
    const { version } = await calls.write(path, text, null);
    bench.add(path, text, version);
    await refresh(bench, [path]);
    return true;
  });
  if (!done) return false;
  await bench.open(path);
  bench.showPane(pane);
  announce(t('author.created', { path }));
  return true;
}

/* Puts a question at the end of a file that has several. */
export async function append(bench: Workbench, path: string, text: string, pane = 'write'): Promise<boolean> {
  await bench.open(path);
  const d = bench.current;
  if (!d || d.path !== path) return false;
  const end = d.state.doc.toString().trimEnd().length;
  const before = end ? '\n\n' : '';
  bench.replace(d, `${d.state.doc.sliceString(0, end)}${before}${text}`);
  bench.select(d, Math.min(end + before.length, d.state.doc.length));
  bench.showPane(pane);
  await bench.check();
  return true;
}

/* Another id, or another path for a file; unsaved texts are merged with what that changes in them. */
export async function rename(bench: Workbench, from: string, to: string): Promise<boolean> {
  if (!(await bench.saveAll())) return false;
  const done = await bench.attempt(async () => {
    const { paths } = await calls.rename(from, to);
    const here = bench.path;
    await refresh(bench, paths);
    if (here !== null && !bench.tree.files.some((f) => f.path === here && f.version !== null)) {
      const moved = paths.find((p) => !bench.docs.has(p)) ?? paths[0];
      bench.unsay(`gone ${here}`);
      bench.close(here);
      if (moved) await bench.open(moved);
    }
    return paths;
  });
  if (done) announce(t('author.renamed', { from, to, n: done.length }));
  return !!done;
}

export async function remove(bench: Workbench, path: string): Promise<boolean> {
  const d = bench.docs.get(path);
  const version = d ? d.version : bench.tree.files.find((f) => f.path === path)?.version;
  if (version === null && d) {
    bench.close(path); /* it never was in the folder, or is no more */
    return true;
  }
  if (!version) return false;
  const before = d && { saved: d.saved, text: textOf(d) };
  const done = await bench.attempt(() => calls.remove(path, version));
  if (!done) return false;
  bench.close(path);
  await bench.attempt(() => refresh(bench, []));
  const undo = (): void => void bench.attempt(async () => {
    const { version: back } = await calls.undo(done.undo);
    bench.unsay(`removed ${path}`);
    if (before && !bench.docs.has(path)) bench.replace(bench.add(path, before.saved, back), before.text, 'input.restore'); /* first, whatever fails then */
    await bench.open(path);
    await refresh(bench, []);
    announce(t('author.broughtBack', { path }));
  });
  bench.say({ id: `removed ${path}`, tone: 'info', text: t('author.removed', { path }), actions: [{ label: t('author.undo'), run: undo }] });
  return true;
}

/* The open file's questions as they stand in its text now; opens the file. */
async function questions(bench: Workbench, path: string): Promise<{ d: Doc; items: T.AuthorItem[] } | null> {
  await bench.open(path);
  const d = bench.current;
  if (!d || d.path !== path) return null;
  if (isDirty(d) && bench.checkedText !== d.state.doc) await bench.check();
  return { d, items: bench.items(path) };
}

/* Cuts a question out of a text that has several; undone in the editor, or by the button. */
export async function cut(bench: Workbench, path: string, id: string): Promise<boolean> {
  const found = await questions(bench, path);
  const at = found?.items.findIndex((i) => i.id === id) ?? -1;
  if (!found || at < 0) return false;
  const { d, items } = found;
  const from = offsetOf(d.state.doc, items[at]!.line, 1);
  const next = items[at + 1];
  const whole = d.state.doc.toString();
  const before = whole;
  const text = next ? whole.slice(0, from) + whole.slice(offsetOf(d.state.doc, next.line, 1)) : `${whole.slice(0, from).trimEnd()}\n`;
  bench.replace(d, text, 'delete.question');
  const undo = (): void => {
    bench.unsay(`removed ${id}`);
    if (d.state.doc.toString() === text) bench.replace(d, before, 'undo');
    else void bench.open(path);
  };
  bench.say({ id: `removed ${id}`, tone: 'info', text: t('author.removedQuestion', { id }), actions: [{ label: t('author.undo'), run: undo }] });
  await bench.check();
  return true;
}

/* Moves a question of a file to another place among them. */
export async function move(bench: Workbench, path: string, id: string, to: number): Promise<boolean> {
  const found = await questions(bench, path);
  const at = found?.items.findIndex((i) => i.id === id) ?? -1;
  if (!found || at < 0 || to < 0 || to >= found.items.length || to === at) return false;
  const { d, items } = found;
  const order = items.map((i) => i.id);
  order.splice(to, 0, ...order.splice(at, 1));
  const about = d.state.doc;
  const reply = await bench.attempt(() => calls.orderText(path, textOf(d), order));
  if (!reply || d.state.doc !== about) return false;
  bench.replace(d, reply.text, 'move.question');
  await bench.check();
  const line = bench.items(path).find((i) => i.id === id)?.line;
  if (line !== undefined) bench.select(d, offsetOf(d.state.doc, line, 1));
  announce(t('author.movedTo', { id, n: to + 1, of: items.length }));
  return true;
}
