/* What a person has chosen for how the pages look and behave. Kept in localStorage, one JSON object; an unreadable or blocked store means
 * the defaults. applyPreferences() puts them on <html> as data attributes, which the style sheet reads. */

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'de';

export interface Preferences {
  theme: Theme;
  largePrint: boolean;
  zoom: number; /* percent, one of ZOOMS */
  language: Language | null; /* null: what the browser asks for */
  singleKeys: boolean; /* keyboard shortcuts of one character */
  clockHidden: boolean;
}

export const ZOOMS = [100, 115, 130, 150, 175, 200, 250, 300] as const;
export const LANGUAGES: readonly Language[] = ['en', 'de'];
const KEY = 'assay.preferences';
const DEFAULTS: Preferences = { theme: 'system', largePrint: false, zoom: 100, language: null, singleKeys: true, clockHidden: false };

/* Takes what was stored, whatever it is, and gives valid preferences. */
export function parsePreferences(text: string | null): Preferences {
  let raw: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (value && typeof value === 'object') raw = value;
  } catch {
    /* not JSON: the defaults */
  }
  return {
    theme: raw.theme === 'light' || raw.theme === 'dark' ? raw.theme : 'system',
    largePrint: raw.largePrint === true,
    zoom: ZOOMS.find((z) => z === raw.zoom) ?? DEFAULTS.zoom,
    language: LANGUAGES.find((l) => l === raw.language) ?? null,
    singleKeys: raw.singleKeys !== false,
    clockHidden: raw.clockHidden === true,
  };
}

export function readPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(KEY));
  } catch {
    return { ...DEFAULTS };
  }
}

export function writePreferences(p: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(p));
  } catch {
    /* a browser that stores nothing: the choice lasts until the page is closed */
  }
}

/* The language to show: the person's choice, else the first of the browser's that there is a catalogue for, else English. */
export function chooseLanguage(p: Preferences, wanted: readonly string[]): Language {
  if (p.language) return p.language;
  for (const tag of wanted) {
    const found = LANGUAGES.find((l) => tag.toLowerCase().split('-')[0] === l);
    if (found) return found;
  }
  return 'en';
}

export function applyPreferences(root: HTMLElement, p: Preferences): void {
  if (p.theme === 'system') root.removeAttribute('data-theme');
  else root.dataset.theme = p.theme;
  if (p.largePrint) root.dataset.print = 'large';
  else root.removeAttribute('data-print');
  root.dataset.zoom = String(p.zoom);
}

/* The one copy that the pages share. */
let current: Preferences | null = null;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  return (current ??= readPreferences());
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  writePreferences(current);
  applyPreferences(document.documentElement, current);
  for (const f of listeners) f();
}

export function onPreferences(f: () => void): () => void {
  listeners.add(f);
  return () => listeners.delete(f);
}

/* The next zoom step up (+1) or down (-1). */
export function zoomStep(zoom: number, by: 1 | -1): number {
  const at = ZOOMS.findIndex((z) => z === zoom);
  return ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + by))] ?? DEFAULTS.zoom;
}
