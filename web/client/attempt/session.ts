/* One attempt as a page holds it: the form, the answers given so far, where the person is, and what of it the server has.
 *
 * Opening an attempt claims it: this tab becomes the one that may write, and any older one is told. The claim's reply is the server's whole
 * state; what still waits in this browser's queue (queue.ts) is merged into it (merge.ts) and delivered (sender.ts). From then on:
 *
 *   answer() ─▶ on screen at once ─▶ after a moment of quiet ─▶ queue in the browser ─▶ server says it is durable ─▶ "saved"
 *
 * Nothing here draws; pages subscribe and read. */
import * as calls from '../api/calls.ts';
import { isPassing, NetworkError, Problem } from '../api/http.ts';
import type { Attempt, Clock, Note, Response } from '../api/types.ts';
import { sampleOf, type Sample } from './clock.ts';
import { Drafts } from './drafts.ts';
import { Form, type Live } from './form.ts';
import { merge, nextEntry, sameAnswer, type AnswerEntry } from './merge.ts';
import { openQueue, type Entry, type NoteEntry, type Queue } from './queue.ts';
import { Sender, type Delivery } from './sender.ts';
import { Spent } from './spent.ts';
import { Tabs } from './tabs.ts';
import { Watch } from './watch.ts';

export type Phase = 'loading' | 'live' | 'superseded' | 'ended' | 'signed-out' | 'missing' | 'failed';

export type { Live };

export type Saving =
  | { kind: 'saved'; at: string | null }
  | { kind: 'saving' | 'offline' | 'busy' | 'read-only'; waiting: number };

const QUIET_MS = 600;
const WORTH_REPORTING_MS = 5000;

export class AttemptSession extends Form {
  phase: Phase = 'loading';
  error: unknown = null;
  sample: Sample = { leftMs: null, sectionLeftMs: null, at: 0 };
  outagesMs = 0;
  outagesSeenMs = 0; /* what the person has taken note of */
  offline = false;
  savedAt: string | null = null;
  conflicts: number[] = []; /* numbers of items where another device's answer was kept */
  tooLate = 0; /* answers that reached the server after the end */

  private lease: number | null = null;
  private sender!: Sender;
  private queue: Queue | null = null;
  private readonly drafts = new Drafts();
  private readonly listeners = new Set<() => void>();
  private readonly spent = new Spent(() => performance.now());
  private readonly tabs: Tabs;
  private readonly watch = new Watch({
    back: () => {
      this.sender.kick();
      void this.sync();
    },
    gone: () => this.online(false),
    shown: (visible) => {
      this.spent.setVisible(visible);
      if (visible) void this.sync();
      else void Promise.all(this.flushDrafts());
    },
    leaving: () => void Promise.all(this.flushDrafts()),
    poll: () => this.sync(),
    isOffline: () => this.offline,
  });
  private pendingMove: string | null = null;
  private closed = false;
  private ending = false;

  constructor(readonly id: string) {
    super();
    this.tabs = new Tabs(id, {
      newer: (lease) => {
        if (this.lease !== null && lease > this.lease && this.phase === 'live') void this.supersede();
      },
      left: () => {
        if (this.phase === 'live') void this.adoptWaiting();
      },
    });
  }

  /* What requests about the attempt's boxes carry, as those about answers do. */
  get leaseNumber(): number | null {
    return this.lease;
  }

  subscribe(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }
  private changed(): void {
    for (const f of this.listeners) f();
  }

  /* ---- opening, taking over, ending ---- */

  async open(): Promise<void> {
    try {
      this.queue ??= await openQueue();
      this.sender ??= new Sender(this.queue, { deliver: (e) => this.deliver(e), changed: () => this.changed() });
      await Promise.all(this.flushDrafts());
      this.sender.stop();
      this.sender.clear(); /* the queue has it all, and is merged again with what the server says */
      const sentAt = performance.now();
      const { lease, attempt } = await calls.claim(this.id);
      this.lease = lease;
      await this.take(attempt, sentAt);
      if (attempt.state === 'ended' || attempt.state === 'reviewing') return;
      this.tabs.announce(lease);
      this.watch.start();
    } catch (e) {
      await this.openFailed(e);
    }
    this.changed();
  }

  private async openFailed(e: unknown): Promise<void> {
    this.error = e;
    if (e instanceof Problem && e.status === 401) this.phase = 'signed-out';
    else if (e instanceof Problem && e.status === 404) this.phase = 'missing';
    else if (e instanceof Problem && e.code === 'attempt-ended') await this.finish();
    else this.phase = 'failed';
  }

  /* Another tab or device writes now. What waits here stays in the queue; a tab of the same browser is asked to deliver it. */
  private async supersede(): Promise<void> {
    if (this.phase !== 'live') return;
    this.phase = 'superseded';
    await Promise.all(this.flushDrafts());
    this.sender.stop();
    this.watch.stop();
    this.tabs.leave();
    this.changed();
  }

  /* Takes the attempt back from the other tab or device. */
  takeBack(): Promise<void> {
    return this.open();
  }

  /* The attempt has ended: what still waits cannot be accepted any more, and the person is told how many answers that were. */
  private async finish(): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    this.watch.stop();
    this.sender.stop();
    await Promise.all(this.flushDrafts()); /* so that they are counted */
    for (const e of (await this.queue?.list(this.id).catch(() => [])) ?? []) {
      if (e.kind === 'answer') this.tooLate++;
      await this.queue?.remove(e).catch(() => {});
    }
    this.sender.clear();
    this.phase = 'ended';
    this.changed();
  }

  private signedOut(): void {
    this.phase = 'signed-out';
    this.watch.stop();
    this.sender.stop();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    void Promise.all(this.flushDrafts());
    this.watch.stop();
    this.tabs.close();
  }

  /* Puts the server's state in place and the waiting answers on top. */
  private async take(attempt: Attempt, sentAt: number): Promise<void> {
    this.setClock(attempt.clock, sentAt, performance.now());
    this.attempt = attempt;
    if (attempt.state === 'ended' || attempt.state === 'reviewing') return this.finish();
    const before = this.items[this.current]?.id;
    this.replace(attempt, (i) => ({
      answer: this.drafts.has(i) || this.sender.waitingFor(this.id, i, 'answer') !== null,
      note: this.sender.waitingFor(this.id, i, 'note') !== null,
    }));
    for (const i of this.items) {
      this.spent.seed(i.id, i.spent_ms);
      if (i.saved_at && (!this.savedAt || i.saved_at > this.savedAt)) this.savedAt = i.saved_at;
    }
    await this.adoptWaiting();
    const at = this.items.findIndex((i) => i.id === before);
    this.show(at >= 0 && !this.isClosed(this.items[at]!) ? at : this.firstOpen(Number(location.hash.slice(1))));
    this.phase = 'live';
    this.sender.start();
    this.changed();
  }

  /* Entries of the queue that this page does not hold yet: after a reload, or from an older tab of this browser. */
  private async adoptWaiting(): Promise<void> {
    for (const entry of (await this.queue?.list(this.id).catch(() => [])) ?? []) {
      if (this.sender.waitingFor(this.id, entry.item, entry.kind)?.seq === entry.seq) continue;
      const item = this.items.find((i) => i.id === entry.item);
      if (entry.kind === 'note') {
        if (item) item.note = entry.note;
        this.sender.adopt(entry);
        continue;
      }
      if (item) await this.adoptAnswer(entry, item);
      else this.sender.adopt(entry); /* of a section that is not open: the server decides */
    }
    this.sender.kick();
    this.changed();
  }

  private async adoptAnswer(entry: AnswerEntry, item: Live): Promise<void> {
    const verdict = this.drafts.has(item.id) ? 'conflict' : merge(entry, item);
    if (verdict === 'deliver') {
      item.response = entry.response;
      item.flagged = entry.flagged;
      item.confidence = entry.confidence;
      this.sender.adopt(entry);
      return;
    }
    if (verdict === 'conflict' && !sameAnswer(entry, item)) this.conflicts = [...this.conflicts, item.n];
    await this.sender.drop(entry);
  }

  /* ---- answering ---- */

  /* The answer as it is now; sent when the person has paused for `quiet` milliseconds. */
  answer(item: Live, response: Response | null, quiet = QUIET_MS): void {
    item.response = response;
    item.refused = null;
    this.draft(item, quiet);
  }
  setFlag(item: Live, flagged: boolean): void {
    item.flagged = flagged;
    this.draft(item, 0);
  }
  setConfidence(item: Live, confidence: number): void {
    item.confidence = confidence;
    this.draft(item, 0);
  }

  private draft(item: Live, quiet: number): void {
    this.drafts.hold(item.id, quiet, () => void this.enqueue(item));
    this.changed();
  }

  private enqueue(item: Live): Promise<void> {
    this.drafts.release(item.id);
    const waiting = this.sender.waitingFor(this.id, item.id, 'answer') as AnswerEntry | null;
    const entry = nextEntry(item, waiting, waiting !== null && (this.sender.isInFlight(waiting) || this.sender.trouble !== null), {
      attempt: this.id, item: item.id, response: item.response, flagged: item.flagged, confidence: item.confidence,
      spent_ms: this.spent.report(item.id), at: Date.now(),
    });
    return this.sender.put(entry);
  }

  private flushDrafts(): Promise<void>[] {
    return this.items.filter((i) => this.drafts.has(i.id)).map((i) => this.enqueue(i));
  }

  setNote(item: Live, note: Note): void {
    item.note = note;
    const before = this.sender.waitingFor(this.id, item.id, 'note');
    const entry: NoteEntry = { kind: 'note', attempt: this.id, item: item.id, note, seq: (before?.seq ?? 0) + 1, at: Date.now() };
    void this.sender.put(entry);
  }

  /* Delivers all that waits. True: the server has everything. */
  async flush(): Promise<boolean> {
    await Promise.all(this.flushDrafts());
    return this.sender.settled();
  }

  private async deliver(entry: Entry): Promise<Delivery> {
    const item = this.items.find((i) => i.id === entry.item);
    try {
      if (entry.kind === 'note') await calls.note(this.id, entry.item, { note: entry.note }, { lease: this.lease });
      else {
        const saved = await calls.answer(this.id, entry.item, {
          seq: entry.seq, response: entry.response, flagged: entry.flagged, spent_ms: entry.spent_ms,
          ...(entry.confidence === null ? {} : { confidence: entry.confidence }),
        }, { lease: this.lease });
        this.received(item, saved);
      }
      this.online(true);
      return 'done';
    } catch (e) {
      if (e instanceof NetworkError) this.online(false);
      if (isPassing(e) || !(e instanceof Problem)) throw e;
      return this.refused(e, entry, item);
    }
  }

  private received(item: Live | undefined, saved: calls.Saved): void {
    this.savedAt = saved.saved_at;
    if (!item) return;
    item.seq = Math.max(item.seq, saved.seq);
    item.saved_at = saved.saved_at;
    if (saved.feedback) item.feedback = saved.feedback;
    if (saved.late_ms) item.late = true;
  }

  /* The server answered, and will not take this entry. */
  private async refused(problem: Problem, entry: Entry, item: Live | undefined): Promise<Delivery> {
    switch (problem.code) {
      case 'superseded':
        void this.supersede();
        return 'stop';
      case 'unauthenticated':
        this.signedOut();
        return 'stop';
      case 'stale-seq':
        if (entry.kind === 'answer' && item) {
          item.seq = Math.max(item.seq, Number(problem.extra.seq) || 0, entry.seq);
          void this.refresh();
          this.conflicts = [...this.conflicts, item.n];
        }
        return 'done';
      case 'attempt-ended':
        void this.finish();
        return 'stop';
      default:
        if (entry.kind === 'answer') {
          if (item) item.refused = problem.code === 'bad-response' && problem.detail ? problem.detail : problem.code;
          if (problem.code === 'section-closed' || problem.code === 'no-return' || problem.code === 'on-break') this.tooLate++;
          if (item) item.seq = Math.max(item.seq, entry.seq);
        }
        return 'done';
    }
  }

  /* ---- what the page shows about saving ---- */

  saving(): Saving {
    const waiting = this.sender ? this.sender.waitingAnswers() + this.drafts.ids().filter((k) => !this.sender.waitingFor(this.id, k, 'answer')).length : 0;
    if (waiting === 0) return { kind: 'saved', at: this.savedAt };
    const trouble = this.sender.trouble;
    if (trouble instanceof NetworkError || this.offline) return { kind: 'offline', waiting };
    if (trouble instanceof Problem) return { kind: trouble.code === 'read-only' ? 'read-only' : 'busy', waiting };
    return { kind: 'saving', waiting };
  }
  waitingCount(): number {
    const s = this.saving();
    return s.kind === 'saved' ? 0 : s.waiting;
  }
  /* Whether the answer on the screen is still on its way. */
  isPending(item: Live): boolean {
    return this.drafts.has(item.id) || this.sender.waitingFor(this.id, item.id, 'answer') !== null;
  }
  /* Whether answers that wait here outlive the page. */
  get keepsAnswers(): boolean {
    return this.sender?.durable ?? true;
  }

  dismissConflicts(): void {
    this.conflicts = [];
    this.changed();
  }
  dismissOutage(): void {
    this.outagesSeenMs = this.outagesMs;
    this.changed();
  }

  /* ---- moving about ---- */

  private show(index: number): void {
    this.current = index;
    this.spent.show(this.items[index]?.id ?? null);
    const n = this.items[index]?.n;
    if (n !== undefined && location.pathname === `/attempts/${this.id}`) history.replaceState(history.state, '', `#${n}`);
  }

  go(index: number): void {
    if (!this.canGo(index)) return;
    const from = this.item;
    if (from) this.leaveItem(from);
    if (from && this.noReturn(from)) {
      from.closed = true;
      this.pendingMove = this.items[index]!.id;
      void this.tellMove();
    }
    this.show(index);
    this.changed();
  }

  private leaveItem(item: Live): void {
    if (this.drafts.has(item.id)) void this.enqueue(item);
    else if (item.response !== null && this.attempt?.mode === 'exam' && this.spent.unreported(item.id) >= WORTH_REPORTING_MS) void this.enqueue(item);
  }

  /* No-return: the server closes what was passed, but only once it has the answers to it. */
  private async tellMove(): Promise<void> {
    if (!(await this.flush()) || this.lease === null) return; /* tried again by the next poll */
    const item = this.pendingMove;
    if (!item) return;
    try {
      await calls.move(this.id, item, this.lease);
      if (this.pendingMove === item) this.pendingMove = null;
    } catch (e) {
      if (e instanceof Problem && !isPassing(e)) {
        this.pendingMove = null;
        await this.refresh();
      }
    }
  }

  async leaveSection(): Promise<void> {
    if (!(await this.flush()) || this.lease === null) throw new NetworkError('answers are waiting');
    const sentAt = performance.now();
    const open = this.attempt?.sections.find((s) => s.state === 'open');
    await this.take(await calls.leaveSection(this.id, this.lease, open?.id), sentAt);
  }

  async submit(): Promise<void> {
    if (!(await this.flush()) || this.lease === null) throw new NetworkError('answers are waiting');
    this.attempt = await calls.submit(this.id, this.lease);
    await this.finish();
  }

  /* ---- the clock and the connection ---- */

  private setClock(clock: Clock, sentAt: number, receivedAt: number): void {
    this.sample = sampleOf(clock, sentAt, receivedAt);
    this.outagesMs = clock.outages_ms;
  }

  async sync(): Promise<void> {
    if (this.phase !== 'live' || this.lease === null || !this.attempt) return;
    const sentAt = performance.now();
    try {
      const clock = await calls.clock(this.id, this.lease);
      this.setClock(clock, sentAt, performance.now());
      this.online(true);
      const open = this.attempt.sections.findIndex((s) => s.state === 'open');
      if (clock.state !== this.attempt.state || (open >= 0 && clock.section !== open)) await this.refresh();
      else if (this.pendingMove) await this.tellMove();
    } catch (e) {
      if (e instanceof NetworkError) this.online(false);
      else if (e instanceof Problem && e.code === 'superseded') await this.supersede();
      else if (e instanceof Problem && e.code === 'attempt-ended') await this.finish();
      else if (e instanceof Problem && e.status === 401) this.signedOut();
    }
    this.changed();
  }

  /* Reads the whole state again, without claiming. */
  async refresh(): Promise<void> {
    try {
      const sentAt = performance.now();
      await this.take(await calls.getAttempt(this.id), sentAt);
    } catch (e) {
      if (e instanceof NetworkError) this.online(false);
    }
  }

  private online(is: boolean): void {
    if (this.offline === !is) return;
    this.offline = !is;
    if (is) this.sender.kick();
    this.changed();
  }
}
