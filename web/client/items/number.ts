/* Numbers as a numeric item takes them: sign, digits, a decimal point, an exponent; no grouping. Pure. */

export type Reading = { ok: true; value: string } | { ok: false; why: 'empty' | 'comma' | 'grouping' | 'not-a-number' };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/* What was typed, as it would be sent. A comma is never guessed at: "1,500" is a number in one country and another in the next. */
export function readNumber(typed: string): Reading {
  const s = typed.trim().replace(/^\u2212/, '-');
  if (s === '') return { ok: false, why: 'empty' };
  if (NUMBER.test(s)) return { ok: true, value: s };
  if (/^[+-]?\d+,\d+$/.test(s)) return { ok: false, why: 'comma' };
  if (/^[+-]?\d{1,3}([ ,.'\u2019\u00a0\u202f]\d{3})+/.test(s)) return { ok: false, why: 'grouping' };
  return { ok: false, why: 'not-a-number' };
}
