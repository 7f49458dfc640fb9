/* The folder changes by other hands: an editor, a version control system, another tab. What is told of (GET change) is read again. A text that is
 * as it was read is replaced; an unsaved one is merged with it line by line, and where both changed the same lines the author chooses
 * (write/conflict.tsx). Nothing is lost on either side: a merge is one step to undo, and the folder is written by saving alone. */
import * as calls from '../../api/author.ts';
import type * as T from '../../api/author-types.ts';
import { NetworkError, Problem } from '../../api/http.ts';
import { backoffMs } from '../../attempt/backoff.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { errorText } from '../../parts/states/states.tsx';
import { dateTime, t } from '../../texts/index.ts';
import { changesBetween, merge, settled } from './changes.ts';
import { isDirty, textOf, type Doc } from './docs.ts';
import type { Workbench } from './workbench.ts';

const SHOWN_LINES_MAX = 6;
const SHOWN_TEXT_MAX = 80;

/* The server's own words say which file and why; the pages' words are for candidates. */
export function failure(e: unknown): string {
  return e instanceof Problem && e.detail ? e.detail : errorText(e);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });

export async function watch(bench: Workbench, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let since = 0; /* everything: the page may have been away */
  while (!signal.aborted) {
    try {
      if (since === 0 || bench.away) await refresh(bench, null);
      if (since === 0) since = bench.tree.change;
      const told = await calls.change(since, signal);
      if (signal.aborted) return;
      failures = 0;
      since = told.change;
      if (told.paths.length) await refresh(bench, told.paths);
      setAway(bench, false);
    } catch (e) {
      if (signal.aborted) return;
      failures++;
      if (e instanceof NetworkError) setAway(bench, true);
      await pause(backoffMs(failures, Math.random), signal);
    }
  }
}

function setAway(bench: Workbench, away: boolean): void {
  if (bench.away === away) return;
  bench.away = away;
  bench.changed();
}

/* Reads the tree again, and the open texts among `paths` (null: all). */
export async function refresh(bench: Workbench, paths: readonly string[] | null): Promise<void> {
  bench.newTree(await calls.tree());
  setAway(bench, false);
  for (const d of [...bench.docs.values()]) if (!paths || paths.includes(d.path)) await look(bench, d);
}

async function read(path: string): Promise<T.AuthorTheirs | null> {
  try {
    return await calls.read(path);
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null;
    throw e;
  }
}

/* A file that is open: has the folder another text than was read? */
async function look(bench: Workbench, d: Doc): Promise<void> {
  if (d.saving) return; /* the save finds out */
  const seen = bench.tree.files.find((f) => f.path === d.path);
  if (seen?.version && seen.version === d.version) return;
  const before = d.version;
  const theirs = await read(d.path);
  if (d.saving || d.version !== before || bench.docs.get(d.path) !== d) return;
  if ((theirs?.version ?? null) !== d.version) outside(bench, d, theirs);
}

/* The folder has another text, or none. */
export function outside(bench: Workbench, d: Doc, theirs: T.AuthorTheirs | null): void {
  const [mine, dirty] = [textOf(d), isDirty(d)];
  if (!theirs) gone(bench, d, dirty);
  else if (!dirty || theirs.text === mine) {
    settle(bench, d, theirs);
    bench.replace(d, theirs.text, 'input.outside');
    if (!dirty && d === bench.current) announce(t('author.reloaded', { path: d.path }));
  } else {
    const end = (text: string): string => text.replace(/\r\n/g, '\n');
    const text = settled(merge(end(mine), end(d.saved), end(theirs.text)));
    bench.unsay(`merged ${d.path}`);
    if (text === null) d.theirs = theirs;
    else merged(bench, d, theirs, text);
  }
  bench.keep();
  bench.changed();
}

/* From now on, `theirs` is what the text began from. */
export function settle(bench: Workbench, d: Doc, theirs: T.AuthorTheirs): void {
  d.saved = theirs.text;
  d.version = theirs.version;
  d.theirs = undefined;
  bench.unsay(`gone ${d.path}`);
}

function merged(bench: Workbench, d: Doc, theirs: T.AuthorTheirs, text: string): void {
  const mine = d.state.doc.toString();
  const changes = changesBetween(mine, text);
  settle(bench, d, theirs);
  bench.replace(d, text, 'input.outside');
  const details = changes.slice(0, SHOWN_LINES_MAX).map((c) => {
    const line = d.state.doc.lineAt(Math.min(mapped(changes, c.from) + /^\n*/.exec(c.insert)![0].length, d.state.doc.length));
    return c.insert.trim() || line.text ? t('author.mergedLine', { line: line.number, text: line.text.slice(0, SHOWN_TEXT_MAX) }) : t('author.mergedGone', { line: line.number });
  });
  if (changes.length > SHOWN_LINES_MAX) details.push(t('author.mergedMore', { n: changes.length - SHOWN_LINES_MAX }));
  bench.say({
    id: `merged ${d.path}`,
    tone: 'info',
    text: t('author.merged', { path: d.path }),
    details,
    actions: [{ label: t('author.show'), run: () => void bench.open(d.path).then(() => bench.select(d, Math.min(changes[0]?.from ?? 0, d.state.doc.length))) }],
  });
}

/* Where an offset of the text before is in the text after. */
function mapped(changes: readonly { from: number; to: number; insert: string }[], at: number): number {
  let shift = 0;
  for (const c of changes) if (c.from < at) shift += c.insert.length - (c.to - c.from);
  return at + shift;
}

/* Removed outside. The text stays here until it is put away. */
function gone(bench: Workbench, d: Doc, dirty: boolean): void {
  if (d.version === null) return; /* it was never there */
  d.version = null;
  d.theirs = undefined;
  const close = { label: t('author.closeIt'), run: () => { bench.unsay(`gone ${d.path}`); bench.close(d.path); } };
  const again = {
    label: t('author.saveAgain'),
    run: () => {
      bench.unsay(`gone ${d.path}`);
      void bench.open(d.path).then(() => bench.save());
    },
  };
  bench.say({ id: `gone ${d.path}`, tone: 'warn', text: t(dirty ? 'author.goneUnsaved' : 'author.gone', { path: d.path }), actions: [again, close] });
}

/* Unsaved texts of an earlier visit: they are there again, unsaved, on top of what the folder has by now. */
export async function restore(bench: Workbench): Promise<void> {
  const back: Doc[] = [];
  let at = 0;
  for (const draft of bench.drafts.all()) {
    if (bench.docs.has(draft.path)) continue;
    const now = await read(draft.path);
    if (now?.text === draft.text) {
      bench.drafts.forget(draft.path);
      continue;
    }
    const d = bench.add(draft.path, draft.base, draft.version);
    bench.replace(d, draft.text, 'input.restore');
    if ((now?.version ?? null) !== draft.version) outside(bench, d, now);
    at = Math.max(at, draft.at);
    back.push(d);
  }
  if (!back.length) return;
  const drop = (): void => {
    for (const d of back) {
      if (d.theirs) settle(bench, d, d.theirs);
      if (d.version === null) bench.close(d.path);
      else bench.replace(d, d.saved, 'input.restore');
    }
    bench.unsay('restored');
  };
  bench.say({
    id: 'restored',
    tone: 'info',
    text: t('author.restored', { n: back.length, when: dateTime(new Date(at).toISOString()) }),
    details: back.map((d) => d.path),
    actions: [{ label: t('author.show'), run: () => void bench.open(back[0]!.path) }, { label: t('author.discard'), run: drop }],
  });
}
