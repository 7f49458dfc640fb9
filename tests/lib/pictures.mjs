// What is baked into a picture of a certificate, taken out by other people's readers.
import { DOMParser } from "@xmldom/xmldom";
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import extractChunks from "png-chunks-extract";

const tool = (name, ...args) => execFileSync(name, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });

/** Runs `look` with the path of a file that holds the bytes. */
export function inFile(bytes, name, look) {
  const dir = mkdtempSync(join(tmpdir(), "assay-picture-"));
  try {
    const path = join(dir, name);
    writeFileSync(path, bytes);
    return look(path, dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The texts of the iTXt chunks of a PNG, by keyword; each must be there once, uncompressed. */
export function textsOfPng(bytes) {
  const texts = {};
  for (const { name, data } of extractChunks(bytes)) {
    if (name !== "iTXt") continue;
    const chunk = Buffer.from(data);
    const keyword = chunk.subarray(0, chunk.indexOf(0)).toString("latin1");
    const rest = chunk.subarray(keyword.length + 1);
    if (rest[0] !== 0 || rest[1] !== 0 || rest[2] !== 0 || rest[3] !== 0 || keyword in texts) throw new Error(`the chunk ${keyword}`);
    texts[keyword] = rest.subarray(4).toString("utf8");
  }
  return { credential: texts.openbadgecredential, seal: texts.assaypicture };
}

export function textsOfSvg(text) {
  const root = new DOMParser({ onError: (level, message) => { throw new Error(`${level}: ${message}`); } }).parseFromString(text, "image/svg+xml").documentElement;
  const only = (namespace, name) => {
    const found = root.getElementsByTagNameNS(namespace, name);
    if (found.length !== 1 || found[0].parentNode !== root) throw new Error(`${found.length} elements ${name}`);
    return found[0].textContent;
  };
  return { credential: only("https://purl.imsglobal.org/ob/v3p0", "credential"), seal: only("urn:assay:picture", "seal") };
}

export const textsOfPdf = (bytes) =>
  inFile(bytes, "certificate.pdf", (path, dir) => {
    const names = tool("pdfdetach", "-list", path).split("\n").filter(Boolean).slice(1).map((line) => line.replace(/^\d+: /, ""));
    if (names.join() !== "credential.json,picture-seal.json") throw new Error(`attached: ${names}`);
    tool("pdfdetach", "-saveall", "-o", dir, path);
    return { credential: readFileSync(join(dir, names[0]), "utf8"), seal: readFileSync(join(dir, names[1]), "utf8") };
  });

/** What poppler and qpdf say about a PDF, and the text behind the QR code on its rendered page. */
export const lookAtPdf = (bytes) =>
  inFile(bytes, "certificate.pdf", (path, dir) => {
    tool("pdftoppm", "-r", "150", "-png", "-singlefile", path, join(dir, "page"));
    return {
      info: Object.fromEntries(tool("pdfinfo", path).split("\n").filter(Boolean).map((line) => line.match(/^([^:]+):\s*(.*)$/).slice(1))),
      text: tool("pdftotext", "-layout", path, "-"),
      fonts: tool("pdffonts", path).split("\n").slice(2).filter(Boolean).map((line) => ({ name: line.split(/\s+/)[0], embedded: /\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$/.exec(line)[1] === "yes" })),
      check: tool("qpdf", "--check", path),
      qr: tool("zbarimg", "--quiet", "--raw", join(dir, "page.png")).trim(),
    };
  });

/** Whether a seal is one of this key (raw, base64url) for a drawing and a credential. */
export function sealHolds(seal, credential, drawn, type, key) {
  const sha256 = (data) => createHash("sha256").update(data).digest("hex");
  const { picture, signature } = JSON.parse(seal);
  if (picture !== sha256(drawn)) return false;
  const text = `assay-picture/v1\n${sha256(credential)}\n${picture}\n${type}\n`;
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" });
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "base64url"));
}
