/* Strict JSON (RFC 8259): UTF-8 only, no key twice in an object, no lone surrogates, no U+0000, numbers that are finite, depth at most 64.
 *
 * JSON.parse() would take the last of two equal keys without a word: then a page could show one value and sign for the other. */
import canonicalize from 'canonicalize';
import { textOf, utf8, type Bytes } from './bytes.ts';
import { quoted, refuse } from './fault.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject { [key: string]: Json }

export const JSON_SIZE_MAX = 4 << 20;
const DEPTH_MAX = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
/* A string without escapes is by far the most frequent; the rest is left to JSON.parse, which gets exactly one string. */
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LONE = /\p{Surrogate}/u; /* with the flag, pairs are one character */

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.value(0);
    this.take(SPACE);
    if (this.at < this.text.length) this.bad('more after the value');
    return value;
  }

  private bad(what: string): never {
    return refuse('not-json', `This is not JSON: ${what}, at character ${this.at + 1}.`);
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  private next(c: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private value(depth: number): Json {
    this.take(SPACE);
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.array(depth + 1);
      case '"':
        return this.string();
      default:
        return this.word();
    }
  }

  private word(): Json {
    for (const [word, value] of [['true', true], ['false', false], ['null', null]] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const digits = this.take(NUMBER);
    if (digits === null) return this.bad('a value is missing');
    if (/[\w.+-]/.test(this.text[this.at] ?? '')) this.bad('a number is not one');
    const n = Number(digits);
    return Number.isFinite(n) ? n : this.bad('a number is out of range');
  }

  private string(): string {
    const raw = this.take(STRING);
    if (raw === null) return this.bad('a string is broken');
    const s = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
    if (s.includes('\0')) this.bad('a string holds U+0000');
    return LONE.test(s) ? this.bad('a string holds half a character') : s;
  }

  private deeper(depth: number): void {
    this.at++;
    if (depth > DEPTH_MAX) this.bad(`it is nested deeper than ${DEPTH_MAX}`);
  }

  private array(depth: number): Json[] {
    this.deeper(depth);
    const out: Json[] = [];
    if (this.next(']')) return out;
    do out.push(this.value(depth));
    while (this.next(','));
    return this.next(']') ? out : this.bad('an array does not end');
  }

  private object(depth: number): JsonObject {
    this.deeper(depth);
    const out: JsonObject = {};
    if (this.next('}')) return out;
    do {
      this.take(SPACE);
      if (this.text[this.at] !== '"') this.bad('a key is missing');
      const key = this.string();
      if (Object.hasOwn(out, key)) refuse('duplicate-key', `The key "${quoted(key)}" stands twice in one object.`);
      if (!this.next(':')) this.bad('a colon is missing');
      /* Not out[key] =: that would set the prototype for "__proto__". */
      Object.defineProperty(out, key, { value: this.value(depth), enumerable: true, writable: true, configurable: true });
    } while (this.next(','));
    return this.next('}') ? out : this.bad('an object does not end');
  }
}

/* Throws a Fault: not-json, duplicate-key, too-large. */
export function parseJson(bytes: Bytes): Json {
  if (bytes.length > JSON_SIZE_MAX) refuse('too-large', `The JSON is larger than ${JSON_SIZE_MAX >> 20} MiB.`);
  const text = textOf(bytes);
  if (text === null) return refuse('not-json', 'This is not JSON: it is not UTF-8.');
  return new Reader(text).document();
}

/* RFC 8785. Only for what parseJson() gave. */
export function canonical(value: Json): Bytes {
  return utf8(canonicalize(value)!);
}

export const isObject = (v: Json | undefined): v is JsonObject => typeof v === 'object' && v !== null && !Array.isArray(v);
export const own = (o: JsonObject, key: string): Json | undefined => (Object.hasOwn(o, key) ? o[key] : undefined);
export function textAt(o: Json | undefined, key: string): string | null {
  const v = isObject(o) ? own(o, key) : undefined;
  return typeof v === 'string' ? v : null;
}
export function objectAt(o: Json | undefined, key: string): JsonObject | null {
  const v = isObject(o) ? own(o, key) : undefined;
  return isObject(v) ? v : null;
}
/* A member that may be one thing or a list of them, as JSON-LD has it. */
export function listAt(o: Json | undefined, key: string): Json[] {
  const v = isObject(o) ? own(o, key) : undefined;
  return v === undefined || v === null ? [] : Array.isArray(v) ? v : [v];
}
/* The first member that is not among those expected. */
export function strange(o: JsonObject, known: readonly string[]): string | undefined {
  return Object.keys(o).find((k) => !known.includes(k));
}
