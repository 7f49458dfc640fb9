/* Unsaved texts, kept by the browser so that a reload or a crash does not lose them: one entry for each file, with what it began from, in
 * localStorage, because that is written at once, even while a page goes away. Whatever is stored is read with care. */
export interface Draft { path: string; text: string; base: string; version: string | null; at: number }

const PREFIX = 'assay.author.draft';
const SEPARATOR = '\n'; /* in no id and no path */

export class Drafts {
  full = false; /* the browser did not take the last one */
  constructor(private readonly bank: string, private readonly store: Storage | null = storage()) {}

  private key(path: string): string {
    return [PREFIX, this.bank, path].join(SEPARATOR);
  }

  keep(d: Draft): void {
    try {
      this.store?.setItem(this.key(d.path), JSON.stringify(d));
      this.full = this.store === null;
    } catch {
      this.full = true;
    }
  }

  forget(path: string): void {
    try {
      this.store?.removeItem(this.key(path));
    } catch {
      /* nothing was kept */
    }
  }

  all(): Draft[] {
    const found: Draft[] = [];
    const begin = this.key('');
    for (let i = 0; this.store && i < this.store.length; i++) {
      const key = this.store.key(i);
      const draft = key?.startsWith(begin) ? parseDraft(this.store.getItem(key)) : null;
      if (draft && this.key(draft.path) === key) found.push(draft);
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

export function parseDraft(stored: string | null): Draft | null {
  try {
    const d = JSON.parse(stored ?? 'null') as Partial<Draft> | null;
    if (!d || typeof d.path !== 'string' || typeof d.text !== 'string' || typeof d.base !== 'string' || typeof d.at !== 'number') return null;
    return { path: d.path, text: d.text, base: d.base, version: typeof d.version === 'string' ? d.version : null, at: d.at };
  } catch {
    return null;
  }
}
