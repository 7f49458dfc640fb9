/* One hands-on task as the page holds it: what state its box is in, what was ticked off, which files are open in the editor. It lives as long as the
 * page, so going to another question and back loses nothing. Nothing here draws. */
import { NetworkError, Problem } from '../api/http.ts';
import * as calls from '../api/tasks.ts';
import type { CheckReport, TaskState } from '../api/types.ts';
import type { AttemptSession } from '../attempt/session.ts';
import type { Buffer } from './buffers.ts';
import { conflicting, created, edited, failed, isDirty, opened, reloaded, saveBody, saving, stored } from './buffers.ts';
import { readTicks, writeTicks } from './ticks.ts';
import { tellUnsaved } from './unsaved.ts';

export type Busy = 'opening' | 'resetting' | 'checking' | 'hint' | 'solution' | null;

export class Workplace {
  state: TaskState | null = null;
  busy: Busy = null;
  error: unknown = null;
  report: CheckReport | null = null;
  buffers: Buffer[] = [];
  file: string | null = null; /* the path of the one that is shown */
  round = 0; /* goes up with every fresh box: terminals and trees begin anew */

  private ticks;
  private understood: string | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(readonly session: AttemptSession, readonly item: string) {
    this.ticks = readTicks(session.id, item);
  }

  get where(): calls.Where {
    return { attempt: this.session.id, item: this.item, lease: this.session.leaseNumber };
  }
  get home(): string {
    return this.state?.user === 'root' ? '/root' : `/home/${this.state?.user ?? 'candidate'}`;
  }

  subscribe(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }
  changed(): void {
    tellUnsaved(this.session.id, this.item, this.unsaved);
    for (const f of this.listeners) f();
  }

  /* ---- the box ---- */

  private take(state: TaskState): void {
    this.state = state;
    if (state.last_check) this.report = state.last_check;
    if (state.state === 'open' && !this.ticks.opened) this.keep({ ...this.ticks, opened: true });
  }

  private async work<R>(busy: Busy, ask: () => Promise<R>, use: (reply: R) => void): Promise<void> {
    if (this.busy) return;
    this.busy = busy;
    this.error = null;
    this.changed();
    try {
      use(await ask());
    } catch (e) {
      this.error = e;
      this.attend(e);
    }
    this.busy = null;
    this.changed();
  }

  /* What an error says about the attempt as a whole is the session's to act on. */
  private attend(e: unknown): void {
    if (e instanceof Problem && ['superseded', 'attempt-ended', 'unauthenticated', 'section-closed', 'no-return'].includes(e.code)) void this.session.sync();
  }

  look(): Promise<void> {
    return this.work(null, () => calls.state(this.where), (s) => this.take(s));
  }
  /* Looks again while the person works, without a word: a box that was lost is back from its snapshot, and says so in its state. */
  async refresh(): Promise<void> {
    try {
      this.take(await calls.state(this.where));
      this.changed();
    } catch (e) {
      this.attend(e);
    }
  }

  /* What the box has to say that the person has not taken note of. */
  get notice(): string | null {
    return this.state && this.state.notice !== this.understood ? this.state.notice : null;
  }
  dismissNotice(): void {
    this.understood = this.state?.notice ?? null;
    this.changed();
  }

  open(): Promise<void> {
    return this.work('opening', () => calls.open(this.where), (s) => this.take(s));
  }
  reset(): Promise<void> {
    return this.work('resetting', () => calls.reset(this.where), (s) => {
      this.take(s);
      this.report = null;
      this.buffers = [];
      this.file = null;
      this.round++;
    });
  }
  check(): Promise<void> {
    return this.work('checking', () => calls.check(this.where), (r) => (this.report = r));
  }
  hint(): Promise<void> {
    return this.work('hint', () => calls.hint(this.where), (s) => this.take(s));
  }
  giveUp(): Promise<void> {
    return this.work('solution', () => calls.solution(this.where), (s) => this.take(s));
  }

  /* A terminal could not be reached: whether it is worth trying again. */
  async hopeful(): Promise<boolean> {
    try {
      this.take(await calls.state(this.where));
      this.changed();
      return this.state?.state !== 'ended';
    } catch (e) {
      this.attend(e);
      return e instanceof NetworkError || !(e instanceof Problem) || e.status >= 500 || e.status === 429;
    }
  }

  /* ---- ticking off ---- */

  private keep(ticks: { opened: boolean; points: number[] }): void {
    this.ticks = ticks;
    writeTicks(this.session.id, this.item, ticks);
  }
  get wasOpened(): boolean {
    return this.ticks.opened;
  }
  isTicked(point: number): boolean {
    return this.ticks.points.includes(point);
  }
  tick(point: number, on: boolean): void {
    const rest = this.ticks.points.filter((p) => p !== point);
    this.keep({ ...this.ticks, points: on ? [...rest, point] : rest });
    this.changed();
  }

  /* ---- files ---- */

  get current(): Buffer | null {
    return this.buffers.find((b) => b.path === this.file) ?? null;
  }
  get unsaved(): number {
    return this.buffers.filter(isDirty).length;
  }

  private put(b: Buffer): void {
    const at = this.buffers.findIndex((x) => x.path === b.path);
    this.buffers = at < 0 ? [...this.buffers, b] : this.buffers.map((x, i) => (i === at ? b : x));
    this.changed();
  }
  private get(path: string): Buffer | undefined {
    return this.buffers.find((b) => b.path === path);
  }

  show(path: string): void {
    this.file = path;
    this.changed();
  }

  /* Opens a file, or shows it when it is open; a file that does not exist becomes a new one. Throws what the server says otherwise. */
  async openFile(path: string): Promise<void> {
    if (!this.get(path)) {
      let b: Buffer;
      try {
        b = { ...opened(await calls.file(this.where, path)), path };
      } catch (e) {
        if (!(e instanceof Problem) || e.code !== 'not-found') throw e;
        b = created(path);
      }
      this.put(b);
    }
    this.show(path);
  }

  edit(path: string, text: string): void {
    const b = this.get(path);
    if (b && b.text !== text) this.put(edited(b, text));
  }

  closeFile(path: string): void {
    const at = this.buffers.findIndex((b) => b.path === path);
    this.buffers = this.buffers.filter((b) => b.path !== path);
    if (this.file === path) this.file = this.buffers[Math.max(0, at - 1)]?.path ?? null;
    this.changed();
  }

  /* Saves; a file that has changed meanwhile becomes a conflict. Throws what else the server says. */
  async saveFile(path: string, over = false): Promise<void> {
    const b = this.get(path);
    if (!b || b.state === 'saving') return;
    this.put(saving(b));
    try {
      if (b.sha256 === null && !over && (await this.exists(path))) return this.put(conflicting(this.get(path) ?? b));
      const reply = await calls.save(this.where, saveBody(b, over));
      this.put(stored(this.get(path) ?? b, b.text, reply));
    } catch (e) {
      const now = this.get(path) ?? b;
      if (e instanceof Problem && e.code === 'conflict' && (await this.isAnother(now))) return this.put(conflicting(this.get(path) ?? b));
      this.put(failed(now));
      this.attend(e);
      throw e;
    }
  }

  /* Whether the box has another file by now than the one that was read. */
  private async isAnother(b: Buffer): Promise<boolean> {
    try {
      return (await calls.file(this.where, b.path)).sha256 !== b.sha256;
    } catch (e) {
      return e instanceof Problem && e.code === 'not-found';
    }
  }

  private async exists(path: string): Promise<boolean> {
    try {
      await calls.file(this.where, path);
      return true;
    } catch (e) {
      if (e instanceof Problem && e.code === 'not-found') return false;
      throw e;
    }
  }

  /* Gives up one's own changes for what the box has. */
  async reloadFile(path: string): Promise<void> {
    const file = await calls.file(this.where, path);
    const b = this.get(path);
    if (b) this.put(reloaded(b, file));
  }
}

/* The workplaces of the attempt that the page holds. */
const held = new Map<string, Workplace>();

export function workplaceFor(session: AttemptSession, item: string): Workplace {
  const key = `${session.id} ${item}`;
  const known = held.get(key);
  if (known?.session === session) return known;
  for (const [k, w] of held) if (w.session !== session) held.delete(k);
  const made = new Workplace(session, item);
  held.set(key, made);
  return made;
}
