/* What was brought: JSON, a picture with a certificate inside, a bundle, the text behind a QR code, or an exported result. */
import { sha256Hex, textOf, utf8, type Bytes } from './bytes.ts';
import { Fault, quoted, refuse } from './fault.ts';
import { canonical, isObject, own, parseJson, strange, textAt, type Json, type JsonObject } from './json.ts';
import { pictureFormat, readPicture, type Picture, type PictureFormat } from './picture.ts';
import type { ReportWriter } from './report.ts';
import { parseTime } from './time.ts';

export const INPUT_MAX = 8 << 20;
const CREDENTIAL_MAX = 1 << 20;
const LINK_MAX = 1000;

/* Gets a document from its address, or throws. */
export type Fetch = (url: string, most: number) => Promise<Bytes>;

export interface Bundle { didDocument: JsonObject | null; statusList: JsonObject | null; logProof: string | null; logKey: string | null; madeMs: number | null }
export interface Opened { kind: 'credential'; document: JsonObject; canonical: Bytes; hash: string; bundle: Bundle | null; picture: Picture | null; linked: boolean }
export interface OpenedResult { kind: 'result'; envelope: JsonObject }

const NAMES: Record<PictureFormat, string> = { png: 'PNG', svg: 'SVG', pdf: 'PDF' };

/* ---- Bundles ---- */

function member<T>(o: JsonObject, key: string, ok: (v: Json) => v is T & Json): T | null {
  const v = own(o, key) ?? null;
  return v === null ? null : ok(v) ? v : refuse('wrong-type', `This is not a bundle that is known here: "${key}" is not right.`);
}
const isText = (v: Json): v is string => typeof v === 'string' && v.length <= 1 << 17;

function readBundle(o: JsonObject): Bundle & { credential: JsonObject } {
  const version = own(o, 'bundle');
  if (version !== 'assay-bundle/v1') refuse('wrong-type', 'This is not a bundle that is known here: it has another version.');
  const odd = strange(o, ['bundle', 'credential', 'didDocument', 'statusList', 'logProof', 'logKey', 'made']);
  if (odd !== undefined) refuse('wrong-type', `This is not a bundle that is known here: the member "${quoted(odd)}" is not known.`);
  const credential = member(o, 'credential', isObject) ?? refuse('wrong-type', 'The bundle holds no certificate.');
  const madeMs = parseTime(textAt(o, 'made') ?? '') ?? refuse('wrong-type', 'The bundle does not say when it was made.');
  return { credential, didDocument: member(o, 'didDocument', isObject), statusList: member(o, 'statusList', isObject), logProof: member(o, 'logProof', isText), logKey: member(o, 'logKey', isText), madeMs };
}

/* ---- Links ---- */

interface Link { address: string; hash: string }

function isLink(text: string): boolean {
  return text.length <= LINK_MAX && /^(https?:\/\/|urn:uuid:)[\x21-\x7e]*$/.test(text);
}

function readLink(text: string): Link {
  const m = /^([^#]*)#sha256=([0-9a-f]{64})$/.exec(text);
  return m ? { address: m[1]!, hash: m[2]! } : refuse('hash-missing', 'The link does not end in #sha256= and 64 hexadecimal digits: it cannot say which certificate it means.');
}

/* Where the page https://HOST/verify/ID has its certificate as JSON; null: it is no such address. */
export function documentAddress(address: string): string | null {
  const m = /^(https?:\/\/[^/?%\\#]+)\/(?:verify|credentials)\/([^/?%\\#]+)$/.exec(address);
  return m && `${m[1]}/credentials/${m[2]}`;
}

/* ---- All of them ---- */

export class Opener {
  private bundle: Bundle | null = null;
  private picture: Picture | null = null;
  private link: Link | null = null;

  constructor(
    private readonly report: ReportWriter,
    private readonly fetch: Fetch | null,
  ) {}

  /* null: there is no certificate, and the report says why. */
  async open(input: Bytes): Promise<Opened | OpenedResult | null> {
    try {
      if (input.length > INPUT_MAX) refuse('too-large', `At most ${INPUT_MAX >> 20} MiB are looked at.`);
      const format = pictureFormat(input);
      if (format) return this.openPicture(format, input);
      const text = input.length <= LINK_MAX + 100 ? (textOf(input) ?? '').replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '') : '';
      if (isLink(text)) return await this.openLink(text);
      return this.openJson(input);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      this.report.add('format', 'fail', true, e.code, e.reason);
      return null;
    }
  }

  private take(document: Json): Opened | null {
    if (!isObject(document)) {
      this.report.add('document', 'fail', true, 'wrong-type', 'A certificate is a JSON object.');
      return null;
    }
    this.report.document = document;
    const bytes = canonical(document);
    const hash = sha256Hex(bytes);
    if (this.link && this.link.hash !== hash) {
      this.report.add('document', 'fail', true, 'hash-mismatch', `The link is about other bytes: the certificate at its address hashes to ${hash.slice(0, 16)}…, the link says ${this.link.hash.slice(0, 16)}….`);
      return null;
    }
    return { kind: 'credential', document, canonical: bytes, hash, bundle: this.bundle, picture: this.picture, linked: this.link !== null };
  }

  /* The certificate inside of something else. */
  private parse(bytes: Bytes): Opened | null {
    try {
      if (bytes.length > CREDENTIAL_MAX) refuse('too-large', `A certificate has at most ${CREDENTIAL_MAX >> 20} MiB.`);
      return this.take(parseJson(bytes));
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      this.report.add('document', 'fail', true, e.code, e.reason);
      return null;
    }
  }

  private openJson(input: Bytes): Opened | OpenedResult | null {
    const value = parseJson(input);
    if (isObject(value) && Object.hasOwn(value, 'payload') && Object.hasOwn(value, 'signature')) {
      this.report.format = 'result';
      return { kind: 'result', envelope: value };
    }
    if (isObject(value) && Object.hasOwn(value, 'bundle')) {
      this.report.format = 'bundle';
      const { credential, ...bundle } = readBundle(value);
      this.bundle = bundle;
      this.report.add('format', 'pass', true, 'ok', 'A bundle: a certificate with what its check needs.', bundle.madeMs);
      return this.take(credential);
    }
    if (input.length > CREDENTIAL_MAX) refuse('too-large', `A certificate has at most ${CREDENTIAL_MAX >> 20} MiB.`);
    this.report.add('format', 'pass', true, 'ok', `A certificate as JSON, ${input.length} bytes.`);
    return this.take(value);
  }

  private openPicture(format: PictureFormat, file: Bytes): Opened | null {
    this.report.format = format;
    try {
      this.picture = readPicture(format, file);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      return refuse('no-credential', `No certificate can be taken out of this ${NAMES[format]}. ${e.reason}`);
    }
    this.report.add('format', 'pass', true, 'ok', `A certificate inside of a picture (${NAMES[format]}).`);
    return this.parse(this.picture.credential);
  }

  private notFetched(why: string): null {
    this.report.add('format', 'unknown', true, 'not-fetched', why);
    return null;
  }

  private async openLink(text: string): Promise<Opened | null> {
    this.report.format = 'link';
    this.link = readLink(text);
    if (this.link.address.startsWith('urn:')) return this.notFetched('This names a certificate without saying where it is: bring the file itself.');
    const url = documentAddress(this.link.address) ?? refuse('no-credential', 'The link is not the address of a certificate.');
    if (!this.fetch) return this.notFetched('The certificate behind the link was not fetched: bring the file itself.');
    let bytes: Bytes;
    try {
      bytes = await this.fetch(url, CREDENTIAL_MAX);
    } catch (e) {
      return this.notFetched(`The certificate behind the link cannot be had: ${quoted(e instanceof Error ? e.message : String(e))}.`);
    }
    this.report.add('format', 'pass', true, 'ok', `A link; the certificate was fetched from ${quoted(url, 200)}.`, this.report.nowMs);
    return this.parse(bytes);
  }
}

/* What a person pasted. */
export const inputOfText = (text: string): Bytes => utf8(text.trim());
