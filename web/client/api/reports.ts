/* Reports of problems, the authors' queue, rescoring: what the pages ask of the server, and its shapes. */
import { request, requestStatus } from './http.ts';
import type { Feedback, FormItem, Score, Verdict } from './types.ts';

export const KINDS = ['wrong-key', 'several-right', 'unclear', 'mistake', 'outdated', 'technical', 'other'] as const;
export type Kind = (typeof KINDS)[number];
export const STATES = ['open', 'accepted', 'fixed', 'declined'] as const;
export type State = (typeof STATES)[number];
export type How = 'key' | 'credit-all' | 'drop' | 'original';

export interface Report { item: string; number: number; kind: Kind; text: string; at: string; state: State; open: boolean; answer: string | null }
export interface Reports { items: number; problems: Report[] }

export interface Corrected {
  at: string;
  before: { verdict: Verdict; score: Score | null } | null;
  items: { number: number; how: How; reason: string; at: string; item: string | null; points_before: number | null; points: number | null }[];
}

export interface Issue {
  bank: string;
  item: string;
  title?: string | null;
  domain?: string | null;
  state: State;
  owner: string | null;
  answer: string | null;
  reports: number;
  open_reports: number;
  kinds: Partial<Record<Kind, number>>;
  comments: number;
  opened_at: string | null;
  changed_at: string | null;
}
export interface QuestionView { item: FormItem; feedback: Feedback; title: string; domain: string; file: string; status: string; version: string; parametrised: boolean }
export interface Entry { at: string; who: string; what: 'comment' | 'state' | 'owner' | 'answer' | 'correction' | 'reopened'; text: string }
export interface Rescoring {
  id?: number;
  how: How;
  otherwise: How | null;
  forms: 'all' | 'old';
  reason: string;
  by: string;
  at: string;
  state: 'preview' | 'running' | 'done';
  with_old_text?: number;
  with_text_of_today?: number;
  attempts: number;
  waiting: number;
  same: number;
  changed: number;
  up: number;
  down: number;
  newly_passed: number;
  no_longer_passed: number;
  left: number;
  certificates: { granted: number; reissued: number; revoked: number };
  list?: { attempt: string; outcome: 'changed' | 'left'; why: string | null; before: number | null; after: number | null; passed_before: boolean; passed_after: boolean }[];
}
export interface IssueDetail extends Issue {
  problems: { kind: Kind; text: string; study: boolean; open: boolean; at: string }[];
  history: Entry[];
  seen: number;
  today: QuestionView | null;
  reported: QuestionView | null;
  corrections: Rescoring[];
}
export type Thirds = [number, number, number];
export interface Interval { value: number; low: number; high: number }
export interface Figures {
  n: number;
  facility: Interval | null;
  discrimination: Interval | null;
  median_ms: number | null;
  flagged: number;
  thirds: Thirds;
  means: (number | null)[];
  outcomes: Record<string, Thirds>;
  options: { id: string | null; html: string | null; key: boolean; thirds: Thirds }[];
}
export interface Change { state?: State; owner?: string; comment?: string; answer?: string; seen: number }
export interface Correction { how: How; otherwise?: How; forms?: 'all' | 'old'; reason: string; dry_run?: boolean }

const V1 = '/api/v1';
const id = encodeURIComponent;
const problems = (attempt: string): string => `${V1}/attempts/${id(attempt)}/problems`;
const issue = (bank: string, item: string): string => `${V1}/issues/${id(bank)}/${id(item)}`;
const LONG_MS = 120000; /* many attempts may have to be looked at */

export const reports = (attempt: string) => request<Reports>('GET', problems(attempt));
export const report = (attempt: string, item: string, body: { kind: Kind; text: string }) => request<Reports>('POST', `${problems(attempt)}/${id(item)}`, { body });
export const withdraw = (attempt: string, item: string) => request<void>('DELETE', `${problems(attempt)}/${id(item)}`);

export const issues = () => request<{ issues: Issue[]; counts: Record<State, number> }>('GET', `${V1}/issues`);
export const showIssue = (bank: string, item: string) => request<IssueDetail>('GET', issue(bank, item));
export const changeIssue = (bank: string, item: string, body: Change) => request<IssueDetail>('POST', issue(bank, item), { body });
export const figures = (bank: string, item: string) => request<{ today: Figures | null; before: Figures | null }>('GET', `${issue(bank, item)}/figures`, { timeLimitMs: LONG_MS });
export const rescore = (bank: string, item: string, body: Correction) => requestStatus<Rescoring>('POST', `${issue(bank, item)}/rescore`, { body, timeLimitMs: LONG_MS });
export const correction = (n: number) => request<Rescoring>('GET', `${V1}/corrections/${n}`);
