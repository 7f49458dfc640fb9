/* How long to wait before trying again: doubling from half a second to half a minute, with the upper half left to chance, so that a room
 * full of browsers does not come back in one instant. What the server asked for (Retry-After) is the least. */

export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MOST_MS = 30000;

export function backoffMs(failures: number, random: () => number, retryAfterMs: number | null = null): number {
  const ceiling = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.max(0, Math.min(failures - 1, 16)));
  const jittered = ceiling / 2 + (ceiling / 2) * random();
  if (retryAfterMs === null) return jittered;
  return retryAfterMs + Math.min(jittered, retryAfterMs / 2 + BACKOFF_FIRST_MS);
}
