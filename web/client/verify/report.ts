/* The report: check by check, one reason each. The server makes the same (docs/openapi.yaml, Report). */
import type { Code } from './fault.ts';
import type { JsonObject } from './json.ts';
import { iso } from './time.ts';

export type CheckId = 'format' | 'document' | 'issuer' | 'proof-rdfc' | 'proof-jcs' | 'dates' | 'status' | 'log' | 'picture' | 'holder' | 'signature';
export type Outcome = 'pass' | 'fail' | 'unknown' | 'absent';
export type Verdict = 'valid' | 'invalid' | 'unknown';
export type Format = 'json' | 'png' | 'svg' | 'pdf' | 'bundle' | 'link' | 'result';

export interface Check { id: CheckId; outcome: Outcome; required: boolean; code: Code; reason: string; as_of: string | null }

export interface Claims {
  title: string | null;
  issuer: { id: string; name: string | null };
  holder: { name: string | null; hashed: boolean };
  issued_at: string | null;
  valid_from: string | null;
  valid_until: string | null;
  verdict: string | null; /* as it stands there */
  by_hand: string | null;
  rules: string | null;
  score: { name: string; value: string }[];
}

export interface Report {
  verdict: Verdict;
  format: Format;
  checked_at: string;
  checks: Check[];
  credential: JsonObject | null; /* of a result: its payload */
  claims: Claims | null;
}

export function verdictOf(checks: readonly Check[]): Verdict {
  if (checks.some((c) => c.outcome === 'fail')) return 'invalid';
  return !checks.length || checks.some((c) => c.outcome === 'unknown' && c.required) ? 'unknown' : 'valid';
}

export class ReportWriter {
  format: Format = 'json';
  document: JsonObject | null = null;
  claims: Claims | null = null;
  private readonly checks: Check[] = [];

  constructor(readonly nowMs: number) {}

  add(id: CheckId, outcome: Outcome, required: boolean, code: Code, reason: string, asOfMs: number | null = null): void {
    this.checks.push({ id, outcome, required, code, reason: reason.charAt(0).toUpperCase() + reason.slice(1), as_of: asOfMs === null ? null : iso(asOfMs) });
  }

  finish(): Report {
    return { verdict: verdictOf(this.checks), format: this.format, checked_at: iso(this.nowMs), checks: this.checks, credential: this.document, claims: this.claims };
  }
}
