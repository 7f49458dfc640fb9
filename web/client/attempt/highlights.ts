/* Highlights are ranges of characters in the text of a question, kept sorted and apart. Pure, except for the functions at the end, which translate
 * between them and the page. Counted is the text of the case and the stem inside an item, without fields and words for screen readers. */
import type { Range as Mark } from '../api/types.ts';

/* The ranges with one more; what touches is joined. */
export function addRange(ranges: readonly Mark[], add: Mark): Mark[] {
  if (add.end <= add.start) return [...ranges];
  let { start, end } = add;
  const apart: Mark[] = [];
  for (const r of ranges) {
    if (r.end < start || r.start > end) apart.push(r);
    else {
      start = Math.min(start, r.start);
      end = Math.max(end, r.end);
    }
  }
  return [...apart, { start, end }].sort((a, b) => a.start - b.start);
}

/* The ranges without a stretch of text. */
export function removeRange(ranges: readonly Mark[], cut: Mark): Mark[] {
  return ranges.flatMap((r) => {
    if (r.end <= cut.start || r.start >= cut.end) return [r];
    return [{ start: r.start, end: cut.start }, { start: cut.end, end: r.end }].filter((x) => x.end > x.start);
  });
}

export const covered = (ranges: readonly Mark[], part: Mark): boolean => ranges.some((r) => r.start <= part.start && r.end >= part.end);

/* The sentences of a text, as ranges without the white space around them: for highlighting without a mouse. */
export function sentences(text: string, locale: string): Mark[] {
  const out: Mark[] = [];
  const push = (start: number, end: number): void => {
    const piece = text.slice(start, end);
    const lead = piece.length - piece.trimStart().length;
    if (piece.trim()) out.push({ start: start + lead, end: start + piece.trimEnd().length });
  };
  if (typeof Intl.Segmenter === 'function') {
    for (const s of new Intl.Segmenter(locale, { granularity: 'sentence' }).segment(text)) push(s.index, s.index + s.segment.length);
  } else {
    for (const m of text.matchAll(/[^.!?\n]+[.!?]*\s*/g)) push(m.index, m.index + m[0].length);
  }
  return out;
}

const COUNTED = '.stem, .case > .html';
const SKIPPED = 'select, .sr-only';

function textNodes(root: Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (n) =>
    n.parentElement?.closest(COUNTED) && !n.parentElement.closest(SKIPPED) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT);
  const out: Text[] = [];
  while (walker.nextNode()) out.push(walker.currentNode as Text);
  return out;
}

export const textOf = (root: Node): string => textNodes(root).map((n) => n.data).join('');

/* The person's selection as a range of characters; null when there is none inside the question. */
export function selectedRange(root: Node): Mark | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  let at = 0;
  let start: number | null = null;
  let end = 0;
  for (const node of textNodes(root)) {
    if (range.intersectsNode(node)) {
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.length;
      if (to > from) {
        start ??= at + from;
        end = at + to;
      }
    }
    at += node.length;
  }
  return start === null ? null : { start, end };
}

/* The ranges of characters as ranges of the page, to be painted. */
export function pageRanges(root: Node, marks: readonly Mark[]): Range[] {
  const out: Range[] = [];
  let at = 0;
  for (const node of textNodes(root)) {
    for (const m of marks) {
      const from = Math.max(m.start, at);
      const to = Math.min(m.end, at + node.length);
      if (to <= from) continue;
      const range = document.createRange();
      range.setStart(node, from - at);
      range.setEnd(node, to - at);
      out.push(range);
    }
    at += node.length;
  }
  return out;
}
