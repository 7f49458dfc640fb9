/* Where answers wait until the server has them: one entry per item (only the last answer counts), in IndexedDB, so that a closed tab, a crash
 * or a dead battery loses nothing. A browser that offers no database gets a queue in memory, and the page says so.
 *
 * Entries are keyed "attempt/item/kind". Two tabs of one browser share the store. */
import type { Note } from '../api/types.ts';
import type { AnswerEntry } from './merge.ts';

export interface NoteEntry { kind: 'note'; attempt: string; item: string; seq: number; note: Note; at: number }
export type Entry = AnswerEntry | NoteEntry;

export const keyOf = (e: Pick<Entry, 'attempt' | 'item' | 'kind'>): string => `${e.attempt}/${e.item}/${e.kind}`;

export interface Queue {
  readonly durable: boolean;
  put(entry: Entry): Promise<void>;
  /* Removes the entry only if it is still the one with this number. */
  remove(entry: Entry): Promise<void>;
  list(attempt: string): Promise<Entry[]>;
}

export class MemoryQueue implements Queue {
  readonly durable = false;
  private readonly entries = new Map<string, Entry>();
  async put(entry: Entry): Promise<void> {
    this.entries.set(keyOf(entry), entry);
  }
  async remove(entry: Entry): Promise<void> {
    const key = keyOf(entry);
    if (this.entries.get(key)?.seq === entry.seq) this.entries.delete(key);
  }
  async list(attempt: string): Promise<Entry[]> {
    return [...this.entries.values()].filter((e) => e.attempt === attempt).sort((a, b) => a.at - b.at);
  }
}

const NAME = 'assay';
const STORE = 'waiting';

function done(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = tx.onerror = () => reject(tx.error ?? new Error('the browser’s database failed'));
  });
}

class DatabaseQueue implements Queue {
  readonly durable = true;
  constructor(private readonly db: IDBDatabase) {}

  async put(entry: Entry): Promise<void> {
    const tx = this.db.transaction(STORE, 'readwrite', { durability: 'strict' });
    tx.objectStore(STORE).put(entry, keyOf(entry));
    await done(tx);
  }

  async remove(entry: Entry): Promise<void> {
    const tx = this.db.transaction(STORE, 'readwrite');
    const store = tx.objectStore(STORE);
    const get = store.get(keyOf(entry));
    get.onsuccess = () => {
      if ((get.result as Entry | undefined)?.seq === entry.seq) store.delete(keyOf(entry));
    };
    await done(tx);
  }

  async list(attempt: string): Promise<Entry[]> {
    const tx = this.db.transaction(STORE, 'readonly');
    const all = tx.objectStore(STORE).getAll(IDBKeyRange.bound(`${attempt}/`, `${attempt}/\uffff`));
    await done(tx);
    return (all.result as Entry[]).sort((a, b) => a.at - b.at);
  }
}

/* Opens the store; never fails. */
export function openQueue(): Promise<Queue> {
  return new Promise((resolve) => {
    const fallback = (): void => resolve(new MemoryQueue());
    try {
      const open = indexedDB.open(NAME, 1);
      open.onupgradeneeded = () => open.result.createObjectStore(STORE);
      open.onerror = open.onblocked = fallback;
      open.onsuccess = () => {
        open.result.onversionchange = () => open.result.close();
        resolve(new DatabaseQueue(open.result));
      };
    } catch {
      fallback();
    }
  });
}
