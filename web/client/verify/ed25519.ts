/* Ed25519, always the same one: browsers that have it in WebCrypto do not agree about keys of small order, and pages opened over plain HTTP have no
 * WebCrypto at all. Strict as libsodium is, which the server has: no small-order keys or commitments, no signatures that are not reduced, and the
 * equation without the cofactor. Else a signer could make a signature that holds here and not there. */
import { sha512 } from '@noble/hashes/sha2';
import { CURVE, Point, etc, verify } from '@noble/ed25519';
import type { Bytes } from './bytes.ts';

etc.sha512Sync = (...parts) => sha512(etc.concatBytes(...parts));

const numberOf = (littleEndian: Bytes): bigint => BigInt(`0x${etc.bytesToHex(Uint8Array.from(littleEndian).reverse())}`);

/* R = [S]B - [k]A, where the library allows for a point of small order between them. */
function isExact(signature: Bytes, message: Bytes, key: Bytes): boolean {
  const r = signature.subarray(0, 32);
  const k = numberOf(sha512(etc.concatBytes(r, key, message))) % CURVE.n;
  const exact = Point.BASE.multiply(numberOf(signature.subarray(32)), false).add(Point.fromHex(key).multiply(k, false).negate());
  return !exact.isSmallOrder() && etc.bytesToHex(exact.toBytes()) === etc.bytesToHex(r);
}

export function signatureHolds(signature: Bytes, message: Bytes, key: Bytes): boolean {
  if (signature.length !== 64 || key.length !== 32) return false;
  try {
    return verify(signature, message, key, { zip215: false }) && isExact(signature, message, key);
  } catch {
    return false; /* not points of the curve */
  }
}
