/* The blanks of a cloze, which stand in its text: "{{blue|azure}}" is typed, "{{~red|=green}}" is chosen from a list. Pure. */

export interface Blank {
  from: number;
  to: number;
  chosen: boolean;
  texts: string[]; /* accepted answers, or the list */
  key: number; /* of the list */
}

/* Where code is: braces in it are no blanks. */
function codeRanges(text: string): [number, number][] {
  const out: [number, number][] = [];
  for (const m of text.matchAll(/^(```+|~~~+)[^\n]*\n[^]*?^\1[^\n]*$/gm)) out.push([m.index, m.index + m[0].length]);
  for (const m of text.matchAll(/(?<!`)(`+)(?!`)(?:[^`]|(?!\1(?!`))`)*?[^`]?\1(?!`)/g)) out.push([m.index, m.index + m[0].length]);
  return out;
}

function parts(inner: string): Pick<Blank, 'chosen' | 'texts' | 'key'> {
  const s = inner.trim();
  if (!/^[~=]/.test(s)) return { chosen: false, texts: s.split('|').map((x) => x.trim().replace(/\\$/, '').replace(/^\\(?=[=~])/, '')), key: 0 };
  const pieces = s.split(/\\?\|(?=[~=])/);
  return { chosen: true, texts: pieces.map((x) => x.slice(1).trim()), key: Math.max(0, pieces.findIndex((x) => x.startsWith('='))) };
}

export function blanksIn(text: string): Blank[] {
  const code = codeRanges(text);
  const out: Blank[] = [];
  for (const m of text.matchAll(/\{\{([^\n]*?)\}\}/g)) {
    const from = m.index;
    if (text[from - 1] === '\\' || code.some(([a, b]) => from >= a && from < b)) continue;
    out.push({ from, to: from + m[0].length, ...parts(m[1]!) });
  }
  return out;
}

/* In a table the bar between answers is written "\|". */
function inTable(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return line.trimStart().startsWith('|');
}

export function writeBlank(text: string, b: Pick<Blank, 'from' | 'chosen' | 'texts' | 'key'>): string {
  const bar = inTable(text, b.from) ? '\\|' : '|';
  const inner = b.chosen
    ? b.texts.map((x, i) => `${i === b.key ? '=' : '~'}${x.trim()}`)
    : b.texts.map((x) => x.trim().replace(/^(?=[=~])/, '\\'));
  return `{{${inner.join(bar)}}}`;
}

/* The text with one blank changed. */
export function withBlank(text: string, b: Blank): string {
  return text.slice(0, b.from) + writeBlank(text, b) + text.slice(b.to);
}

/* Words that are marked become a blank that is typed; nothing marked: an empty place for one. */
export function blankFrom(text: string, from: number, to: number, placeholder: string): string {
  const words = text.slice(from, to);
  const inner = words.trim() || placeholder;
  const lead = words.slice(0, words.length - words.trimStart().length);
  const tail = words.trim() ? words.slice(words.trimEnd().length) : '';
  return text.slice(0, from) + lead + `{{${inner.replace(/\s*\n\s*/g, ' ')}}}` + tail + text.slice(to);
}

/* A blank becomes the words that were in it. */
export function withoutBlank(text: string, b: Blank): string {
  return text.slice(0, b.from) + (b.texts[b.chosen ? b.key : 0] ?? '') + text.slice(b.to);
}
