/* Changes in a YAML text that leave the rest of it as it stands: comments, order, spacing, quotes. The library says where each value is; what is
 * changed is a piece of the text. Every scalar is text here, as the checker reads it. Pure. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';

export type Step = string | number;
export type Value = string | number | boolean | Value[] | { [key: string]: Value };
/* As it is read: texts alone. */
export type Read = string | Read[] | { [key: string]: Read };
export interface Mistake { message: string; line: number; column: number }

const OPTIONS = { schema: 'failsafe', prettyErrors: true } as const;
const WIDTH = 110;

export class Yaml {
  readonly doc: Document;
  constructor(readonly text: string) {
    this.doc = parseDocument(text, OPTIONS);
  }

  get mistake(): Mistake | null {
    const e = this.doc.errors[0];
    if (e) return { message: e.message.split('\n')[0]!.replace(/ at line \d+.*$/, ''), line: e.linePos?.[0].line ?? 1, column: e.linePos?.[0].col ?? 1 };
    return this.doc.contents === null || isMap(this.doc.contents) ? null : { message: '', line: 1, column: 1 };
  }

  node(path: readonly Step[]): Node | undefined {
    const at: unknown = path.length ? this.doc.getIn(path, true) : this.doc.contents;
    return isMap(at) || isSeq(at) || isScalar(at) ? at : undefined;
  }
  read(path: readonly Step[]): Read | undefined {
    const at = this.node(path);
    return at && toRead(at);
  }
  /* The fields of the text, each with its lines; from 1. */
  lines(): { key: string; line: number; end: number }[] {
    const root = this.doc.contents;
    if (!isMap(root)) return [];
    const lineOf = (at: number): number => this.text.slice(0, at).split('\n').length;
    return root.items.map((p) => ({ key: keyOf(p), line: lineOf(start(p.key as Node)), end: lineOf(Math.max(start(p.key as Node), endOf(p) - 1)) }));
  }
}

function toRead(at: unknown): Read {
  if (isMap(at)) return Object.fromEntries(at.items.map((p) => [keyOf(p), toRead(p.value)]));
  if (isSeq(at)) return at.items.map(toRead);
  return isScalar(at) && at.value !== null ? String(at.value) : '';
}
const keyOf = (p: Pair): string => (isScalar(p.key) ? String(p.key.value) : '');
const start = (n: Node): number => n.range![0];

/* Where a value's own text ends; what comes after it on the line is not its own. */
function endOf(at: unknown): number {
  if (at && typeof at === 'object' && 'key' in at) {
    const p = at as Pair;
    return isMap(p.value) || isSeq(p.value) || isScalar(p.value) || isAlias(p.value) ? Math.max(endOf(p.value), (p.key as Node).range![1]) : (p.key as Node).range![1];
  }
  if ((isMap(at) || isSeq(at)) && !at.flow && at.items.length) return endOf(at.items[at.items.length - 1]);
  return (at as Node).range![1];
}

/* ---- writing values ---- */

const WORDS = /^(null|true|false|yes|no|on|off|y|n|~)$/i;
function scalar(s: string, flow: boolean): string {
  const plain = /^[\p{L}\p{N}+./(][^\p{C}\u2028\u2029]*$/u.test(s) && !/: |:$| #|\s$|\s\s/.test(s) && !WORDS.test(s) && !(flow && /[,[\]{}:]/.test(s));
  return plain ? s : JSON.stringify(s).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function inline(v: Value, flow: boolean): string {
  if (typeof v === 'string') return scalar(v, flow);
  if (Array.isArray(v)) return `[${v.map((x) => inline(x, true)).join(', ')}]`;
  if (typeof v === 'object') return `{${Object.entries(v).map(([k, x]) => `${k}: ${inline(x, true)}`).join(', ')}}`;
  return String(v);
}

/* A long text on lines of its own, folded. */
function folded(s: string, indent: string): string {
  const lines: string[] = [];
  for (const word of s.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && indent.length + last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `>-\n${lines.map((l) => indent + l).join('\n')}`;
}

/* The value behind "key:", without the end of the line. */
function block(v: Value, indent: string): string {
  const deeper = `${indent}  `;
  if (typeof v === 'string' && v.length > WIDTH - 30 && !/[\n\t]|^\s|\s$|\s\s/.test(v)) return ` ${folded(v, deeper)}`;
  if (Array.isArray(v) && v.length && v.every((x) => typeof x === 'object' && !Array.isArray(x))) return `\n${v.map((x) => `${deeper}- ${inline(x, true)}`).join('\n')}`;
  return ` ${inline(v, false)}`;
}

/* ---- pieces of the text ---- */

const replaced = (text: string, from: number, to: number, by: string): string => text.slice(0, from) + by + text.slice(to);
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
/* The start of the line after the one in which something ends. */
function lineEnd(text: string, end: number): number {
  if (end > 0 && text[end - 1] === '\n') return end;
  const at = text.indexOf('\n', end);
  return at < 0 ? text.length : at + 1;
}
const insertedLine = (text: string, at: number, line: string): string => replaced(text, at, at, `${at > 0 && text[at - 1] !== '\n' ? '\n' : ''}${line}\n`);

/* Takes entry i out of a list in brackets or braces. */
function withoutFlow(text: string, entries: { from: number; to: number }[], i: number): string {
  if (i + 1 < entries.length) return replaced(text, entries[i]!.from, entries[i + 1]!.from, '');
  return replaced(text, i > 0 ? entries[i - 1]!.to : entries[i]!.from, entries[i]!.to, '');
}
const spans = (c: YAMLMap | YAMLSeq): { from: number; to: number }[] =>
  c.items.map((x) => ({ from: start((isMap(c) ? (x as Pair).key : x) as Node), to: endOf(x) }));

/* ---- changes ---- */

const equal = (a: Read | undefined, b: Value | undefined): boolean => JSON.stringify(a) === JSON.stringify(b, (_, v: unknown) => (typeof v === 'number' || typeof v === 'boolean' ? String(v) : v));

/* The text with another value at a path; undefined takes it away. `order`: where a new field belongs among the others. */
export function set(text: string, path: readonly Step[], value: Value | undefined, order: readonly string[] = []): string {
  const yaml = new Yaml(text);
  if (value === undefined) return yaml.node(path) || hasKey(yaml, path) ? remove(yaml, path) : text;
  if (equal(yaml.read(path), value)) return text;
  const out = hasKey(yaml, path) ? change(yaml, path, value) : add(yaml, path, value, order);
  const check = new Yaml(out);
  if (!check.doc.errors.length && equal(check.read(path), value)) return out;
  yaml.doc.setIn(path, value); /* a text of a shape that nobody writes: the library writes it anew */
  return String(yaml.doc);
}

function parentOf(yaml: Yaml, path: readonly Step[]): Node | undefined {
  return yaml.node(path.slice(0, -1));
}
function hasKey(yaml: Yaml, path: readonly Step[]): boolean {
  const parent = parentOf(yaml, path);
  return (isMap(parent) || isSeq(parent)) && parent.has(path[path.length - 1]);
}

function change(yaml: Yaml, path: readonly Step[], value: Value): string {
  const { text } = yaml;
  const parent = parentOf(yaml, path) as YAMLMap | YAMLSeq;
  const at = yaml.node(path);
  const flow = !!parent.flow;
  if (isSeq(parent)) return replaced(text, start(at!), endOf(at), inline(value, true));
  const pair = parent.items.find((p) => keyOf(p) === path[path.length - 1])!;
  const keyEnd = (pair.key as Node).range![1];
  if (!at) return replaced(text, keyEnd, keyEnd, `: ${inline(value, flow)}`);
  const empty = start(at) === at.range![1];
  const own = !flow && !(isScalar(at) && at.type !== 'BLOCK_FOLDED' && at.type !== 'BLOCK_LITERAL') && !(at as YAMLMap).flow; /* it has lines of its own */
  const indent = ' '.repeat(start(pair.key as Node) - lineStart(text, start(pair.key as Node)));
  if (!own && !empty) return replaced(text, start(at), at.range![1], flow || typeof value !== 'string' ? inline(value, flow) : block(value, indent).trimStart());
  const end = empty ? keyEnd + 1 : endOf(at);
  return replaced(text, keyEnd, end, `:${flow ? ` ${inline(value, true)}` : block(value, indent)}${text[end - 1] === '\n' && !empty ? '\n' : ''}`);
}

function add(yaml: Yaml, path: readonly Step[], value: Value, order: readonly string[]): string {
  const { text } = yaml;
  const key = path[path.length - 1]!;
  const parent = parentOf(yaml, path);
  if (!isMap(parent)) {
    if (path.length > 1) return set(text, path.slice(0, -1), { [key]: value }, order);
    return `${text}${text && !text.endsWith('\n') ? '\n' : ''}${key}:${block(value, '')}\n`;
  }
  if (parent.flow) {
    const last = parent.items[parent.items.length - 1];
    const at = last ? endOf(last) : start(parent) + 1;
    return replaced(text, at, at, `${last ? ', ' : ''}${key}: ${inline(value, true)}`);
  }
  const rank = (k: string): number => (order.includes(k) ? order.indexOf(k) : order.length);
  const before = parent.items.filter((p) => rank(keyOf(p)) <= rank(String(key))).pop();
  const first = start(parent.items[0]!.key as Node);
  const indent = ' '.repeat(first - lineStart(text, first));
  return insertedLine(text, before ? lineEnd(text, endOf(before)) : lineStart(text, first), `${indent}${key}:${block(value, indent)}`);
}

function remove(yaml: Yaml, path: readonly Step[]): string {
  const { text } = yaml;
  const parent = parentOf(yaml, path) as YAMLMap | YAMLSeq;
  if (parent.items.length === 1 && path.length > 1) return remove(yaml, path.slice(0, -1));
  const i = isMap(parent) ? parent.items.findIndex((p) => keyOf(p) === path[path.length - 1]) : Number(path[path.length - 1]);
  const entry = spans(parent)[i]!;
  if (parent.flow) return withoutFlow(text, spans(parent), i);
  return replaced(text, lineStart(text, entry.from), lineEnd(text, entry.to), '');
}

/* A new entry at the end of a list; the list is made if need be. */
export function append(text: string, path: readonly Step[], value: Value, order: readonly string[] = []): string {
  const yaml = new Yaml(text);
  const list = yaml.node(path);
  if (!isSeq(list) || !list.items.length) return set(text, path, [value], order);
  const last = list.items[list.items.length - 1] as Node;
  if (list.flow) return replaced(text, endOf(last), endOf(last), `, ${inline(value, true)}`);
  const from = lineStart(text, start(last));
  const indent = /^\s*/.exec(text.slice(from))![0];
  return insertedLine(text, lineEnd(text, endOf(last)), `${indent}- ${inline(value, true)}`);
}

/* Entry i of a list changes places with the one after it. */
export function swap(text: string, path: readonly Step[], i: number): string {
  const list = new Yaml(text).node(path);
  if (!isSeq(list) || i < 0 || i + 1 >= list.items.length) return text;
  const [a, b] = spans(list).slice(i, i + 2).map((s) => (list.flow ? s : { from: lineStart(text, s.from), to: lineEnd(text, s.to) })) as [{ from: number; to: number }, { from: number; to: number }];
  const tail = list.flow || text.endsWith('\n') || b.to < text.length ? '' : '\n'; /* the last line may have no end */
  const whole = tail ? text + tail : text;
  const end = b.to + tail.length;
  return replaced(whole, a.from, end, whole.slice(b.from, end) + whole.slice(a.to, b.from) + whole.slice(a.from, a.to));
}
