/* Differences between texts, by lines: few changes that lead from one to another, so that an editor keeps its cursor and its folds; and three
 * versions put together. Pure. Texts have "\n" as the end of line. */
import { diff3Merge, diffIndices } from 'node-diff3';

export interface Change { from: number; to: number; insert: string }

const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/* Leaves out what both begin and end with. */
function trimmed({ from, to, insert }: Change, old: string): Change {
  const gone = old.slice(from, to);
  const most = Math.min(gone.length, insert.length);
  let head = 0;
  while (head < most && gone[head] === insert[head]) head++;
  let tail = 0;
  while (tail < most - head && gone[gone.length - 1 - tail] === insert[insert.length - 1 - tail]) tail++;
  return { from: from + head, to: to - tail, insert: insert.slice(head, insert.length - tail) };
}

/* What both begin and end with is cut off before lines are compared. */
export function changesBetween(old: string, text: string): Change[] {
  if (old === text) return [];
  const whole = trimmed({ from: 0, to: old.length, insert: text }, old);
  const from = whole.from === 0 ? 0 : old.lastIndexOf('\n', whole.from - 1) + 1;
  const end = old.indexOf('\n', whole.to);
  const to = end < 0 ? old.length : end + 1;
  const a = lines(old.slice(from, to));
  const starts = [from];
  for (const l of a) starts.push(starts.at(-1)! + l.length);
  return diffIndices(a, lines(text.slice(from, text.length - (old.length - to)))).map((d) =>
    trimmed({ from: starts[d.buffer1[0]]!, to: starts[d.buffer1[0] + d.buffer1[1]]!, insert: d.buffer2Content.join('') }, old));
}

/* A piece of a merge: text that is settled, or a place where both sides changed the same lines. */
export type Piece = { text: string } | { mine: string; theirs: string };
export const isHunk = (p: Piece): p is { mine: string; theirs: string } => 'mine' in p;

export function merge(mine: string, base: string, theirs: string): Piece[] {
  if (mine === theirs || theirs === base) return [{ text: mine }];
  if (mine === base) return [{ text: theirs }];
  const [a, o, b] = [lines(mine), lines(base), lines(theirs)] as const;
  const most = Math.min(a.length, o.length, b.length);
  let head = 0;
  while (head < most && a[head] === o[head] && o[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === o.at(-1 - tail) && o.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const cut = (l: string[]): string[] => l.slice(head, l.length - tail);
  const parts = diff3Merge(cut(a), cut(o), cut(b), { excludeFalseConflicts: true });
  const pieces: Piece[] = [{ text: a.slice(0, head).join('') }];
  for (const p of parts) {
    if (p.conflict) pieces.push({ mine: p.conflict.a.join(''), theirs: p.conflict.b.join('') });
    else pieces.push({ text: p.ok!.join('') });
  }
  pieces.push({ text: a.slice(a.length - tail).join('') });
  return pieces.filter((p) => isHunk(p) || p.text !== '');
}

/* The text of a merge, if nothing is open. */
export function settled(pieces: Piece[]): string | null {
  let text = '';
  for (const p of pieces) {
    if (isHunk(p)) return null;
    text += p.text;
  }
  return text;
}
