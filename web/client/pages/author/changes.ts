/* From one text to another in few changes, so that an editor keeps its cursor, its folds and a history of small steps. Pure. */
import { diffIndices } from 'node-diff3';

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

/* Both texts with "\n" as the end of line. What both begin and end with is cut off before lines are compared. */
export function changesBetween(old: string, text: string): Change[] {
  if (old === text) return [];
  const whole = trimmed({ from: 0, to: old.length, insert: text }, old);
  const from = old.lastIndexOf('\n', whole.from - 1) + 1;
  const end = old.indexOf('\n', whole.to);
  const to = end < 0 ? old.length : end + 1;
  const insert = text.slice(from, text.length - (old.length - to));
  const a = lines(old.slice(from, to));
  const starts = [from];
  for (const l of a) starts.push(starts.at(-1)! + l.length);
  return diffIndices(a, lines(insert)).map((d) => trimmed({ from: starts[d.buffer1[0]]!, to: starts[d.buffer1[0] + d.buffer1[1]]!, insert: d.buffer2Content.join('') }, old));
}
