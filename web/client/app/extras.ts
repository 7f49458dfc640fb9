/* What comes with some pages only, so that no other page pays for it: words of their own (texts/more.ts) and a style sheet of their own
 * (build.mjs, SHEETS). */
import { useMoreWords } from '../texts/index.ts';
import { MORE } from '../texts/more.ts';

/* The build fills in the addresses. */
declare const SHEETS: Record<string, string>;
export type Sheet = 'hands-on' | 'author' | 'marking' | 'reports';

const sheets = new Map<Sheet, Promise<void>>();

function link(href: string): Promise<void> {
  return new Promise((done, fail) => {
    const element = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload: () => done(), onerror: () => fail(new Error('styles')) });
    document.head.append(element);
  });
}

export function loadSheet(name: Sheet): Promise<void> {
  const loading = sheets.get(name) ?? link(SHEETS[name]!);
  sheets.set(name, loading);
  loading.catch(() => sheets.delete(name)); /* the next try asks again */
  return loading;
}

/* A page together with its words and styles, all loaded at once. */
export async function withExtras<P>(name: keyof typeof MORE & Sheet, page: Promise<P>): Promise<P> {
  const [module] = await Promise.all([page, useMoreWords(MORE[name]), loadSheet(name)]);
  return module;
}
