/* The authoring page's state, behind Desk: the bank's tree, the texts that are open, which of them is shown, and what is wrong in the bank. It lives
 * as long as the browser has the page's code, so going to an exam and coming back finds everything as it was.
 *
 *     typing ─▶ doc.state ─▶ (quiet for a moment) ─▶ POST check ─▶ problems, outline
 *     saving ─▶ PUT with the version that was read ─▶ saved, or what the folder has instead
 *     folder ─▶ GET change ─▶ tree; texts that are open are read again */
import type { EditorView } from '@codemirror/view';
import type { TransactionSpec } from '@codemirror/state';
import * as calls from '../../api/author.ts';
import type * as T from '../../api/author-types.ts';
import { changesBetween } from './changes.ts';
import type { Desk, DeskDoc, Place } from './desk.ts';
import { isDirty, itemAt, kindOfPath, offsetOf, textOf, type Doc } from './docs.ts';
import { PANES } from './panes.ts';
import { newState } from './write/state.ts';

const CHECK_AFTER_MS = 350;

export class Workbench implements Desk {
  tree: T.AuthorTree;
  problems: T.AuthorProblem[];
  path: string | null = null;
  readonly panes: Record<'centre' | 'right', string | null> = { centre: null, right: null }; /* in front at its place */
  front: string | null = null; /* the last one that was brought to the front; on a narrow screen the only one */
  opened = 0; /* how often something was opened */
  error: unknown = null; /* of the last thing that was asked for */
  readonly docs = new Map<string, Doc>();
  private readonly outlines = new Map<string, T.AuthorItem[]>(); /* of unsaved texts */
  private view: EditorView | null = null;
  private readonly holders = new Set<() => Promise<void>>();
  private readonly listeners = new Set<() => void>();
  private checking: AbortController | null = null;
  private checkTimer: ReturnType<typeof setTimeout> | undefined;
  private cached: { doc: Doc; state: unknown; saved: string; version: string | null; is: DeskDoc } | null = null;

  constructor(tree: T.AuthorTree) {
    this.tree = tree;
    this.problems = tree.problems;
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

  /* ---- What is open ---- */

  get open_(): Doc | null {
    return this.path === null ? null : (this.docs.get(this.path) ?? null);
  }

  get doc(): DeskDoc | null {
    const d = this.open_;
    if (!d) return null;
    const c = this.cached;
    if (c && c.doc === d && c.state === d.state && c.saved === d.saved && c.version === d.version) return c.is;
    const text = textOf(d);
    const is = { path: d.path, text, version: d.version, dirty: isDirty(d), kind: d.kind };
    this.cached = { doc: d, state: d.state, saved: d.saved, version: d.version, is };
    return is;
  }

  items(path: string): T.AuthorItem[] {
    return this.outlines.get(path) ?? this.tree.files.find((f) => f.path === path)?.items ?? [];
  }

  get item(): string | null {
    const d = this.open_;
    if (!d) return null;
    const line = d.state.doc.lineAt(d.state.selection.main.head).number;
    return itemAt(this.items(d.path), line)?.id ?? null;
  }

  async open(path: string, at: Place = {}): Promise<void> {
    await this.settled();
    this.error = null;
    try {
      if (!this.docs.has(path)) {
        const { text, version } = await calls.read(path);
        if (!this.docs.has(path)) this.docs.set(path, { path, kind: this.kindOf(path), saved: text, version, state: newState(this, path, text), saving: false, theirs: undefined });
      }
      this.path = path;
      this.opened++;
      this.front = this.panes.centre;
      this.go(at);
    } catch (e) {
      this.error = e;
    }
    this.changed();
  }

  private kindOf(path: string): T.FileKind {
    return this.tree.files.find((f) => f.path === path)?.kind ?? kindOfPath(path);
  }

  private go({ item, line, column = 1 }: Place): void {
    const d = this.open_!;
    const to = line ?? (item === undefined ? undefined : this.items(d.path).find((i) => i.id === item)?.line);
    if (to === undefined) return;
    const anchor = offsetOf(d.state.doc, to, column);
    this.apply(d, { selection: { anchor }, scrollIntoView: true });
  }

  showPane(id: string): void {
    const pane = PANES.find((p) => p.id === id);
    if (!pane) return;
    this.panes[pane.place] = id;
    this.front = id;
    this.changed();
  }

  /* ---- Changes of a text ---- */

  /* The editor that shows the open file. */
  attach(view: EditorView | null): void {
    this.view = view;
  }

  apply(d: Doc, spec: TransactionSpec): void {
    if (this.view && d.path === this.path) this.view.dispatch(spec);
    else {
      const t = d.state.update(spec);
      this.took(d.path, t.state, t.docChanged);
    }
  }

  /* The editor has another state of a file. */
  took(path: string, state: Doc['state'], textChanged: boolean): void {
    const d = this.docs.get(path);
    if (!d) return;
    d.state = state;
    if (textChanged) this.checkSoon();
    this.changed();
  }

  edit(text: string): void {
    const d = this.open_;
    if (!d) return;
    const changes = changesBetween(d.state.doc.toString(), text.replace(/\r\n/g, '\n'));
    if (changes.length) this.apply(d, { changes, userEvent: 'input.form' });
  }

  checkSoon(): void {
    clearTimeout(this.checkTimer);
    this.checkTimer = setTimeout(() => void this.check(), CHECK_AFTER_MS);
  }

  private async check(): Promise<void> {
    const d = this.open_;
    if (!d) return;
    this.checking?.abort();
    const mine = (this.checking = new AbortController());
    try {
      const reply = await calls.check(d.path, textOf(d), mine.signal);
      if (mine.signal.aborted) return;
      this.problems = reply.problems;
      this.changed();
    } catch {
      /* what was known before stays; the next change asks again */
    }
  }

  /* ---- Saving ---- */

  async save(): Promise<boolean> {
    await this.settled();
    const d = this.open_;
    if (!d || d.saving) return false;
    if (!isDirty(d)) return true;
    const text = textOf(d);
    d.saving = true;
    this.error = null;
    this.changed();
    try {
      const reply = await calls.write(d.path, text, d.version);
      d.saved = text;
      d.version = reply.version;
      this.problems = reply.problems;
      return true;
    } catch (e) {
      const theirs = calls.theirsOf(e);
      if (theirs === undefined) this.error = e;
      else d.theirs = theirs;
      return false;
    } finally {
      d.saving = false;
      this.changed();
    }
  }
}
