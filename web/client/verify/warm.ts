/* What is slow the first time only, done while nobody waits: the contexts are read, the curve's tables made, the code compiled. A few tens of
 * milliseconds, taken from the time in which a person looks for a file. */
import { signatureHolds } from './ed25519.ts';
import { canonicalRdf, CONTEXT_EXTENSIONS, CONTEXT_OB, CONTEXT_VC } from './rdf.ts';

export async function warmUp(): Promise<void> {
  const base = { y: new Uint8Array(32).fill(0x66), signature: new Uint8Array(64) };
  base.y[0] = 0x58; /* the curve's base point: any key will do */
  signatureHolds(base.signature, base.y, base.y);
  await canonicalRdf({
    '@context': [CONTEXT_VC, CONTEXT_OB, CONTEXT_EXTENSIONS],
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: 'urn:x', type: ['Profile'], name: 'x' },
    credentialSubject: { type: ['AchievementSubject'], achievement: { id: 'urn:y', type: ['Achievement'], name: 'y', resultDescription: [{ id: 'urn:z', type: ['ResultDescription'], name: 'z', resultType: 'Status' }] } },
    evidence: [{ type: ['Evidence'], genre: 'g', name: 'n' }],
  });
}
