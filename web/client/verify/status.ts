/* Whether the issuer has taken a certificate back: its bit in a signed status list (W3C Bitstring Status List 1.0).
 *
 * A list that cannot be had, is not the issuer's, or is out of date says nothing: then the answer is unknown, never "not revoked". */
import { fromBase64Url, type Bytes } from './bytes.ts';
import { Fault, refuse } from './fault.ts';
import { gunzip } from './inflate.ts';
import { isObject, listAt, objectAt, own, textAt, type Json, type JsonObject } from './json.ts';
import { parseTime } from './time.ts';

const LIST_MIN = 131072 / 8;
const LIST_MAX = 8 << 20; /* bytes, unpacked */
const CONTEXT = 'https://www.w3.org/ns/credentials/v2';

export interface Entry { list: string; index: number; purpose: 'revocation' | 'suspension'; reference: string | null } /* reference: a list of suspensions */

/* credentialStatus of a certificate; null: there is none. Throws a Fault: it cannot be read. */
export function readEntry(credential: JsonObject): Entry | null {
  const status = objectAt(credential, 'credentialStatus');
  if (!status) return null;
  const purpose = textAt(status, 'statusPurpose');
  const index = textAt(status, 'statusListIndex') ?? '';
  if (purpose !== 'revocation' && purpose !== 'suspension') return refuse('status-signature', 'A status of this kind is not known here.');
  if (!/^(0|[1-9]\d{0,9})$/.test(index) || Object.hasOwn(status, 'statusSize')) refuse('status-signature', 'The certificate’s place in the list cannot be read.');
  return { list: textAt(status, 'statusListCredential') ?? '', index: Number(index), purpose, reference: textAt(status, 'statusReference') };
}

export interface StatusList { issuer: string; validFromMs: number; validUntilMs: number; purposes: string[]; bits: Bytes }

/* A list as a document; its proofs are checked elsewhere. Throws a Fault with the code status-signature. */
export function readList(document: Json, address: string): StatusList {
  const wrong = (what: string): never => refuse('status-signature', `The status list is not one: ${what}.`);
  if (!isObject(document)) return wrong('it is not an object');
  const subject = objectAt(document, 'credentialSubject');
  if (listAt(document, '@context')[0] !== CONTEXT || !listAt(document, 'type').includes('BitstringStatusListCredential') || !subject || own(subject, 'type') !== 'BitstringStatusList') return wrong('its types are others');
  if (textAt(document, 'id') !== address) return wrong('it is another list than the certificate names');
  const issuer = textAt(document, 'issuer') ?? textAt(objectAt(document, 'issuer') ?? {}, 'id') ?? wrong('it has no issuer');
  const validFromMs = parseTime(textAt(document, 'validFrom') ?? '') ?? wrong('it does not say since when it is valid');
  const validUntilMs = parseTime(textAt(document, 'validUntil') ?? '') ?? wrong('it does not say until when it is valid');
  const encoded = textAt(subject, 'encodedList') ?? '';
  const packed = encoded.startsWith('u') && encoded.length < 2 << 20 ? fromBase64Url(encoded.slice(1)) : null;
  const bits = packed && gunzip(packed, LIST_MAX);
  if (!bits || bits.length < LIST_MIN) return wrong('its bits cannot be read');
  return { issuer, validFromMs, validUntilMs, purposes: listAt(subject, 'statusPurpose').filter((p): p is string => typeof p === 'string'), bits };
}

/* Whether the bit is set: index 0 is the leftmost. Throws a Fault: the list has no such place. */
export function isSet(list: StatusList, entry: Entry): boolean {
  if (!list.purposes.includes(entry.purpose)) throw new Fault('status-signature', 'The status list is for another purpose than the certificate says.');
  if (entry.index >= list.bits.length * 8) throw new Fault('status-signature', 'The status list has no place for this certificate.');
  return ((list.bits[entry.index >> 3]! >> (7 - (entry.index & 7))) & 1) === 1;
}
