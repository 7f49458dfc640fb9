/* Lists in a form: what was taken out can be put back, and what is moved keeps its name. Pure. */
import { moved } from '../../../items/order.ts';

export interface Keyed<T> { key: number; value: T }
let last = 0;

/* Gives each entry a key that it keeps while it is moved and edited. What is at the same place and was not ours to change keeps its key. */
export function keyed<T>(before: readonly Keyed<T>[], values: readonly T[]): Keyed<T>[] {
  return values.map((value, i) => ({ key: before[i]?.key ?? ++last, value }));
}
export const valuesOf = <T>(list: readonly Keyed<T>[]): T[] => list.map((e) => e.value);
export const added = <T>(list: readonly Keyed<T>[], value: T, at = list.length): Keyed<T>[] => [...list.slice(0, at), { key: ++last, value }, ...list.slice(at)];
export const changedAt = <T>(list: readonly Keyed<T>[], at: number, value: T): Keyed<T>[] => list.map((e, i) => (i === at ? { ...e, value } : e));
export const removedAt = <T>(list: readonly Keyed<T>[], at: number): Keyed<T>[] => list.filter((_, i) => i !== at);
export const restored = <T>(list: readonly Keyed<T>[], at: number, entry: Keyed<T>): Keyed<T>[] => [...list.slice(0, at), entry, ...list.slice(at)];
export { moved };

/* "[a, b]" as it stands in the fields. */
export function readTags(text: string | null): string {
  return (text ?? '').trim().replace(/^\[|\]$/g, '').trim();
}
export function writeTags(typed: string): string | null {
  const words = typed.split(',').map((w) => w.trim()).filter(Boolean);
  return words.length ? `[${words.join(', ')}]` : null;
}
