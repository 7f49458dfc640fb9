/* An exported result: one signed envelope (docs/verifiers/results.md). The signature decides; the digests inside the payload only help to say which part
 * was changed. */
import { equal, fromBase64Url, hex, sha256Hex, textOf, utf8, type Bytes } from './bytes.ts';
import { signatureHolds } from './ed25519.ts';
import { quoted } from './fault.ts';
import { canonical, isObject, objectAt, own, strange, textAt, type JsonObject } from './json.ts';
import type { TrustedIssuer } from './keys.ts';
import type { ReportWriter } from './report.ts';

/* JSON text without the white space between its tokens. */
function squeeze(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|[ \t\n\r]+/g, (m) => (m.startsWith('"') ? m : ''));
}

/* null, or why the signature does not hold. */
function whyNot(input: Bytes, envelope: JsonObject, payload: JsonObject, signature: JsonObject): string | null {
  const odd = strange(envelope, ['payload', 'signature']) ?? strange(signature, ['alg', 'key', 'value', 'sha256']);
  if (odd !== undefined) return `The member "${quoted(odd)}" does not belong there and is not signed.`;
  if (own(signature, 'alg') !== 'Ed25519') return 'The signature is of another kind than Ed25519.';
  const key = fromBase64Url(textAt(signature, 'key') ?? '');
  const value = fromBase64Url(textAt(signature, 'value') ?? '');
  if (key?.length !== 32 || value?.length !== 64) return 'The key or the signature is broken.';
  const bytes = canonical(payload);
  if (sha256Hex(bytes) !== own(signature, 'sha256')) return 'The payload hashes to something else than the signature says: it was changed.';
  if (!signatureHolds(value, bytes, key)) return 'The signature does not match: the result was changed, or signed with another key.';
  if (!equal(utf8(squeeze(textOf(input) ?? '')), canonical(envelope))) return 'The result is not spelled as it was exported.';
  return null;
}

/* The members that are not what their digests say. */
function changedMembers(payload: JsonObject): string[] {
  const digests = objectAt(payload, 'digests');
  if (!digests) return ['digests'];
  const changed = Object.keys(payload).filter((k) => k !== 'digests' && own(digests, k) !== sha256Hex(canonical(payload[k]!)).slice(0, 16));
  return [...changed, ...Object.keys(digests).filter((k) => !Object.hasOwn(payload, k))];
}

function checkDocument(report: ReportWriter, payload: JsonObject, keyHex: string): boolean {
  if (textAt(payload, 'type') !== 'assay-result' || own(payload, 'format') !== 1) {
    report.add('document', 'fail', true, 'wrong-type', 'This is not an Assay result of a format that is known here.');
    return false;
  }
  const changed = changedMembers(payload);
  if (changed.length) report.add('document', 'fail', true, 'changed', `Changed after it was signed: ${quoted(changed.join(', '), 200)}.`);
  else if (textAt(payload, 'key') !== keyHex) report.add('document', 'fail', true, 'did-mismatch', 'It names another key than the one that signed it.');
  else {
    report.add('document', 'pass', true, 'ok', 'A result of an Assay exam, format 1; each part is what its digest says.');
    return true;
  }
  return false;
}

/* The key stands in the file, so whose it is only a pin can say. */
function checkIssuer(report: ReportWriter, key: Bytes, trust: readonly TrustedIssuer[]): void {
  const entries = trust.flatMap((issuer) => issuer.keys.filter((k) => equal(k.key, key)).map((k) => ({ issuer, k })));
  const good = entries.find(({ k }) => k.purposes.includes('results'));
  if (entries.some(({ k }) => k.state === 'compromised')) report.add('issuer', 'fail', true, 'key-compromised', 'The key that signed it was stolen or lost.');
  else if (good) report.add('issuer', 'pass', true, 'ok', `The key is ${good.issuer.how === 'server' ? 'this server’s own' : 'pinned'}: ${quoted(good.issuer.name ?? good.issuer.id)}.`);
  else report.add('issuer', 'unknown', trust.length > 0, 'key-not-trusted', `Signed with the key ${hex(key)}: whether that is the issuer’s, the file cannot prove.`);
}

export function checkResult(report: ReportWriter, input: Bytes, envelope: JsonObject, trust: readonly TrustedIssuer[]): void {
  const [payload, signature] = [objectAt(envelope, 'payload'), objectAt(envelope, 'signature')];
  if (!payload || !signature || !isObject(envelope)) return report.add('format', 'fail', true, 'wrong-type', 'This is not an exported result.');
  report.add('format', 'pass', true, 'ok', `An exported result, ${input.length} bytes.`);
  report.document = payload;
  const key = fromBase64Url(textAt(signature, 'key') ?? '') ?? new Uint8Array();
  const shape = checkDocument(report, payload, hex(key));
  const wrong = whyNot(input, envelope, payload, signature);
  report.add('signature', wrong ? 'fail' : 'pass', true, wrong ? 'changed' : 'ok', wrong ?? 'These are exactly the bytes that were signed with this key.');
  checkIssuer(report, key, trust);
  if (!shape || wrong) return;
  report.claims = {
    title: textAt(objectAt(payload, 'exam') ?? {}, 'title'),
    issuer: { id: textAt(payload, 'key') ?? '', name: null },
    holder: { name: textAt(payload, 'candidate'), hashed: false },
    issued_at: textAt(payload, 'issued_at'),
    valid_from: textAt(objectAt(payload, 'time') ?? {}, 'ended_at'),
    valid_until: null,
    verdict: textAt(payload, 'verdict'),
    by_hand: null,
    rules: null,
    score: [],
  };
}
