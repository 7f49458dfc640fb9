/* The files that are open in the editor: what the box had when they were read, what they are now, and what to do when both have changed. Pure.
 *
 *     read ─▶ clean ─(typing)─▶ dirty ─(save)─▶ saving ─▶ clean
 *                                                  └─(the file is another by now)─▶ conflict ─▶ reload, or overwrite
 *
 * A save says which content it replaces (SHA-256). A file that is new here says none; it is looked for first. */
import type { SavedFile, TextFile } from '../api/types.ts';

export interface Buffer {
  readonly path: string;
  readonly text: string;
  readonly saved: string; /* the text that the box has, as far as is known here */
  readonly sha256: string | null; /* of that; null: there was no such file */
  readonly state: 'idle' | 'saving' | 'conflict';
  readonly version: number; /* goes up when the text is replaced from outside: the editor begins anew */
}

export const isDirty = (b: Buffer): boolean => b.text !== b.saved || b.sha256 === null;

export const opened = (f: TextFile): Buffer => ({ path: f.path, text: f.text, saved: f.text, sha256: f.sha256, state: 'idle', version: 0 });
export const created = (path: string): Buffer => ({ path, text: '', saved: '', sha256: null, state: 'idle', version: 0 });
export const edited = (b: Buffer, text: string): Buffer => ({ ...b, text });

/* What a save sends. `over`: whatever is there now is to be replaced. */
export function saveBody(b: Buffer, over: boolean): { path: string; text: string; sha256?: string } {
  return over || b.sha256 === null ? { path: b.path, text: b.text } : { path: b.path, text: b.text, sha256: b.sha256 };
}
export const saving = (b: Buffer): Buffer => ({ ...b, state: 'saving' });
export const failed = (b: Buffer): Buffer => ({ ...b, state: 'idle' });
export const conflicting = (b: Buffer): Buffer => ({ ...b, state: 'conflict' });

/* The box has `sent` now; more may have been typed since. */
export const stored = (b: Buffer, sent: string, reply: SavedFile): Buffer => ({ ...b, saved: sent, sha256: reply.sha256, state: 'idle' });

/* Takes the box's content and gives up one's own. */
export const reloaded = (b: Buffer, f: TextFile): Buffer => ({ ...opened(f), path: b.path, version: b.version + 1 });

/* An absolute path without "." and ".."; relative ones start at `from`. null: empty, or not a path. */
export function absolute(typed: string, from: string): string | null {
  const text = typed.trim();
  if (text === '' || text.includes('\0') || text.length > 4000) return null;
  const parts: string[] = [];
  for (const part of `${text.startsWith('/') ? '' : `${from}/`}${text}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export const join = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1) || '/';
