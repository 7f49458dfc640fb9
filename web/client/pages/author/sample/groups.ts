/* A form as it is printed: questions of one case stand behind it, and the case is there once. Pure. */
import type { AuthorSample } from '../../../api/author-types.ts';

type Entry = AuthorSample['items'][number];
export interface Group { from: number; to: number; kase: { id: string; title: string; html: string } | null; items: Entry[] }

export function grouped(items: readonly Entry[]): Group[] {
  const out: Group[] = [];
  for (const item of items) {
    const kase = item.view.case ?? null;
    const last = out[out.length - 1];
    if (last && kase && last.kase?.id === kase.id) {
      last.items.push(item);
      last.to = item.n;
    } else out.push({ from: item.n, to: item.n, kase, items: [item] });
  }
  return out;
}

/* How many questions of each domain a form has, in the order of the bank's domains where they are known. */
export function byDomain(items: readonly Entry[], known: readonly string[]): { domain: string; n: number; unscored: number }[] {
  const names = [...new Set([...known, ...items.map((i) => i.domain)])];
  return names.map((domain) => {
    const mine = items.filter((i) => i.domain === domain);
    return { domain, n: mine.filter((i) => !i.unscored).length, unscored: mine.filter((i) => i.unscored).length };
  });
}

/* A range as it is read: "3", "2–4". */
export const range = (from: number, to: number): string => (from === to ? String(from) : `${from}–${to}`);
