/* Small hooks that several parts use. */
import { useEffect, useRef, useState } from 'preact/hooks';

/* Draws again whenever the thing says that it changed. */
export function useChanges(subscribe: (f: () => void) => () => void): void {
  const [, again] = useState(0);
  useEffect(() => subscribe(() => again((n) => n + 1)), []);
}

export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; error: unknown };

/* Loads something when the page is shown, and again when `deps` change or when retry() is called; a retry keeps what is there until it is done. */
export function useLoad<T>(load: () => Promise<T>, deps: unknown[]): Loaded<T> & { retry(): void } {
  const [loaded, set] = useState<Loaded<T>>({ state: 'loading' });
  const [round, again] = useState(0);
  useEffect(() => {
    let stale = false;
    if (round === 0) set({ state: 'loading' });
    load().then(
      (value) => !stale && set({ state: 'ready', value }),
      (error: unknown) => !stale && set({ state: 'failed', error }),
    );
    return () => {
      stale = true;
    };
  }, [...deps, round]);
  return { ...loaded, retry: () => again((n) => n + 1) };
}

/* The document's title, and the focus on the page's heading once it is there. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Assay` : 'Assay';
  }, [title]);
}

/* The latest value, for handlers that live longer than one drawing. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
