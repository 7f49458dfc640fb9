/* From problem to problem, and mending them: what the checker said as marks in the editor, with its fixes. */
import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type * as T from '../../api/author-types.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { t } from '../../texts/index.ts';
import { insertable, offsetOf, type Doc } from './docs.ts';
import type { Workbench } from './workbench.ts';

type Problem = T.AuthorProblem;

export const sameProblem = (a: Problem, b: Problem): boolean => a.path === b.path && a.code === b.code && a.message === b.message && a.line === b.line && a.column === b.column;

const compare = (a: Problem, b: Problem): number => (a.path === b.path ? a.line - b.line || a.column - b.column : a.path < b.path ? -1 : 1);
export const inOrder = (problems: Problem[]): Problem[] => [...problems].sort(compare);

export const errorsOf = (problems: readonly Problem[]): number => problems.filter((p) => p.severity === 'error').length;

/* Where a problem is in a text: never empty, so that there is something to mark. */
export function rangeOf(doc: Text, p: Problem): { from: number; to: number } {
  const from = offsetOf(doc, p.line, p.column);
  const to = offsetOf(doc, p.line, Math.max(p.end_column, p.column));
  if (to > from) return { from, to };
  const line = doc.lineAt(from);
  return from < line.to ? { from, to: from + 1 } : { from: Math.max(line.from, from - 1), to: from };
}

export function diagnosticsOf(bench: Workbench, d: Doc, problems: readonly Problem[]): Diagnostic[] {
  return problems.filter((p) => p.path === d.path).map((p) => ({
    ...rangeOf(d.state.doc, p),
    severity: p.severity,
    message: p.hint ? `${p.message}\n${p.hint}` : p.message,
    actions: p.fixes.map((f) => ({ name: f.title, apply: () => void mend(bench, p, f) })),
  }));
}

/* The problems at the cursor's line. */
export function problemsHere(bench: Workbench): Problem[] {
  const d = bench.current;
  if (!d) return [];
  const line = d.state.doc.lineAt(d.state.selection.main.head).number;
  return bench.problems.filter((p) => p.path === d.path && Math.min(Math.max(p.line, 1), d.state.doc.lines) === line);
}

/* The problem after the cursor (+1) or before it (-1), through the whole bank and around. `last` is the one that was shown last: several may stand
 * at one place. */
export function nextProblem(problems: readonly Problem[], at: { path: string; line: number; column: number } | null, by: 1 | -1, last: Problem | null = null): Problem | null {
  if (!problems.length) return null;
  if (!at) return problems.at(by === 1 ? 0 : -1)!;
  const shown = last && compare(last, at as Problem) === 0 ? problems.findIndex((p) => sameProblem(p, last)) : -1;
  if (shown >= 0) return problems[(shown + by + problems.length) % problems.length]!;
  const here = at as Problem;
  if (by === 1) return problems.find((p) => compare(p, here) > 0) ?? problems[0]!;
  return [...problems].reverse().find((p) => compare(p, here) < 0) ?? problems.at(-1)!;
}

export async function goToProblem(bench: Workbench, by: 1 | -1): Promise<void> {
  const d = bench.current;
  let at = null;
  if (d) {
    const line = d.state.doc.lineAt(d.state.selection.main.head);
    at = { path: d.path, line: line.number, column: [...line.text.slice(0, d.state.selection.main.head - line.from)].length + 1 };
  }
  const p = nextProblem(bench.problems, at, by, shownLast);
  if (!p) return announce(t('author.noProblems'));
  await showProblem(bench, p);
}

let shownLast: Problem | null = null;

export async function showProblem(bench: Workbench, p: Problem): Promise<void> {
  shownLast = p;
  await bench.open(p.path, { line: p.line, column: p.column });
  if (bench.path !== p.path) return;
  bench.showPane('write');
  bench.focusEditor();
  const n = bench.problems.findIndex((q) => sameProblem(p, q)) + 1;
  announce(t('author.problemOf', { n, of: bench.problems.length, text: p.message }));
}

/* Makes a fix's edits, as one step to undo. Its places are those of the text that was checked: if that has changed since, it is checked again, and the
 * same fix is looked for. */
export async function mend(bench: Workbench, p: Problem, fix: T.AuthorFix): Promise<void> {
  await bench.open(p.path);
  const d = bench.current;
  if (!d || d.path !== p.path) return;
  let found: T.AuthorFix | undefined = fix;
  if (bench.checkedText !== d.state.doc) {
    await bench.check();
    const now = bench.problems.find((q) => q.path === p.path && q.code === p.code && q.message === p.message);
    found = bench.checkedText === d.state.doc ? now?.fixes.find((f) => f.title === fix.title) : undefined;
  }
  if (!found) return announce(t('author.fixGone'));
  const doc = d.state.doc;
  const changes = found.edits.map((e) => ({ from: offsetOf(doc, e.line, e.column), to: offsetOf(doc, e.end_line, e.end_column), insert: insertable(e.text) }));
  const set = d.state.changes(changes);
  const last = Math.max(...changes.map((c) => c.to));
  bench.apply(d, { changes: set, selection: { anchor: set.mapPos(last, 1) }, userEvent: 'input.fix', scrollIntoView: true }); /* to write on there */
  bench.focusEditor();
  announce(t('author.fixed', { title: found.title }));
}
