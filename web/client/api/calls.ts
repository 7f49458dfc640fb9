/* One function for each thing the pages ask of the server. */
import { request, requestStatus, type Options } from './http.ts';
import type * as T from './types.ts';

const V1 = '/api/v1';
const id = encodeURIComponent;
const attempt = (a: string): string => `${V1}/attempts/${id(a)}`;
/* Exam ids are "bank/exam": the slash stays. */
const path = (p: string): string => p.split('/').map(id).join('/');

export interface Saved { seq: number; saved_at: string; late_ms?: number; feedback?: T.Feedback }
export interface AnswerBody { seq: number; response: T.Response | null; flagged?: boolean; confidence?: number; spent_ms?: number }
export interface Focus { domains?: string[]; pool?: 'all' | 'missed' | 'flagged' | 'new'; items?: number; item?: string } /* item: on an author's server */
export type ClockReply = T.Clock & { section: number; lease: number };

export const exams = () => request<{ exams: T.ExamBrief[] }>('GET', `${V1}/exams`);
export const exam = (e: string) => request<T.ExamDetail>('GET', `${V1}/exams/${path(e)}`);
export const begin = (body: { exam: string; mode: T.Mode; focus?: Focus }) => request<T.Attempt>('POST', `${V1}/attempts`, { body });
export const attempts = () => request<{ attempts: T.AttemptBrief[] }>('GET', `${V1}/attempts`);
export const getAttempt = (a: string) => request<T.Attempt>('GET', attempt(a));
export const claim = (a: string) => request<{ lease: number; attempt: T.Attempt }>('POST', `${attempt(a)}/claim`, { body: {} });
export const answer = (a: string, item: string, body: AnswerBody, o: Options) => request<Saved>('PUT', `${attempt(a)}/responses/${id(item)}`, { ...o, body });
export const note = (a: string, item: string, body: { note: T.Note }, o: Options) =>
  request<{ saved_at: string }>('PUT', `${attempt(a)}/notes/${id(item)}`, { ...o, body });
export const clock = (a: string, lease: number) => request<ClockReply>('GET', `${attempt(a)}/clock`, { lease });
export const move = (a: string, item: string, lease: number) => request<T.Clock & { cursor: number }>('POST', `${attempt(a)}/move`, { lease, body: { item } });
export const leaveSection = (a: string, lease: number, section?: string) => request<T.Attempt>('POST', `${attempt(a)}/section`, { lease, body: section ? { section } : {} });
export const expectation = (a: string, lease: number, body: T.Expectation) => request<void>('POST', `${attempt(a)}/expectation`, { lease, body });
export const submit = (a: string, lease: number) => request<T.Attempt>('POST', `${attempt(a)}/submit`, { lease, body: {} });
export const result = (a: string) => requestStatus<T.Result | T.Pending>('GET', `${attempt(a)}/result`);
export const progress = () => request<T.Progress>('GET', `${V1}/progress`);
export const docsSearch = (a: string, q: string, signal?: AbortSignal) =>
  request<{ hits: { id: string; title: string; snippet: string }[] }>('GET', `${attempt(a)}/docs/search?q=${id(q)}`, { signal });
export const doc = (a: string, d: string) => request<{ id: string; title: string; html: string }>('GET', `${attempt(a)}/docs/${path(d)}`);
export const credential = (c: string) => request<T.PublicCredential>('GET', `${V1}/credentials/${id(c)}`);
