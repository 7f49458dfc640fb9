/* The JSON of /api/v1/author, as the authoring page uses it. docs/openapi.yaml is the contract; names are the same. */
import type { Check, Feedback, FormItem, Response } from './types.ts';

export type FileKind = 'manifest' | 'question' | 'exam' | 'case' | 'task' | 'doc' | 'media' | 'review' | 'other';

/* Lines and columns count from 1, columns in characters (not in UTF-16 units). */
export interface AuthorEdit { line: number; column: number; end_line: number; end_column: number; text: string }
export interface AuthorFix { title: string; edits: AuthorEdit[] }
export interface AuthorProblem {
  path: string;
  line: number;
  column: number;
  end_column: number;
  severity: 'error' | 'warning';
  code: string;
  message: string;
  hint: string | null;
  fixes: AuthorFix[];
}

export interface AuthorItem {
  id: string;
  title: string;
  kind: string | null; /* null: the question has a mistake, so what it is, is not known */
  line: number;
  end_line: number;
  objective: string | null;
  status: string | null;
  parametrised: boolean;
  ok: boolean;
  review: AuthorReviewState | null;
}
export interface AuthorFile { path: string; kind: FileKind; version: string | null; size: number; items: AuthorItem[] }
export interface AuthorExam { id: string; title: string; path: string }
export interface AuthorDomain { id: string; title: string; objectives: { id: string; title: string }[] }

/* ---- Review: who did what about which text (docs/authors/review.md) ---- */

export type AuthorDid = 'submitted' | 'answered' | 'judged' | 'approved' | 'returned' | 'commented' | 'pretested' | 'activated' | 'retired';
export interface AuthorReviewEntry {
  at: string;
  by: string;
  did: AuthorDid;
  current: boolean; /* about the text that is there now */
  response: string | null;
  agrees: boolean | null;
  comment: string | null;
  despite: string | null;
}
export interface AuthorReviewState {
  text: string;
  approvals: number;
  needed: number;
  stale: boolean;
  readers: number;
  disagrees: number;
  submitted_by: string | null;
  own: boolean;
  answered: boolean;
  last: AuthorReviewEntry | null;
}
export interface AuthorReview {
  item: string;
  title: string;
  kind: string;
  path: string;
  line: number;
  status: string;
  you: string;
  proved: boolean;
  review: AuthorReviewState;
  entries: AuthorReviewEntry[];
  may: AuthorDid[];
}
export interface AuthorDecision { item: string; text: string; did: AuthorDid; comment?: string | null; despite?: string | null; agrees?: boolean }
export interface AuthorReading { you: string; left: number; done: number; tasks: number }
/* A question without its key, as a blind reader gets it. */
export interface AuthorUnread { item: string; text: string; seed: number; view: AuthorView }
export interface AuthorRead extends AuthorReading { agrees: boolean | null; view: AuthorView; key: Response | null; feedback: Feedback }

/* Of all problems in the bank: of files that are not looked at not all are listed. */
export interface AuthorCounts { errors: number; warnings: number }

export interface AuthorTree {
  bank: { id: string; title: string; version: string | null };
  you: string; /* who works here, for review records */
  review: { required: boolean; approvals: number } | null; /* what bank.yml asks for */
  dir: string;
  files: AuthorFile[];
  exams: AuthorExam[];
  domains: AuthorDomain[];
  problems: AuthorProblem[];
  counts: AuthorCounts & { questions: number };
  change: number;
}

export interface AuthorText { path: string; text: string; version: string }
/* What the folder has by now; null: the file is gone. */
export interface AuthorTheirs { text: string; version: string }

/* What candidates see of a question, without what belongs to an attempt. */
export type AuthorView = Omit<FormItem, 'n' | 'seq' | 'response' | 'saved_at' | 'flagged' | 'spent_ms' | 'note' | 'feedback'>;
export interface AuthorPreviewItem {
  id: string;
  seed: number | null;
  view: AuthorView | null;
  key: Response | null;
  feedback: Partial<Feedback> | null;
  needs_seed?: boolean;
  values?: Record<string, string | number | boolean>; /* what the parameters were drawn as */
  problems: AuthorProblem[];
}
export interface AuthorPreview { items: AuthorPreviewItem[]; page: { title: string; html: string } | null }

export interface AuthorOption { text: string | null; right: boolean; why: string | null; pin: boolean; match: string | null }
/* Which lines a field stands in; index: of an option, an answer or a hint. */
export interface AuthorPlace { field: string; index: number | null; line: number; end_line: number }
/* A question as the fields of a form (engine/bank/model.h); what is not written is null. */
export interface AuthorModel {
  id: string | null;
  title: string | null;
  type: string | null;
  stem: string | null;
  options: AuthorOption[] | null;
  answers: string[] | null;
  answer_text: string | null;
  explanation: string | null;
  references: string[] | null;
  hints: string[];
  rubric: string | null;
  params: string | null;
  [field: string]: unknown;
}

export interface AuthorFeasible {
  feasible: boolean;
  says: string[];
  domains: { id: string; title: string; need_min: number; need_max: number; have: number }[];
  sample: { n: number; item: string; title: string; domain: string }[] | null;
  problems: AuthorProblem[];
}
export interface AuthorSample {
  title: string;
  items: { n: number; item: string; title: string; domain: string; unscored: boolean; view: AuthorView; key: Response | null; feedback: Partial<Feedback> }[];
}

export interface AuthorProofRow {
  variant: string;
  kind: 'solution' | 'untouched' | 'wrong' | 'alt';
  draw: number;
  points: number;
  max: number;
  checks: { id: string; outcome: string; expected: boolean; message: string | null }[];
  ok: boolean;
  message: string | null;
}
/* `total` 0: not known yet. */
export interface AuthorJob { state: 'running' | 'done' | 'failed'; proved: boolean; done: number; total: number; says: string[]; table: AuthorProofRow[] }

/* What a script did in an open box. */
export interface AuthorRun { ok: boolean; ended: string | null; output: string; ms: number }
export interface AuthorGrade { checks: Check[]; points: number; max: number; ungraded: boolean; error: string | null; grader: string | null }
