/* The attempt's clock as a page shows it. The server keeps the time; a page only knows "so much was left at that moment", measured on its own
 * monotonic clock (performance.now(), which no change of the computer's date can move), and counts down from there until the next
 * answer of the server. All functions are pure. */

export interface Sample {
  leftMs: number | null; /* of the attempt; null: untimed */
  sectionLeftMs: number | null; /* of the open section or break; null: none of its own */
  at: number; /* monotonic time at which these were true */
}

/* A reply was made somewhere between sending and receiving; the middle is the best guess. A reply that took very long is trusted
 * for its end only: better to show too little time left than too much. */
export function sampleOf(clock: { left_ms: number | null; section_left_ms: number | null }, sentAt: number, receivedAt: number): Sample {
  const trip = Math.max(0, receivedAt - sentAt);
  return { leftMs: clock.left_ms, sectionLeftMs: clock.section_left_ms, at: trip > 4000 ? sentAt : sentAt + trip / 2 };
}

export function leftAt(total: number | null, at: number, now: number): number | null {
  return total === null ? null : Math.max(0, total - Math.max(0, now - at));
}

/* What runs out first: the section or the attempt. */
export function nearest(sample: Sample, now: number): number | null {
  const whole = leftAt(sample.leftMs, sample.at, now);
  const section = leftAt(sample.sectionLeftMs, sample.at, now);
  if (whole === null) return section;
  return section === null ? whole : Math.min(whole, section);
}

export const WARNINGS_MS = [600000, 300000, 60000] as const;

/* The warning that became due between two looks at the clock, in milliseconds left, or null. Warnings that make no sense for a
 * short exam (more than half of it) are left out; after a jump over several, only the most urgent one is given. */
export function dueWarning(before: number | null, now: number | null, total: number | null): number | null {
  if (before === null || now === null) return null;
  let due: number | null = null;
  for (const w of WARNINGS_MS) {
    if (total !== null && w > total / 2) continue;
    if (before > w && now <= w) due = w;
  }
  return due;
}

/* "1:02:03" from an hour up, else "12:03". Rounded up, so that 0:00 means none is left. */
export function formatLeft(ms: number): string {
  const s = Math.ceil(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/* Whether the computer seems to have slept: the wall clock went on much further than the monotonic one. */
export function slept(wallMs: number, monotonicMs: number): boolean {
  return wallMs - monotonicMs > 3000;
}
