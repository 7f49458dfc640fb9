/* How a person likes their terminals: the size of its letters, and whether a screen reader is to read along. Kept in this browser. */

export interface TerminalPreferences { size: number; reader: boolean }

export const SIZES = [10, 12, 13, 14, 16, 18, 20, 24, 28] as const;
const KEY = 'assay.terminal';
const DEFAULTS: TerminalPreferences = { size: 14, reader: false };

/* Takes what was stored, whatever it is. Pure. */
export function parse(text: string | null): TerminalPreferences {
  try {
    const raw = JSON.parse(text ?? '{}') as Partial<Record<keyof TerminalPreferences, unknown>> | null;
    return { size: SIZES.find((s) => s === raw?.size) ?? DEFAULTS.size, reader: raw?.reader === true };
  } catch {
    return DEFAULTS;
  }
}

export function read(): TerminalPreferences {
  try {
    return parse(localStorage.getItem(KEY));
  } catch {
    return DEFAULTS;
  }
}

export function write(p: TerminalPreferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(p));
  } catch {
    /* a browser that stores nothing: it lasts until the page is closed */
  }
}

/* The next size up (+1) or down (-1). */
export function step(size: number, by: 1 | -1): number {
  const at = SIZES.findIndex((s) => s === size);
  return SIZES[Math.min(SIZES.length - 1, Math.max(0, at + by))] ?? DEFAULTS.size;
}

/* In pixels of the screen: it grows with the page's text. */
export const pixels = (size: number): number => (size * (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16)) / 16;
