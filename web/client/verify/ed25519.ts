/* Ed25519, always the same one: browsers that have it in WebCrypto do not agree about keys of small order, and pages opened over plain HTTP have no
 * WebCrypto at all. Strict as RFC 8032 and libsodium are: no small-order keys, no signatures that are not reduced. */
import { sha512 } from '@noble/hashes/sha2';
import { etc, verify } from '@noble/ed25519';
import type { Bytes } from './bytes.ts';

etc.sha512Sync = (...parts) => sha512(etc.concatBytes(...parts));

export function signatureHolds(signature: Bytes, message: Bytes, key: Bytes): boolean {
  if (signature.length !== 64 || key.length !== 32) return false;
  try {
    return verify(signature, message, key, { zip215: false });
  } catch {
    return false; /* not points of the curve */
  }
}
