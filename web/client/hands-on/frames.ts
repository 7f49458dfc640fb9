/* The terminal's frames: binary messages whose first byte is the type. Pure.
 *
 *     to the server    0 data   1 size (u16 rows, u16 columns)   2 credit (u32)   3 ping (8 bytes)
 *     from the server  0 data   2 credit (u32)                   3 the ping back  4 notice (JSON)
 *
 * Numbers are big endian. What does not fit this is no frame: null. */

export const PROTOCOL = 'assay.terminal.v1';
export const OUTPUT_WINDOW = 100000; /* bytes the server may send before it hears of their being shown */
export const OUTPUT_ACK = 5000; /* credit is given back in steps of at least this */
export const INPUT_WINDOW = 65536;
export const INPUT_CHUNK = 16384;
const NOTICE_MAX = 65536;

export interface Notice {
  kind: 'replay-begin' | 'replay-end' | 'exited' | 'restored' | 'reset' | 'lost' | 'superseded' | 'ended';
  status?: number;
  message?: string;
}
export type Frame =
  | { type: 'data'; bytes: Uint8Array }
  | { type: 'credit'; bytes: number }
  | { type: 'ping' }
  | { type: 'notice'; notice: Notice };

const KINDS: readonly string[] = ['replay-begin', 'replay-end', 'exited', 'restored', 'reset', 'lost', 'superseded', 'ended'];

function frame(type: number, size: number): { bytes: Uint8Array<ArrayBuffer>; view: DataView } {
  const bytes = new Uint8Array(1 + size);
  bytes[0] = type;
  return { bytes, view: new DataView(bytes.buffer, 1) };
}

export function dataFrame(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { bytes } = frame(0, data.length);
  bytes.set(data, 1);
  return bytes;
}

export function sizeFrame(rows: number, cols: number): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(1, 4);
  view.setUint16(0, rows);
  view.setUint16(2, cols);
  return bytes;
}

export function creditFrame(count: number): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(2, 4);
  view.setUint32(0, count);
  return bytes;
}

export function pingFrame(stamp: number): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(3, 8);
  view.setFloat64(0, stamp);
  return bytes;
}

function noticeOf(bytes: Uint8Array): Notice | null {
  if (bytes.length > NOTICE_MAX) return null;
  try {
    const raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown> | null;
    if (typeof raw?.kind !== 'string' || !KINDS.includes(raw.kind)) return null;
    const notice: Notice = { kind: raw.kind as Notice['kind'] };
    if (typeof raw.status === 'number') notice.status = raw.status;
    if (typeof raw.message === 'string') notice.message = raw.message;
    return notice;
  } catch {
    return null;
  }
}

export function readFrame(message: Uint8Array): Frame | null {
  const body = message.subarray(1);
  switch (message[0]) {
    case 0:
      return { type: 'data', bytes: body };
    case 2:
      return body.length === 4 ? { type: 'credit', bytes: new DataView(body.buffer, body.byteOffset).getUint32(0) } : null;
    case 3:
      return body.length === 8 ? { type: 'ping' } : null;
    case 4: {
      const notice = noticeOf(body);
      return notice && { type: 'notice', notice };
    }
    default:
      return null;
  }
}
