// An issuer of certificates for tests of verifiers, made of other people's software alone: node:crypto for Ed25519, and jsonld, rdf-canonize and
// canonicalize from npm. So that a verifier agrees with it says something.
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import zlib, { deflateSync, gzipSync } from "node:zlib";
import { root } from "./server.mjs";

const require = createRequire(join(root, "web/client/package.json"));
const jsonld = require("jsonld");
const { contexts } = await import(join(root, "web/client/linked-data.mjs"));
const canonicalize = (await import(require.resolve("canonicalize"))).default;
const documents = contexts();

export const CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"];
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
export const hex = (bytes) => sha256(bytes).toString("hex");
export const jcs = (value) => Buffer.from(canonicalize(value));
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
export function base58(bytes) {
  let n = BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
  let out = "";
  for (; n > 0n; n /= 58n) out = ALPHABET[Number(n % 58n)] + out;
  for (let i = 0; bytes[i] === 0; i++) out = `1${out}`;
  return `z${out}`;
}

/** A key pair from a seed of 32 bytes. */
export function keyPair(seed = randomBytes(32)) {
  const secret = createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  return { raw, multibase: base58(Buffer.concat([Buffer.from([0xed, 1]), raw])), sign: (bytes) => sign(null, bytes, secret) };
}

export async function nquads(document) {
  return jsonld.canonize(document, {
    algorithm: "RDFC-1.0", format: "application/n-quads", safe: true,
    documentLoader: async (url) => {
      if (!documents[url]) throw new Error(`not fetched: ${url}`);
      return { contextUrl: null, documentUrl: url, document: documents[url] };
    },
  });
}

export async function prove(document, key, method, createdMs, suites = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]) {
  const proofs = [];
  for (const cryptosuite of suites) {
    const options = { type: "DataIntegrityProof", cryptosuite, created: iso(createdMs), verificationMethod: method, proofPurpose: "assertionMethod" };
    const withContext = { "@context": document["@context"], ...options };
    const form = async (d) => sha256(cryptosuite === "eddsa-jcs-2022" ? jcs(d) : Buffer.from(await nquads(d)));
    const value = key.sign(Buffer.concat([await form(withContext), await form(document)]));
    proofs.push({ ...(cryptosuite === "eddsa-jcs-2022" ? withContext : options), proofValue: base58(value) });
  }
  return { ...document, proof: proofs };
}

/* ---- PNG ---- */

function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes); // not in Node 18
  let c = 0xffffffff;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}
export function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(data)]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(body.length - 4, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
export const PNG = Buffer.from("89504e470d0a1a0a", "hex");
export const drawnPng = () => Buffer.concat([PNG, chunk("IHDR", Buffer.from("0000000200000002080200000000", "hex").subarray(0, 13)), chunk("IDAT", deflateSync(Buffer.alloc(14))), chunk("IEND", "")]);
export const drawnSvg = () => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>\n`);

export function drawnPdf() {
  let out = "%PDF-1.5\n%\xb5\xed\xae\xfb\n";
  const offsets = [];
  const object = (n, body) => {
    offsets[n] = out.length;
    out += `${n} 0 obj\n${body}\nendobj\n`;
  };
  object(1, "<< /Type /Catalog\n   /Pages 2 0 R\n>>");
  object(2, "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>");
  object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 100 100 ] >>");
  object(4, "<< /Producer (a test) >>");
  const start = out.length;
  out += `xref\n0 5\n0000000000 65535 f \n${offsets.slice(1).map((o) => `${String(o).padStart(10, "0")} 00000 n \n`).join("")}trailer\n<< /Size 5\n   /Root 1 0 R\n   /Info 4 0 R\n>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(out, "latin1");
}

/* ---- The transparency log: RFC 6962 over entries that are given ---- */

const leaf = (entry) => sha256(Buffer.concat([Buffer.from([0]), Buffer.from(entry)]));
const node = (l, r) => sha256(Buffer.concat([Buffer.from([1]), l, r]));
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
export const treeRoot = (leaves) => (leaves.length === 1 ? leaves[0] : node(treeRoot(leaves.slice(0, split(leaves.length))), treeRoot(leaves.slice(split(leaves.length)))));
export function path(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k ? [...path(index, leaves.slice(0, k)), treeRoot(leaves.slice(k))] : [...path(index - k, leaves.slice(k)), treeRoot(leaves.slice(0, k))];
}
export { leaf };

export class Issuer {
  constructor(id = "did:web:exam.example.org", name = "Example Academy") {
    this.keys = { credentials: keyPair(), status: keyPair(), log: keyPair(), results: keyPair() };
    this.id = id ?? `did:key:${this.keys.credentials.multibase}`;
    this.name = name;
    this.host = "https://exam.example.org";
    this.bits = Buffer.alloc(131072 / 8);
  }

  method(key = this.keys.credentials) {
    return this.id.startsWith("did:key:") ? `did:key:${key.multibase}#${key.multibase}` : `${this.id}#${key.multibase}`;
  }

  unsigned({ uuid = "0f1e2d3c-4b5a-4697-8877-665544332211", nowMs = Date.now(), days = 365, name = "Ada Lovelace", index = 4711 } = {}) {
    const exam = `${this.host}/exams/linux-admin/practice`;
    const measures = [
      ["outcome", "Passed", "Status", { status: "Completed" }],
      ["total", "Total score", "ScaledScore", { value: "742" }, { valueMin: "100", valueMax: "900", requiredValue: "700" }],
      ["total-error", "Standard error of the total score", "ext:StandardError", { value: "31.5" }],
      ["chance", "Chance that the true score is at or above the cut", "ext:ChanceAtOrAboveCut", { value: "0.91" }, { valueMin: "0", valueMax: "1" }],
      ["domain-shell", "Shell and files (percent of its points)", "Percent", { value: "88.5" }, { valueMin: "0", valueMax: "100" }],
      ["domain-shell-error", "Shell and files: standard error", "ext:StandardError", { value: "6.2" }],
      ["domain-net", "Networking (percent of its points)", "Percent", { value: "61" }, { valueMin: "0", valueMax: "100" }],
      ["domain-net-error", "Networking: standard error", "ext:StandardError", { value: "9.8" }],
      ["by-hand", "Share of the points that hands-on tasks were worth (percent)", "ext:ByHand", { value: "64.5" }, { valueMin: "0", valueMax: "100" }],
      ["by-hand-score", "Hands-on tasks (percent of their points)", "Percent", { value: "80" }, { valueMin: "0", valueMax: "100" }],
    ];
    const salt = "00112233445566778899aabbccddeeff";
    return {
      "@context": CONTEXT,
      id: `${this.host}/credentials/${uuid}`,
      type: ["VerifiableCredential", "OpenBadgeCredential"],
      name: "Linux administration",
      issuer: { type: ["Profile"], id: this.id, name: this.name, url: this.host },
      validFrom: iso(nowMs - 86400000), awardedDate: iso(nowMs - 86400000), ...(days ? { validUntil: iso(nowMs + days * 86400000) } : {}),
      credentialSubject: {
        type: ["AchievementSubject"],
        identifier: [
          { type: "IdentityObject", hashed: true, identityHash: `sha256$${hex(`ada${salt}`)}`, identityType: "userName", salt },
          ...(name ? [{ type: "IdentityObject", hashed: false, identityHash: name, identityType: "name" }] : []),
        ],
        achievement: {
          type: ["Achievement"], id: exam, achievementType: "Assessment", name: "Linux administration", description: "Runs a small Linux server alone.",
          criteria: { narrative: "Passed the exam \"Linux administration\": 40 questions and tasks, 12 of them hands-on tasks in a real shell.\n\nTo pass: at least 700 on a scale from 100 to 900.\n\nRules: at most 120 minutes. No documentation was allowed.\n\nNot supervised: nobody watched, and nobody checked who answered, or with whose help." },
          humanCode: "linux-admin/practice", inLanguage: "en", version: "3",
          otherIdentifier: [{ type: "IdentifierEntry", identifier: hex("bank"), identifierType: "ext:bankSha256" }, { type: "IdentifierEntry", identifier: hex("blueprint"), identifierType: "ext:blueprintSha256" }],
          resultDescription: measures.map(([id, n, resultType, , range]) => ({ type: ["ResultDescription"], id: `${exam}#${id}`, name: n, resultType, ...range })),
        },
        result: measures.map(([id, , , value]) => ({ type: ["Result"], resultDescription: `${exam}#${id}`, ...value })),
      },
      evidence: [
        { type: ["Evidence"], id: `ni:///sha-256;${sha256("result").toString("base64url")}`, genre: "result", name: "The signed result", narrative: "The holder can hand it on." },
        { type: ["Evidence", "IdentifierEntry"], genre: "log", name: "exam.example.org/log", narrative: "Where the result was entered.", identifier: "17", identifierType: "ext:logIndex" },
        { type: ["Evidence"], id: `ni:///sha-256;${sha256("task").toString("base64url")}`, genre: "task", name: "Hands-on task 1: Backups", narrative: "A program gave the points. 5 of 6 checks passed." },
      ],
      credentialStatus: { id: `${this.host}/status/1#${index}`, type: "BitstringStatusListEntry", statusPurpose: "revocation", statusListIndex: String(index), statusListCredential: `${this.host}/status/1` },
    };
  }

  async certificate(options = {}) {
    const nowMs = options.nowMs ?? Date.now();
    return prove(this.unsigned(options), this.keys.credentials, this.method(), nowMs - 86400000);
  }

  set(index) {
    this.bits[index >> 3] |= 0x80 >> (index & 7);
  }

  async statusList({ nowMs = Date.now(), hours = 24, ageMs = 60000, purpose = "revocation", key = this.keys.status } = {}) {
    return prove({
      "@context": [CONTEXT[0]], id: `${this.host}/status/1`, type: ["VerifiableCredential", "BitstringStatusListCredential"], issuer: this.id,
      validFrom: iso(nowMs - ageMs), validUntil: iso(nowMs - ageMs + hours * 3600000),
      credentialSubject: { id: `${this.host}/status/1#list`, type: "BitstringStatusList", statusPurpose: purpose, encodedList: `u${gzipSync(this.bits).toString("base64url")}` },
    }, key, this.method(key), nowMs - ageMs);
  }

  didDocument() {
    const list = [this.keys.credentials, this.keys.status];
    return {
      "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"], id: this.id,
      verificationMethod: list.map((k) => ({ id: this.method(k), type: "Multikey", controller: this.id, publicKeyMultibase: k.multibase })),
      assertionMethod: list.map((k) => this.method(k)),
    };
  }

  get origin() { return "exam.example.org/log"; }
  get vkey() {
    const typed = Buffer.concat([Buffer.from([1]), this.keys.log.raw]);
    return `${this.origin}+${sha256(Buffer.concat([Buffer.from(`${this.origin}\n`), typed])).subarray(0, 4).toString("hex")}+${typed.toString("base64")}`;
  }

  checkpoint(size, top) {
    const text = `${this.origin}\n${size}\n${top.toString("base64")}\n`;
    const id = Buffer.from(this.vkey.split("+")[1], "hex");
    return `${text}\n\u2014 ${this.origin} ${Buffer.concat([id, this.keys.log.sign(Buffer.from(text))]).toString("base64")}\n`;
  }

  logProof(bytes, { index = 5, size = 11, kind = "certificate" } = {}) {
    const salt = sha256("salt");
    const entry = (b) => `assay-log-entry/v1\n${kind}\n${hex(Buffer.concat([salt, b]))}\n`;
    const leaves = Array.from({ length: size }, (_, i) => leaf(i === index ? entry(bytes) : `other ${i}`));
    const extra = Buffer.from(`${kind}\n${salt.toString("hex")}\n`).toString("base64");
    return `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${index}\n${path(index, leaves).map((h) => `${h.toString("base64")}\n`).join("")}\n${this.checkpoint(size, treeRoot(leaves))}`;
  }

  trust(more = {}) {
    return {
      trust: "assay-trust/v1",
      issuers: [{
        id: this.id, name: this.name,
        keys: ["credentials", "status", "log", "results"].map((purpose) => ({ purpose, publicKeyMultibase: this.keys[purpose].multibase, state: "active", compromised_at: null, ...more[purpose] })),
        log: { origin: this.origin, key: this.vkey },
      }],
    };
  }

  async bundle(credential, { nowMs = Date.now(), ...more } = {}) {
    return { bundle: "assay-bundle/v1", credential, didDocument: this.didDocument(), statusList: await this.statusList({ nowMs }), logProof: this.logProof(jcs(credential)), logKey: this.vkey, made: iso(nowMs), ...more };
  }

  seal(drawn, credential, type, method = this.method()) {
    const picture = hex(drawn);
    const signature = this.keys.credentials.sign(Buffer.from(`assay-picture/v1\n${hex(credential)}\n${picture}\n${type}\n`)).toString("base64url");
    return jcs({ picture, seal: "assay-picture/v1", signature, verificationMethod: method });
  }

  png(credential, drawn = drawnPng()) {
    const bytes = jcs(credential);
    const text = (keyword, b) => chunk("iTXt", Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`), b]));
    return Buffer.concat([drawn.subarray(0, 33), text("openbadgecredential", bytes), text("assaypicture", this.seal(drawn, bytes, "image/png")), drawn.subarray(33)]);
  }

  svg(credential, drawn = drawnSvg()) {
    const bytes = jcs(credential);
    const at = drawn.indexOf("height=\"4\">") + 11;
    const baked = `<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><![CDATA[${bytes}]]></openbadges:credential><assay:seal xmlns:assay="urn:assay:picture"><![CDATA[${this.seal(drawn, bytes, "image/svg+xml")}]]></assay:seal>`;
    return Buffer.concat([drawn.subarray(0, at), Buffer.from(baked), drawn.subarray(at)]);
  }
}
