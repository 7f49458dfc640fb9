/* A blueprint as its form sees it: fields by their place in the YAML, the short ways to write some of them, and what a weight may be. Pure. */
import { append, type Read, set, type Step, swap, type Value, Yaml } from './yaml-edit.ts';

/* Where fields stand, as docs/authors/bank-format.md lists them. */
export const ORDER = [
  'id', 'title', 'description', 'kind', 'items', 'tasks', 'unscored', 'duration', 'modes', 'domains', 'sections', 'navigation', 'scoring', 'partial', 'negative', 'shuffle', 'docs',
  'confidence', 'essays', 'marking', 'report', 'grace', 'retake', 'certificate', 'effective', 'note',
];

/* "report: domains" is short for {show: domains}; one word for shuffle is both of its parts. */
const SHORT: Record<string, string[]> = { report: ['show'], scoring: ['method'], shuffle: ['items', 'options'] };

const DEFAULTS: Record<string, { [key: string]: Value }> = {
  percent: { method: 'percent', cut: '70' },
  points: { method: 'points', max: '100', cut: '70' },
  scaled: { method: 'scaled', min: '100', max: '1000', cut: '700' },
  'pass-fail': { method: 'pass-fail', cut: '70' },
};

export class Blueprint {
  readonly yaml: Yaml;
  constructor(readonly text: string) {
    this.yaml = new Yaml(text);
  }

  read(...path: Step[]): Read | undefined {
    const [key, part] = path;
    const whole = path.length === 2 && typeof key === 'string' && SHORT[key]?.includes(String(part)) ? this.yaml.read([key]) : undefined;
    return typeof whole === 'string' ? whole : this.yaml.read(path);
  }
  /* One word or number; '' when it is not written. */
  get(...path: Step[]): string {
    const v = this.read(...path);
    return typeof v === 'string' ? v : '';
  }
  has(...path: Step[]): boolean {
    return this.yaml.read(path) !== undefined;
  }
  list(...path: Step[]): string[] {
    const v = this.read(...path);
    return Array.isArray(v) ? v.filter((x) => typeof x === 'string') : v === undefined || v === '' ? [] : typeof v === 'string' ? [v] : [];
  }
  map(...path: Step[]): Record<string, string> {
    const v = this.read(...path);
    return v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, typeof x === 'string' ? x : ''])) : {};
  }

  /* The text with another value; '' and undefined take the field away. */
  set(path: Step[], value: Value | undefined): string {
    const wanted = value === '' ? undefined : value;
    const [key, part] = path;
    const short = path.length === 2 && typeof key === 'string' ? SHORT[key] : undefined;
    const whole = short ? this.yaml.read([key!]) : undefined;
    if (short && typeof part === 'string' && typeof whole === 'string' && whole !== '') {
      if (short.length === 1 && short[0] === part) return set(this.text, [key!], wanted, ORDER);
      const all = Object.fromEntries(short.map((s) => [s, whole as Value]));
      if (wanted === undefined) delete all[part];
      else all[part] = wanted;
      return set(this.text, [key!], all, ORDER);
    }
    return set(this.text, path, wanted, ORDER);
  }
  append(path: Step[], value: Value): string {
    return append(this.text, path, value, ORDER);
  }
  swap(path: Step[], i: number): string {
    return swap(this.text, path, i);
  }

  /* ---- scoring ---- */

  get method(): string {
    return this.get('scoring', 'method') || 'percent';
  }
  /* Another way to score comes with numbers that fit it. */
  setMethod(method: string): string {
    const percent = (m: string): boolean => m === 'percent' || m === 'pass-fail';
    const cut = percent(method) && percent(this.method) ? this.get('scoring', 'cut') : '';
    return set(this.text, ['scoring'], { ...DEFAULTS[method], ...(cut && { cut }) }, ORDER);
  }

  /* ---- items ---- */

  get items(): [string, string | null] {
    const v = this.read('items');
    return Array.isArray(v) ? [String(v[0] ?? ''), String(v[1] ?? '')] : [typeof v === 'string' ? v : '', null];
  }
  setItems(from: string, to: string | null): string {
    return this.set(['items'], to === null ? from : [from, to]);
  }
  /* How many the sections hold; null without sections. */
  get inSections(): number | null {
    const list = this.read('sections');
    return Array.isArray(list) ? list.reduce((sum: number, _, i) => sum + (Number(this.get('sections', i, 'items')) || 0), 0) : null;
  }
}

/* ---- weights ---- */

export type Weight = { kind: 'share' | 'range' | 'rest' | 'none'; from: string; to: string };

export function weightOf(text: string | undefined): Weight {
  if (text === undefined) return { kind: 'none', from: '', to: '' };
  if (text.trim() === 'rest') return { kind: 'rest', from: '', to: '' };
  const range = /^\s*([\d.]*)%?\s*-\s*([\d.]*)\s*%?\s*$/.exec(text);
  return range ? { kind: 'range', from: range[1]!, to: range[2]! } : { kind: 'share', from: text.trim(), to: '' };
}
export function weightText({ kind, from, to }: Weight): string | undefined {
  return kind === 'none' ? undefined : kind === 'rest' ? 'rest' : kind === 'range' ? `${from}-${to}` : from;
}

/* Weights that are the same for all, or nearly: what an exam begins with. */
export function evenWeights(ids: readonly string[]): Record<string, string> {
  const each = Math.floor(100 / ids.length);
  return Object.fromEntries(ids.map((id, i) => [id, String(each + (i < 100 - each * ids.length ? 1 : 0))]));
}

/* The sum of plain numbers; null when something else is among them. */
export function sumOf(weights: Record<string, string>): number | null {
  let sum = 0;
  for (const w of Object.values(weights)) {
    const v = Number(w.replace(/%$/, ''));
    if (!w.trim() || !Number.isFinite(v)) return null;
    sum += v;
  }
  return Math.round(sum * 100) / 100;
}

/* ---- times ---- */

export const UNITS = ['s', 'm', 'h', 'd', 'mo', 'y'] as const;
export type Unit = (typeof UNITS)[number];
/* "90m" in its two parts; null when it is written in another way. */
export function durationOf(text: string): { n: string; unit: Unit } | null {
  const m = /^(\d*)\s*(s|m|h|d|mo|y)$/.exec(text.trim());
  return m ? { n: m[1]!, unit: m[2] as Unit } : text === '' ? { n: '', unit: 'm' } : null;
}
