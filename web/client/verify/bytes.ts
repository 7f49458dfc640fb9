/* Bytes: text encodings, SHA-256, CRC-32. All of it is synchronous, and none of it asks the browser: pages opened over plain HTTP have no WebCrypto. */
import { sha256 as hash } from '@noble/hashes/sha2';

export type Bytes = Uint8Array;
const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);
export const sha256 = (bytes: Bytes): Bytes => hash(bytes);
export const sha256Hex = (bytes: Bytes): string => hex(hash(bytes));

/* null: not UTF-8. */
export function textOf(bytes: Bytes): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/* One character per byte, for files that are half text. */
export function latin1(bytes: Bytes): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

export function concat(...parts: Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

export function equal(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

export function startsWith(bytes: Bytes, head: Bytes): boolean {
  return bytes.length >= head.length && equal(bytes.subarray(0, head.length), head);
}

export function hex(bytes: Bytes): string {
  let out = '';
  for (const b of bytes) out += b.toString(16).padStart(2, '0');
  return out;
}

/* ---- base64: both alphabets, no white space, padding exactly as it is said, no stray bits at the end ---- */

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;

function fromAlphabet(text: string, alphabet: string): Bytes | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let n = 0;
  for (const c of text) {
    const v = alphabet.indexOf(c);
    if (v < 0) return null;
    held = ((held << 6) | v) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[n++] = (held >> bits) & 255;
    }
  }
  return held & ((1 << bits) - 1) ? null : out;
}

export const fromBase64Url = (text: string): Bytes | null => fromAlphabet(text, URL_SAFE);

export function fromBase64(text: string): Bytes | null {
  if (text.length % 4) return null;
  return fromAlphabet(text.replace(/={1,2}$/, ''), STANDARD);
}

/* ---- multibase: base58btc ("z") and base64url ("u") ---- */

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function fromBase58(text: string): Bytes | null {
  const out: number[] = []; /* lowest byte first */
  for (const c of text) {
    let carry = BASE58.indexOf(c);
    if (carry < 0) return null;
    for (let i = 0; i < out.length; i++) {
      carry += out[i]! * 58;
      out[i] = carry & 255;
      carry >>= 8;
    }
    while (carry > 0) {
      out.push(carry & 255);
      carry >>= 8;
    }
  }
  for (let i = 0; text[i] === '1'; i++) out.push(0);
  return Uint8Array.from(out.reverse());
}

/* null for other bases, other characters, or a text too long to be a key or a signature. */
export function fromMultibase58(text: string): Bytes | null {
  return text.startsWith('z') && text.length <= 128 ? fromBase58(text.slice(1)) : null;
}

/* The Ed25519 key of a Multikey (CID 1.0, section 2.2.2), or null. */
export function fromMultikey(text: string): Bytes | null {
  const bytes = fromMultibase58(text);
  return bytes?.length === 34 && bytes[0] === 0xed && bytes[1] === 0x01 ? bytes.subarray(2) : null;
}

/* ---- CRC-32, as PNG and gzip have it ---- */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(bytes: Bytes): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
