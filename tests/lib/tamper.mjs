// The tamper corpus: certificates that were changed in every way that somebody could gain by, with what a verifier has to say of each. Any
// verifier can be held against it; it knows nothing of node:test.
//
//   const corpus = await makeCorpus({ bakePdf? });
//   corpus.trust         trust file (object) that pins the issuer
//   corpus.cases         [{ name, bytes, expect: { verdict, check?, code? }, holder?, trust?, nowMs? }]
//
// bytes     what the verifier is given, offline
// expect    verdict: valid | invalid | unknown; and one check that must say it, with its code (the outcome follows: ok: pass, else fail or unknown)
// holder    the name that the certificate is said to be about
// trust     another trust file than corpus.trust; null: none
// nowMs     the time that the verifier is to believe; undefined: now
//
// Everything is signed here with other people's software (issuer.mjs); bakePdf(drawn, credential, seal) bakes PDFs, which no npm package does.
import { gzipSync } from "node:zlib";
import { CONTEXT, Issuer, chunk, drawnPdf, drawnPng, drawnSvg, hex, jcs, keyPair, prove } from "./issuer.mjs";

const DAY = 86400000;
const UUID = "0f1e2d3c-4b5a-4697-8877-665544332211";
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
const clone = (v) => structuredClone(v);
const edited = (v, edit) => {
  const c = clone(v);
  return edit(c) ?? c;
};
const flip = (bytes, at, mask = 1) => {
  const b = Buffer.from(bytes);
  b[at] ^= mask;
  return b;
};
const replaced = (bytes, from, to) => {
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.includes(from)) throw new Error(`${from} is not there`);
  return Buffer.from(text.replace(from, () => to), "latin1");
};

const valid = { verdict: "valid" };
const fails = (check, code) => ({ verdict: "invalid", check, code });
const unknown = (check, code) => ({ verdict: "unknown", check, code });

class Corpus {
  cases = [];
  constructor(issuer, nowMs) {
    this.issuer = issuer;
    this.nowMs = nowMs;
    this.trust = issuer.trust();
  }
  add(name, value, expect, more = {}) {
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
    if (this.cases.some((c) => c.name === name)) throw new Error(`two cases are named ${name}`);
    this.cases.push({ name, bytes, expect, ...more });
  }
  /** A certificate signed by the issuer (or with another key), after an edit. */
  async signed(edit = () => {}, { key = this.issuer.keys.credentials, method = this.issuer.method(key), createdMs = this.nowMs - DAY } = {}) {
    return prove(edited(this.issuer.unsigned({ nowMs: this.nowMs }), edit), key, method, createdMs);
  }
  bundle(credential, more = {}) {
    return this.issuer.bundle(credential, { nowMs: this.nowMs, ...more });
  }
}

/* ---- What is good: a verifier that says no to everything would pass all the rest ---- */

async function good(c, base) {
  c.add("a bundle", base, valid);
  c.add("a bundle with white space", JSON.stringify(base, null, 2), valid);
  c.add("a bundle with CRLF", JSON.stringify(base, null, 2).replaceAll("\n", "\r\n"), valid);
  c.add("a newline at the end", `${JSON.stringify(base)}\n`, valid);
  c.add("members in another order", edited(base, (b) => ({ ...b, credential: Object.fromEntries(Object.entries(b.credential).reverse()) })), valid);
  c.add("letters as escapes", JSON.stringify(base).replaceAll("Linux", "\\u004cinux"), valid);
  c.add("the two proofs in the other order", edited(base, (b) => (b.credential.proof.reverse(), { ...b, logProof: null })), valid);
  c.add("the two proofs in the other order: other bytes than those that were logged", edited(base, (b) => void b.credential.proof.reverse()), fails("log", "log-mismatch"));
  c.add("no end", await c.bundle(await c.signed((d) => void delete d.validUntil)), valid);
  c.add("no proof of the log", { ...base, logProof: null, logKey: null }, { verdict: "valid", check: "log", code: "log-missing" });
  c.add("a replaced log key where the real one is pinned", { ...base, logKey: new Issuer().vkey }, valid);
  c.add("a key that was retired later", base, valid, { trust: c.issuer.trust({ credentials: { state: "retired", retired_at: iso(c.nowMs) } }) });
  c.add("the certificate alone: nobody knows its status", base.credential, unknown("status", "status-unreachable"));
  c.add("nothing pinned", base, unknown("issuer", "key-not-trusted"), { trust: null });
}

/* ---- Edits without the key ---- */

async function edits(c, base) {
  const edit = (name, change, expect = fails("proof-jcs", "changed")) => c.add(name, edited(base, (b) => void change(b.credential)), expect);
  const subject = (d) => d.credentialSubject;
  const achievement = (d) => subject(d).achievement;
  edit("another score", (d) => (subject(d).result[1].value = "842"));
  edit("another score, for the RDF proof", (d) => (subject(d).result[1].value = "842"), fails("proof-rdfc", "changed"));
  edit("a space in a score", (d) => (subject(d).result[1].value = "742 "));
  edit("another title", (d) => (achievement(d).name = "Linux expert"));
  edit("another name of the certificate", (d) => (d.name = "Linux expert"));
  edit("another holder", (d) => (subject(d).identifier[1].identityHash = "Eve"));
  edit("the holder in other letters", (d) => (subject(d).identifier[1].identityHash = "Аda Lovelace"));
  edit("a name that is hidden", (d) => (subject(d).identifier[1].hashed = true));
  edit("another hash of the holder", (d) => (subject(d).identifier[0].identityHash = `sha256$${hex("eve")}`));
  edit("another salt", (d) => (subject(d).identifier[0].salt = "00"));
  edit("valid for longer", (d) => (d.validUntil = iso(c.nowMs + 9999 * DAY)));
  edit("valid for ever", (d) => delete d.validUntil);
  edit("valid since before", (d) => (d.validFrom = "2001-01-01T00:00:00Z"));
  edit("the same moment in another zone", (d) => (d.validFrom = d.validFrom.replace("Z", "+00:00")));
  edit("another name of the issuer", (d) => (d.issuer.name = "Famous Academy"));
  edit("another issuer", (d) => (d.issuer.id = "did:web:famous.example.org"), fails("issuer", "did-mismatch"));
  edit("no status", (d) => delete d.credentialStatus);
  edit("another place in the list", (d) => (d.credentialStatus.statusListIndex = "5"));
  edit("another list", (d) => (d.credentialStatus.statusListCredential = "https://eve.example.org/status/1"));
  edit("other rules", (d) => (achievement(d).criteria.narrative = "Supervised by two people."));
  edit("evidence taken out", (d) => d.evidence.pop());
  edit("all evidence taken out", (d) => delete d.evidence);
  edit("another index in the log", (d) => (d.evidence[1].identifier = "18"));
  edit("another bank", (d) => (achievement(d).otherIdentifier[0].identifier = hex("easy bank")));
  edit("a domain taken out", (d) => subject(d).result.splice(4, 1));
  edit("a domain put in", (d) => subject(d).result.push({ ...subject(d).result[4], value: "99" }));
  edit("two results exchanged", (d) => ([subject(d).result[4].value, subject(d).result[6].value] = [subject(d).result[6].value, subject(d).result[4].value]));
  edit("results in another order: the same statements, other bytes", (d) => subject(d).result.reverse());
  edit("another cut", (d) => (achievement(d).resultDescription[1].requiredValue = "500"));
  edit("what was measured under another name", (d) => (achievement(d).resultDescription[4].name = "Kernel development"));
  edit("another id", (d) => (d.id = d.id.replace("0f1e", "0f1f")));
  edit("another date of the award", (d) => (d.awardedDate = iso(c.nowMs - 300 * DAY)));
  edit("letters composed otherwise", (d) => (d.name = d.name.replace("a", "a\u0301")));
  edit("an empty member put in", (d) => (d.description = ""));
}

/* ---- The shape, signed or not ---- */

async function shapes(c, base) {
  const text = JSON.stringify(base.credential);
  const shape = (name, change, code) => c.add(name, edited(base, (b) => void change(b.credential)), fails("document", code));
  shape("no contexts", (d) => delete d["@context"], "missing-member");
  shape("contexts in another order", (d) => d["@context"].reverse(), "wrong-context");
  shape("a context exchanged", (d) => (d["@context"][1] = "https://eve.example.org/context.json"), "wrong-context");
  shape("a context put in", (d) => d["@context"].push("https://eve.example.org/context.json"), "wrong-context");
  shape("a context taken out", (d) => d["@context"].pop(), "wrong-context");
  shape("a context inside", (d) => (d["@context"][2] = { name: "https://eve.example.org/name" }), "wrong-context");
  shape("a context as text", (d) => (d["@context"] = CONTEXT[0]), "wrong-context");
  shape("an unknown term", (d) => (d.honours = "summa cum laude"), "unknown-term");
  shape("an unknown term inside", (d) => (d.credentialSubject.achievement.rank = "1"), "unknown-term");
  shape("a context of its own inside", (d) => (d.credentialSubject["@context"] = {}), "unknown-term");
  shape("a keyword inside", (d) => (d.credentialSubject["@id"] = "urn:x"), "unknown-term");
  shape("__proto__ as a member", (d) => Object.defineProperty(d, "__proto__", { value: "x", enumerable: true }), "unknown-term");
  shape("a number instead of text", (d) => (d.credentialSubject.result[1].value = 742), "wrong-type");
  shape("text instead of true", (d) => (d.credentialSubject.identifier[0].hashed = "true"), "wrong-type");
  shape("null instead of text", (d) => (d.name = null), "wrong-type");
  shape("a list instead of one", (d) => (d.validFrom = [d.validFrom]), "wrong-type");
  shape("two subjects", (d) => (d.credentialSubject = [d.credentialSubject, d.credentialSubject]), "wrong-type");
  shape("no date", (d) => delete d.validFrom, "missing-member");
  shape("a date without a time", (d) => (d.validFrom = "2026-01-01"), "wrong-type");
  shape("a date that is none", (d) => (d.validFrom = "2026-02-31T25:00:00Z"), "wrong-type");
  shape("no issuer", (d) => delete d.issuer, "missing-member");
  shape("an issuer that is text", (d) => (d.issuer = d.issuer.id), "wrong-type");
  shape("no criteria", (d) => delete d.credentialSubject.achievement.criteria, "missing-member");
  shape("nobody it is about", (d) => delete d.credentialSubject.identifier, "missing-member");
  shape("another type", (d) => (d.type = ["VerifiableCredential"]), "wrong-type");
  shape("no credential by its type", (d) => (d.type = ["OpenBadgeCredential"]), "wrong-type");
  shape("an id that is no address", (d) => (d.id = "certificate 1"), "wrong-type");
  c.add("a key twice", text.replace('"validFrom":', '"validFrom":"2001-01-01T00:00:00Z","validFrom":'), fails("format", "duplicate-key"));
  c.add("a key twice, once as escapes", text.replace('"validFrom":', '"valid\\u0046rom":"2001-01-01T00:00:00Z","validFrom":'), fails("format", "duplicate-key"));
  c.add("a key twice inside", text.replace('"narrative":', '"narrative":"x","narrative":'), fails("format", "duplicate-key"));
}

/* ---- Proofs ---- */

async function proofs(c, base, other) {
  const [rdfc, jcsProof] = base.credential.proof;
  const proof = (name, list, expect) => c.add(name, { ...base, credential: { ...base.credential, proof: list } }, expect);
  const both = (name, change, expect) => proof(name, edited([rdfc, jcsProof], (l) => void l.forEach(change)), expect);
  c.add("no proof", edited(base, (b) => void delete b.credential.proof), fails("proof-rdfc", "proof-missing"));
  proof("an empty list of proofs", [], fails("proof-jcs", "proof-missing"));
  proof("the RDF proof taken away", [jcsProof], fails("proof-rdfc", "proof-missing"));
  proof("the JCS proof taken away", rdfc, fails("proof-jcs", "proof-missing"));
  proof("the JCS proof twice", [jcsProof, jcsProof], fails("proof-jcs", "proof-suite"));
  proof("a third proof, of another suite", [rdfc, jcsProof, { ...jcsProof, cryptosuite: "ecdsa-jcs-2019" }], fails("proof-jcs", "proof-suite"));
  proof("a suite of another name", [{ ...rdfc, cryptosuite: "eddsa-2022" }, jcsProof], fails("proof-rdfc", "proof-suite"));
  proof("another type of proof", [{ ...rdfc, type: "Ed25519Signature2020" }, jcsProof], fails("proof-rdfc", "proof-suite"));
  proof("the values exchanged", [{ ...rdfc, proofValue: jcsProof.proofValue }, { ...jcsProof, proofValue: rdfc.proofValue }], fails("proof-jcs", "changed"));
  proof("the proofs of another certificate", other.proof, fails("proof-jcs", "changed"));
  proof("one proof of another certificate", [rdfc, other.proof[1]], fails("proof-jcs", "changed"));
  proof("the other proof of another certificate", [other.proof[0], jcsProof], fails("proof-rdfc", "changed"));
  both("another purpose", (p) => (p.proofPurpose = "authentication"), fails("proof-jcs", "wrong-type"));
  both("signed at another time", (p) => (p.created = "2020-01-01T00:00:00Z"), fails("proof-jcs", "changed"));
  both("signed with a space in the time", (p) => (p.created = p.created.replace("T", " ")), fails("proof-jcs", "wrong-type"));
  proof("the context of the JCS proof taken away", [rdfc, edited(jcsProof, (p) => void delete p["@context"])], fails("proof-jcs", "changed"));
  both("no time of signing", (p) => delete p.created, fails("proof-jcs", "missing-member"));
  both("no key named", (p) => delete p.verificationMethod, fails("proof-jcs", "missing-member"));
  both("no value", (p) => (p.proofValue = ""), fails("proof-jcs", "changed"));
  both("a value that is none", (p) => (p.proofValue = "z0OIl"), fails("proof-jcs", "changed"));
  both("a value in other letters", (p) => (p.proofValue = `u${Buffer.alloc(64, 1).toString("base64url")}`), fails("proof-jcs", "changed"));
  both("a value of zeros", (p) => (p.proofValue = `z${"1".repeat(64)}`), fails("proof-jcs", "changed"));
  both("one letter of a value", (p) => (p.proofValue = p.proofValue.slice(0, -1) + (p.proofValue.endsWith("2") ? "3" : "2")), fails("proof-rdfc", "changed"));
  both("a member of a proof that is not known", (p) => (p.challenge = "x"), fails("proof-jcs", "unknown-term"));
  proof("another context in a proof", [rdfc, { ...jcsProof, "@context": [CONTEXT[0]] }], fails("proof-jcs", "wrong-context"));
  proof("a proof that is text", "trust me", fails("proof-jcs", "wrong-type"));
}

/* ---- Somebody with a key of their own ---- */

async function attackers(c, base) {
  const eve = new Issuer(c.issuer.id, c.issuer.name);
  const key = eve.keys.credentials;
  const forged = await c.signed((d) => void (d.credentialSubject.result[1].value = "900"), { key });
  const packed = await eve.bundle(forged, { nowMs: c.nowMs });
  c.add("the victim's name, the attacker's key", forged, fails("issuer", "key-not-found"));
  c.add("the same in a bundle of the victim's", await c.bundle(forged), fails("issuer", "key-not-found"));
  c.add("the same in a bundle of the attacker's", packed, fails("issuer", "key-not-found"));
  c.add("the attacker's bundle where nothing is pinned", packed, unknown("issuer", "key-not-trusted"), { trust: null });
  c.add("the victim's certificate with the attacker's DID document", { ...base, didDocument: eve.didDocument() }, fails("issuer", "key-not-found"), { trust: null });
  c.add("the DID document of somebody else", { ...base, didDocument: new Issuer("did:web:eve.example.org").didDocument() }, fails("issuer", "did-mismatch"), { trust: null });
  c.add("the attacker's own DID in the proof", await c.signed(() => {}, { key, method: `did:web:eve.example.org#${key.multibase}` }), fails("issuer", "did-mismatch"));
  c.add("a did:key in the proof", await c.signed(() => {}, { key, method: `did:key:${key.multibase}#${key.multibase}` }), fails("issuer", "did-mismatch"));
  c.add("a fragment that is no key", await c.signed(() => {}, { key, method: `${c.issuer.id}#key-1` }), fails("issuer", "key-not-found"));
  c.add("a name of a key without a fragment", await c.signed(() => {}, { key, method: c.issuer.id }), fails("issuer", "key-not-found"));
  c.add("a name of a key with two fragments", await c.signed(() => {}, { key, method: `${c.issuer.id}#${c.issuer.keys.credentials.multibase}#${key.multibase}` }), fails("issuer", "key-not-found"));
  c.add("the victim's key named, the attacker's used", await c.signed(() => {}, { key, method: c.issuer.method() }), fails("proof-jcs", "changed"));
  const anybody = new Issuer(null, "Example Academy");
  c.add("a did:key that nobody pinned, with the victim's name", await anybody.certificate({ nowMs: c.nowMs }), unknown("issuer", "key-not-trusted"));
  c.add("an issuer that nobody pinned", await new Issuer("did:web:eve.example.org", "Example Academy").certificate({ nowMs: c.nowMs }), unknown("issuer", "key-not-trusted"));
  c.add("one proof by the attacker", { ...base, credential: { ...forged, proof: [base.credential.proof[0], forged.proof[1]] } }, fails("issuer", "key-not-found"));
  c.add("signed with the key for lists", await c.bundle(await c.signed(() => {}, { key: c.issuer.keys.status })), fails("issuer", "key-not-trusted"));
  c.add("signed with the key of the log", await c.bundle(await c.signed(() => {}, { key: c.issuer.keys.log })), fails("issuer", "key-not-trusted"));
  c.add("a stolen key", base, fails("issuer", "key-compromised"), { trust: c.issuer.trust({ credentials: { state: "compromised", compromised_at: iso(c.nowMs) } }) });
  c.add("a stolen key, of which nobody knows since when", base, fails("issuer", "key-compromised"), { trust: c.issuer.trust({ credentials: { state: "compromised" } }) });
  c.add("a key that was retired before", base, fails("issuer", "key-retired-after"), { trust: c.issuer.trust({ credentials: { state: "retired", retired_at: iso(c.nowMs - 2 * DAY) } }) });
}

/* ---- Dates ---- */

async function dates(c, base) {
  c.add("expired", await c.bundle(await c.signed((d) => void (d.validUntil = iso(c.nowMs - 1000)))), fails("dates", "expired"));
  c.add("not yet valid", await c.bundle(await c.signed((d) => void (d.validFrom = iso(c.nowMs + DAY)))), fails("dates", "not-yet-valid"));
  for (const [name, from] of [["with a space", "2026-01-01 00:00:00Z"], ["in a leap second", "2016-12-31T23:59:60Z"], ["with ten digits of a second", "2026-01-01T00:00:00.1234567890Z"], ["in the year 0", "0000-01-01T00:00:00Z"]])
    c.add(`valid since a time ${name}`, await c.bundle(await c.signed((d) => void (d.validFrom = from))), fails("document", "wrong-type"));
  c.add("valid until after the last year", await c.bundle(await c.signed((d) => void (d.validUntil = "9999-12-31T23:59:59-23:59"))), fails("document", "wrong-type"));
  c.add("a text of more bytes than letters", await c.bundle(await c.signed((d) => void (d.description = "é".repeat(40000)))), fails("document", "too-large"));
  c.add("over before it begins", await c.bundle(await c.signed((d) => void (d.validUntil = iso(c.nowMs - 9 * DAY)))), fails("dates", "expired"));
  c.add("looked at when it has expired", base, fails("dates", "expired"), { nowMs: c.nowMs + 400 * DAY });
  c.add("looked at before it was valid", base, fails("dates", "not-yet-valid"), { nowMs: c.nowMs - 2 * DAY });
}

/* ---- Status ---- */

async function statuses(c, base) {
  const { issuer, nowMs } = c;
  const list = (name, statusList, expect) => c.add(name, { ...base, statusList }, expect);
  const resigned = async (edit, key = issuer.keys.status) => {
    const { proof, ...plain } = await issuer.statusList({ nowMs });
    return prove(edited(plain, edit), key, issuer.method(key), nowMs - 60000);
  };
  const bits = (set, size = 131072 / 8) => {
    const b = Buffer.alloc(size);
    for (const i of set) b[i >> 3] |= 0x80 >> (i & 7);
    return `u${gzipSync(b).toString("base64url")}`;
  };
  const signature = unknown("status", "status-signature");
  list("revoked", await resigned((l) => void (l.credentialSubject.encodedList = bits([4711]))), fails("status", "revoked"));
  list("the neighbours revoked", await resigned((l) => void (l.credentialSubject.encodedList = bits([4710, 4712, 4704, 4719]))), valid);
  const suspended = await c.signed((d) => void (d.credentialStatus.statusPurpose = "suspension"));
  const suspensions = await resigned((l) => Object.assign(l.credentialSubject, { statusPurpose: "suspension", encodedList: bits([4711]) }) && undefined);
  c.add("suspended", { ...(await c.bundle(suspended)), statusList: suspensions }, fails("status", "suspended"));
  c.add("a list of another purpose", { ...base, statusList: suspensions }, signature);
  c.add("a purpose that is not known", await c.bundle(await c.signed((d) => void (d.credentialStatus.statusPurpose = "message"))), signature);
  list("no list", null, unknown("status", "status-unreachable"));
  list("a stale list", await issuer.statusList({ nowMs, ageMs: 3 * DAY }), unknown("status", "status-stale"));
  list("a list from the future", await issuer.statusList({ nowMs, ageMs: -DAY }), unknown("status", "status-stale"));
  list("a list that was changed", edited(await resigned((l) => void (l.credentialSubject.encodedList = bits([4711]))), (l) => void (l.credentialSubject.encodedList = bits([]))), signature);
  list("a stale list made younger", edited(await issuer.statusList({ nowMs, ageMs: 3 * DAY }), (l) => void (l.validUntil = iso(nowMs + DAY))), signature);
  list("a list without a proof", edited(await issuer.statusList({ nowMs }), (l) => void delete l.proof), signature);
  list("a list with one proof", edited(await issuer.statusList({ nowMs }), (l) => void l.proof.pop()), signature);
  list("a list of another issuer", await new Issuer("did:web:eve.example.org").statusList({ nowMs }), signature);
  list("a list by the attacker in the issuer's name", await new Issuer(issuer.id).statusList({ nowMs }), signature);
  list("a list signed with the key for certificates", await issuer.statusList({ nowMs, key: issuer.keys.credentials }), signature);
  list("another list of the issuer's", await resigned((l) => void (l.id = `${issuer.host}/status/2`)), signature);
  list("a certificate in place of the list", base.credential, signature);
  list("a list that is too short", await resigned((l) => void (l.credentialSubject.encodedList = bits([], 100))), signature);
  list("a list that is not packed", await resigned((l) => void (l.credentialSubject.encodedList = `u${Buffer.alloc(16384).toString("base64url")}`)), signature);
  list("a list with bytes behind it", await resigned((l) => void (l.credentialSubject.encodedList = `u${Buffer.concat([gzipSync(Buffer.alloc(16384)), Buffer.from("more")]).toString("base64url")}`)), signature);
  list("a list that swells", await resigned((l) => void (l.credentialSubject.encodedList = `u${gzipSync(Buffer.alloc(64 << 20)).toString("base64url")}`)), signature);
  for (const [name, index] of [["beyond the list", "131072"], ["negative", "-1"], ["not a number", "4711x"], ["huge", "99999999999999999999"], ["written with a zero before it", "04711"], ["a negative zero", "-0"]])
    c.add(`an index that is ${name}`, await c.bundle(await c.signed((d) => void (d.credentialStatus.statusListIndex = index))), signature);
}

/* ---- The log ---- */

async function logs(c, base, other) {
  const log = (name, logProof, more = {}) => c.add(name, { ...base, logProof, ...more }, fails("log", "log-mismatch"));
  const proof = base.logProof;
  const lines = proof.split("\n");
  log("the log's proof of another certificate", c.issuer.logProof(jcs(other)));
  log("the log's proof of a result", c.issuer.logProof(jcs(base.credential), { kind: "result" }));
  log("another index", proof.replace("index 5", "index 4"));
  log("a hash of the path changed", proof.replace(lines[3], Buffer.alloc(32, 7).toString("base64")));
  log("a hash of the path taken out", proof.replace(`${lines[3]}\n`, ""));
  log("another root", proof.replace(/(\n11\n)[^\n]+/, `$1${Buffer.alloc(32, 7).toString("base64")}`));
  log("a checkpoint of another log", new Issuer(c.issuer.id).logProof(jcs(base.credential)));
  log("a checkpoint of another log, with its key", new Issuer(c.issuer.id).logProof(jcs(base.credential)), { logKey: new Issuer(c.issuer.id).vkey });
  log("a proof without its salt", proof.replace(/^extra .*\n/m, ""));
  log("a proof cut short", proof.slice(0, 200));
  log("no proof at all", "trust me");
  c.add("a log key that nobody pinned", base, { verdict: "valid", check: "log", code: "key-not-trusted" }, { trust: edited(c.trust, (t) => void delete t.issuers[0].log) });
}

/* ---- Holders ---- */

async function holders(c, base) {
  c.add("the right holder", base, { verdict: "valid", check: "holder", code: "ok" }, { holder: "Ada Lovelace" });
  c.add("the right holder by the hash", base, { verdict: "valid", check: "holder", code: "ok" }, { holder: "ada" });
  for (const [i, holder] of ["Eve", "ada lovelace", "Ada Lovelace ", `sha256$${hex("ada00112233445566778899aabbccddeeff")}`, ""].entries())
    c.add(`the wrong holder ${i + 1}`, base, fails("holder", "holder-mismatch"), { holder });
}

/* ---- Pictures: status is unknown for all of them, so nothing is valid, and what is wrong must fail ---- */

async function pictures(c, base, other, bakePdf) {
  const { issuer } = c;
  const status = unknown("status", "status-unreachable");
  const changed = fails("picture", "picture-changed");
  const bytes = jcs(base.credential);
  const png = issuer.png(base.credential);
  const svg = issuer.svg(base.credential);
  const eve = new Issuer(issuer.id);
  const broken = fails("format", "no-credential");
  c.add("a PNG", png, { verdict: "unknown", check: "picture", code: "ok" });
  c.add("an SVG", svg, { verdict: "unknown", check: "picture", code: "ok" });
  c.add("a PNG where nothing is pinned", png, unknown("issuer", "key-not-trusted"), { trust: null });
  const drawn = drawnPng();
  const repainted = Buffer.concat([drawn.subarray(0, 33), chunk("tEXt", "Comment\x00900 points"), drawn.subarray(33)]);
  const text = (keyword, b) => chunk("iTXt", Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`), b]));
  const bakedPng = (parts, rest = drawn) => Buffer.concat([rest.subarray(0, 33), ...parts, rest.subarray(33)]);
  const seal = issuer.seal(drawn, bytes, "image/png");
  c.add("a PNG with another picture", bakedPng([text("openbadgecredential", bytes), text("assaypicture", seal)], repainted), changed);
  c.add("a PNG with something added behind", bakedPng([text("openbadgecredential", bytes), text("assaypicture", seal), chunk("tEXt", "Comment\x00900 points")]), changed);
  c.add("a PNG without a seal", bakedPng([text("openbadgecredential", bytes)]), fails("picture", "picture-missing-seal"));
  c.add("a PNG with the seal of another certificate", bakedPng([text("openbadgecredential", bytes), text("assaypicture", issuer.seal(drawn, jcs(other), "image/png"))]), changed);
  c.add("a PNG with the seal of an SVG", bakedPng([text("openbadgecredential", bytes), text("assaypicture", issuer.seal(drawn, bytes, "image/svg+xml"))]), changed);
  c.add("a PNG with the attacker's seal", bakedPng([text("openbadgecredential", bytes), text("assaypicture", eve.seal(drawn, bytes, "image/png"))]), fails("picture", "key-not-found"));
  c.add("a PNG with a seal that is none", bakedPng([text("openbadgecredential", bytes), text("assaypicture", Buffer.from("{}"))]), fails("picture", "picture-missing-seal"));
  c.add("a PNG with another certificate under the same seal", bakedPng([text("openbadgecredential", jcs(other)), text("assaypicture", seal)]), changed);
  c.add("a PNG with two certificates", bakedPng([text("openbadgecredential", bytes), text("openbadgecredential", jcs(other)), text("assaypicture", seal)]), broken);
  c.add("a PNG with a changed certificate", replaced(png, "742", "842"), broken); // its checksum does not match
  c.add("a PNG with a changed certificate and a right checksum", bakedPng([text("openbadgecredential", replaced(bytes, '"742"', '"842"')), text("assaypicture", seal)]), fails("proof-jcs", "changed"));
  c.add("a PNG with bytes behind its end", Buffer.concat([png, Buffer.from("more")]), broken);
  c.add("a PNG cut short", png.subarray(0, png.length - 20), broken);
  c.add("a PNG without a certificate", drawn, broken);
  c.add("an SVG with another picture", replaced(svg, '<rect width="4"', '<rect width="3"'), changed);
  c.add("an SVG with a remark", replaced(svg, "<rect", "<!-- 900 --><rect"), changed);
  c.add("an SVG without a seal", Buffer.from(svg.toString().replace(/<assay:seal.*<\/assay:seal>/, "")), fails("picture", "picture-missing-seal"));
  c.add("an SVG with a changed certificate", replaced(svg, '"742"', '"842"'), fails("proof-jcs", "changed"));
  c.add("an SVG with two certificates", Buffer.from(svg.toString().replace(/(<openbadges:credential.*<\/openbadges:credential>)/, "$1$1")), broken);
  c.add("an SVG with an entity", replaced(svg, "<svg", '<!DOCTYPE svg [<!ENTITY x "900">]><svg'), broken);
  c.add("an SVG without a certificate", drawnSvg(), broken);
  if (!bakePdf) return;
  const page = drawnPdf();
  const pdf = await bakePdf(page, bytes, issuer.seal(page, bytes, "application/pdf"));
  c.add("a PDF", pdf, { verdict: "unknown", check: "picture", code: "ok" });
  c.add("a PDF with another page", replaced(pdf, "/MediaBox [ 0 0 100 100 ]", "/MediaBox [ 0 0 100 101 ]"), changed);
  c.add("a PDF with a changed certificate", replaced(pdf, '"742"', '"842"'), fails("proof-jcs", "changed"));
  c.add("a PDF without a seal", await bakePdf(page, bytes, Buffer.alloc(0)), fails("picture", "picture-missing-seal"));
  c.add("a PDF with the seal of another certificate", await bakePdf(page, bytes, issuer.seal(page, jcs(other), "application/pdf")), changed);
  c.add("a PDF with the attacker's seal", await bakePdf(page, bytes, eve.seal(page, bytes, "application/pdf")), fails("picture", "key-not-found"));
  c.add("a PDF with another revision behind", Buffer.concat([pdf, Buffer.from("\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n")]), { verdict: "invalid" });
  c.add("a PDF without a certificate", page, broken);
  c.add("a PDF cut short", pdf.subarray(0, pdf.length >> 1), { verdict: "invalid" });
  void status;
}

/* ---- Bytes ---- */

async function bytes(c, base) {
  const text = JSON.stringify(base);
  const json = (name, value, expect = fails("format", "not-json")) => c.add(name, value, expect);
  json("nothing", "");
  json("a NUL byte in the middle", flip(Buffer.from(text.replace("Linux", "\u0020inux")), text.indexOf("Linux"), 0x20));
  json("a NUL byte at the end", `${text}\0`);
  json("an escape that is none", text.replace("Linux", "Linux\\uZZZZ"));
  json("an escape that is none, in a key", text.replace('"name"', '"name\\uZZZZ"'));
  json("an escape that is cut short", text.replace("Linux", "Linux\\u00"));
  for (const [name, c] of [["a form feed", "\f"], ["a vertical tab", "\v"], ["U+0001", "\x01"]]) json(`${name} as white space`, text.replace("{", `{${c}`));
  for (const [name, made] of [["after the last year", "9999-12-31T23:59:59-23:59"], ["before the first year", "0001-01-01T00:00:00+23:59"], ["in the year 0", "0000-01-01T00:00:00Z"], ["on a day", "2026-11-27"], ["with a space", "2026-11-27 12:00:00Z"], ["in a leap second", "2016-12-31T23:59:60Z"]])
    json(`a bundle made ${name}`, { ...base, made }, fails("format", "wrong-type"));
  json("U+0000 as an escape", text.replace("Linux", "Linux\\u0000"));
  json("bytes behind", `${text}{}`);
  json("a second value behind", `${text}\n${text}`);
  json("a byte order mark", `\ufeff${text}`);
  json("UTF-16", Buffer.from(text, "utf16le"));
  json("invalid UTF-8", Buffer.concat([Buffer.from(text.slice(0, 40)), Buffer.from([0xff]), Buffer.from(text.slice(40))]));
  json("overlong UTF-8", replaced(Buffer.from(text), "Linux", "L\xc0\xafinux"));
  json("half of a pair of surrogates", text.replace("Linux", "\\ud800inux"));
  json("deep nesting", "[".repeat(100000));
  json("deep nesting, closed", `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`);
  json("a huge number", text.replace('"742"', "1e999"));
  json("a number with a zero before it", text.replace('"742"', "0742"));
  json("NaN", text.replace('"742"', "NaN"));
  json("a comma too many", text.replace("}]", "},]"));
  json("single quotes", text.replaceAll('"', "'"));
  json("a remark", `/* */${text}`);
  json("cut short", text.slice(0, -1));
  json("a number of 400 digits", text.replace('"742"', "7".repeat(400)));
  json("a long number", edited(base.credential, () => {}) && JSON.stringify(base.credential).replace('"742"', "742.0000000000000000000000000001"), fails("document", "wrong-type"));
  json("null", "null", fails("document", "wrong-type"));
  json("a list", "[]", fails("document", "wrong-type"));
  json("an empty object", "{}", fails("document", "missing-member"));
  json("too much of it", `${JSON.stringify(base.credential)}${" ".repeat(2 << 20)}`, fails("format", "too-large"));
  json("a bundle of another version", { ...base, bundle: "assay-bundle/v2" }, fails("format", "wrong-type"));
  json("a bundle with more in it", { ...base, more: 1 }, fails("format", "wrong-type"));
  json("a bundle without a certificate", { ...base, credential: null }, fails("format", "wrong-type"));
  json("a bundle in a bundle", { ...base, credential: base }, fails("document", "missing-member"));
  json("a link without a network", `https://exam.example.org/verify/${UUID}#sha256=${hex(jcs(base.credential))}`, unknown("format", "not-fetched"));
  json("a link of a server without an address", `urn:uuid:${UUID}#sha256=${hex(jcs(base.credential))}`, unknown("format", "not-fetched"));
  json("a link without a hash", `https://exam.example.org/verify/${UUID}`, fails("format", "hash-missing"));
  json("a link to somewhere else", `https://exam.example.org/login?next=/verify/${UUID}#sha256=${"0".repeat(64)}`, fails("format", "no-credential"));
  json("a link to a file", `file:///etc/passwd#sha256=${"0".repeat(64)}`);
}

export async function makeCorpus({ bakePdf, nowMs = Date.now(), issuer = new Issuer() } = {}) {
  const c = new Corpus(issuer, nowMs);
  const base = await c.bundle(await c.signed());
  const other = await c.signed((d) => {
    d.id = d.id.replace("0f1e", "1f1e");
    d.credentialSubject.result[1].value = "899";
  });
  await good(c, base);
  await edits(c, base);
  await shapes(c, base);
  await proofs(c, base, other);
  await attackers(c, base);
  await dates(c, base);
  await statuses(c, base);
  await logs(c, base, other);
  await holders(c, base);
  await pictures(c, base, other, bakePdf);
  await bytes(c, base);
  return { trust: c.trust, issuer, base, cases: c.cases, keyPair };
}
