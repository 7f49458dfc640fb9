/* The JSON of /api/v1, as the pages use it. docs/openapi.yaml is the contract; names are the same. */
import type { Corrected } from './reports.ts';

export type ItemKind =
  | 'single' | 'multiple' | 'true-false' | 'grid' | 'ordering' | 'matching' | 'numeric' | 'text' | 'cloze' | 'hotspot' | 'essay' | 'task';

export interface Session {
  account: { id: string; name: string; role: string; extra_time: number } | null;
  csrf: string | null;
  accounts: boolean;
  author: boolean; /* an author's folder is here, and the page /author */
  language: string;
}

export interface Score {
  value: number;
  min: number;
  max: number;
  cut: number | null;
  error: number;
  unit: '%' | 'points' | 'scaled';
  share: number;
  share_error: number;
  pass_probability?: number | null;
}

export type Verdict = 'pass' | 'fail' | null;
export type Mode = 'exam' | 'study';
export type Docs = 'closed' | 'bundled' | 'urls' | 'open';

export interface ExamBrief {
  id: string;
  bank: { id: string; title: string; version: string; language?: string };
  title: string;
  description: string | null;
  kind: 'practice' | 'quiz' | 'renewal' | 'preset';
  items: number | [number, number];
  duration_ms: number | null;
  modes: Mode[];
  available: boolean;
  unavailable_reason: string | null;
  attempts: { running: string | null; done: number; best: { verdict: Verdict; score?: Score | null } | null };
}

export interface DocEntry { id: string; title: string }

export interface ExamDetail extends ExamBrief {
  rules: {
    unscored: number;
    tasks?: [number, number];
    markers?: 0 | 1 | 2;
    sections: { title: string; items: number; duration_ms: number | null; break: boolean; no_return: boolean }[];
    no_return: boolean;
    scoring: { method: string; min: number; max: number; cut: number | null } | null;
    partial: string;
    negative: number;
    docs: Docs;
    doc_urls?: string[];
    confidence: boolean;
    report: { show: string; release_after_ms: number; explanations: boolean };
    retake: { waits: string[]; max: number; enforced: boolean; next_at: string | null } | null;
    certificate: { valid: string } | null;
  };
  domains: { id: string; title: string; weight: string | null; items_in_bank: number; objectives: { id: string; title: string }[] }[];
  authors: string[];
  license: string | null;
  note: string | null;
  study: {
    missed: number;
    flagged: number;
    new: number;
    total: number;
    by_domain: Record<string, { total: number; new: number; missed: number; flagged: number }>;
  };
  doc_list?: DocEntry[];
  bank_hash: string;
}

/* ---- attempts ---- */

export type Response =
  | { choose: string[] }
  | { order: string[] }
  | { match: Record<string, string> }
  | { value: string; unit?: string }
  | { text: string }
  | { blanks: Record<string, string> }
  | { rows: Record<string, string> }
  | { points: [number, number][] }
  | { done: true };

export interface Option { id: string; html: string }
export interface Range { start: number; end: number }
export interface Note { text: string; struck: string[]; highlights: Range[] }

export interface Feedback {
  outcome: 'right' | 'partial' | 'wrong' | 'ungraded' | 'unanswered';
  points: number;
  max: number;
  key: Response | null;
  answers?: string[];
  options?: Record<string, string>;
  explanation?: string | null;
  references?: string | null;
  hints?: string[];
  reason?: string | null;
  rubric?: string | null;
}

export interface FormItem {
  id: string;
  n: number;
  kind: ItemKind;
  stem: string;
  select?: number;
  points?: number;
  case?: { id: string; title: string; html: string } | null;
  options?: Option[];
  left?: Option[];
  right?: Option[];
  rows?: Option[];
  columns?: Option[];
  blanks?: { id: string; choices: Option[] | null }[];
  units?: string[];
  image?: string;
  width?: number;
  height?: number;
  areas?: { label: string; x: number; y: number }[];
  task?: TaskOfItem;
  closed?: boolean;
  seq: number;
  response: Response | null;
  saved_at: string | null;
  flagged: boolean;
  confidence?: number | null;
  spent_ms: number;
  note: Note | null;
  feedback?: Feedback;
}

/* ---- hands-on tasks ---- */

export interface TaskOfItem {
  user: string;
  time_ms: number | null;
  image: string;
  checklist: string[];
  ports: number[];
  docs: string[];
  hints: number;
}

export interface Check {
  id: string;
  title: string;
  points: number;
  max: number;
  outcome: 'pass' | 'fail' | 'ungraded';
  message: string;
  detail?: string | null;
  hint?: string | null;
}

export interface CheckReport { checks: Check[]; points: number; max: number; ungraded: number }

export interface TaskState {
  state: 'closed' | 'opening' | 'open' | 'lost' | 'ended';
  user: string;
  shells: { id: number; running: boolean }[];
  resets: number;
  hints: string[];
  hints_left: number;
  solution: string | null;
  gave_up: boolean;
  notice: string | null;
  last_check?: CheckReport | null;
  snapshot_at?: string | null;
}

export interface Folder { path: string; entries: FolderEntry[]; more?: boolean }
export interface FolderEntry { name: string; kind: 'file' | 'folder' | 'link' | 'other'; size: number; mode: string; user: string }
export interface SavedFile { path: string; size: number; sha256: string }
export interface TextFile extends SavedFile { text: string }
export interface Recording { shell: number; started_at: string; duration_ms: number; bytes: number; sha256: string | null }

export interface Clock {
  started_at: string;
  ends_at: string | null;
  now: string;
  left_ms: number | null;
  section_left_ms: number | null;
  state: string;
  outages_ms: number;
  extra_time_ms: number;
}

export interface Section {
  id: string;
  title: string;
  break: boolean;
  state: 'open' | 'closed' | 'later';
  duration_ms: number | null;
  left_ms: number | null;
  no_return: boolean;
  count: number;
  items?: FormItem[];
}

export interface Attempt {
  id: string;
  exam: string;
  title: string;
  bank: { id: string; title: string; version: string; hash: string; language?: string };
  mode: Mode;
  state: 'running' | 'on-break' | 'ended' | 'reviewing';
  lease: number;
  clock: Clock;
  rules: { confidence: boolean; docs: Docs; doc_urls?: string[]; no_return: boolean; explanations: boolean };
  docs?: DocEntry[];
  sections: Section[];
  cursor: number;
  expectation: Expectation | null;
}

export interface Expectation {
  goal?: 'pass' | 'learn' | 'refresh' | 'curious';
  expected_share?: number;
  years?: number;
  skipped?: boolean;
  outcome_share?: number;
}

export interface AttemptBrief {
  id: string;
  exam: string;
  title: string;
  mode: Mode;
  state: Attempt['state'];
  started_at: string;
  ended_at: string | null;
  ended_by: 'candidate' | 'time' | null;
  items: number;
  answered: number;
  result: { verdict: Verdict; score?: Score | null } | null;
}

/* ---- results ---- */

export interface GroupScore { id: string; title: string; items: number; points: number; max: number; share: number; error: number; domain?: string }

export interface ResultItem {
  n: number;
  id: string;
  title?: string;
  domain?: string;
  objective?: string | null;
  outcome?: Feedback['outcome'];
  points?: number;
  max?: number;
  confidence: number | null;
  spent_ms: number;
  flagged: boolean;
  item?: FormItem;
  response?: Response | null;
  feedback?: Feedback;
  checks?: Check[];
  task?: TaskResult;
  correction?: { how: string; reason: string; at: string };
}

/* How a hands-on task went, beside its checks. */
export interface TaskResult {
  opened?: boolean;
  resets?: number;
  restored?: number;
  helped?: boolean;
  graded_by?: 'grader' | 'person';
  image?: string;
  recordings?: { name: string; sha256: string }[];
}

export interface HandsOn { share: number; items: number; points?: number; max?: number } /* points: where domains are reported */

export interface Result {
  attempt: string;
  exam: string;
  title: string;
  mode: Mode;
  state: 'final';
  verdict: Verdict;
  started_at: string;
  ended_at: string;
  ended_by: 'candidate' | 'time' | null;
  score: Score | null;
  bands?: { id: string; title: string; band: 'strong' | 'adequate' | 'weak' }[];
  domains?: GroupScore[];
  objectives?: GroupScore[];
  counts?: { items: number; right: number; partial: number; wrong: number; unanswered: number; unscored: number } | null;
  time: { used_ms: number; limit_ms: number | null; outages_ms: number; extra_ms: number; late: unknown[] };
  items?: ResultItem[];
  calibration?: { confidence: number; n: number; right_share: number }[];
  expectation?: Expectation | null;
  practise_next?: { domain: string; objective?: string | null; title: string; share: number; items: number }[];
  history?: { attempt: string; ended_at: string; share: number; value: number }[];
  corrected?: Corrected;
  hands_on?: HandsOn | null;
  marking?: Marked;
  certificate?: { id: string; state: string } | null;
  scoring: { method: string; partial: string; negative: number; rules_url: string; engine: string; bank_hash: string; bank_official: boolean; bank_release: number | null; form_hash: string };
  signed: { sha256: string; key: string; download: string } | null;
}

/* How people marked, in numbers of answers. */
export interface Marked { answers: number; markers: 1 | 2; tolerance?: { points?: number; percent?: number }; one: number; two: number; third: number; decision: number; self: boolean }

/* 202: graders are at work, or people are. */
export interface Pending { state: 'grading' | 'reviewing'; ungraded?: number; tasks?: PendingTask[] }
export interface PendingTask { item: string; n?: number; state: 'queued' | 'running' | 'done' | 'review'; ahead?: number }

export interface Progress {
  exams: { id: string; title: string; attempts: { id: string; ended_at: string; mode: Mode; share: number | null; value: number | null; passed: boolean | null }[] }[];
  domains: { bank: string; domain: string; title: string; seen: number; right_share: number; by_week?: unknown[] }[];
  items: { seen: number; total: number };
  calibration: { confidence: number; n: number; right_share: number }[];
}

/* ---- certificates ---- */

export type CertificateState = 'valid' | 'not-yet' | 'expired' | 'revoked' | 'suspended' | 'superseded';

/* What everybody may see of a certificate that its holder shares. */
export interface PublicCredential {
  credential: import('../verify/json.ts').JsonObject;
  report: import('../verify/report.ts').Report;
  state: CertificateState;
  superseded_by: string | null;
  shared: boolean;
  replay: { task: string; title: string; shell: number; href: string }[] | null;
  issuer: { name: string; url: string | null };
  holder_view: boolean;
}
