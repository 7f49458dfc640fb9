/* The lines of typed answers ("= 3 +- 1", "~ ls : 50% …") as fields, and back. A line that says something else stays as it is written. Pure. */

/* ---- numbers ---- */

export type NumberAnswer =
  | { form: 'value'; value: string; unit: string; tolerance: string; relative: boolean }
  | { form: 'range'; from: string; to: string; unit: string }
  | { form: 'raw'; text: string };

const NUMBER = '(?:[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|@\\{[a-z0-9_]+\\})';
const UNIT = '(?:%|[A-Za-z][A-Za-z/]*)';
const VALUE = new RegExp(`^(${NUMBER})\\s*(${UNIT})?(?:\\s*(?:\\+-|\\+/-|±)\\s*(${NUMBER})\\s*(${UNIT})?)?$`);
const RANGE = new RegExp(`^\\[\\s*(${NUMBER})\\s*,\\s*(${NUMBER})\\s*\\]\\s*(${UNIT})?$`);

export function readNumberAnswer(text: string): NumberAnswer {
  const s = text.trim();
  const range = RANGE.exec(s);
  if (range) return { form: 'range', from: range[1]!, to: range[2]!, unit: range[3] ?? '' };
  const v = VALUE.exec(s);
  if (!v) return s === '' ? { form: 'value', value: '', unit: '', tolerance: '', relative: false } : { form: 'raw', text };
  const [, value, unit = '', tolerance = '', of = ''] = v;
  /* A tolerance in another unit than the value has no field. */
  if (of && of !== '%' && of !== unit) return { form: 'raw', text };
  return { form: 'value', value: value!, unit, tolerance, relative: of === '%' };
}

export function writeNumberAnswer(a: NumberAnswer): string {
  if (a.form === 'raw') return a.text;
  const unit = a.unit.trim() && ` ${a.unit.trim()}`;
  if (a.form === 'range') return `[${a.from.trim()}, ${a.to.trim()}]${unit}`;
  const tolerance = a.tolerance.trim();
  return `${a.value.trim()}${unit}${tolerance && ` +- ${tolerance}${a.relative ? '%' : unit}`}`;
}

/* ---- texts ---- */

export interface TextAnswer {
  form: 'exact' | 'pattern' | 'raw';
  text: string; /* the answer; the expression without its slashes; the whole line */
  anyCase: boolean; /* of an expression */
  share: string; /* '': right; else percent */
  why: string;
}

const SHARE = /^~ (.*\S)\s*:\s*([\d.]+)\s*%(?:\s+"(.*)")?$/;

function pattern(s: string): Pick<TextAnswer, 'form' | 'text' | 'anyCase'> {
  const re = /^\/(.+)\/(i?)$/.exec(s);
  if (re) return { form: 'pattern', text: re[1]!, anyCase: re[2] === 'i' };
  return { form: 'exact', text: /^\\[/=~]/.test(s) ? s.slice(1) : s, anyCase: false };
}

export function readTextAnswer(line: string): TextAnswer {
  const s = line.trim();
  if (!s.startsWith('~ ')) return { ...pattern(s), share: '', why: '' };
  const part = SHARE.exec(s);
  if (!part || writeTextAnswer({ ...pattern(part[1]!), share: part[2]!, why: part[3] ?? '' }) === '') return { form: 'raw', text: line, anyCase: false, share: '', why: '' };
  return { ...pattern(part[1]!), share: part[2]!, why: part[3] ?? '' };
}

export function writeTextAnswer(a: TextAnswer): string {
  if (a.form === 'raw') return a.text;
  const text = a.text.trim();
  /* What would be read as an expression, or as the beginning of another line, is marked as the text it is. */
  const plain = /^\/.+\/i?$/.test(text) || /^\\[/=~]/.test(text) || /^[~=] /.test(text) ? `\\${text}` : text;
  const answer = a.form === 'pattern' ? `/${text}/${a.anyCase ? 'i' : ''}` : plain;
  if (a.share === '') return answer;
  const why = a.why.trim().replace(/\s*\n\s*/g, ' ');
  return `~ ${answer} : ${a.share.trim()}%${why && ` "${why}"`}`;
}
