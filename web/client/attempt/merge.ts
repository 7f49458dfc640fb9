/* What to do with an answer that waited in this browser when the server's state is seen again (after a reload, a lost connection, or after
 * another device had the attempt). Pure.
 *
 * Each answer to an item carries a sequence number, one more than the last that this page knew of. A waiting entry remembers `base`, the
 * server's number when its person began to answer, and `sent`, the last number this browser may already have delivered. So
 *
 *   server at or below max(base, sent)   nobody else wrote: deliver ours
 *   server at ours, same content         ours had arrived, only the receipt was lost: done
 *   anything else                        another device wrote meanwhile: its answer stays, and the person is told */
import type { Response } from '../api/types.ts';

export interface AnswerEntry {
  kind: 'answer';
  attempt: string;
  item: string;
  seq: number;
  base: number;
  sent: number;
  response: Response | null;
  flagged: boolean;
  confidence: number | null;
  spent_ms: number;
  at: number; /* when it was given, for the order of sending */
}

export interface Known { seq: number; response: Response | null; flagged: boolean; confidence: number | null }
export type Verdict = 'deliver' | 'arrived' | 'conflict';

/* The same text for the same answer, however its members are ordered. The order of a choice means nothing; that of `order` does. */
export function canonical(value: unknown, key = ''): string {
  if (Array.isArray(value)) {
    const parts = value.map((v) => canonical(v));
    if (key === 'choose') parts.sort();
    return `[${parts.join(',')}]`;
  }
  if (value && typeof value === 'object') {
    const o = value as Record<string, unknown>;
    return `{${Object.keys(o).sort().map((k) => `${JSON.stringify(k)}:${canonical(o[k], k)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

export function sameAnswer(a: Known, b: Known): boolean {
  return a.flagged === b.flagged && (a.confidence ?? null) === (b.confidence ?? null) && canonical(a.response) === canonical(b.response);
}

export function merge(entry: AnswerEntry, server: Known): Verdict {
  if (server.seq >= entry.seq) return sameAnswer(entry, server) ? 'arrived' : 'conflict';
  return server.seq <= Math.max(entry.base, entry.sent) ? 'deliver' : 'conflict';
}

/* The entry for a new answer to an item. `waiting` is the entry that is still on its way, if any; `inFlight` says that it may have been
 * delivered already. A number is never used twice for two different answers. */
export function nextEntry(
  known: { seq: number },
  waiting: AnswerEntry | null,
  inFlight: boolean,
  fields: Pick<AnswerEntry, 'attempt' | 'item' | 'response' | 'flagged' | 'confidence' | 'spent_ms' | 'at'>,
): AnswerEntry {
  const base = waiting ? waiting.base : known.seq;
  const sent = waiting ? (inFlight ? waiting.seq : waiting.sent) : known.seq;
  return { kind: 'answer', ...fields, base, sent, seq: Math.max(known.seq, waiting?.seq ?? 0) + 1 };
}
