/* PDF with a credential and its seal as embedded files, in one incremental update behind what was drawn (ISO 32000-1, 7.5.6 and 7.11.4).
 *
 * The update begins with a line that says how long its files are, so ours are read without looking for anything. What another program has written
 * is searched for embedded files; it is never the picture that was sealed. Bytes are held as text of one character each. */
import { latin1, textOf, type Bytes } from './bytes.ts';
import { refuse } from './fault.ts';
import { unzlib } from './inflate.ts';
import { isObject, parseJson } from './json.ts';
import type { Parts } from './picture.ts';

const MARK = '%assay-picture/v1 ';
const NUMBER_MAX = 100000000;
const FILES_MAX = 32;
const STREAMS_MAX = 100000;
const INFLATED_MAX = 2 << 20;

const bad = (what: string): never => refuse('wrong-type', `The PDF is broken: ${what}.`);
const bytesOf = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0));

/* ---- Baking again ---- */

interface Revision { startxref: number; size: number; root: number; info: number; catalog: string }

function numberAfter(text: string, name: string): number {
  const at = text.indexOf(name);
  const digits = at < 0 ? '' : /^\d{1,9}/.exec(text.slice(at + name.length, at + name.length + 9))?.[0] ?? '';
  return digits && Number(digits) <= NUMBER_MAX ? Number(digits) : NaN;
}

/* The first revision, as cairo writes it; null: another. */
function revisionOf(drawn: string): Revision | null {
  const at = drawn.lastIndexOf('\ntrailer\n');
  if (!drawn.startsWith('%PDF-1.') || !drawn.endsWith('\n%%EOF\n') || at < drawn.length - 2000) return null;
  const trailer = drawn.slice(at + 9);
  const [size, root, info, startxref] = ['/Size ', '/Root ', '/Info ', '\nstartxref\n'].map((n) => numberAfter(trailer, n)) as [number, number, number, number];
  const table = `xref\n0 ${size}\n`;
  if (!(root < size) || !Number.isInteger(info) || !drawn.startsWith(table, startxref)) return null;
  const entry = drawn.substr(startxref + table.length + root * 20, 20);
  const begin = `${root} 0 obj\n<<`;
  const offset = Number(entry.slice(0, 10));
  if (entry[17] !== 'n' || !/^\d{10}/.test(entry) || !drawn.startsWith(begin, offset)) return null;
  const end = drawn.indexOf('>>\nendobj', offset);
  const catalog = end < 0 ? '' : drawn.slice(offset + begin.length, end).replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, '');
  return catalog.includes('/Catalog') && !catalog.includes('/Names') && !catalog.includes('/AF') ? { startxref, size, root, info, catalog } : null;
}

function join(drawn: string, credential: string, seal: string): string | null {
  const r = revisionOf(drawn);
  if (!r || drawn.includes(`\n${MARK}`)) return null;
  let out = drawn;
  const offsets: number[] = [];
  const object = (n: number, body: string): void => {
    offsets.push(out.length);
    out += `${n} 0 obj\n${body}\nendobj\n`;
  };
  const file = (n: number, name: string, what: string, type: string, text: string): void => {
    object(n, `<< /Type /Filespec /F (${name}) /UF (${name}) /Desc (${what}) /AFRelationship /Source /EF << /F ${n + 1} 0 R /UF ${n + 1} 0 R >> >>`);
    object(n + 1, `<< /Type /EmbeddedFile /Subtype /${type} /Length ${text.length} /Params << /Size ${text.length} >> >>\nstream\n${text}\nendstream`);
  };
  out += `${MARK}${credential.length} ${seal.length}\n`;
  const second = seal ? ` (picture-seal.json) ${r.size + 2} 0 R` : '';
  object(r.root, `<< ${r.catalog}\n   /Names << /EmbeddedFiles << /Names [ (credential.json) ${r.size} 0 R${second} ] >> >>\n   /AF [ ${r.size} 0 R${seal ? ` ${r.size + 2} 0 R` : ''} ]\n>>`);
  file(r.size, 'credential.json', 'The certificate as data: an Open Badges 3.0 credential', 'application#2Fvc', credential);
  if (seal) file(r.size + 2, 'picture-seal.json', 'The issuer\'s signature of this picture of the certificate', 'application#2Fjson', seal);
  const entry = (at: number): string => `${String(at).padStart(10, '0')} 00000 n \n`;
  const start = out.length;
  return `${out}xref\n${r.root} 1\n${entry(offsets[0]!)}${r.size} ${offsets.length - 1}\n${offsets.slice(1).map(entry).join('')}`
    + `trailer\n<< /Size ${r.size + offsets.length - 1} /Root ${r.root} 0 R /Info ${r.info} 0 R /Prev ${r.startxref} >>\nstartxref\n${start}\n%%EOF\n`;
}

export function joinPdf({ drawn, credential, seal }: Parts): Bytes | null {
  const out = join(latin1(drawn), latin1(credential!), seal ? latin1(seal) : '');
  return out === null ? null : bytesOf(out);
}

/* ---- Taking apart ---- */

function takeStream(update: string, from: number, size: number): number {
  const begin = '>>\nstream\n';
  const at = update.indexOf(begin, from);
  return at < 0 || !update.startsWith('\nendstream\n', at + begin.length + size) ? bad('it is not whole where its credential is embedded') : at + begin.length;
}

function splitOurs(file: string, mark: number): Parts {
  const sizes = /^(\d{1,9}) (\d{1,9})\n/.exec(file.slice(mark + MARK.length, mark + MARK.length + 24));
  if (!sizes || Number(sizes[1]) < 1) return bad('it does not say how long its credential is');
  if (file.indexOf(`\n${MARK}`, mark) >= 0) refuse('wrong-type', 'The PDF holds two credentials.');
  const [c, s] = [Number(sizes[1]), Number(sizes[2])];
  const at = takeStream(file, mark, c);
  const seal = s ? takeStream(file, at + c, s) : 0;
  return { drawn: bytesOf(file.slice(0, mark)), credential: bytesOf(file.slice(at, at + c)), seal: s ? bytesOf(file.slice(seal, seal + s)) : null };
}

function memberOf(text: Bytes): 'credential' | 'seal' | null {
  try {
    const value = parseJson(text);
    return !isObject(value) ? null : Object.hasOwn(value, '@context') ? 'credential' : Object.hasOwn(value, 'seal') ? 'seal' : null;
  } catch {
    return null;
  }
}

/* Embedded files of a PDF that another program has written. This is no reader of PDFs: what it finds may not be what a reader shows. */
function scan(file: string, parts: Parts): void {
  let files = 0;
  let at = file.indexOf('stream');
  for (let n = 0; at >= 0; n++) {
    if (n === STREAMS_MAX) refuse('too-large', 'The PDF has more streams than are looked at.');
    const before = file.slice(Math.max(0, at - 1000), at);
    const dictionary = before.includes(' obj') ? before.slice(before.lastIndexOf(' obj')) : '';
    const from = at + 6 + (file.startsWith('\r\n', at + 6) ? 2 : 1);
    if (!dictionary.includes('/EmbeddedFile')) {
      at = file.indexOf('stream', at + 6);
      continue;
    }
    if (++files > FILES_MAX) refuse('too-large', `The PDF has more than ${FILES_MAX} embedded files.`);
    const end = file.indexOf('endstream', from);
    if (end < 0) bad('it is cut off');
    const raw = bytesOf(file.slice(from, end));
    const packed = dictionary.includes('/Filter');
    const data = dictionary.includes('/DecodeParms') || (packed && !dictionary.includes('/FlateDecode')) ? null : packed ? unzlib(raw, INFLATED_MAX) : raw;
    const text = data && bytesOf(latin1(data).trim());
    const part = text && memberOf(text);
    if (part && parts[part] && textOf(parts[part]!) !== textOf(text)) refuse('wrong-type', 'The PDF holds two credentials.');
    if (part) parts[part] = text;
    at = file.indexOf('stream', end + 9);
  }
}

export function splitPdf(bytes: Bytes): Parts {
  const file = latin1(bytes);
  const mark = file.indexOf(`\n${MARK}`);
  if (mark >= 0) return splitOurs(file, mark + 1);
  const parts: Parts = { drawn: bytes, credential: null, seal: null };
  scan(file, parts);
  return parts;
}
