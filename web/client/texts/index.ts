/* The words of the pages. One catalogue per language (en.ts, de.ts), loaded alone; en.ts says which keys there are, and the type checker
 * holds the others to it. A text may have {names} to fill in, and plural forms chosen by {n}. To add a language: a catalogue of type
 * Catalogue, its name in LANGUAGES (app/preferences.ts) and in the tables below.
 *
 * Pages that few people open have words of their own, which come with the page: more.ts. */
import type { Language } from '../app/preferences.ts';
import type { enAuthor } from './en.author.ts';
import type { enMarking } from './en.marking.ts';
import type { enProblem } from './en.problem.ts';
import type { enReports } from './en.reports.ts';
import type { en } from './en.ts';

export type Plural = { one: string; other: string };
/* The same keys and forms in another language. */
export type Translated<C> = { [K in keyof C]: C[K] extends string ? string : Plural };
export type Catalogue = Translated<typeof en>;
type Words = typeof en & typeof enAuthor & typeof enMarking & typeof enProblem & typeof enReports; /* a page with words of its own: its English type here */
export type Key = keyof Words;
type Values = Record<string, string | number>;

const LOADERS: Record<Language, () => Promise<Catalogue>> = {
  en: () => import('./en.ts').then((m) => m.en),
  de: () => import('./de.ts').then((m) => m.de),
};

/* Words that come with some pages: a loader for each language. */
export type MoreWords = Record<Language, () => Promise<Record<string, string | Plural>>>;

/* Each language in its own words, for the menu. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

let catalogue: Record<string, string | Plural> = {};
const wanted = new Set<MoreWords>();
let language: Language = 'en';
let locale = 'en'; /* the language as it is written where the person lives, for dates and numbers */
let plurals = new Intl.PluralRules('en');

/* Makes a language the one that t() speaks, and tells the document. */
export async function useLanguage(l: Language): Promise<void> {
  const [common, ...more] = await Promise.all([LOADERS[l](), ...[...wanted].map((w) => w[l]())]);
  catalogue = Object.assign({}, common, ...more);
  language = l;
  locale = regional(l, navigator.languages);
  plurals = new Intl.PluralRules(l);
  document.documentElement.lang = l;
  document.documentElement.dir = common['language.direction'];
}

/* Adds a page's own words to the catalogue; from then on they are there in every language that is chosen. */
export async function useMoreWords(w: MoreWords): Promise<void> {
  wanted.add(w);
  for (let l: Language | null = null; l !== language; ) {
    l = language;
    const words = await w[l]();
    if (l === language) Object.assign(catalogue, words);
  }
}

/* The first of the browser's own locales of a language ("en-GB"), else the language. Pure. */
export function regional(l: string, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === l) ?? l;
}

export const currentLanguage = (): Language => language;

/* Fills in a template; exported for its test. */
export function fill(template: string | Plural, values: Values, rules: Intl.PluralRules): string {
  const text = typeof template === 'string' ? template : rules.select(Number(values.n)) === 'one' ? template.one : template.other;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const v = values[name];
    return v === undefined ? whole : typeof v === 'number' ? number(v) : v;
  });
}

export function t(key: Key, values: Values = {}): string {
  return fill(catalogue[key] ?? key, values, plurals);
}

/* For keys that are put together, such as "kind.single": the text, or null if there is none. */
export function maybe(key: string): string | null {
  const text = catalogue[key];
  return typeof text === 'string' ? text : null;
}

/* ---- numbers, times ---- */

export function number(v: number, digits = 2): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(v);
}
export function percent(share: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share);
}
/* A text of the server with percent in it ("20–25 %"), with the sign as this language writes it. */
export function percentSign(text: string): string {
  return text.replace(' %', percent(0).replace('0', ''));
}
export function time(iso: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
}
export function date(iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(iso));
}
export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/* How far a day is from now, in the largest unit that says it well: "in 5 months", "3 days ago". */
export function relativeDay(iso: string, nowMs = Date.now()): string {
  const days = Math.round((new Date(iso).getTime() - nowMs) / 86_400_000);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(days) < 45) return format.format(days, 'day');
  return Math.abs(days) < 700 ? format.format(Math.round(days / 30.44), 'month') : format.format(Math.round(days / 365.25), 'year');
}

const part = (value: number, unit: string): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);

/* A span as the server writes it ("14 days", "1 month"), in this language. */
export function spanOf(text: string): string {
  const m = /^(\d+) (second|minute|hour|day|month)s?$/.exec(text);
  return m ? part(Number(m[1]), m[2]!) : text;
}

/* A length of time in words: "1 hour 30 minutes", "12 minutes", "40 seconds". */
export function duration(ms: number): string {
  const s = Math.round(ms / 1000);
  if (s < 60) return part(s, 'second');
  const m = Math.round(s / 60);
  if (m < 60) return s < 600 && s % 60 ? `${part(Math.floor(s / 60), 'minute')} ${part(s % 60, 'second')}` : part(m, 'minute');
  if (m < 60 * 48) return m % 60 ? `${part(Math.floor(m / 60), 'hour')} ${part(m % 60, 'minute')}` : part(m / 60, 'hour');
  return part(Math.round(m / 1440), 'day');
}
