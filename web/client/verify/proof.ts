/* Data Integrity proofs: eddsa-rdfc-2022 and eddsa-jcs-2022 (W3C VC Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3). Both sign
 * SHA-256(canonical proof options) ‖ SHA-256(canonical document without proof). */
import { concat, fromMultibase58, sha256, type Bytes } from './bytes.ts';
import { signatureHolds } from './ed25519.ts';
import { Fault, quoted, refuse } from './fault.ts';
import { canonical, isObject, listAt, own, strange, type Json, type JsonObject } from './json.ts';
import { canonicalRdf } from './rdf.ts';
import { parseTime } from './time.ts';

export type Suite = 'eddsa-rdfc-2022' | 'eddsa-jcs-2022';
export const SUITES: readonly Suite[] = ['eddsa-rdfc-2022', 'eddsa-jcs-2022'];

export interface Proof { suite: Suite; options: JsonObject; method: string; created: string; createdMs: number; signature: Bytes | null }

const KNOWN = ['@context', 'type', 'cryptosuite', 'created', 'verificationMethod', 'proofPurpose', 'proofValue'];

function textIn(proof: JsonObject, key: string, most: number): string {
  const v = own(proof, key);
  if (v === undefined || v === null) return refuse('missing-member', `A proof has no ${key}.`);
  return typeof v === 'string' && v.length <= most ? v : refuse('wrong-type', `${key} of a proof is not text of at most ${most} letters.`);
}

function readProof(value: Json): Proof {
  if (!isObject(value)) return refuse('wrong-type', 'A proof is not an object.');
  const odd = strange(value, KNOWN);
  if (odd !== undefined) refuse('unknown-term', `A proof has the member "${quoted(odd)}", which is not known.`);
  if (textIn(value, 'type', 100) !== 'DataIntegrityProof') refuse('proof-suite', 'A proof is not of the type DataIntegrityProof.');
  const name = textIn(value, 'cryptosuite', 100);
  const suite = SUITES.find((s) => s === name) ?? refuse('proof-suite', `The proof "${quoted(name)}" is not one that counts here.`);
  const created = textIn(value, 'created', 40);
  const method = textIn(value, 'verificationMethod', 511);
  const purpose = textIn(value, 'proofPurpose', 63);
  const signature = fromMultibase58(textIn(value, 'proofValue', 127));
  if (purpose !== 'assertionMethod') refuse('wrong-type', `A proof was made for ${quoted(purpose)}; a credential is signed for assertionMethod.`);
  const createdMs = parseTime(created) ?? refuse('wrong-type', 'A proof does not say when it was made.');
  const { proofValue: _, ...options } = value;
  return { suite, options, method, created, createdMs, signature: signature?.length === 64 ? signature : null };
}

/* The proofs of a document, by suite: once each. Throws a Fault. */
export function readProofs(document: JsonObject): Map<Suite, Proof> {
  const list = listAt(document, 'proof');
  if (!list.length) refuse('proof-missing', 'There is no proof: it is not signed.');
  const out = new Map<Suite, Proof>();
  for (const value of list) {
    const p = readProof(value);
    if (out.has(p.suite)) refuse('proof-suite', `The proof ${p.suite} is there twice.`);
    const context = own(p.options, '@context');
    if (context !== undefined && JSON.stringify(context) !== JSON.stringify(own(document, '@context'))) refuse('wrong-context', 'A proof was made with other contexts than the document has.');
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
    if (!proof.signature) throw new Fault('changed', 'The proof’s value is not a signature of 64 bytes in base58.');
    /* Linked data needs the contexts to say anything; canonical JSON is what stands there. */
    const context = own(this.document, '@context') ?? null;
    const options = await this.form(proof.suite, proof.suite === 'eddsa-jcs-2022' ? proof.options : { ...proof.options, '@context': context });
    return signatureHolds(proof.signature, concat(options, await this.form(proof.suite, this.document)), key);
  }
}
