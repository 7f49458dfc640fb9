/* What the panes of the authoring page see and may do. One object that lives as long as the page; whenever something in it changes, all panes
 * are drawn again, so a pane reads its members when it is drawn and keeps no copies. workbench.ts is what is behind it.
 *
 * The text of the open file is the one truth that all panes edit: through edit() it goes into the editor as the smallest change, is one step
 * to undo, and is unsaved until it is saved. */
import type * as T from '../../api/author-types.ts';

export interface DeskDoc {
  readonly path: string;
  readonly text: string;
  readonly version: string | null; /* that was read; null: the folder has no such file */
  readonly dirty: boolean;
  readonly kind: T.FileKind;
}

export interface Place { item?: string; line?: number; column?: number }

export interface Desk {
  readonly tree: T.AuthorTree; /* its questions are those of the unsaved texts */
  readonly doc: DeskDoc | null;
  readonly item: string | null; /* id of the question that the cursor is in; null: the whole file */
  readonly problems: T.AuthorProblem[]; /* of the whole bank, with the unsaved text in place */
  edit(text: string): void;
  open(path: string, at?: Place): Promise<void>;
  readonly unsaved: readonly { readonly path: string }[]; /* all files with unsaved text */
  saveAll(): Promise<boolean>; /* all of them; false as save() says */
  save(): Promise<boolean>; /* the open file; false: a conflict or an error, which the desk shows */
  hold(f: () => Promise<void>): () => void; /* what a pane still has to put into the text: waited for before another one is opened, and before saving */
  showPane(id: string): void; /* brings a pane of panes.ts to the front */
}
