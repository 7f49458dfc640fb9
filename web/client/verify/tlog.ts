/* Proofs that something is in a transparency log: c2sp.org/tlog-proof over a signed checkpoint (RFC 6962 hashing).
 *
 * What is logged is a salted commitment; the salt travels in the proof's "extra" line. */
import { concat, equal, fromBase64, hex, sha256, textOf, utf8, type Bytes } from './bytes.ts';
import { signatureHolds } from './ed25519.ts';
import { refuse } from './fault.ts';

const PROOF_MAX = 128 << 10;
const HASHES_MAX = 63;
const SIGNATURES_MAX = 64;
const NAME = /^[^\s+\p{Cc}\p{Z}]{1,200}$/u;

const bad = (what: string): never => refuse('log-mismatch', `The proof from the log does not hold: ${what}.`);

function sizeOf(text: string): bigint | null {
  return /^(0|[1-9]\d{0,18})$/.test(text) && BigInt(text) < 1n << 62n ? BigInt(text) : null;
}

function hashOf(text: string): Bytes {
  const h = fromBase64(text);
  return h?.length === 32 ? h : bad('a hash is not one');
}

/* ---- Verifier keys and signed notes ---- */

interface NoteKey { name: string; id: Bytes; key: Bytes }

/* "NAME+ID+BASE64(type ‖ key)", Ed25519 only; null: no such key. */
export function readNoteKey(vkey: string): NoteKey | null {
  const m = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(vkey);
  const bytes = m && fromBase64(m[3]!);
  if (!m || bytes?.length !== 33 || bytes[0] !== 1 || !NAME.test(m[1]!)) return null;
  const id = sha256(concat(utf8(m[1]!), Uint8Array.of(10), bytes)).subarray(0, 4);
  return hex(id) === m[2] ? { name: m[1]!, id, key: bytes.subarray(1) } : null;
}

interface Checkpoint { origin: string; size: bigint; root: Bytes }

/* A checkpoint that this key signed. */
function readCheckpoint(note: string, key: NoteKey): Checkpoint {
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0 || !note.endsWith('\n')) return bad('the checkpoint is not signed');
  if (/[\0-\x09\x0b-\x1f]/.test(note)) return bad('the checkpoint holds control characters');
  const text = note.slice(0, cut + 1);
  const lines = note.slice(cut + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) return bad('it has too many signatures');
  let signed = false;
  for (const line of lines) {
    const m = /^\u2014 (\S+) (\S+)$/.exec(line);
    const bytes = m && fromBase64(m[2]!);
    if (!m || !bytes || bytes.length < 5) return bad('a signature of the checkpoint is not one');
    if (m[1] !== key.name || !equal(bytes.subarray(0, 4), key.id)) continue;
    if (!signatureHolds(bytes.subarray(4), utf8(text), key.key)) return bad('the checkpoint is not as the log signed it');
    signed = true;
  }
  if (!signed) return bad('the checkpoint is not signed by the issuer’s log');
  const [origin, size, root] = text.split('\n');
  const n = sizeOf(size ?? '');
  if (origin !== key.name || n === null || root === undefined) return bad('the checkpoint is of another log');
  return { origin, size: n, root: hashOf(root) };
}

/* ---- The Merkle tree: RFC 9162, section 2.1.3.2 ---- */

const leafOf = (entry: Bytes): Bytes => sha256(concat(Uint8Array.of(0), entry));
const nodeOf = (left: Bytes, right: Bytes): Bytes => sha256(concat(Uint8Array.of(1), left, right));

export function included(index: bigint, size: bigint, leaf: Bytes, hashes: readonly Bytes[], root: Bytes): boolean {
  if (index >= size) return false;
  let node = index;
  let last = size - 1n;
  let h = leaf;
  for (const p of hashes) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      h = nodeOf(p, h);
      while (!(node & 1n) && node) {
        node >>= 1n;
        last >>= 1n;
      }
    } else h = nodeOf(h, p);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(h, root);
}

/* ---- Proofs ---- */

interface Parts { extra: Bytes; index: bigint; hashes: Bytes[]; checkpoint: string }

function readParts(text: string): Parts {
  if (text.length > PROOF_MAX) return refuse('too-large', 'The proof from the log is too large.');
  const cut = text.indexOf('\n\n');
  const lines = cut < 0 ? [] : text.slice(0, cut).split('\n');
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') return bad('it is not a tlog-proof');
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice(6)) : new Uint8Array();
  const index = lines[0]?.startsWith('index ') ? sizeOf(lines.shift()!.slice(6)) : null;
  if (!extra || index === null) return bad('it does not say which entry it is about');
  if (lines.length > HASHES_MAX) return bad('it has too many hashes');
  return { extra, index, hashes: lines.map(hashOf), checkpoint: text.slice(cut + 2) };
}

function saltOf(extra: Bytes, kind: string): Bytes {
  const m = /^([^\n]*)\n([0-9a-fA-F]{64})\n$/.exec(textOf(extra) ?? '');
  if (!m) return bad('the salt of the entry is missing');
  if (m[1] !== kind) return bad('it is about another kind of thing');
  return Uint8Array.from(m[2]!.match(/../g)!, (h) => parseInt(h, 16));
}

/* Whether these bytes are in the log as what `kind` says. Gives where; throws a Fault. */
export function checkLogProof(proof: string, kind: 'certificate' | 'result', bytes: Bytes, key: NoteKey): { index: bigint; size: bigint; origin: string } {
  const p = readParts(proof);
  const commitment = hex(sha256(concat(saltOf(p.extra, kind), bytes)));
  const c = readCheckpoint(p.checkpoint, key);
  if (!included(p.index, c.size, leafOf(utf8(`assay-log-entry/v1\n${kind}\n${commitment}\n`)), p.hashes, c.root)) return bad('the certificate is not in the log as it is here');
  return { index: p.index, size: c.size, origin: c.origin };
}
