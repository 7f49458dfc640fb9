/* Shows HTML that the server made from a bank's Markdown. This is the only place where HTML from outside becomes part of a page.
 *
 * The server has reduced it to an allow-list already; here it is parsed in an inert document and rebuilt node by node from an allow-list of
 * our own, so nothing else can get in, no matter what a bank holds. On the way wide tables and code become scrollable by keyboard, links
 * open beside the exam, and a cloze's blanks (<span data-blank="1">) are handed to the caller to fill. */
import { Fragment, h, type ComponentChild } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../../texts/index.ts';

const TAGS = new Set(
  ('p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var em strong i b u s del ins sub sup mark small span abbr ' +
    'table caption thead tbody tfoot tr th td img a figure figcaption div input').split(' '),
);
const ATTRIBUTES = new Set('alt title width height start colspan rowspan scope lang dir align'.split(' '));
const CLASS = /^[\w -]{1,80}$/;
const LINK = /^(https?:|mailto:|\/(?!\/)|#)/i;
const PICTURE = /^(\/media\/[\w.-]+|data:image\/(png|jpeg|gif|webp);base64,[\w+/=]+)$/;

export type FillBlank = (blank: string) => ComponentChild;
interface Context { blank: FillBlank | undefined; shift: number }

function attributes(e: Element): Record<string, string> {
  const props: Record<string, string> = {};
  for (const { name, value } of e.attributes) {
    if (ATTRIBUTES.has(name)) props[name] = value;
    else if (name === 'class' && CLASS.test(value)) props.class = value;
  }
  return props;
}

/* Headings inside a text go below the page's own, without gaps: the highest in the text comes right below `level`. */
function shiftOf(root: ParentNode, level: number): number {
  for (let n = 1; n <= 6; n++) if (root.querySelector(`h${n}`)) return level + 1 - n;
  return 0;
}

function heading(tag: string, shift: number): string {
  return `h${Math.max(2, Math.min(6, Number(tag[1]) + shift))}`;
}

function element(e: Element, key: number, c: Context): ComponentChild {
  const tag = e.localName;
  if (!TAGS.has(tag)) return h(Fragment, { key }, children(e, c));
  const props = attributes(e);
  const blank = e.getAttribute('data-blank');
  if (tag === 'span' && blank !== null && c.blank) return h(Fragment, { key }, c.blank(blank));
  switch (tag) {
    case 'img': {
      const src = e.getAttribute('src') ?? '';
      return PICTURE.test(src) ? h('img', { key, alt: '', ...props, src, loading: 'lazy', decoding: 'async' }) : h('span', { key }, props.alt ?? '');
    }
    case 'a': {
      const href = e.getAttribute('href') ?? '';
      if (!LINK.test(href)) return h('span', { key }, children(e, c));
      return h('a', { key, ...props, href, target: '_blank', rel: 'noopener noreferrer' }, children(e, c), h('span', { class: 'sr-only' }, ` ${t('html.newWindow')}`));
    }
    case 'input':
      return h('span', { key, class: 'task-mark', 'aria-hidden': 'true' }, e.hasAttribute('checked') ? '☑' : '☐');
    case 'table':
      return h('div', { key, class: 'scroll-x', tabIndex: 0, role: 'region', 'aria-label': t('html.table') }, h('table', props, children(e, c)));
    case 'pre':
      return h('pre', { key, ...props, tabIndex: 0, dir: 'ltr' }, children(e, c));
    case 'code':
      return h('code', { key, dir: 'ltr', ...props }, children(e, c));
    case 'br':
    case 'hr':
      return h(tag, { key });
    default:
      return h(/^h[1-6]$/.test(tag) ? heading(tag, c.shift) : tag, { key, ...props }, children(e, c));
  }
}

function children(parent: Node, c: Context): ComponentChild[] {
  const out: ComponentChild[] = [];
  parent.childNodes.forEach((node, i) => {
    if (node.nodeType === Node.TEXT_NODE) out.push(node.textContent);
    else if (node.nodeType === Node.ELEMENT_NODE) out.push(element(node as Element, i, c));
  });
  return out;
}

function parse(html: string): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}

interface Props {
  html: string;
  class?: string;
  inline?: boolean; /* a span: for labels; a lone paragraph loses its margins in the style sheet */
  level?: number; /* of the heading above this text; 1 by default */
  without?: string; /* a first heading with these words is left out: they stand above already */
  lang?: string | undefined;
  blank?: FillBlank;
}

export function Html({ html, class: name, inline, level = 1, without, lang, blank }: Props) {
  const tree = useMemo(() => {
    const root = parse(html);
    const first = root.firstElementChild;
    if (without && first && /^H[1-6]$/.test(first.tagName) && first.textContent?.trim() === without) first.remove();
    return root;
  }, [html, without]);
  const content = useMemo(() => children(tree, { blank, shift: shiftOf(tree, level) }), [tree, blank, level]);
  return h(inline ? 'span' : 'div', { class: `html ${name ?? ''}`, lang }, content);
}

/* The words alone, for names of controls. */
export function plainText(html: string): string {
  return (parse(html).textContent ?? '').replace(/\s+/g, ' ').trim();
}
