/* What a person has ticked off a task's checklist, and that they opened its shell: kept in this browser alone, one entry per attempt. It is an aid for
 * the memory and decides nothing. */

export interface Ticks { opened: boolean; points: number[] }

const KEY = 'assay.tasks.';
const POINTS_MAX = 200;

export interface Store { getItem(key: string): string | null; setItem(key: string, value: string): void }

/* Takes what was stored, whatever it is. Pure. */
export function parseTicks(text: string | null): Record<string, Ticks> {
  const out: Record<string, Ticks> = {};
  try {
    const raw: unknown = JSON.parse(text ?? '{}');
    if (!raw || typeof raw !== 'object') return out;
    for (const [item, value] of Object.entries(raw)) {
      const v = value as { opened?: unknown; points?: unknown } | null;
      const points = Array.isArray(v?.points) ? v.points.filter((p): p is number => Number.isInteger(p) && p >= 0 && p < POINTS_MAX) : [];
      out[item] = { opened: v?.opened === true, points: [...new Set(points)] };
    }
  } catch {
    /* not JSON: nothing was ticked */
  }
  return out;
}

export function readTicks(attempt: string, item: string, store: Store | undefined = globalThis.localStorage): Ticks {
  try {
    return parseTicks(store?.getItem(KEY + attempt) ?? null)[item] ?? { opened: false, points: [] };
  } catch {
    return { opened: false, points: [] };
  }
}

export function writeTicks(attempt: string, item: string, ticks: Ticks, store: Store | undefined = globalThis.localStorage): void {
  try {
    const all = parseTicks(store?.getItem(KEY + attempt) ?? null);
    store?.setItem(KEY + attempt, JSON.stringify({ ...all, [item]: ticks }));
  } catch {
    /* a browser that stores nothing: they last until the page is closed */
  }
}
