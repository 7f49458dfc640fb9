/* What an author has going on about one task: an open box, what the grader and scripts said of it, a proof. It lives as long as the page, so that
 * looking at other files loses nothing. Nothing here draws. */
import * as calls from '../../../api/author.ts';
import type * as T from '../../../api/author-types.ts';
import { submit } from '../../../api/calls.ts';
import type { FormItem } from '../../../api/types.ts';
import { AttemptSession } from '../../../attempt/session.ts';
import { Workplace } from '../../../hands-on/workplace.ts';
import type { Desk } from '../desk.ts';
import { isSetUpFrom, parts } from './folder.ts';

export type Busy = 'opening' | 'running' | 'grading' | 'closing' | null;
const ASK_JOB_MS = 400;

interface Box { session: AttemptSession; item: FormItem; work: Workplace; made: string }

export class TaskBench {
  box: Box | null = null;
  busy: Busy = null;
  error: unknown = null;
  grade: T.AuthorGrade | null = null;
  ran: { variant: string; run: T.AuthorRun } | null = null;

  job: T.AuthorJob | null = null;
  proving = false;
  proofError: unknown = null;

  private readonly listeners = new Set<() => void>();

  constructor(readonly slug: string) {}

  subscribe = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };
  private changed = (): void => {
    for (const f of this.listeners) f();
  };

  private async work(busy: Exclude<Busy, null>, act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = busy;
    this.error = null;
    this.changed();
    try {
      await act();
    } catch (e) {
      this.error = e;
    }
    this.busy = null;
    this.changed();
  }

  /* ---- The box ---- */

  /* A fresh box on the task as it stands: what is unsaved is saved first. The session before it ends, and its box with it. */
  open(desk: Desk): Promise<void> {
    return this.work('opening', async () => {
      if (desk.unsaved.length && !(await desk.saveAll())) return;
      const made = setupSignature(desk.tree, this.slug);
      const attempt = await calls.beginOn(desk.tree.bank.id, itemOf(desk.tree, this.slug));
      this.forget();
      const session = new AttemptSession(attempt.id);
      await session.open();
      if (session.error) throw session.error;
      const item = session.items[0]!;
      const work = new Workplace(session, item.id);
      await work.look();
      await work.open();
      if (work.error !== null) throw work.error;
      work.subscribe(this.changed);
      session.subscribe(this.changed);
      this.box = { session, item, work, made };
    });
  }

  private forget(): void {
    this.box?.session.close();
    this.box = null;
    this.grade = null;
    this.ran = null;
  }

  close(): Promise<void> {
    return this.work('closing', async () => {
      const { session } = this.box!;
      await submit(session.id, session.leaseNumber ?? 0);
      this.forget();
    });
  }

  /* The box was made from other files than the folder has by now. */
  isOld(tree: T.AuthorTree): boolean {
    return this.box !== null && this.box.made !== setupSignature(tree, this.slug);
  }
  get isOpen(): boolean {
    return this.box !== null && this.box.session.phase === 'live';
  }

  run(desk: Desk, variant: string): Promise<void> {
    return this.work('running', async () => {
      if (desk.unsaved.length && !(await desk.saveAll())) return;
      const { session, item } = this.box!;
      this.ran = { variant, run: await calls.runInBox(session.id, item.id, variant) };
      this.grade = null;
    });
  }

  check(desk: Desk): Promise<void> {
    return this.work('grading', async () => {
      if (desk.unsaved.length && !(await desk.saveAll())) return;
      const { session, item } = this.box!;
      this.grade = await calls.gradeBox(session.id, item.id);
    });
  }

  /* ---- The proof ---- */

  async prove(desk: Desk): Promise<void> {
    if (this.proving) return;
    this.proving = true;
    this.proofError = null;
    this.job = null;
    this.changed();
    try {
      if (!desk.unsaved.length || (await desk.saveAll())) {
        const { job } = await calls.prove(this.slug);
        await followJob(job, (j) => {
          this.job = j;
          this.changed();
        });
      }
    } catch (e) {
      this.proofError = e;
    }
    this.proving = false;
    this.changed();
  }
}

/* Asks again and again until a job has ended; a lost connection ends it with an error. */
export async function followJob(id: string, told: (job: T.AuthorJob) => void): Promise<T.AuthorJob> {
  for (;;) {
    const job = await calls.job(id);
    told(job);
    if (job.state !== 'running') return job;
    await new Promise((done) => setTimeout(done, ASK_JOB_MS));
  }
}

/* Which files a fresh box depends on, with their versions. */
function setupSignature(tree: T.AuthorTree, slug: string): string {
  return JSON.stringify(parts(tree, slug).filter((f) => isSetUpFrom(f.name)).map((f) => [f.name, f.version]));
}

/* The task's id; it may be another one than its folder's name. */
export function itemOf(tree: T.AuthorTree, slug: string): string {
  return tree.files.find((f) => f.path === `tasks/${slug}/task.md`)?.items[0]?.id ?? slug;
}

const benches = new Map<string, TaskBench>();
export function benchFor(slug: string): TaskBench {
  const known = benches.get(slug) ?? new TaskBench(slug);
  benches.set(slug, known);
  return known;
}
