/* Points by criterion: what may be given, and what it comes to. Pure; thousandths are whole numbers here as on the server. */
import type { Answer } from '../../api/marking.ts';

export interface Line { text: string; when: string; points: number } /* what the line is worth */

/* A rubric without points is one line: the whole answer. */
export function linesOf(a: Answer, whole: string): Line[] {
  return a.criteria ?? [{ text: whole, when: '', points: a.max }];
}

/* The points on offer for a line: whole ones, halves where there are few, and five steps where there would be too many. */
export function choices(points: number): number[] {
  const step = points <= 2 ? 0.5 : points <= 10 ? 1 : points / 4;
  const out: number[] = [];
  for (let v = 0; v < points - 1e-9; v += step) out.push(Math.round(v * 1000) / 1000);
  out.push(points);
  return out;
}

/* "2,5" or "2.5" as points; null for what is none, or more than the line is worth. */
export function readPoints(text: string, max: number): number | null {
  const clean = text.trim().replace(',', '.');
  if (!/^(\d+\.?\d{0,3}|\.\d{1,3})$/.test(clean)) return null;
  const v = Number(clean);
  return v <= max ? v : null;
}

const m = (v: number): number => Math.round(v * 1000);

/* The rubric's points as the question's: in proportion, half a thousandth up, as rubric_scale() does. */
export function total(given: readonly number[], lines: readonly Line[], max: number): number {
  const worth = lines.reduce((s, l) => s + m(l.points), 0);
  const sum = given.reduce((s, v) => s + m(v), 0);
  return worth === 0 ? 0 : Math.floor((2 * sum * m(max) + worth) / (2 * worth)) / 1000;
}

/* Where marking goes on: the first line without points, or -1. */
export function firstMissing(given: readonly (number | null)[]): number {
  return given.findIndex((v) => v === null);
}
