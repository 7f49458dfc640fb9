/* A document as canonical RDF: JSON-LD expansion with the contexts that are compiled in, then RDFC-1.0.
 *
 * Nothing is ever fetched: another context is refused, and so is everything that expansion would silently drop (unknown terms above all),
 * because what is dropped is not signed. */
import contexts from 'assay:contexts';
import { sha256 } from '@noble/hashes/sha2';
import jsonld from 'jsonld';
import canonize from 'rdf-canonize';
import { hex, utf8, type Bytes } from './bytes.ts';
import { Fault, quoted, refuse } from './fault.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

const QUADS_MAX = 20000;
const WORK_MAX = 10000; /* comparisons of look-alike blank nodes: graphs made to have very many of them are refused */

export const CONTEXT_VC = 'https://www.w3.org/ns/credentials/v2';
export const CONTEXT_OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
export const CONTEXT_EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';

function documentLoader(address: string): Promise<{ contextUrl: null; documentUrl: string; document: object }> {
  const document = Object.hasOwn(contexts, address) ? contexts[address] : undefined;
  if (!document) return Promise.reject(new Fault('wrong-context', `The context "${quoted(address)}" is not one that this verifier knows.`));
  return Promise.resolve({ contextUrl: null, documentUrl: address, document });
}

class Digest {
  private readonly hash = sha256.create();
  update(text: string): void {
    this.hash.update(utf8(text));
  }
  digest(): string {
    return hex(this.hash.digest());
  }
}

/* Contexts come at the top only, as addresses; "__proto__" is no term (and libraries lose it on the way). */
function checkKeys(value: Json, top: boolean): void {
  if (Array.isArray(value)) {
    for (const v of value) checkKeys(v, false);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, v] of Object.entries(value)) {
    if (key === '__proto__') refuse('unknown-term', 'The term "__proto__" is not in the contexts.');
    if (key === '@context' && !top) refuse('wrong-context', 'There is a context inside of the document.');
    if (key !== '@context') checkKeys(v, false);
  }
}

interface LinkedDataError { details?: { event?: { code?: string; details?: Record<string, unknown> }; cause?: unknown }; cause?: unknown }

/* What jsonld had to say, in our words. */
function faultOf(error: unknown): Fault {
  for (let e = error as (LinkedDataError & Error) | undefined, n = 0; e && n < 8; n++) {
    if (e instanceof Fault) return e;
    const event = e.details?.event;
    if (event?.code === 'invalid property') return new Fault('unknown-term', `The term "${quoted(String(event.details?.property))}" is not in the contexts.`);
    if (event) return new Fault('unknown-term', `The document cannot be expressed as linked data: ${quoted(String(event.code))}${event.details?.value || event.details?.id ? ` "${quoted(String(event.details.value ?? event.details.id))}"` : ''}.`);
    e = (e.details?.cause ?? e.cause) as typeof e;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/Maximum deep iterations/.test(message)) return new Fault('too-large', 'The document was made so that it takes very long to compare.');
  return new Fault('wrong-type', `The document cannot be expressed as linked data: ${quoted(message, 120)}`);
}

/* The canonical N-Quads of a document, as bytes. Throws a Fault. */
export async function canonicalRdf(document: JsonObject): Promise<Bytes> {
  checkKeys(document, true);
  try {
    const dataset = await jsonld.toRDF(document, { documentLoader, safe: true, base: null, produceGeneralizedRdf: false });
    if (dataset.length > QUADS_MAX) refuse('too-large', `The document makes more than ${QUADS_MAX} statements.`);
    return utf8(await canonize.canonize(dataset, { algorithm: 'RDFC-1.0', createMessageDigest: () => new Digest(), maxDeepIterations: WORK_MAX }));
  } catch (e) {
    throw faultOf(e);
  }
}
