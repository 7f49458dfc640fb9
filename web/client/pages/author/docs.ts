/* The texts that are open: what the folder had when they were read, what they are now (an editor's state, with its history), and whether the two
 * have parted. Pure. */
import { Text as CodeText, type EditorState, type Text } from '@codemirror/state';
import type * as T from '../../api/author-types.ts';

export interface Doc {
  readonly path: string;
  readonly kind: T.FileKind;
  saved: string; /* the text that the folder has, as far as is known here */
  version: string | null; /* of that; null: there is no such file */
  state: EditorState;
  saving: boolean;
  theirs: T.AuthorTheirs | null | undefined; /* what the folder has instead (null: nothing any more); undefined: no conflict */
}

export const textOf = (d: Doc): string => d.state.sliceDoc();

/* Asked with each key, of each open text: remembered for as long as neither side changes. */
const compared = new WeakMap<Doc, { doc: Text; saved: string; same: boolean }>();
export function isDirty(d: Doc): boolean {
  if (d.version === null) return true;
  let c = compared.get(d);
  if (!c || c.doc !== d.state.doc || c.saved !== d.saved) {
    c = { doc: d.state.doc, saved: d.saved, same: textOf(d) === d.saved };
    compared.set(d, c);
  }
  return !c.same;
}

/* What the lines of a text end with, when that is not simply "\n" (null). In a text that mixes ends, "\r" is a character like others. */
export function lineEnd(text: string): '\n' | '\r\n' | null {
  if (!text.includes('\r')) return null;
  return /(^|[^\r])\n|\r(?!\n)/.test(text) ? '\n' : '\r\n';
}

/* Text to put into the editor, whatever its lines end with there. */
export const insertable = (text: string): Text => CodeText.of(text.split('\n'));

/* By its place in the folder, as the server says it (bank/workspace.c). */
export function kindOfPath(path: string): T.FileKind {
  if (path === 'bank.yml') return 'manifest';
  const kinds: Record<string, T.FileKind> = { questions: 'question', exams: 'exam', cases: 'case', tasks: 'task', docs: 'doc', media: 'media', reviews: 'review' };
  return kinds[path.slice(0, path.indexOf('/'))] ?? 'other';
}

/* Where a place of the server's (from 1, columns in characters) is in the editor; always in the text. */
export function offsetOf(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  let offset = 0;
  for (let n = 1; n < column && offset < at.length; n++) offset += at.text.codePointAt(offset)! > 0xffff ? 2 : 1;
  return at.from + offset;
}

/* The question that a line belongs to. A file that is one question belongs to it whole. */
export function itemAt(items: readonly T.AuthorItem[], line: number): T.AuthorItem | null {
  if (items.length === 1) return items[0]!;
  return [...items].reverse().find((i) => i.line <= line) ?? null;
}

/* Questions where they are after a change of the text, as far as it can be told without the server: those behind the change move with their lines.
 * The same list when no line came or went. */
export function shifted(items: T.AuthorItem[], before: Text, after: Text): T.AuthorItem[] {
  const by = after.lines - before.lines;
  if (by === 0) return items;
  let first = 1;
  const [a, b] = [before.iterLines(), after.iterLines()];
  while (!a.next().done && !b.next().done && a.value === b.value) first++;
  const moves = (line: number): boolean => line >= first && line + by >= 1 && line + by <= after.lines && line <= before.lines && after.line(line + by).text === before.line(line).text;
  return items.map((i) => ({ ...i, line: moves(i.line) ? i.line + by : i.line, end_line: i.end_line >= first ? Math.max(i.line, i.end_line + by) : i.end_line }));
}
