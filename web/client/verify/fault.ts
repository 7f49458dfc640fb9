/* What is wrong with something that was brought: a stable word for machines, one sentence for people. */

export type Code =
  | 'ok' | 'changed' | 'proof-missing' | 'proof-suite' | 'key-not-found' | 'key-not-trusted' | 'key-retired-after' | 'key-compromised' | 'did-mismatch'
  | 'expired' | 'not-yet-valid' | 'revoked' | 'suspended' | 'superseded' | 'status-stale' | 'status-unreachable' | 'status-signature'
  | 'log-mismatch' | 'log-missing' | 'unknown-term' | 'wrong-context' | 'wrong-type' | 'missing-member' | 'duplicate-key' | 'not-json' | 'too-large'
  | 'picture-changed' | 'picture-missing-seal' | 'holder-mismatch' | 'hash-mismatch' | 'hash-missing' | 'no-credential' | 'not-fetched';

export class Fault extends Error {
  constructor(
    readonly code: Code,
    readonly reason: string,
  ) {
    super(reason);
  }
}

export function refuse(code: Code, reason: string): never {
  throw new Fault(code, reason);
}

/* What stands in a sentence of something that came from outside: short, and without characters that do more than stand there. */
export function quoted(text: string, most = 80): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}
