/* The work of one marker: the answers that wait, the one that is shown, marks that are being given, and the last one that may be taken back. */
import * as calls from '../../api/marking.ts';
import { Problem } from '../../api/http.ts';

export interface Draft { given: (number | null)[]; comment: string }
export interface Last { place: calls.Place; points: number; max: number; undo: boolean; draft: Draft }

const key = (p: calls.Place): string => `${p.attempt}/${p.item}`;
const gone = (e: unknown): boolean => e instanceof Problem && (e.status === 409 || e.status === 404);

export class Work {
  answer: calls.Answer | null = null;
  last: Last | null = null;
  error: unknown = null;
  missed = false; /* an answer was marked by somebody else meanwhile */
  busy = false;
  done = 0;
  private left: calls.Place[];
  private readonly drafts = new Map<string, Draft>();
  private readonly listeners = new Set<() => void>();

  constructor(places: readonly calls.Place[]) {
    this.left = [...places];
  }

  onChange = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };
  private tell(): void {
    for (const f of this.listeners) f();
  }

  get waiting(): number {
    return this.left.length;
  }

  draft(lines: number): Draft {
    const known = this.answer && this.drafts.get(key(this.answer));
    return known && known.given.length === lines ? known : { given: Array<number | null>(lines).fill(null), comment: '' };
  }
  keep(draft: Draft): void {
    if (this.answer) this.drafts.set(key(this.answer), draft);
    this.tell();
  }

  /* Shows the first that still waits; one that does so no more is left out without a word. */
  async next(): Promise<void> {
    this.busy = true;
    this.error = null;
    this.tell();
    this.answer = null;
    while (this.left[0] && !this.answer && !this.error) {
      try {
        this.answer = await calls.answer(this.left[0]);
      } catch (e) {
        if (gone(e)) this.left.shift();
        else this.error = e;
      }
    }
    this.busy = false;
    this.tell();
  }

  async give(draft: Draft, mark: calls.Mark): Promise<boolean> {
    const a = this.answer;
    if (!a || this.busy) return false;
    this.busy = true;
    this.error = null;
    this.missed = false;
    this.tell();
    try {
      const given = await calls.give(a, mark);
      this.last = { place: { attempt: a.attempt, item: a.item }, points: given.points, max: a.max, undo: given.undo, draft };
      this.done += 1;
    } catch (e) {
      if (!gone(e)) {
        this.error = e;
        this.busy = false;
        this.tell();
        return false;
      }
      this.missed = true;
      this.last = null;
    }
    this.drafts.delete(key(a));
    this.left = this.left.filter((p) => key(p) !== key(a));
    await this.next();
    return !this.missed;
  }

  async skip(): Promise<void> {
    const first = this.left.shift();
    if (first) this.left.push(first);
    await this.next();
  }

  /* The mark before is taken back, and its answer shown again with the points as they were. */
  async undo(): Promise<boolean> {
    const last = this.last;
    if (!last?.undo || this.busy) return false;
    this.busy = true;
    this.error = null;
    this.tell();
    try {
      await calls.takeBack(last.place);
    } catch (e) {
      this.error = e;
      if (gone(e)) this.last = { ...last, undo: false };
      this.busy = false;
      this.tell();
      return false;
    }
    this.last = null;
    this.done -= 1;
    this.left.unshift(last.place);
    this.drafts.set(key(last.place), last.draft);
    await this.next();
    return true;
  }
}
