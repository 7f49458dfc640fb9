/* One function for each thing that the pages ask about a hands-on task. Setting up a box may take the server a minute. */
import { request, type Options } from './http.ts';
import type * as T from './types.ts';

const id = encodeURIComponent;
const SETUP_LIMIT_MS = 75000;
const GRADING_LIMIT_MS = 90000;

export const taskPath = (attempt: string, item: string): string => `/api/v1/attempts/${id(attempt)}/tasks/${id(item)}`;

export interface Where { attempt: string; item: string; lease: number | null }

const post = <R>({ attempt, item, lease }: Where, verb: string, more: Options = {}): Promise<R> =>
  request<R>('POST', `${taskPath(attempt, item)}/${verb}`, { lease, body: {}, ...more });

export const state = ({ attempt, item }: Where) => request<T.TaskState>('GET', taskPath(attempt, item));
export const open = (w: Where) => post<T.TaskState>(w, 'open', { timeLimitMs: SETUP_LIMIT_MS });
export const reset = (w: Where) => post<T.TaskState>(w, 'reset', { timeLimitMs: SETUP_LIMIT_MS });
export const check = (w: Where) => post<T.CheckReport>(w, 'check', { timeLimitMs: GRADING_LIMIT_MS });
export const hint = (w: Where) => post<T.TaskState>(w, 'hint');
export const solution = (w: Where) => post<T.TaskState>(w, 'solution');

export const folder = ({ attempt, item }: Where, path: string) => request<T.Folder>('GET', `${taskPath(attempt, item)}/files?path=${id(path)}`);
export const file = ({ attempt, item }: Where, path: string) => request<T.TextFile>('GET', `${taskPath(attempt, item)}/file?path=${id(path)}`);
export const save = ({ attempt, item, lease }: Where, body: { path: string; text: string; sha256?: string }) =>
  request<T.SavedFile>('PUT', `${taskPath(attempt, item)}/file`, { lease, body });
export const upload = (w: Where, path: string, base64: string) => post<T.SavedFile>(w, 'upload', { body: { path, base64 }, timeLimitMs: SETUP_LIMIT_MS });
export const downloadPath = (w: Where, path: string): string => `${taskPath(w.attempt, w.item)}/download?path=${id(path)}`;

export const recordings = (attempt: string, item: string) => request<{ recordings: T.Recording[] }>('GET', `${taskPath(attempt, item)}/recordings`);
export const recordingPath = (attempt: string, item: string, shell: number): string => `${taskPath(attempt, item)}/recordings/${shell}`;

/* Where the terminal's WebSocket is. */
export function terminalUrl({ attempt, item, lease }: Where, shell: number, rows: number, cols: number): string {
  const query = `shell=${shell}&rows=${rows}&cols=${cols}${lease === null ? '' : `&lease=${lease}`}`;
  return `${location.origin.replace(/^http/, 'ws')}${taskPath(attempt, item)}/terminal?${query}`;
}
