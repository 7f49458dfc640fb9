/* What the preview shows: for each question the last that could be shown, so that a text which is broken for a moment takes nothing away. Pure. */
import type { AuthorPreviewItem, AuthorView } from '../../../api/author-types.ts';
import type { FormItem } from '../../../api/types.ts';

export interface Shown {
  now: AuthorPreviewItem;
  good: (AuthorPreviewItem & { view: AuthorView }) | null; /* what to show; older than `now` when that one has no view */
}

const hasView = (i: AuthorPreviewItem): i is AuthorPreviewItem & { view: AuthorView } => i.view !== null;

/* `alone`: the file has one question, so one with another id is still the same. */
export function keepGood(before: readonly Shown[], now: readonly AuthorPreviewItem[], alone: boolean): Shown[] {
  return now.map((i) => ({ now: i, good: hasView(i) ? i : ((alone ? before[0] : before.find((b) => b.now.id === i.id))?.good ?? null) }));
}

export const isStale = (s: Shown): boolean => s.good !== null && s.good !== s.now;

/* As the parts of an exam want it. */
export function formItem(view: AuthorView, n = 1): FormItem {
  return { seq: 0, response: null, saved_at: null, flagged: false, spent_ms: 0, note: null, ...view, n };
}

/* Two views with the same shape can be answered with the same answer. */
export function shapeOf(view: AuthorView): string {
  const ids = (list: { id: string }[] | undefined): string[] => (list ?? []).map((o) => o.id);
  return JSON.stringify([view.kind, view.select, ids(view.options), ids(view.left), ids(view.right), ids(view.rows), ids(view.columns), ids(view.blanks), view.width, view.height]);
}

/* ---- draws ---- */

export type Values = Record<string, string | number | boolean>;

/* The parameters' names in the order in which they come first. */
export function parameterNames(items: readonly { values?: Values }[]): string[] {
  return [...new Set(items.flatMap((i) => Object.keys(i.values ?? {})))];
}

/* The seeds that are not there yet, in pieces that one request may ask for. */
export function pieces(from: number, to: number, most = 50): number[][] {
  const out: number[][] = [];
  for (let at = from; at <= to; at += most) out.push(Array.from({ length: Math.min(most, to - at + 1) }, (_, i) => at + i));
  return out;
}

/* Draws that show candidates the very same question, as seeds; few of them are fine, many say that there is little to draw from. */
export function repeated(items: readonly (AuthorPreviewItem & { values?: Values })[]): number {
  const seen = new Set<string>();
  let n = 0;
  for (const i of items) {
    if (!i.values || !i.view) continue;
    const text = JSON.stringify(i.values);
    if (seen.has(text)) n++;
    seen.add(text);
  }
  return n;
}
