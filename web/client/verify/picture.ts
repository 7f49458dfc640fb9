/* Pictures of certificates: taken apart, baked again, and the seal checked. The seal is the issuer's signature that this picture belongs to this
 * certificate: otherwise other numbers could stand in the picture than in the data inside. */
import { equal, fromBase64Url, sha256Hex, startsWith, textOf, utf8, type Bytes } from './bytes.ts';
import { signatureHolds } from './ed25519.ts';
import { Fault, refuse } from './fault.ts';
import { canonical, isObject, parseJson, strange, textAt } from './json.ts';
import { joinPdf, splitPdf } from './pdf.ts';
import { isPng, joinPng, splitPng } from './png.ts';
import { joinSvg, splitSvg } from './svg.ts';

export interface Parts { drawn: Bytes; credential: Bytes | null; seal: Bytes | null }
export type PictureFormat = 'png' | 'svg' | 'pdf';
export interface Picture { format: PictureFormat; credential: Bytes; seal: Seal | null; sealFault: Fault | null; canonical: boolean; hash: string }
export interface Seal { method: string; picture: string; signature: Bytes }

const FORMATS: Record<PictureFormat, { type: string; split: (file: Bytes) => Parts; join: (p: Parts) => Bytes | null }> = {
  png: { type: 'image/png', split: splitPng, join: joinPng },
  svg: { type: 'image/svg+xml', split: splitSvg, join: joinSvg },
  pdf: { type: 'application/pdf', split: splitPdf, join: joinPdf },
};
const CREDENTIAL_MAX = 1 << 20;
const SEAL_MAX = 4096;
const NO_SEAL = 'Nothing says that the issuer made this picture for this certificate: believe what the certificate says, not what is drawn.';

/* By its first bytes; null: not a picture. */
export function pictureFormat(file: Bytes): PictureFormat | null {
  if (isPng(file)) return 'png';
  if (startsWith(file, utf8('%PDF-'))) return 'pdf';
  const head = textOf(file.subarray(0, Math.min(file.length, 64)).filter((b) => b < 0x80));
  return head?.trimStart().startsWith('<') ? 'svg' : null;
}

/* Strictly as it is written by whoever seals: canonical JSON with these four members. */
function readSeal(bytes: Bytes): Seal {
  const value = parseJson(bytes);
  if (!isObject(value) || strange(value, ['picture', 'seal', 'signature', 'verificationMethod']) !== undefined || textAt(value, 'seal') !== 'assay-picture/v1') return refuse('picture-missing-seal', NO_SEAL);
  const [text, method, picture] = [textAt(value, 'signature'), textAt(value, 'verificationMethod'), textAt(value, 'picture')];
  if (text === null || !method || picture === null) return refuse('picture-missing-seal', NO_SEAL);
  const signature = fromBase64Url(text);
  if (signature?.length !== 64) return refuse('picture-changed', 'The seal’s signature is not 64 bytes in base64url.');
  if (!equal(canonical(value), bytes)) return refuse('picture-changed', 'The seal of the picture is not spelled as it was made.');
  return { method, picture, signature };
}

function rejoined(format: PictureFormat, parts: Parts, file: Bytes): boolean {
  try {
    const again = FORMATS[format].join(parts);
    return again !== null && equal(again, file);
  } catch (e) {
    if (e instanceof Fault) return false;
    throw e;
  }
}

/* Throws a Fault when the file is broken, or holds no credential, or two. */
export function readPicture(format: PictureFormat, file: Bytes): Picture {
  const parts = FORMATS[format].split(file);
  if (!parts.credential) return refuse('missing-member', 'The picture holds no credential: it is a picture and no more.');
  if (parts.credential.length > CREDENTIAL_MAX) refuse('too-large', 'The credential in the picture is too large.');
  if (startsWith(parts.credential, utf8('eyJ'))) refuse('proof-suite', 'The credential in the picture is a JWT; only JSON with an embedded proof is known here.');
  const picture: Picture = { format, credential: parts.credential, seal: null, sealFault: null, canonical: rejoined(format, parts, file), hash: sha256Hex(parts.drawn) };
  if (!parts.seal) return picture;
  try {
    picture.seal = parts.seal.length > SEAL_MAX ? refuse('picture-changed', 'The seal of the picture is too large.') : readSeal(parts.seal);
  } catch (e) {
    if (!(e instanceof Fault)) throw e;
    picture.sealFault = e.code === 'picture-changed' ? e : new Fault('picture-missing-seal', NO_SEAL);
  }
  return picture;
}

/* Throws a Fault unless the seal says that the issuer made exactly this picture for this certificate. */
export function checkSeal(p: Picture, key: Bytes): void {
  if (!p.seal) throw p.sealFault ?? new Fault('picture-missing-seal', NO_SEAL);
  if (!p.canonical || p.seal.picture !== p.hash) refuse('picture-changed', 'The picture was changed, or saved again by another program.');
  const text = utf8(`assay-picture/v1\n${sha256Hex(p.credential)}\n${p.hash}\n${FORMATS[p.format].type}\n`);
  if (!signatureHolds(p.seal.signature, text, key)) refuse('picture-changed', 'The seal was made for another certificate or another picture.');
}
