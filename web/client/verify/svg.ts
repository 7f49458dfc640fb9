/* SVG with a credential baked in: an element <openbadges:credential> (Open Badges 3.0, section 5.3.2.2) right behind the root's start, its JSON in
 * CDATA, the seal's element behind it.
 *
 * A small reader of XML: tags with their namespaces, text, CDATA, comments. Document types are refused, and with them every entity but the five.
 * Whatever else it lets through does not matter: a picture counts only when baking its parts again gives the same bytes. */
import { textOf, utf8, type Bytes } from './bytes.ts';
import { refuse } from './fault.ts';
import type { Parts } from './picture.ts';

const SVG = 'http://www.w3.org/2000/svg';
const OPENBADGES = 'https://purl.imsglobal.org/ob/v3p0';
const SEAL = 'urn:assay:picture';
const DEPTH_MAX = 256;

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const TOKEN = new RegExp(
  `<!--[^]*?-->|<!\\[CDATA\\[([^]*?)\\]\\]>|<\\?[^]*?\\?>|</(${NAME})\\s*>|<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>|([^<]+)`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const bad = (what: string): never => refuse('wrong-type', `The SVG is broken: ${what}.`);

function plain(text: string): string {
  return text.replace(/&([^;&]{0,12});?/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    if (!whole.endsWith(';') || !(code || Object.hasOwn(ENTITIES, name))) bad('an entity is not known');
    if (!code) return ENTITIES[name]!;
    const n = code[1] ? parseInt(code[1], 16) : Number(code[2]);
    return n > 0 && n <= 0x10ffff && (n < 0xd800 || n > 0xdfff) ? String.fromCodePoint(n) : bad('a character is not one');
  });
}

type Scope = Map<string, string>;

function declared(attributes: string, outer: Scope): { scope: Scope; others: number } {
  let scope = outer;
  let others = 0;
  for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
    const prefix = name === 'xmlns' ? '' : name!.startsWith('xmlns:') ? name!.slice(6) : null;
    if (prefix === null) others++;
    else {
      if (scope === outer) scope = new Map(outer);
      scope.set(prefix, plain(double ?? single ?? ''));
    }
  }
  return { scope, others };
}

function resolve(name: string, scope: Scope): [namespace: string, local: string] {
  const [local, prefix] = name.split(':').reverse() as [string, string | undefined];
  const namespace = scope.get(prefix ?? '');
  return namespace === undefined && prefix !== undefined ? bad('a prefix is not declared') : [namespace ?? '', local];
}

class Reader {
  credential: string | null = null;
  seal: string | null = null;
  drawn = '';
  rootEnd = 0;
  private readonly stack: { name: string; scope: Scope }[] = [];
  private open: { part: 'credential' | 'seal'; text: string; depth: number } | null = null;
  private kept = 0; /* how much of the file was taken as drawn */
  private ended = false;

  constructor(private readonly text: string) {
    let at = text.startsWith('\uFEFF') ? 1 : 0;
    while (at < text.length) {
      TOKEN.lastIndex = at;
      const m = TOKEN.exec(text);
      if (!m) bad(text.startsWith('<!DOCTYPE', at) ? 'it has a document type' : `it is not XML at character ${at + 1}`);
      this.token(m!, at, TOKEN.lastIndex);
      at = TOKEN.lastIndex;
    }
    if (!this.ended) bad('it does not end');
    this.drawn += text.slice(this.kept);
  }

  private token(m: RegExpExecArray, from: number, to: number): void {
    const [, cdata, close, name, attributes, empty, text] = m;
    if (name !== undefined) {
      this.start(name, attributes ?? '', from, to);
      if (empty) this.end(name, to);
    } else if (close !== undefined) this.end(close, to);
    else if (cdata !== undefined) this.characters(cdata, false);
    else if (text !== undefined) this.characters(text, true);
  }

  private characters(text: string, escaped: boolean): void {
    if (this.open) this.open.text += escaped ? plain(text) : text;
    else if (!this.stack.length && text.trim()) bad('there is text outside');
  }

  private start(name: string, attributes: string, from: number, to: number): void {
    if (this.open) bad('the credential has elements inside');
    if (this.ended || this.stack.length >= DEPTH_MAX) bad(this.ended ? 'there is something behind its end' : 'it is nested too deep');
    const { scope, others } = declared(attributes, this.stack[this.stack.length - 1]?.scope ?? new Map());
    const [namespace, local] = resolve(name, scope);
    this.stack.push({ name, scope });
    if (this.stack.length === 1) {
      if (namespace !== SVG || local !== 'svg') refuse('wrong-type', 'This is XML, but not an SVG.');
      this.rootEnd = to;
      return;
    }
    const part = namespace === OPENBADGES && local === 'credential' ? 'credential' : namespace === SEAL && local === 'seal' ? 'seal' : null;
    if (!part) return;
    if (this.stack.length !== 2) bad('its credential is not directly below the root');
    if (this[part] !== null) refuse('wrong-type', 'The SVG holds two credentials or two seals.');
    if (others) bad('its credential is a JWT, or has attributes that are not known');
    this.drawn += this.text.slice(this.kept, from);
    this.open = { part, text: '', depth: this.stack.length };
  }

  private end(name: string, to: number): void {
    const top = this.stack.pop();
    if (top?.name !== name) bad('a tag is closed that is not open');
    if (this.open) {
      this[this.open.part] = this.open.text.trim() || bad('its credential or its seal is empty');
      this.open = null;
      this.kept = to;
    }
    if (!this.stack.length) this.ended = true;
  }
}

function read(file: Bytes): Reader {
  const text = textOf(file);
  return text === null ? bad('it is not UTF-8') : new Reader(text);
}

export function splitSvg(file: Bytes): Parts {
  const r = read(file);
  return { drawn: utf8(r.drawn), credential: r.credential === null ? null : utf8(r.credential), seal: r.seal === null ? null : utf8(r.seal) };
}

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

export function joinSvg({ drawn, credential, seal }: Parts): Bytes {
  const text = textOf(drawn) ?? '';
  const at = read(drawn).rootEnd;
  const baked = `<openbadges:credential xmlns:openbadges="${OPENBADGES}">${cdata(textOf(credential!) ?? '')}</openbadges:credential>`;
  return utf8(text.slice(0, at) + baked + (seal ? `<assay:seal xmlns:assay="${SEAL}">${cdata(textOf(seal) ?? '')}</assay:seal>` : '') + text.slice(at));
}
