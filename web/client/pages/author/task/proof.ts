/* A table of ways to do a task × checks, from a proof that has just run or from the proof.json that is kept with the task. Pure. */
import type * as T from '../../../api/author-types.ts';

export type Outcome = 'pass' | 'fail' | 'ungraded';
export interface Cell { came: Outcome | null; wanted: Outcome; right: boolean; message: string | null }
export interface Row { variant: string; points: number; max: number | null; right: boolean; failure: string | null; cells: Cell[] }
export interface Table { checks: string[]; rows: Row[] }

const opposite = (o: string): Outcome => (o === 'pass' ? 'fail' : 'pass');
const isOutcome = (o: string): o is Outcome => o === 'pass' || o === 'fail' || o === 'ungraded';

/* Draws of a parametrised task are one row: what went wrong in one of them went wrong. */
export function tableOf(rows: readonly T.AuthorProofRow[]): Table {
  const checks = [...new Set(rows.flatMap((r) => r.checks.map((c) => c.id)))];
  const names = [...new Set(rows.map((r) => r.variant))];
  return {
    checks,
    rows: names.map((variant) => {
      const draws = rows.filter((r) => r.variant === variant);
      const worst = draws.find((d) => !d.ok) ?? draws[0]!;
      return {
        variant,
        points: Math.min(...draws.map((d) => d.points)),
        max: worst.max,
        right: draws.every((d) => d.ok),
        failure: draws.find((d) => d.message !== null)?.message ?? null,
        cells: checks.map((id) => {
          const all = draws.flatMap((d) => d.checks.find((c) => c.id === id) ?? []);
          const c = all.find((x) => !x.expected) ?? all[0];
          const ungraded: Outcome = variant === 'solution' || variant.startsWith('alt/') ? 'pass' : 'fail';
          if (!c || !isOutcome(c.outcome)) return { came: null, wanted: ungraded, right: false, message: null };
          return { came: c.outcome, wanted: c.expected ? c.outcome : c.outcome === 'ungraded' ? ungraded : opposite(c.outcome), right: c.expected, message: c.message || null };
        }),
      };
    }),
  };
}

/* proof.json says what was proved: everything in it was as it had to be. Null when it is no such file. */
export function tableOfFile(text: string): Table | null {
  try {
    const { checks, variants } = JSON.parse(text) as { checks: { id: string; points: number }[]; variants: { name: string; points: number; fails: string[] }[] };
    const max = checks.reduce((sum, c) => sum + c.points, 0);
    return {
      checks: checks.map((c) => c.id),
      rows: variants.map((v) => ({
        variant: v.name,
        points: v.points,
        max,
        right: true,
        failure: null,
        cells: checks.map((c) => {
          const o: Outcome = v.fails.includes(c.id) ? 'fail' : 'pass';
          return { came: o, wanted: o, right: true, message: null };
        }),
      })),
    };
  } catch {
    return null;
  }
}
