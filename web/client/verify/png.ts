/* PNG with a credential baked in: chunks (PNG, third edition, section 5); one uncompressed iTXt "openbadgecredential" behind IHDR (Open Badges 3.0,
 * section 5.3.2.1), the seal's behind it. */
import { concat, crc32, latin1, startsWith, utf8, type Bytes } from './bytes.ts';
import { refuse } from './fault.ts';
import type { Parts } from './picture.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const IHDR_END = 33;
const KEYWORDS = { openbadgecredential: 'credential', assaypicture: 'seal' } as const;

const bad = (what: string): never => refuse('wrong-type', `The PNG is broken: ${what}.`);
export const isPng = (bytes: Bytes): boolean => startsWith(bytes, SIGNATURE);

interface Chunk { type: string; whole: Bytes; data: Bytes }

function* chunks(file: Bytes): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let at = 8;
  for (let first = true; ; first = false) {
    if (file.length - at < 12) bad('it is cut off');
    const size = view.getUint32(at);
    if (size > file.length - at - 12) bad('a chunk goes beyond its end');
    const type = latin1(file.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) bad('a chunk has no type');
    if (crc32(file.subarray(at + 4, at + 8 + size)) !== view.getUint32(at + 8 + size)) bad(`the checksum of a chunk ${type} does not match`);
    if (first !== (type === 'IHDR') || (first && size !== 13)) bad('it does not begin with one IHDR chunk');
    yield { type, whole: file.subarray(at, at + 12 + size), data: file.subarray(at + 8, at + 8 + size) };
    at += 12 + size;
    if (type === 'IEND') break;
  }
  if (at < file.length) bad('there is something behind its end');
}

/* Behind the keyword of an iTXt chunk: compression flag and method, language, translated keyword, text. */
function itxt(data: Bytes): Bytes {
  if (data.length < 2 || data[0] !== 0 || data[1] !== 0) return refuse('wrong-type', 'The credential in the PNG is compressed, which Open Badges does not allow.');
  const language = data.indexOf(0, 2);
  const keyword = language < 0 ? -1 : data.indexOf(0, language + 1);
  return keyword < 0 ? bad('a text chunk ends too early') : data.subarray(keyword + 1);
}

export function splitPng(file: Bytes): Parts {
  const drawn: Bytes[] = [file.subarray(0, 8)];
  const parts: Parts = { drawn: file, credential: null, seal: null };
  for (const c of chunks(file)) {
    const end = /^(iTXt|tEXt|zTXt)$/.test(c.type) ? c.data.indexOf(0) : -1;
    const keyword = end < 0 ? '' : latin1(c.data.subarray(0, end));
    if (keyword === 'openbadges') refuse('wrong-type', 'The PNG holds a badge of Open Badges 2.0 or earlier, not a credential of 3.0.');
    const part = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword as keyof typeof KEYWORDS] : null;
    if (part === null) {
      drawn.push(c.whole);
      continue;
    }
    if (c.type !== 'iTXt') refuse('wrong-type', 'The credential in the PNG is not in an iTXt chunk.');
    if (parts[part]) refuse('wrong-type', 'The PNG holds two credentials or two seals.');
    parts[part] = itxt(c.data.subarray(end + 1));
    if (!parts[part]!.length) bad('its credential or its seal is empty');
  }
  parts.drawn = concat(...drawn);
  return parts;
}

function textChunk(keyword: string, text: Bytes): Bytes {
  const body = concat(utf8(`iTXt${keyword}\0\0\0\0\0`), text);
  const number = (v: number): Bytes => Uint8Array.of(v >>> 24, (v >>> 16) & 255, (v >>> 8) & 255, v & 255);
  return concat(number(body.length - 4), body, number(crc32(body)));
}

export function joinPng({ drawn, credential, seal }: Parts): Bytes {
  return concat(drawn.subarray(0, IHDR_END), textChunk('openbadgecredential', credential!), ...(seal ? [textChunk('assaypicture', seal)] : []), drawn.subarray(IHDR_END));
}
