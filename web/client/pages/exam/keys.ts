/* The keyboard of the exam. Pure: what a key means; the page does it.
 *
 * Single characters do nothing while a person types in a field, and can be switched off altogether (WCAG 2.1.4). Keys with Alt work
 * always. Digits choose an answer by its place. */

export type Action =
  | 'next' | 'previous' | 'flag' | 'strike' | 'highlight' | 'notes' | 'docs' | 'clock' | 'palette' | 'review' | 'help' | 'zoom-in' | 'zoom-out';
export type KeyAction = { action: Action } | { choose: number };

export interface Pressed { key: string; ctrl: boolean; alt: boolean; meta: boolean }
export interface Where { typing: boolean; singleKeys: boolean }

export const KEYS: readonly { key: string; action: Action }[] = [
  { key: 'n', action: 'next' },
  { key: 'p', action: 'previous' },
  { key: 'f', action: 'flag' },
  { key: 'x', action: 'strike' },
  { key: 'h', action: 'highlight' },
  { key: 'm', action: 'notes' },
  { key: 'd', action: 'docs' },
  { key: 'c', action: 'clock' },
  { key: 'g', action: 'palette' },
  { key: 'r', action: 'review' },
  { key: '+', action: 'zoom-in' },
  { key: '-', action: 'zoom-out' },
  { key: '?', action: 'help' },
];

export function keyAction(p: Pressed, where: Where): KeyAction | null {
  if (p.ctrl || p.meta) return null;
  if (p.alt) {
    if (p.key === 'PageDown') return { action: 'next' };
    if (p.key === 'PageUp') return { action: 'previous' };
    return null;
  }
  if (where.typing || !where.singleKeys) return null;
  if (/^[1-9]$/.test(p.key)) return { choose: Number(p.key) };
  const found = KEYS.find((k) => k.key === (p.key.length === 1 ? p.key.toLowerCase() : p.key));
  return found ? { action: found.action } : null;
}

/* Whether a key belongs to the field that has the focus; also to one inside a shadow root, where the editor of hands-on tasks lives. */
export const typed = (e: KeyboardEvent): boolean => typesIn(e.composedPath()[0] ?? e.target);

export function typesIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox', 'button'].includes(target.type);
}
