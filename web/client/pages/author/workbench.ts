/* The authoring page's state, behind Desk: the bank's tree, the texts that are open, which of them is shown, and what is wrong in the bank. It lives
 * as long as the browser has the page's code, so going to an exam and coming back finds everything as it was.
 *
 *     typing ─▶ doc.state ─▶ (quiet for a moment) ─▶ POST check ─▶ problems, outline       (here)
 *                         └▶ drafts.ts, for after a crash
 *     saving ─▶ PUT with the version that was read ─▶ saved, or what the folder has instead
 *     folder ─▶ GET change ─▶ tree; texts that are open are read again, merged             (folder.ts)
 *     files: new, renamed, removed, in another order                                       (files.ts)
 *     from problem to problem, and mending them                                            (mend.ts) */
import { setDiagnostics } from '@codemirror/lint';
import type { StateEffect, Text, TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import * as calls from '../../api/author.ts';
import type * as T from '../../api/author-types.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { t } from '../../texts/index.ts';
import { changesBetween } from './changes.ts';
import type { Desk, DeskDoc, Place } from './desk.ts';
import { insertable, isDirty, itemAt, kindOfPath, offsetOf, shifted, textOf, type Doc } from './docs.ts';
import { Drafts } from './drafts.ts';
import { failure, outside } from './folder.ts';
import { diagnosticsOf, errorsOf, inOrder } from './mend.ts';
import { PANES } from './panes.ts';
import { rememberPlace } from './place.ts';
import { newState } from './write/state.ts';

const CHECK_AFTER_MS = 350;
const KEEP_AFTER_MS = 400;

/* What the page has to say: at its edge, until it is put away or no longer true. */
export interface Message {
  id: string;
  tone: 'info' | 'ok' | 'warn' | 'bad';
  text: string;
  details?: string[];
  actions?: { label: string; run: () => void }[];
}

interface Checked { problems: T.AuthorProblem[]; counts: T.AuthorCounts }

function unlistedOf({ problems, counts }: Checked): T.AuthorCounts {
  const errors = errorsOf(problems);
  return { errors: counts.errors - errors, warnings: counts.warnings - (problems.length - errors) };
}

const misses = (c: T.AuthorCounts): boolean => c.errors + c.warnings > 0;

export class Workbench implements Desk {
  path: string | null = null;
  picture: string | null = null; /* a picture is shown instead of a text */
  readonly panes: Record<'centre' | 'right', string | null> = { centre: null, right: null }; /* in front at its place */
  front: string | null = null; /* the last one that was brought to the front; on a narrow screen the only one */
  opened = 0; /* how often something was opened */
  away = false; /* the server does not answer */
  messages: Message[] = [];
  readonly docs = new Map<string, Doc>();
  readonly drafts: Drafts;
  checkedText: Text | null = null; /* the text that `problems` are about, of the open file */
  private base: T.AuthorTree;
  private shown: T.AuthorTree | null = null;
  private found: T.AuthorProblem[];
  private unlisted: T.AuthorCounts; /* of a bank with very many problems the server lists some */
  private readonly outlines = new Map<string, T.AuthorItem[]>(); /* of unsaved texts */
  private readonly ownProblems = new Map<string, T.AuthorProblem[]>(); /* of unsaved texts that are not in front */
  private view: EditorView | null = null;
  private viewed: Doc | null = null;
  private wantsFocus = false;
  private reveal: 'start' | 'center' = 'center';
  private readonly holders = new Set<() => Promise<void>>();
  private readonly listeners = new Set<() => void>();
  private checking: AbortController | null = null;
  private checkTimer: ReturnType<typeof setTimeout> | undefined;
  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private cached: { doc: Doc; state: unknown; saved: string; version: string | null; is: DeskDoc } | null = null;

  constructor(tree: T.AuthorTree) {
    this.base = tree;
    this.found = tree.problems;
    this.unlisted = unlistedOf(tree);
    this.drafts = new Drafts(`${tree.bank.id}/${tree.dir}`);
  }

  subscribe = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };
  changed(): void {
    for (const f of this.listeners) f();
  }

  /* ---- What panes have not put into the text yet ---- */

  hold(f: () => Promise<void>): () => void {
    this.holders.add(f);
    return () => this.holders.delete(f);
  }
  private async settled(): Promise<void> {
    await Promise.all([...this.holders].map((f) => f()));
  }

  /* ---- What there is ---- */

  get tree(): T.AuthorTree {
    return (this.shown ??= this.withUnsaved(this.base));
  }

  private withUnsaved(tree: T.AuthorTree): T.AuthorTree {
    const files = tree.files.map((f) => ({ ...f, items: this.outlines.get(f.path) ?? f.items }));
    for (const d of this.docs.values()) {
      if (d.version === null && !files.some((f) => f.path === d.path)) files.push({ path: d.path, kind: d.kind, version: null, size: 0, items: this.outlines.get(d.path) ?? [] });
    }
    return { ...tree, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  }

  get problems(): T.AuthorProblem[] {
    return this.found;
  }

  /* How many there are, listed or not. */
  get counts(): T.AuthorCounts {
    const errors = errorsOf(this.found);
    return { errors: errors + this.unlisted.errors, warnings: this.found.length - errors + this.unlisted.warnings };
  }

  items(path: string): T.AuthorItem[] {
    return this.tree.files.find((f) => f.path === path)?.items ?? [];
  }

  get current(): Doc | null {
    return this.path === null ? null : (this.docs.get(this.path) ?? null);
  }

  get doc(): DeskDoc | null {
    const d = this.current;
    if (!d) return null;
    const c = this.cached;
    if (c && c.doc === d && c.state === d.state.doc && c.saved === d.saved && c.version === d.version) return c.is;
    const is = { path: d.path, text: textOf(d), version: d.version, dirty: isDirty(d), kind: d.kind };
    this.cached = { doc: d, state: d.state.doc, saved: d.saved, version: d.version, is };
    return is;
  }

  get item(): string | null {
    const d = this.current;
    if (!d) return null;
    return itemAt(this.items(d.path), d.state.doc.lineAt(d.state.selection.main.head).number)?.id ?? null;
  }

  get unsaved(): Doc[] {
    return [...this.docs.values()].filter(isDirty);
  }

  /* ---- What the page says ---- */

  say(message: Message): void {
    this.messages = [...this.messages.filter((m) => m.id !== message.id), message];
    this.changed();
  }
  unsay(id: string): void {
    if (!this.messages.some((m) => m.id === id)) return;
    this.messages = this.messages.filter((m) => m.id !== id);
    this.changed();
  }

  /* Does something that may fail; says what failed. */
  async attempt<R>(f: () => Promise<R>): Promise<R | undefined> {
    this.unsay('error');
    try {
      return await f();
    } catch (e) {
      this.say({ id: 'error', tone: 'bad', text: failure(e) });
      return undefined;
    }
  }

  /* ---- Opening ---- */

  async open(path: string, at: Place = {}): Promise<void> {
    await this.settled();
    await this.attempt(async () => {
      if (this.base.files.find((f) => f.path === path)?.kind === 'media') return this.openPicture(path);
      if (!this.docs.has(path)) {
        const { text, version } = await calls.read(path);
        if (!this.docs.has(path)) this.add(path, text, version);
      }
      const other = this.path !== path;
      this.path = path;
      this.picture = null;
      this.opened++;
      this.front = this.panes.centre;
      if (other) this.moved();
      this.go(at);
    });
    this.changed();
  }

  private openPicture(path: string): void {
    this.path = null;
    this.picture = path;
    this.opened++;
    this.front = null;
  }

  add(path: string, text: string, version: string | null): Doc {
    const kind = this.base.files.find((f) => f.path === path)?.kind ?? kindOfPath(path);
    const d: Doc = { path, kind, saved: text, version, state: newState(this, path, text), saving: false, theirs: undefined };
    this.docs.set(path, d);
    return d;
  }

  /* Another file is in front: its problems are marked, and those of the bank are about its text. */
  private moved(): void {
    this.checkedText = null;
    rememberPlace(this.path);
    const d = this.current;
    if (d && (isDirty(d) || misses(this.unlisted))) this.checkSoon(0);
    else this.mark(this.found, d?.state.doc ?? null);
  }

  close(path: string): void {
    this.docs.delete(path);
    this.outlines.delete(path);
    this.ownProblems.delete(path);
    this.drafts.forget(path);
    this.shown = null;
    this.wantsFocus = false;
    if (this.path === path) {
      this.path = null;
      rememberPlace(null);
    }
    this.changed();
  }

  private go({ item, line, column = 1 }: Place): void {
    const d = this.current!;
    const to = line ?? (item === undefined ? undefined : this.items(d.path).find((i) => i.id === item)?.line);
    if (to !== undefined) this.select(d, offsetOf(d.state.doc, to, column), line === undefined ? 'start' : 'center');
  }

  /* Puts the cursor somewhere, and shows where: a question from its beginning, a place with what is around it. */
  select(d: Doc, anchor: number, y: 'start' | 'center' = 'center'): void {
    this.reveal = y;
    this.apply(d, { selection: { anchor }, effects: this.revealing(d, anchor) });
  }
  private revealing(d: Doc, at: number): StateEffect<unknown> {
    return EditorView.scrollIntoView(Math.min(at, d.state.doc.length), { y: this.reveal, yMargin: 6 });
  }

  showPane(id: string): void {
    const pane = PANES.find((p) => p.id === id);
    if (!pane) return;
    this.panes[pane.place] = id;
    this.front = id;
    this.changed();
  }

  /* ---- The editor ---- */

  /* The editor on the screen, and whose text it shows: not at once that of the open file, because drawing takes a moment. */
  attach(view: EditorView | null, doc: Doc | null): void {
    this.view = view;
    this.viewed = doc;
    if (view && doc) view.dispatch({ effects: this.revealing(doc, doc.state.selection.main.head) });
    if (view && this.wantsFocus) view.focus();
    this.wantsFocus = false;
  }
  focusEditor(): void {
    if (this.view && this.viewed === this.current) this.view.focus();
    else this.wantsFocus = true;
  }

  apply(d: Doc, spec: TransactionSpec): void {
    if (this.view && this.viewed === d) return this.view.dispatch(spec);
    const tr = d.state.update(spec);
    this.took(d.path, tr.state, tr.docChanged);
  }

  /* The editor has another state of a file. */
  took(path: string, state: Doc['state'], textChanged: boolean): void {
    const d = this.docs.get(path);
    if (!d) return;
    if (textChanged) {
      const items = this.items(path);
      const now = shifted(items, d.state.doc, state.doc); /* until the next check */
      if (now !== items) {
        this.outlines.set(path, now);
        this.shown = null;
      }
    }
    d.state = state;
    if (textChanged) {
      this.checkSoon();
      this.keepSoon();
    }
    this.changed();
  }

  edit(text: string): void {
    const d = this.current;
    if (d) this.replace(d, text);
  }

  replace(d: Doc, text: string, userEvent = 'input.form'): void {
    const changes = changesBetween(d.state.doc.toString(), text.replace(/\r\n/g, '\n'));
    if (changes.length) this.apply(d, { changes: changes.map((c) => ({ ...c, insert: insertable(c.insert) })), userEvent });
  }

  /* ---- Checking ---- */

  checkSoon(after = CHECK_AFTER_MS): void {
    clearTimeout(this.checkTimer);
    this.checkTimer = setTimeout(() => void this.check(), after);
  }

  async check(): Promise<void> {
    const d = this.current;
    clearTimeout(this.checkTimer);
    if (!d) return;
    this.checking?.abort();
    const mine = (this.checking = new AbortController());
    const about = d.state.doc;
    try {
      const reply = await calls.check(d.path, textOf(d), mine.signal);
      if (mine.signal.aborted) return;
      if (this.docs.get(d.path) === d) this.outlines.set(d.path, reply.items);
      this.shown = null;
      this.tell(reply, d, about);
    } catch {
      /* what was known before stays; the next change asks again */
    }
  }

  /* The checker's answer about one file's text as it was; of other unsaved texts what was said about them last. */
  tell({ problems, counts }: Checked, d: Doc | null, about: Text | null): void {
    this.unlisted = unlistedOf({ problems, counts });
    if (d) this.ownProblems.set(d.path, problems.filter((p) => p.path === d.path));
    const own = this.unsaved.filter((u) => u !== d && this.ownProblems.has(u.path));
    const others = problems.filter((p) => !own.some((u) => u.path === p.path));
    this.found = inOrder([...others, ...own.flatMap((u) => this.ownProblems.get(u.path)!)]);
    if (!d || d === this.current) this.mark(this.found, about);
    this.changed();
  }

  private mark(problems: T.AuthorProblem[], about: Text | null): void {
    const d = this.current;
    if (!d || d.state.doc !== about) return; /* the text has changed since; another check is on its way */
    this.checkedText = about;
    this.apply(d, setDiagnostics(d.state, diagnosticsOf(this, d, problems)));
  }

  /* ---- Keeping, saving ---- */

  private keepSoon(): void {
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => this.keep(), KEEP_AFTER_MS);
  }

  /* The browser keeps what is not saved. */
  keep = (): void => {
    for (const d of this.docs.values()) {
      if (isDirty(d)) this.drafts.keep({ path: d.path, text: textOf(d), base: d.saved, version: d.version, at: Date.now() });
      else this.drafts.forget(d.path);
    }
    if (this.drafts.full && this.unsaved.length) this.say({ id: 'full', tone: 'warn', text: t('author.notKept') });
    else this.unsay('full');
  };

  async save(): Promise<boolean> {
    await this.settled();
    const d = this.current;
    return d ? this.saveDoc(d) : false;
  }

  async saveAll(): Promise<boolean> {
    await this.settled();
    for (const d of this.unsaved) {
      if (await this.saveDoc(d)) continue;
      await this.open(d.path);
      return false;
    }
    return true;
  }

  private async saveDoc(d: Doc): Promise<boolean> {
    if (d.saving || d.theirs !== undefined) return false;
    if (!isDirty(d)) return true;
    const [text, about] = [textOf(d), d.state.doc];
    d.saving = true;
    this.changed();
    const done = await this.attempt(async () => {
      try {
        return await calls.write(d.path, text, d.version);
      } catch (e) {
        const theirs = calls.theirsOf(e);
        if (theirs === undefined) throw e;
        outside(this, d, theirs);
        return null;
      }
    });
    d.saving = false;
    if (done) {
      d.saved = text;
      d.version = done.version;
      this.keep();
      this.tell(done, d, about);
      this.unsay(`merged ${d.path}`);
      announce(t('author.savedFile', { path: d.path }));
    }
    this.changed();
    return !!done;
  }

  /* ---- What folder.ts tells ---- */

  newTree(tree: T.AuthorTree): void {
    this.base = tree;
    for (const path of [...this.outlines.keys()]) {
      const d = this.docs.get(path);
      if (!d || !isDirty(d)) this.outlines.delete(path);
    }
    this.shown = null;
    const d = this.current;
    if (d && (isDirty(d) || misses(unlistedOf(tree)))) this.checkSoon(0);
    else this.tell(tree, null, d?.state.doc ?? null);
    this.changed();
  }
}
