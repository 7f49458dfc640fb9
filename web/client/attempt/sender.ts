/* Delivers what waits in the queue, one entry at a time, the oldest first, and keeps trying: after a failure that may pass it waits
 * (backoff.ts) and starts again; a change, the browser's "online" event or a successful poll makes it try at once.
 *
 * An entry leaves the queue only after deliver() has returned, that is after the server has said that it is durable, and only if it was
 * not replaced by a newer one meanwhile. */
import { isPassing, Problem } from '../api/http.ts';
import { backoffMs } from './backoff.ts';
import { keyOf, type Entry, type Queue } from './queue.ts';

const STORE_FIRST_MS = 150;

export type Delivery = 'done' | 'stop'; /* stop: keep the entry and do nothing until start() */

export interface SenderHost {
  deliver(entry: Entry): Promise<Delivery>;
  changed(): void;
  random?: () => number;
}

export class Sender {
  private readonly waiting = new Map<string, Entry>();
  private inFlight: Entry | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stopped = true;
  private busy = false;
  /* Why the last try failed, or null. */
  trouble: unknown = null;

  constructor(private readonly queue: Queue, private readonly host: SenderHost) {}

  get count(): number {
    return this.waiting.size;
  }
  get durable(): boolean {
    return this.queue.durable;
  }
  waitingFor(attempt: string, item: string, kind: Entry['kind']): Entry | null {
    return this.waiting.get(keyOf({ attempt, item, kind })) ?? null;
  }
  isInFlight(entry: Entry): boolean {
    return this.inFlight !== null && keyOf(this.inFlight) === keyOf(entry) && this.inFlight.seq === entry.seq;
  }
  waitingAnswers(): number {
    let n = 0;
    for (const e of this.waiting.values()) if (e.kind === 'answer') n++;
    return n;
  }

  /* Takes a new or newer entry. It is stored in the browser first, and when that is done so is put(); but it is sent in any case, and soon:
   * neither a broken store nor a busy disk here keeps an answer from the server. */
  async put(entry: Entry): Promise<void> {
    this.waiting.set(keyOf(entry), entry);
    this.host.changed();
    const soon = setTimeout(() => this.kick(), STORE_FIRST_MS);
    await this.queue.put(entry).catch(() => {});
    clearTimeout(soon);
    this.kick();
  }

  /* Takes an entry that is in the store already (after a reload). */
  adopt(entry: Entry): void {
    this.waiting.set(keyOf(entry), entry);
  }

  /* Gives up an entry: the server refused it for good, or has it already. */
  async drop(entry: Entry): Promise<void> {
    if (this.waiting.get(keyOf(entry))?.seq === entry.seq) this.waiting.delete(keyOf(entry));
    this.host.changed();
    await this.queue.remove(entry).catch(() => {});
  }

  start(): void {
    this.stopped = false;
    this.kick();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /* Forgets what is in memory; the store keeps it. */
  clear(): void {
    this.waiting.clear();
    this.trouble = null;
    this.failures = 0;
  }

  /* Tries now instead of when the waiting time is over. */
  kick(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    void this.run();
  }

  /* When nothing waits any more, or when it stopped or failed. True: everything was delivered. */
  async settled(): Promise<boolean> {
    this.kick();
    while (this.busy) await new Promise((r) => setTimeout(r, 20));
    return this.waiting.size === 0;
  }

  private oldest(): Entry | null {
    let first: Entry | null = null;
    for (const e of this.waiting.values()) {
      if (!first || (e.kind === first.kind ? e.at < first.at : e.kind === 'answer')) first = e;
    }
    return first;
  }

  private async run(): Promise<void> {
    if (this.busy || this.stopped) return;
    this.busy = true;
    try {
      for (let entry = this.oldest(); entry && !this.stopped; entry = this.oldest()) {
        this.inFlight = entry;
        this.host.changed();
        const verdict = await this.host.deliver(entry);
        this.inFlight = null;
        this.trouble = null;
        this.failures = 0;
        if (verdict === 'stop') {
          this.stop();
          break;
        }
        void this.drop(entry); /* the store keeps its own order, so this comes after the put */
      }
    } catch (e) {
      this.inFlight = null;
      this.trouble = e;
      this.failures++;
      /* Something else than a passing error is tried again too, slowly: an answer is never thrown away because of a surprise. */
      const least = e instanceof Problem ? e.retryAfterMs : null;
      const wait = backoffMs(isPassing(e) ? this.failures : this.failures + 5, this.host.random ?? Math.random, least);
      if (!this.stopped) this.timer = setTimeout(() => this.kick(), wait);
    } finally {
      this.busy = false;
      this.host.changed();
    }
  }
}
