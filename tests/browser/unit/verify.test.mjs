// The verifier of the pages: the tamper corpus that the server's verifier is held against, and the readers one by one, with hostile input.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { CONTEXT, Issuer, drawnPdf, jcs, keyPair, nquads, treeRoot, path as treePath, leaf } from "../../lib/issuer.mjs";
import { assay } from "../../lib/server.mjs";
import { makeCorpus } from "../../lib/tamper.mjs";
import { client, load } from "./load.mjs";

const v = await load("verify/verify.ts", "verify/keys.ts", "verify/json.ts", "verify/bytes.ts", "verify/rdf.ts", "verify/inflate.ts", "verify/time.ts", "verify/tlog.ts", "verify/fault.ts", "verify/ed25519.ts", "verify/claims.ts", "verify/input.ts", "verify/pdf.ts");
const bytes = (b) => new Uint8Array(Buffer.from(b));
const check = (b, { trust, nowMs = Date.now(), holder, fetch } = {}) => v.verify(bytes(b), { nowMs, trust: trust ? v.readTrust(v.parseJson(bytes(JSON.stringify(trust))), "pinned") : [], holder: holder ?? null, fetch: fetch ?? null });
const fault = (code) => (e) => e instanceof v.Fault && e.code === code;

/* PDFs are baked by the program's own code, where it was built with its tests; what reads them here is another. */
const tool = join(dirname(assay), "tests/unit/credential/bake_filter");
const folder = mkdtempSync(join(tmpdir(), "assay-verify-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fileWith = (b) => {
  const path = join(folder, String(files++));
  writeFileSync(path, b);
  return path;
};
const bakeWithTool = (drawn, credential, seal) => execFileSync(tool, ["pdf", fileWith(drawn), fileWith(credential), fileWith(seal)], { maxBuffer: 1 << 24 });
const bakeHere = (drawn, credential, seal) => Buffer.from(v.joinPdf({ drawn: bytes(drawn), credential: bytes(credential), seal: seal.length ? bytes(seal) : null }));
const corpus = await makeCorpus({ bakePdf: existsSync(tool) ? bakeWithTool : bakeHere });

function holds(report, expect) {
  const shown = report.checks.map((c) => `${c.id} ${c.outcome} ${c.code}: ${c.reason}`).join("\n    ");
  assert.equal(report.verdict, expect.verdict, shown);
  if (!expect.check) return;
  const found = report.checks.find((c) => c.id === expect.check);
  assert.equal(found?.code, expect.code, shown);
  if (expect.code === "ok") assert.equal(found.outcome, "pass", shown);
  else if (expect.verdict !== "valid") assert.equal(found.outcome, { invalid: "fail", unknown: "unknown" }[expect.verdict], shown);
  assert.match(found.reason, /^[^a-z].*[.!?…]$/s, "one sentence");
}

test("the tamper corpus", async (t) => {
  assert.ok(corpus.cases.length > 150);
  const wrong = [];
  for (const c of corpus.cases) {
    try {
      holds(await check(c.bytes, { ...c, trust: c.trust === undefined ? corpus.trust : c.trust, holder: c.holder }), c.expect);
    } catch (e) {
      wrong.push(`${c.name}, expected ${JSON.stringify(c.expect)}: ${e.message}`);
    }
  }
  t.diagnostic(`${corpus.cases.length} cases`);
  assert.ok(!wrong.length, `${wrong.length} of them:\n\n${wrong.join("\n\n")}`);
});

/* ---- Every byte counts, and nothing is thrown ---- */

test("no byte of a certificate can be changed unnoticed", async () => {
  const text = Buffer.from(JSON.stringify(corpus.base.credential));
  const value = JSON.parse(text);
  for (let at = 0; at < text.length; at += 23) {
    const b = Buffer.from(text);
    b[at] ^= 1;
    const report = await check(b, corpus);
    let same = false;
    try {
      same = jcs(JSON.parse(b)).equals(jcs(value)); // the same text written otherwise
    } catch { /* no JSON any more */ }
    assert.equal(report.verdict, same ? "unknown" : "invalid", `byte ${at}`);
  }
});

test("whatever is brought, there is a report", async () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
  const sources = corpus.cases.filter((c) => /^(a bundle|a PNG|an SVG|a PDF|the certificate alone: nobody knows its status)$/.test(c.name)).map((c) => c.bytes);
  assert.ok(sources.length >= 5);
  for (let i = 0; i < 400; i++) {
    const b = Buffer.from(sources[i % sources.length]);
    for (let k = random(4); k >= 0; k--) b[random(b.length)] = random(256);
    const report = await check(i % 3 ? b : b.subarray(0, random(b.length)), corpus);
    assert.ok(["valid", "invalid", "unknown"].includes(report.verdict));
    assert.ok(report.checks.length > 0);
  }
});

/* ---- Judges: other people's readings of the same standards ---- */

test("canonical RDF is what jsonld and rdf-canonize make of it themselves", async () => {
  const issuer = new Issuer();
  for (const [i, document] of [issuer.unsigned(), issuer.unsigned({ name: null, days: 0 }), issuer.unsigned({ name: "Zoë \u{1f980} \"quoted\" \\ \n\t" })].entries())
    assert.equal(Buffer.from(await v.canonicalRdf(document)).toString(), await nquads(document), `document ${i}`);
});

test("documents that would take for ever, or fetch, or lose something are refused", async () => {
  const twins = (n) => ({ "@context": CONTEXT, type: ["VerifiableCredential"], issuer: "did:web:a.example", credentialSubject: Array.from({ length: n }, () => ({ type: ["AchievementSubject"] })) });
  await assert.rejects(v.canonicalRdf(twins(20000)), fault("too-large"));
  await assert.rejects(v.canonicalRdf({ "@context": "https://eve.example.org/c", id: "urn:x" }), fault("wrong-context"));
  await assert.rejects(v.canonicalRdf({ "@context": CONTEXT, type: ["VerifiableCredential"], honours: "x" }), fault("unknown-term"));
  await assert.rejects(v.canonicalRdf({ "@context": CONTEXT, type: ["VerifiableCredential"], credentialSubject: { "@context": {} } }), fault("wrong-context"));
});

test("canonical JSON", () => {
  /* RFC 8785, section 3.2.3: sorted by UTF-16 units. */
  const value = v.parseJson(bytes('{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew","1":"One","\\ud83d\\ude00":"Emoji","\\u0080":"Control","\\u00f6":"o"}'));
  const order = ["Carriage Return", "One", "Control", "o", "Euro Sign", "Emoji", "Hebrew"];
  assert.deepEqual([...Buffer.from(v.canonical(value)).toString().matchAll(/:"([^"]*)"/g)].map((m) => m[1]), order);
  for (const text of ["[333333333.33333329,1E30,4.50,2e-3,1e-27,0,-0,1e21]", '{"b":[],"a":{"z":null,"y":true}}', '"\\u000f\\n\\"\\\\"'])
    assert.equal(Buffer.from(v.canonical(v.parseJson(bytes(text)))).toString(), jcs(JSON.parse(text)).toString());
});

/* ---- Readers ---- */

test("JSON: strict where JSON.parse is not, and alike elsewhere", () => {
  const good = ["null", " [1, -2.5e+3, \"\\u00e9\\ud83d\\ude00\\n\"] ", '{"a":{"b":[{}]},"__proto__":{"x":1}}', "0", '""', `${"[".repeat(64)}${"]".repeat(64)}`];
  for (const text of good) assert.equal(JSON.stringify(v.parseJson(bytes(text))), JSON.stringify(JSON.parse(text)), text);
  assert.equal(Object.getPrototypeOf(v.parseJson(bytes('{"__proto__":{"x":1}}'))), Object.prototype);
  assert.equal(v.parseJson(bytes('{"__proto__":{"x":1}}')).x, undefined);
  const bad = ["", "nul", "[1,]", "[1", "{", '{"a"}', '{"a":1,}', "01", "1.", ".5", "+1", "1e", "--1", "1e999", "NaN", "'a'", '"\n"', '"\\x"', '"\\u12"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', "[] []", "\ufeff{}", "/**/1", `${"[".repeat(65)}${"]".repeat(65)}`];
  for (const text of bad) assert.throws(() => v.parseJson(bytes(text)), fault("not-json"), text);
  assert.throws(() => v.parseJson(bytes('{"a":1,"\\u0061":2}')), fault("duplicate-key"));
  assert.throws(() => v.parseJson(Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)), fault("not-json"));
  const wide = `{${Array.from({ length: 60000 }, (_, i) => `"k${i}":${i}`).join(",")}}`;
  assert.equal(Object.keys(v.parseJson(bytes(wide))).length, 60000);
});

test("base64, base58 and keys: one spelling for each", () => {
  assert.deepEqual([...v.fromBase64("AAEC")], [0, 1, 2]);
  for (const bad of ["AAE", "AA==A", "AAF=", "AA E", "A===", "AAE-"]) assert.equal(v.fromBase64(bad), null, bad);
  for (const bad of ["AAE=", "A", "AAF", "AA+/"]) assert.equal(v.fromBase64Url(bad), null, bad);
  const { raw, multibase } = keyPair();
  assert.deepEqual(Buffer.from(v.fromMultikey(multibase)), raw);
  for (const bad of [`${multibase}1`, multibase.slice(1), `u${multibase.slice(1)}`, multibase.replace(/.$/, "0"), `z1${multibase.slice(1)}`, "z", ""]) assert.equal(v.fromMultikey(bad), null, bad);
  assert.equal(v.fromMultibase58(`z${"2".repeat(100000)}`), null);
});

test("Ed25519: RFC 8032, section 7.1, and keys of small order", () => {
  const hex = (s) => new Uint8Array(Buffer.from(s, "hex"));
  const key = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  assert.equal(v.signatureHolds(signature, hex("72"), key), true);
  assert.equal(v.signatureHolds(signature, hex("73"), key), false);
  const shifted = Uint8Array.from(signature);
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = BigInt(`0x${Buffer.from(shifted.subarray(32)).reverse().toString("hex")}`) + L;
  for (let i = 32; i < 64; i++, s >>= 8n) shifted[i] = Number(s & 255n);
  assert.equal(v.signatureHolds(shifted, hex("72"), key), false, "the same signature written larger");
  const small = hex("01" + "00".repeat(31));
  assert.equal(v.signatureHolds(new Uint8Array([...small, ...new Uint8Array(32)]), hex("72"), small), false, "a key that signs everything");
  assert.equal(v.signatureHolds(signature.subarray(1), hex("72"), key), false);
});

test("Ed25519: a signer cannot make a signature that holds here and not for libsodium", async () => {
  const { CURVE, Point } = await import(createRequire(join(client, "package.json")).resolve("@noble/ed25519"));
  const sha512 = (...parts) => createHash("sha512").update(Buffer.concat(parts)).digest();
  const number = (b) => BigInt(`0x${Buffer.from(b).reverse().toString("hex")}`);
  const written = (n) => Buffer.from(n.toString(16).padStart(64, "0"), "hex").reverse();
  const { n } = CURVE;
  const secret = 123456789n, message = Buffer.from("anything");
  const key = Point.BASE.multiply(secret).toBytes();
  const signed = (r, more) => {
    const commitment = r ? Point.BASE.multiply(r).add(more).toBytes() : more;
    const s = (r + (number(sha512(commitment, key, message)) % n) * secret) % n;
    return new Uint8Array([...commitment, ...written(s)]);
  };
  const small = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"); // of order 8
  assert.ok(small.isSmallOrder());
  assert.equal(v.signatureHolds(signed(987654321n, Point.ZERO), message, key), true);
  assert.equal(v.signatureHolds(signed(987654321n, small), message, key), false, "off by a point of small order");
  assert.equal(v.signatureHolds(signed(0n, Uint8Array.of(1, ...new Uint8Array(31))), message, key), false, "a commitment of small order");
});

test("what is packed unpacks to a bounded size, with its checksum", () => {
  const small = gzipSync(Buffer.from("hello"));
  assert.equal(Buffer.from(v.gunzip(bytes(small), 100)).toString(), "hello");
  assert.equal(v.gunzip(bytes(small), 4), null);
  assert.equal(v.gunzip(bytes(gzipSync(Buffer.alloc(256 << 20))), 1 << 20), null);
  for (let i = 0; i < small.length; i++) {
    const b = Buffer.from(small);
    b[i] ^= 0x20;
    const out = v.gunzip(bytes(b), 100);
    assert.ok(out === null || Buffer.from(out).toString() === "hello", `byte ${i}`);
  }
  assert.equal(v.gunzip(bytes(Buffer.concat([small, small])), 100), null);
  assert.equal(v.gunzip(bytes(small.subarray(0, 12)), 100), null);
});

test("times", () => {
  for (const good of ["2026-11-27T12:00:00Z", "2024-02-29t23:59:59.123z", "2026-11-27T12:00:00+05:30"]) assert.equal(v.parseTime(good), Date.parse(good.toUpperCase()), good);
  for (const bad of ["2026-11-27", "2026-11-27T12:00:00", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-27T24:00:00Z", "2026-11-27 12:00:00Z", "2026-11-27T12:00:00+25:00", " 2026-11-27T12:00:00Z", ""]) assert.equal(v.parseTime(bad), null, bad);
});

test("inclusion in a log, for every entry of every size up to 40", () => {
  for (let size = 1; size <= 40; size++) {
    const leaves = Array.from({ length: size }, (_, i) => leaf(`entry ${i}`));
    const root = bytes(treeRoot(leaves));
    for (let i = 0; i < size; i++) {
      const hashes = treePath(i, leaves).map(bytes);
      assert.ok(v.included(BigInt(i), BigInt(size), bytes(leaves[i]), hashes, root), `${i} of ${size}`);
      assert.ok(!v.included(BigInt(i), BigInt(size), bytes(leaf("another")), hashes, root));
      assert.ok(!v.included(BigInt(i + 1), BigInt(size), bytes(leaves[i]), hashes, root));
      assert.ok(!v.included(BigInt(i), BigInt(size), bytes(leaves[i]), [...hashes, root], root));
      if (hashes.length) assert.ok(!v.included(BigInt(i), BigInt(size), bytes(leaves[i]), hashes.slice(1), root));
    }
  }
});

test("where a DID is on the web, and where a link leads", () => {
  assert.equal(v.didAddress("did:web:exam.example.org"), "https://exam.example.org/.well-known/did.json");
  assert.equal(v.didAddress("did:web:Exam.example.org%3A8443:a:b"), "https://exam.example.org:8443/a/b/did.json");
  for (const bad of ["did:key:z6Mk", "did:web:", "did:web:127.0.0.1", "did:web:a/b", "did:web:a@b", "did:web:a:..", "did:web:a#b", "did:web:a%2fb", "did:web:a.", "did:web:a..b", "did:web:-a", "did:web:a-.b", "did:web:exam.1", "did:web:a%3A0", "did:web:a%3A080", "did:web:a%3A65536", `did:web:${"a".repeat(64)}.org`, "did:web:\u0430.org", "https://a"]) assert.equal(v.didAddress(bad), null, bad);
  assert.equal(v.documentAddress("https://a.example/verify/x-1"), "https://a.example/credentials/x-1");
  for (const bad of ["https://a.example/verify/", "https://a.example/x/verify/y", "https://a.example/verify/x?y", "https://a.example/verify/%2e", "https://a.example\\verify/x", "ftp://a/verify/x"]) assert.equal(v.documentAddress(bad), null, bad);
});

test("PDFs baked here and by the program are the same", { skip: !existsSync(tool) && "the program's tests are not built" }, () => {
  const drawn = drawnPdf();
  for (const seal of [Buffer.from('{"seal":"x"}'), Buffer.alloc(0)]) assert.ok(bakeHere(drawn, Buffer.from('{"@context":1}'), seal).equals(bakeWithTool(drawn, Buffer.from('{"@context":1}'), seal)));
});

/* ---- What is asked of the network ---- */

test("only the issuer's own host is asked, and an answer that is wrong is no answer", async () => {
  const issuer = new Issuer();
  const credential = await issuer.certificate();
  const asked = [];
  const answer = (more) => async (url) => {
    asked.push(url);
    const body = { [`${issuer.host}/.well-known/did.json`]: issuer.didDocument(), [`${issuer.host}/status/1`]: await issuer.statusList(), ...more }[url];
    if (body === undefined) throw new Error("404");
    return bytes(typeof body === "string" ? body : JSON.stringify(body));
  };
  const verdict = async (c, more = {}, trust) => (await check(JSON.stringify(c), { fetch: answer(more), trust })).verdict;
  assert.equal(await verdict(credential), "valid", "the issuer's own address says which keys are its own");
  assert.deepEqual(asked.sort(), [`${issuer.host}/.well-known/did.json`, `${credential.id}/log-proof`, `${issuer.host}/status/1`].sort());
  assert.equal(await verdict(credential, { [`${issuer.host}/status/1`]: "gone" }), "unknown");
  assert.equal(await verdict(credential, { [`${issuer.host}/.well-known/did.json`]: new Issuer(issuer.id).didDocument() }), "invalid");
  const revokes = issuer.didDocument();
  revokes.verificationMethod[0].revoked = "2020-01-01T00:00:00Z";
  assert.equal(await verdict(credential, { [`${issuer.host}/.well-known/did.json`]: revokes }, issuer.trust()), "invalid", "an old pin does not bring a revoked key back");
  issuer.set(4711);
  assert.equal(await verdict(credential), "invalid");
  asked.length = 0;
  const elsewhere = { ...credential, credentialStatus: { ...credential.credentialStatus, statusListCredential: "https://eve.example.org/status/1" } };
  await verdict(elsewhere);
  assert.ok(asked.every((u) => u.startsWith(issuer.host)), asked.join(" "));
});
