/* Decompression with a ceiling: what is small on disk may be very large outside. */
import { Gunzip, Unzlib } from 'fflate';
import { concat, crc32, type Bytes } from './bytes.ts';

const STEP = 4096; /* bytes at a time: each gives at most about four million */

type Stream = Gunzip | Unzlib;

function run(stream: Stream, bytes: Bytes, most: number): Bytes | null {
  const pieces: Bytes[] = [];
  let size = 0;
  let done = false;
  stream.ondata = (piece, final) => {
    size += piece.length;
    if (size <= most) pieces.push(piece);
    done = final;
  };
  try {
    for (let at = 0; at < bytes.length; at += STEP) {
      stream.push(bytes.slice(at, at + STEP), at + STEP >= bytes.length);
      if (size > most) return null;
    }
  } catch {
    return null;
  }
  return done ? concat(...pieces) : null;
}

/* One gzip member (RFC 1952) with its checksum right; null: broken, more behind it, or more than `most` bytes. */
export function gunzip(bytes: Bytes, most: number): Bytes | null {
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return null;
  const out = run(new Gunzip(), bytes, most);
  const tail = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8);
  return out && tail.getUint32(0, true) === crc32(out) && tail.getUint32(4, true) === out.length ? out : null;
}

/* A zlib stream (RFC 1950), as PDF has them. */
export const unzlib = (bytes: Bytes, most: number): Bytes | null => run(new Unzlib(), bytes, most);
