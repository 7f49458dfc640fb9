/* One function for each thing that the authoring page asks of `assay author`. A conflict is a Problem with status 409: theirsOf() has what the
 * folder has by now. */
import type * as T from './author-types.ts';
import { Problem, request } from './http.ts';
import type { Attempt, Response } from './types.ts';

const V1 = '/api/v1/author';
const CHECK_LIMIT_MS = 60000; /* a big bank on a small machine */
const WAIT_LIMIT_MS = 40000; /* the server answers after 25 s at the latest */
const BOX_LIMIT_MS = 150000; /* setup and a script may take a minute each */
const file = (path: string): string => `${V1}/file?path=${encodeURIComponent(path)}`;
const post = <R>(what: string, body: unknown, signal?: AbortSignal): Promise<R> => request<R>('POST', `${V1}/${what}`, { body, signal, timeLimitMs: CHECK_LIMIT_MS });

export const tree = () => request<T.AuthorTree>('GET', V1, { timeLimitMs: CHECK_LIMIT_MS });
export const change = (since: number, signal?: AbortSignal) =>
  request<{ change: number; paths: string[] }>('GET', `${V1}/change?since=${since}`, { signal, timeLimitMs: WAIT_LIMIT_MS });

export const read = (path: string) => request<T.AuthorText>('GET', file(path));
/* `base`: the version that was read; null for a new file. */
export const write = (path: string, text: string, base: string | null) =>
  request<{ version: string; problems: T.AuthorProblem[]; counts: T.AuthorCounts }>('PUT', file(path), { body: { text, base }, timeLimitMs: CHECK_LIMIT_MS });
export const remove = (path: string, base: string) => request<{ undo: string }>('DELETE', file(path), { body: { base } });
export const undo = (token: string) => post<{ path: string; version: string }>('undo', { token });
export const rename = (from: string, to: string) => post<{ paths: string[] }>('rename', { from, to });
export const order = (path: string, base: string, items: string[]) => post<{ version: string }>('order', { path, base, items });
/* Of a text that is not saved. */
export const orderText = (path: string, text: string, items: string[]) => post<{ text: string }>('order', { path, text, items });
export const media = (name: string, base64: string) => post<{ path: string }>('media', { name, base64 });

export const check = (path: string, text: string, signal?: AbortSignal) => post<{ items: T.AuthorItem[]; problems: T.AuthorProblem[]; counts: T.AuthorCounts }>('check', { path, text }, signal);
export const preview = (body: { path: string; text: string; item?: string | null; seeds?: number[]; response?: Response | null }, signal?: AbortSignal) =>
  post<T.AuthorPreview>('preview', body, signal);
/* `kind`: what the question was when it last was right; a form that is being filled in has mistakes. */
export const parse = (path: string, text: string, item: string | null, kind: string | null = null) =>
  post<{ model: T.AuthorModel; range: { line: number; end_line: number }; places: T.AuthorPlace[] }>('parse', { path, text, item, kind });
export const writeModel = (path: string, text: string, item: string | null, kind: string | null, model: Partial<T.AuthorModel>) =>
  post<{ text: string }>('write', { path, text, item, kind, model });
export const feasible = (path: string, text: string, signal?: AbortSignal) => post<T.AuthorFeasible>('feasible', { path, text }, signal);
/* Of a saved exam; and of a text that need not be saved. */
export const sampleOf = (path: string, text: string, seed: number, signal?: AbortSignal) => post<T.AuthorSample>('sample', { path, text, seed }, signal);
export const sample = (exam: string, seed: number) => post<T.AuthorSample>('sample', { exam, seed });

export const review = (item: string) => request<T.AuthorReview>('GET', `${V1}/review/${encodeURIComponent(item)}`, { timeLimitMs: CHECK_LIMIT_MS });
export const decide = (decision: T.AuthorDecision) => post<T.AuthorReview>('review/record', decision);
export const unread = (skip: readonly string[]) => post<T.AuthorReading & { question: T.AuthorUnread | null }>('review/next', { skip });
export const answerBlind = (q: T.AuthorUnread, response: Response | null) => post<T.AuthorRead>('review/answer', { item: q.item, text: q.text, seed: q.seed, response });

export const prove = (slug: string) => post<{ job: string }>(`tasks/${encodeURIComponent(slug)}/run`, { what: 'proof' });
export const newTask = (slug: string) => post<{ job: string }>(`tasks/${encodeURIComponent(slug)}/run`, { what: 'new' });
export const job = (id: string) => request<T.AuthorJob>('GET', `${V1}/jobs/${encodeURIComponent(id)}`);

/* The open box of a task, in a study session about it: a script of the task's folder, and its grader, as they are saved now. */
const box = (attempt: string, item: string): string => `${V1}/boxes/${encodeURIComponent(attempt)}/${encodeURIComponent(item)}`;
export const runInBox = (attempt: string, item: string, variant: string) =>
  request<T.AuthorRun>('POST', `${box(attempt, item)}/run`, { body: { variant }, timeLimitMs: BOX_LIMIT_MS });
export const gradeBox = (attempt: string, item: string) => request<T.AuthorGrade>('POST', `${box(attempt, item)}/grade`, { body: {}, timeLimitMs: BOX_LIMIT_MS });
export const beginOn = (bank: string, item: string) =>
  request<Attempt>('POST', '/api/v1/attempts', { body: { exam: `${bank}/workbench`, mode: 'study', focus: { item } }, timeLimitMs: CHECK_LIMIT_MS });

/* What a refused save found in the folder; undefined when the error is another one. */
export function theirsOf(e: unknown): T.AuthorTheirs | null | undefined {
  if (!(e instanceof Problem) || e.status !== 409 || !('theirs' in e.extra)) return undefined;
  const theirs = e.extra.theirs as T.AuthorTheirs | null;
  return theirs && typeof theirs.text === 'string' && typeof theirs.version === 'string' ? theirs : null;
}
