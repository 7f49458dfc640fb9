/* Whom a verifier trusts, and which key a verification method names.
 *
 * Trust comes from a trust file (or the verifying server's own) and from nothing that a certificate or a bundle brings along: a DID document in a
 * bundle gives a key to check the signature with, but does not say whose it is. A fragment alone never gives a key. */
import { equal, fromMultikey, type Bytes } from './bytes.ts';
import { Fault, quoted, refuse, type Code } from './fault.ts';
import { isObject, own, strange, textAt, type Json, type JsonObject } from './json.ts';
import { parseTime } from './time.ts';

export type Purpose = 'results' | 'credentials' | 'status' | 'log';
type State = 'active' | 'retired' | 'compromised';
const PURPOSES: readonly Purpose[] = ['results', 'credentials', 'status', 'log'];
const STATES: readonly State[] = ['active', 'retired', 'compromised'];
const ISSUERS_MAX = 1000;
const KEYS_MAX = 1000;
const TEXT_MAX = 512;

export interface TrustedKey { key: Bytes; multibase: string; purposes: Purpose[]; state: State; retiredMs: number | null; compromisedMs: number | null }
/* how: what it rests on. */
export interface TrustedIssuer { id: string; name: string | null; keys: TrustedKey[]; logKey: string | null; how: 'pinned' | 'server' | 'built-in' }

/* ---- Reading: a trust file, or a DID document that somebody vouches for by giving it ---- */

const bad = (what: string): never => refuse('wrong-type', `The trust file is not right: ${what}.`);

function text(o: JsonObject, key: string): string {
  const v = textAt(o, key);
  return v !== null && v.length > 0 && v.length <= TEXT_MAX ? v : bad(`"${key}" is missing`);
}

function time(o: JsonObject, key: string): number | null {
  const v = own(o, key);
  if (v === undefined || v === null) return null;
  return (typeof v === 'string' ? parseTime(v) : null) ?? bad(`"${key}" is not a time`);
}

function oneOf<T extends string>(list: readonly T[], value: string, key: string): T {
  return list.find((x) => x === value) ?? bad(`"${key}" is none of ${list.join(', ')}`);
}

function onlyKeys(o: JsonObject, known: readonly string[]): void {
  const odd = strange(o, known);
  if (odd !== undefined) bad(`the member "${quoted(odd)}" is not known`);
}

function readKey(o: Json): TrustedKey {
  if (!isObject(o)) return bad('a key is not an object');
  onlyKeys(o, ['purpose', 'publicKeyMultibase', 'state', 'created_at', 'retired_at', 'compromised_at']);
  const multibase = text(o, 'publicKeyMultibase');
  const key = fromMultikey(multibase) ?? bad('a key is not an Ed25519 Multikey');
  const compromisedMs = time(o, 'compromised_at');
  const state = oneOf(STATES, own(o, 'state') === undefined || o.state === null ? 'active' : text(o, 'state'), 'state');
  return { key, multibase, purposes: [oneOf(PURPOSES, text(o, 'purpose'), 'purpose')], state: compromisedMs === null ? state : 'compromised', retiredMs: time(o, 'retired_at'), compromisedMs };
}

function readIssuer(o: Json, how: TrustedIssuer['how']): TrustedIssuer {
  if (!isObject(o)) return bad('an issuer is not an object');
  onlyKeys(o, ['id', 'name', 'keys', 'log']);
  const keys = own(o, 'keys');
  if (!Array.isArray(keys) || keys.length > KEYS_MAX) return bad(`"keys" is not a list of at most ${KEYS_MAX}`);
  const log = own(o, 'log');
  return { id: text(o, 'id'), name: textAt(o, 'name'), keys: keys.map(readKey), logKey: isObject(log) ? text(log, 'key') : null, how };
}

/* Throws a Fault. */
export function readTrust(value: Json, how: TrustedIssuer['how']): TrustedIssuer[] {
  if (!isObject(value)) return bad('it is not an object');
  if (!Object.hasOwn(value, 'trust')) {
    if (!Object.hasOwn(value, 'verificationMethod') && !Object.hasOwn(value, 'assertionMethod')) bad('it is neither a trust file nor a DID document');
    const document = readDidDocument(value, text(value, 'id'));
    const keys = document.methods.map((m): TrustedKey => ({
      key: m.key, multibase: '', purposes: m.asserts ? ['results', 'credentials', 'status'] : [], retiredMs: m.expiresMs, compromisedMs: m.revokedMs,
      state: m.revokedMs !== null ? 'compromised' : m.expiresMs !== null ? 'retired' : 'active',
    }));
    return [{ id: document.id, name: null, keys, logKey: null, how }];
  }
  onlyKeys(value, ['trust', 'issuers', 'made']);
  if (own(value, 'trust') !== 'assay-trust/v1') bad('this version is not known');
  const issuers = own(value, 'issuers');
  if (!Array.isArray(issuers) || issuers.length > ISSUERS_MAX) return bad(`"issuers" is not a list of at most ${ISSUERS_MAX}`);
  return issuers.map((i) => readIssuer(i, how));
}

export const isTrust = (value: Json): boolean =>
  isObject(value) && (Object.hasOwn(value, 'trust') || ((Object.hasOwn(value, 'verificationMethod') || Object.hasOwn(value, 'assertionMethod')) && !Object.hasOwn(value, 'credentialSubject')));

/* ---- DID documents ---- */

interface Method { id: string; key: Bytes; asserts: boolean; revokedMs: number | null; expiresMs: number | null }
interface DidDocument { id: string; methods: Method[] }
const METHODS_MAX = 256;

/* "did:…#fragment" in two, or null. */
export function splitMethod(method: string): [did: string, fragment: string] | null {
  const m = method.length < TEXT_MAX ? /^(did:[^#?/]+)#([^#]+)$/.exec(method) : null;
  return m && [m[1]!, m[2]!];
}

const absolute = (did: string, id: string | null): string | null => {
  const whole = id?.startsWith('#') ? did + id : id;
  return whole && splitMethod(whole)?.[0] === did ? whole : null;
};

/* A method that counts: Multikey with an Ed25519 key, controlled by the DID itself. Others are left out. */
function readMethod(did: string, o: Json, asserts: boolean): Method | null {
  if (!isObject(o)) return refuse('did-mismatch', 'A verification method in the DID document is not an object.');
  const id = absolute(did, textAt(o, 'id'));
  const key = fromMultikey(textAt(o, 'publicKeyMultibase') ?? '');
  if (!id || !key || textAt(o, 'controller') !== did || textAt(o, 'type') !== 'Multikey') return null;
  const times = ['revoked', 'expires'].map((k) => (Object.hasOwn(o, k) ? parseTime(textAt(o, k) ?? '') ?? NaN : null));
  return times.some(Number.isNaN) ? null : { id, key, asserts, revokedMs: times[0]!, expiresMs: times[1]! };
}

function methodList(document: JsonObject, key: string): Json[] {
  const list = own(document, key) ?? [];
  return Array.isArray(list) && list.length <= METHODS_MAX ? list : refuse('did-mismatch', `"${key}" of the DID document is not a list of at most ${METHODS_MAX}.`);
}

export function readDidDocument(document: Json, did: string): DidDocument {
  if (!isObject(document) || own(document, 'id') !== did) return refuse('did-mismatch', 'The DID document is not the issuer’s.');
  const methods: Method[] = [];
  const add = (m: Method | null): void => {
    if (m && methods.some((other) => other.id === m.id)) refuse('did-mismatch', 'The DID document says two things of one key.');
    if (m) methods.push(m);
  };
  for (const o of methodList(document, 'verificationMethod')) add(readMethod(did, o, false));
  for (const o of methodList(document, 'assertionMethod')) {
    if (typeof o !== 'string') add(readMethod(did, o, true));
    else for (const m of methods) if (m.id === absolute(did, o)) m.asserts = true;
  }
  return { id: did, methods };
}

/* ---- The key of a verification method ---- */

/* trusted: it is the issuer's, we know from elsewhere. unknown: nothing speaks against it, and nothing that counts for it. */
export interface KeyFinding { standing: 'trusted' | 'unknown' | 'refused'; key: Bytes | null; code: Code; reason: string }

/* What is known while one input is looked at. */
export interface KeySources {
  issuer: string;
  trust: readonly TrustedIssuer[];
  /* The issuer's DID document from its own address; null: it was not asked, or could not be had. */
  fetched: Json | null;
  brought: Json | null; /* that of a bundle */
}

/* The worst that any entry says of a key: one file is enough to say that it was stolen. */
function said(sources: KeySources, key: Bytes): { issuer: TrustedIssuer; key: TrustedKey } | null {
  let found: { issuer: TrustedIssuer; key: TrustedKey } | null = null;
  for (const issuer of sources.trust) {
    if (issuer.id !== sources.issuer) continue;
    for (const k of issuer.keys) if (equal(k.key, key) && (!found || STATES.indexOf(k.state) > STATES.indexOf(found.key.state))) found = { issuer, key: k };
  }
  return found;
}

const HOW = { pinned: 'pinned', server: 'this server’s own', 'built-in': 'the one of the server that this page is from' } as const;

type Conclude = (standing: KeyFinding['standing'], code: Code, reason: string) => KeyFinding;

function askTrust(sources: KeySources, key: Bytes, purpose: Purpose, signedMs: number, conclude: Conclude): KeyFinding | null {
  const entry = said(sources, key);
  if (!entry) return null;
  const how = HOW[entry.issuer.how];
  if (entry.key.state === 'compromised') return conclude('refused', 'key-compromised', 'The key was stolen or lost: nothing that it signed counts, whenever that was.');
  if (!entry.key.purposes.includes(purpose)) return conclude('refused', 'key-not-trusted', `The key is ${how}, but not for ${purpose}.`);
  if (entry.key.retiredMs !== null && signedMs >= entry.key.retiredMs) return conclude('refused', 'key-retired-after', 'The key was not in use any more when this was signed.');
  return conclude('trusted', 'ok', `The key is ${how}: ${quoted(entry.issuer.name ?? sources.issuer)}.`);
}

function askDid(sources: KeySources, source: Json, method: string, key: Bytes, signedMs: number, conclude: Conclude, own_: boolean): KeyFinding {
  let m: Method | undefined;
  try {
    m = readDidDocument(source, sources.issuer).methods.find((x) => x.id === method);
  } catch (e) {
    if (e instanceof Fault) return conclude('refused', e.code, e.reason);
    throw e;
  }
  if (!m) return conclude('refused', 'key-not-found', `The issuer’s DID document has no key "${quoted(method, 160)}" that counts.`);
  if (m.revokedMs !== null) return conclude('refused', 'key-compromised', 'The issuer has revoked the key: whoever has it may give any time as that of signing.');
  if (m.expiresMs !== null && signedMs >= m.expiresMs) return conclude('refused', 'key-retired-after', 'The key was not in use any more when this was signed.');
  if (!m.asserts) return conclude('refused', 'key-not-trusted', 'The issuer does not let this key sign certificates.');
  if (!equal(m.key, key)) return conclude('refused', 'did-mismatch', 'The issuer’s DID document has another key under this name.');
  if (own_) return conclude('trusted', 'ok', `The key was found at the issuer’s own address: ${quoted(sources.issuer)} says so itself.`);
  return conclude('unknown', 'key-not-trusted', 'The DID document in the bundle names the key, but anybody could have packed it, and nothing was looked up.');
}

function unpinned(sources: KeySources, method: string, key: Bytes, signedMs: number, conclude: Conclude): KeyFinding {
  if (sources.issuer.startsWith('did:key:')) {
    if (!equal(fromMultikey(sources.issuer.slice(8)) ?? new Uint8Array(), key)) return conclude('refused', 'key-not-found', 'The issuer is another key.');
    return conclude('unknown', 'key-not-trusted', 'Whoever holds this key made it. Who that is, it cannot say, and the key is not pinned.');
  }
  if (sources.fetched !== null) return askDid(sources, sources.fetched, method, key, signedMs, conclude, true);
  if (sources.brought !== null) return askDid(sources, sources.brought, method, key, signedMs, conclude, false);
  return conclude('unknown', 'key-not-trusted', `The keys of ${quoted(sources.issuer)} were not looked up, and none is pinned.`);
}

/* Whether a verification method is a key of the issuer that counted for this purpose when something was signed. Its name holds the key; a name alone
 * proves nothing. */
export function findKey(sources: KeySources, purpose: Purpose, method: string, signedMs: number): KeyFinding {
  const parts = splitMethod(method);
  const key = parts && fromMultikey(parts[1]);
  const conclude: Conclude = (standing, code, reason) => ({ standing, key: key ?? null, code, reason });
  if (!parts || !key) return conclude('refused', 'key-not-found', 'The name of the key holds none.');
  const [did, fragment] = parts;
  /* Each key of a did:key issuer has a name of its own: a pin has to say that it is the issuer's. */
  const itsOwn = sources.issuer.startsWith('did:key:') && did === `did:key:${fragment}`;
  if (did !== sources.issuer && !itsOwn) return conclude('refused', 'did-mismatch', `The key is one of ${quoted(did, 120)}, the issuer is ${quoted(sources.issuer, 120)}.`);
  const pinned = askTrust(sources, key, purpose, signedMs, conclude);
  if (pinned && (pinned.standing === 'refused' || sources.fetched === null)) return pinned;
  const now = unpinned(sources, method, key, signedMs, conclude);
  /* An old pin does not bring a key back that the issuer revokes now. */
  if (pinned) return now.code === 'key-not-found' || now.standing !== 'refused' ? pinned : now;
  if (now.standing === 'unknown' && sources.trust.some((i) => i.id === sources.issuer)) return conclude('refused', 'key-not-found', `The key is none of those that are pinned for ${quoted(sources.issuer)}.`);
  return now;
}
