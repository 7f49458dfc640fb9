/* Which field a message belongs to: by what it says, else by the lines it stands in. Pure. */
import type { AuthorPlace, AuthorProblem } from '../../../api/author-types.ts';
import type { Parsed } from './sync.ts';

/* Of what is missing there is no line. */
const MISSING: Record<string, string> = {
  'no-title': 'title', 'no-stem': 'stem', 'no-answer': 'answers', 'no-key': 'answers', 'few-options': 'answers', 'several-keys': 'answers', 'all-keys': 'answers',
  'select-mismatch': 'select', 'true-false-options': 'answers', 'no-rubric': 'rubric', 'hotspot-image': 'image', 'no-explanation': 'explanation', 'no-reference': 'references',
  'unknown-domain': 'objective', 'unknown-objective': 'objective', 'unknown-case': 'case', 'long-key': 'answers', 'bad-blank': 'answers', program: 'params', 'program-text': 'params',
  'program-equal': 'params', 'program-constant': 'params', 'no-program': 'params', region: 'regions', 'missing-alt': '',
};
const ALWAYS = new Set(['no-explanation', 'no-reference', 'no-title', 'no-rubric', 'hotspot-image', 'no-answer', 'no-stem', 'select-mismatch']);

export const fieldKey = (field: string, index: number | null = null): string => (index === null ? field : `${field}:${index}`);

function keyOf(p: AuthorProblem, places: readonly AuthorPlace[]): string {
  const byCode = MISSING[p.code];
  if (byCode !== undefined && ALWAYS.has(p.code)) return byCode;
  const at = places.filter((f) => f.line <= p.line && p.line <= f.end_line).sort((a, b) => a.end_line - a.line - (b.end_line - b.line))[0];
  if (at && !(at.field === 'title' && byCode)) return fieldKey(at.field, at.index);
  return byCode ?? '';
}

export type FieldErrors = ReadonlyMap<string, readonly AuthorProblem[]>;

/* The messages about one question, by field; '' has those that belong to none. `alone`: the file has no other question. */
export function errorsByField(problems: readonly AuthorProblem[], path: string, parsed: Pick<Parsed, 'range' | 'places'>, alone: boolean): FieldErrors {
  const out = new Map<string, AuthorProblem[]>();
  for (const p of problems) {
    if (p.path !== path || (!alone && (p.line < parsed.range.line || p.line > parsed.range.end_line))) continue;
    const key = keyOf(p, parsed.places);
    out.set(key, [...(out.get(key) ?? []), p]);
  }
  return out;
}

/* Messages of a field that none of its entries shows. */
export function errorsOfPart(errors: FieldErrors, fields: readonly string[]): AuthorProblem[] {
  return fields.flatMap((f) => [...(errors.get(f) ?? [])]);
}
