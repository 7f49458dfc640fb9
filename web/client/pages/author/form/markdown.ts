/* What the buttons above a text do to its Markdown. Pure. */

export interface Marked { text: string; from: number; to: number } /* and what is marked afterwards */

/* Puts marks around what is selected, or takes them away. White space at its ends stays outside. */
export function wrapped(text: string, from: number, to: number, mark: string, placeholder: string): Marked {
  let [a, b] = [from, to];
  while (a < b && /\s/.test(text[a]!)) a++;
  while (b > a && /\s/.test(text[b - 1]!)) b--;
  const n = mark.length;
  if (text.slice(a - n, a) === mark && text.slice(b, b + n) === mark && a >= n) {
    return { text: text.slice(0, a - n) + text.slice(a, b) + text.slice(b + n), from: a - n, to: b - n };
  }
  const inner = text.slice(a, b) || placeholder;
  return { text: text.slice(0, a) + mark + inner + mark + text.slice(b), from: a + n, to: a + n + inner.length };
}

/* The lines that are selected as a list, or as plain lines again. */
export function listed(text: string, from: number, to: number): Marked {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to) < 0 ? text.length : text.indexOf('\n', to);
  const lines = text.slice(start, end).split('\n');
  const isList = lines.every((l) => l === '' || l.startsWith('- '));
  const done = lines.map((l) => (isList ? l.replace(/^- /, '') : l === '' && lines.length > 1 ? l : `- ${l}`)).join('\n');
  return { text: text.slice(0, start) + done + text.slice(end), from: start, to: start + done.length };
}

/* Code: within a line, or as a block when lines are selected. */
export function asCode(text: string, from: number, to: number, placeholder: string): Marked {
  const chosen = text.slice(from, to);
  if (!chosen.includes('\n')) return wrapped(text, from, to, chosen.includes('`') ? '``' : '`', placeholder);
  const before = from > 0 && text[from - 1] !== '\n' ? '\n' : '';
  const after = to < text.length && text[to] !== '\n' ? '\n' : '';
  const fence = chosen.includes('```') ? '````' : '```';
  const body = chosen.replace(/\n$/, '');
  const block = `${before}${fence}\n${body}\n${fence}${after}`;
  return { text: text.slice(0, from) + block + text.slice(to), from: from + before.length + fence.length + 1, to: from + before.length + fence.length + 1 + body.length };
}

export function inserted(text: string, from: number, to: number, what: string): Marked {
  return { text: text.slice(0, from) + what + text.slice(to), from: from + what.length, to: from + what.length };
}

/* How a file in media/ is named from a file of questions. */
export function linkTo(path: string, media: string): string {
  return '../'.repeat(path.split('/').length - 1) + media;
}

/* How many rows a text takes, so that its box is as tall as what is in it. */
export function rowsOf(text: string, least: number, most = 24, width = 74): number {
  const rows = text.split('\n').reduce((n, l) => n + Math.max(1, Math.ceil(l.length / width)), 0);
  return Math.min(most, Math.max(least, rows));
}
