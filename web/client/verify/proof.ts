/* Data Integrity proofs: eddsa-rdfc-2022 and eddsa-jcs-2022 (W3C VC Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3). Both sign
 * SHA-256(canonical proof options) ‖ SHA-256(canonical document without proof). */
import { concat, fromMultibase58, sha256, type Bytes } from './bytes.ts';
import { signatureHolds } from './ed25519.ts';
import { Fault, quoted, refuse } from './fault.ts';
import { canonical, isObject, listAt, own, strange, textAt, type Json, type JsonObject } from './json.ts';
import { canonicalRdf } from './rdf.ts';
import { parseTime } from './time.ts';

export type Suite = 'eddsa-rdfc-2022' | 'eddsa-jcs-2022';
export const SUITES: readonly Suite[] = ['eddsa-rdfc-2022', 'eddsa-jcs-2022'];

export interface Proof { suite: Suite; options: JsonObject; method: string; created: string; createdMs: number; signature: Bytes }

const KNOWN = ['@context', 'type', 'cryptosuite', 'created', 'verificationMethod', 'proofPurpose', 'proofValue'];

function readProof(value: Json): Proof {
  if (!isObject(value)) return refuse('proof-suite', 'A proof is not an object.');
  const odd = strange(value, KNOWN);
  if (odd !== undefined) refuse('proof-broken', `A proof has the member "${quoted(odd)}", which is not known.`);
  if (own(value, 'type') !== 'DataIntegrityProof') refuse('proof-suite', 'A proof is not of the type DataIntegrityProof.');
  const suite = SUITES.find((s) => s === own(value, 'cryptosuite'));
  if (!suite) return refuse('proof-suite', `The proof "${quoted(textAt(value, 'cryptosuite') ?? '')}" is not one that counts here.`);
  if (own(value, 'proofPurpose') !== 'assertionMethod') refuse('proof-purpose', 'A proof was not made for assertions.');
  const created = textAt(value, 'created') ?? '';
  const createdMs = parseTime(created);
  const method = textAt(value, 'verificationMethod');
  const signature = fromMultibase58(textAt(value, 'proofValue') ?? '');
  if (createdMs === null) return refuse('proof-broken', 'A proof does not say when it was made.');
  if (!method || method.length > 512) return refuse('proof-broken', 'A proof does not say with which key it was made.');
  if (signature?.length !== 64) return refuse('proof-broken', 'The signature of a proof is broken.');
  const { proofValue: _, ...options } = value;
  return { suite, options, method, created, createdMs, signature };
}

/* The proofs of a document, by suite: both of them, once each. Throws a Fault. */
export function readProofs(document: JsonObject): Map<Suite, Proof> {
  const list = listAt(document, 'proof');
  if (!list.length) refuse('proof-missing', 'There is no proof.');
  if (list.length > SUITES.length) refuse('proof-twice', 'There are more proofs than can be meant.');
  const out = new Map<Suite, Proof>();
  for (const p of list.map(readProof)) {
    if (out.has(p.suite)) refuse('proof-twice', `The proof ${p.suite} is there twice.`);
    out.set(p.suite, p);
  }
  return out;
}

/* The document without its proofs, in canonical form and hashed, once per suite. */
export class Unsigned {
  readonly document: JsonObject;
  constructor(signed: JsonObject) {
    const { proof: _, ...document } = signed;
    this.document = document;
  }

  private async form(suite: Suite, document: JsonObject): Promise<Bytes> {
    return sha256(suite === 'eddsa-jcs-2022' ? canonical(document) : await canonicalRdf(document));
  }

  /* Whether the key made this proof over this document. Throws a Fault when the document has no such form. */
  async holds(proof: Proof, key: Bytes): Promise<boolean> {
    const context = own(this.document, '@context') ?? null;
    const given = own(proof.options, '@context');
    if (given !== undefined && JSON.stringify(given) !== JSON.stringify(context)) throw new Fault('wrong-context', 'The proof was made with other contexts than the document has.');
    if (given === undefined && proof.suite === 'eddsa-jcs-2022') throw new Fault('changed', 'The contexts are missing in the proof.');
    const options = await this.form(proof.suite, { ...proof.options, '@context': context });
    return signatureHolds(proof.signature, concat(options, await this.form(proof.suite, this.document)), key);
  }
}
