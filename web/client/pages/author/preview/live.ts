/* Asks for a preview whenever the text changes: at once for another question, a moment after the last letter while somebody types, and never
 * two at a time. */
import { useEffect, useRef, useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import type { AuthorPreview, AuthorPreviewItem } from '../../../api/author-types.ts';
import { keepGood, type Shown } from './shown.ts';

export const QUIET_MS = 250;

export interface Wish { path: string; text: string; item: string | null; seed: number | null; alone: boolean }
export interface Live {
  shown: Shown[];
  page: AuthorPreview['page'];
  error: unknown; /* of the last request; what was shown before stays */
  ready: boolean; /* something has come back for this file */
}

const EMPTY: Live = { shown: [], page: null, error: null, ready: false };

/* Options as they are written; questions with parameters need a draw. */
async function ask({ path, text, item, seed }: Wish, signal: AbortSignal): Promise<AuthorPreview> {
  const first = await author.preview({ path, text, item, seeds: seed === null ? [] : [seed] }, signal);
  if (!first.items.some((i) => i.needs_seed)) return first;
  const drawn = await author.preview({ path, text, item, seeds: [1] }, signal);
  const by = new Map<string, AuthorPreviewItem>(drawn.items.map((i) => [i.id, i]));
  return { ...first, items: first.items.map((i) => (i.needs_seed ? (by.get(i.id) ?? i) : i)) };
}

/* Runs `f` when `key` has not changed for a moment; the first time, and when `at once` changes, without waiting. An answer that comes too late
 * is dropped. */
export function useQuiet(key: string, atOnce: string, quietMs: number, f: (signal: AbortSignal) => Promise<void>): void {
  const last = useRef<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => void f(stop.signal), last.current === atOnce ? quietMs : 0);
    last.current = atOnce;
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key, atOnce]);
}

export function useLive(wish: Wish | null): Live {
  const [live, set] = useState<Live>(EMPTY);
  const where = wish ? `${wish.path}\n${wish.item ?? ''}\n${wish.seed ?? ''}` : '';
  const file = useRef('');
  useQuiet(wish?.text ?? '', where, QUIET_MS, async (signal) => {
    if (!wish) return;
    try {
      const got = await ask(wish, signal);
      if (signal.aborted) return;
      set((before) => ({ shown: keepGood(before.shown, got.items, wish.alone), page: got.page ?? before.page, error: null, ready: true }));
      file.current = wish.path;
    } catch (error) {
      if (!signal.aborted) set((before) => ({ ...(file.current === wish.path ? before : EMPTY), error, ready: true }));
    }
  });
  return live;
}
