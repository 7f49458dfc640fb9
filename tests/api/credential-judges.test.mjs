// Other people's software judges our credentials: contexts term by term, canonical forms, and proofs in both directions.
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite as rdfcSuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as jcsSuite from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import canonicalize from "canonicalize";
import jsonld from "jsonld";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import * as rdfCanonize from "rdf-canonize";
import { blankGraph, CERTIFICATE, contexts, EXTENSIONS, Filter, generator, loader, OB, VC } from "../lib/credentials.mjs";

let filter;
let tables;
before(async () => {
  filter = new Filter();
  tables = (await filter.ask({ op: "terms" })).contexts;
});
after(async () => assert.equal(await filter.end(), 0));

const fromHex = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const documentLoader = loader();
async function theirNquads(document) {
  const dataset = await jsonld.toRDF(document, { documentLoader, base: null, safe: true, rdfDirection: "i18n-datatype", produceGeneralizedRdf: false });
  return rdfCanonize.canonize(dataset, { algorithm: "RDFC-1.0", format: "application/n-quads", maxWorkFactor: 3 });
}

/* ---- Contexts ---- */

/** A context as the tables write it: every term an object, names of other terms resolved. Presentations are left out. */
function written(context, root = context) {
  const out = {};
  for (const [name, term] of Object.entries(context)) {
    if (name.startsWith("@") || /^(Enveloped)?VerifiablePresentation$/.test(name)) continue;
    const { "@context": scope, ...rest } = typeof term === "string" ? { "@id": term } : term;
    if (root[rest["@id"]]) rest["@id"] = root[rest["@id"]]["@id"];
    out[name] = scope ? { ...rest, "@context": written(scope, root) } : rest;
  }
  return out;
}

for (const url of CERTIFICATE) {
  test(`the terms of ${url} are those of the document`, () => {
    const table = tables.find((t) => t.url === url);
    const document = contexts.get(url);
    assert.deepEqual(table.terms, written(document["@context"]));
    assert.equal(table.protected, document["@context"]["@protected"] === true);
    assert.equal(table.canonical, sha256(canonicalize(document)));
    const scopes = (c) => Object.values(c).filter((t) => t?.["@context"]).flatMap((t) => [t["@context"], ...scopes(t["@context"])]);
    for (const scope of scopes(document["@context"])) if (table.protected) assert.equal(scope["@protected"], true);
  });
}

test("the traps in the contexts are as the documents have them", () => {
  const ob = tables.find((t) => t.url === OB).terms;
  assert.equal(ob.awardedDate["@type"], "xsd:dateTime");
  assert.equal(ob.Achievement["@context"].criteria["@id"], "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria");
  assert.equal(ob.Achievement["@context"].creditsAvailable["@type"], "https://www.w3.org/2001/XMLSchema#float");
  assert.equal(ob.ResultDescription["@context"].allowedValue["@container"], "@list");
});

/* ---- Canonical forms ---- */

test("2,000 generated credentials canonicalise as jsonld and rdf-canonize do", async () => {
  const make = generator(tables, 4);
  const plain = generator(tables, 4, [VC]);
  let same = 0, refused = 0, quads = 0;
  for (let i = 0; same < 2000; i++) {
    assert.ok(i < 6000, `${same} of ${i}`);
    const document = i % 4 === 0 ? make.certificate() : i % 4 === 1 ? plain.anything() : make.anything();
    const ours = await filter.ask({ op: "canonical", document });
    if (ours.error) {
      // Two types that give a term two meanings: JSON-LD refuses that, too.
      assert.match(ours.error, /another meaning than the types beside it/, JSON.stringify(document));
      await assert.rejects(theirNquads(document), /protected/i);
      refused++;
      continue;
    }
    assert.equal(ours.nquads, await theirNquads(document), JSON.stringify(document));
    same++;
    quads += ours.nquads.split("\n").length - 1;
  }
  console.log(`# ${same} credentials with ${quads} statements are the same, ${refused} refused by both`);
});

test("2,000 graphs of blank nodes that look alike canonicalise as rdf-canonize does", async () => {
  for (let seed = 0; seed < 2000; seed++) {
    const nquads = blankGraph(seed);
    const ours = await filter.ask({ op: "rdfc", nquads });
    const theirs = await rdfCanonize.canonize(nquads, { algorithm: "RDFC-1.0", inputFormat: "application/n-quads", format: "application/n-quads", maxWorkFactor: Infinity });
    assert.equal(ours.nquads, theirs, `seed ${seed}: ${ours.error ?? ""}\n${nquads}`);
  }
});

test("canonical JSON is canonicalize's", async () => {
  const make = generator(tables, 5);
  for (let i = 0; i < 500; i++) {
    const document = make.anything();
    assert.equal((await filter.ask({ op: "jcs", document })).json, canonicalize(document));
  }
});

// What JSON-LD would leave out of the RDF, and so of the signature, is an error for us; jsonld in its safe mode agrees where it looks.
const REFUSED = [
  ["an unknown term", { colour: "red" }, "unknown-term", /^colour: is not known/],
  ["an unknown type", { type: ["VerifiableCredential", "Diploma"] }, "unknown-term", /^type: 'Diploma' is not known/],
  ["a term outside of its type", { targetUrl: "https://example.org/" }, "unknown-term", /^targetUrl: /],
  ["a term in a list", { evidence: [{ type: "Evidence" }, { type: "Evidence", mark: 1 }] }, "unknown-term", /^evidence\[1\]\.mark: /],
  ["a relative id", { id: "certificates/1" }, "wrong-type", /^id: 'certificates\/1' is not an absolute address/],
  ["a relative address", { issuer: { id: "did:web:x", type: "Profile", image: "logo.png" } }, "wrong-type", /^issuer\.image: /],
  ["a language that is none", { name: { "@value": "x", "@language": "en_US" } }, "wrong-type", /^name: 'en_US' is not a language tag/],
];
for (const [what, change, word, message] of REFUSED) {
  test(`refused, by jsonld too: ${what}`, async () => {
    const document = { "@context": CERTIFICATE, id: "urn:uuid:1", type: ["VerifiableCredential"], validFrom: "2026-11-23T12:00:00Z", ...change };
    const ours = await filter.ask({ op: "canonical", document });
    assert.match(ours.error, message);
    assert.equal(ours.check, word);
    await assert.rejects(theirNquads(document));
  });
}

/* ---- Proofs ---- */

const SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const ISSUER = "did:web:exam.example";
let keyPair, method, controller;
before(async () => {
  keyPair = await Ed25519Multikey.generate({ seed: fromHex(SEED), controller: ISSUER });
  const multikey = (await keyPair.export({ publicKey: true })).publicKeyMultibase;
  keyPair.id = method = `${ISSUER}#${multikey}`;
  controller = {
    [ISSUER]: { "@context": ["https://www.w3.org/ns/did/v1"], id: ISSUER, assertionMethod: [method] },
    [method]: { "@context": "https://w3id.org/security/multikey/v1", id: method, type: "Multikey", controller: ISSUER, publicKeyMultibase: multikey },
    multikey,
  };
});
const suites = () => [new DataIntegrityProof({ cryptosuite: rdfcSuite }), new DataIntegrityProof({ cryptosuite: jcsSuite.createVerifyCryptosuite() })];
const sign = async (document) => {
  const reply = await filter.ask({ op: "sign", document, seed: SEED, method, created: "2026-11-23T12:00:00Z" });
  assert.equal(reply.error, undefined);
  return reply.document;
};
/** Which cryptosuites @digitalbazaar/vc finds valid. */
async function theirVerdict(credential) {
  const result = await vc.verifyCredential({ credential, suite: suites(), documentLoader: loader(controller), checkStatus: async () => ({ verified: true }), now: "2026-12-01T00:00:00Z" });
  return { verified: result.verified, valid: (result.results ?? []).filter((r) => r.verified).map((r) => r.proof.cryptosuite).sort(), error: result.error };
}
const ourVerdict = (document) => filter.ask({ op: "check", document, keys: { [method]: controller.multikey } });
const BOTH = ["eddsa-jcs-2022", "eddsa-rdfc-2022"];

test("@digitalbazaar/vc finds both proofs of ours valid, and each invalid when anything is changed", async () => {
  const make = generator(tables, 6);
  for (let i = 0; i < 40; i++) {
    const signed = await sign(make.certificate());
    const verdict = await theirVerdict(structuredClone(signed));
    assert.deepEqual(verdict.valid, BOTH, JSON.stringify(verdict.error));
    assert.equal(verdict.verified, true);
    const changed = [
      { ...signed, validFrom: "2026-11-24T12:00:00Z" },
      { ...signed, credentialSubject: { ...signed.credentialSubject, result: [{ ...signed.credentialSubject.result[0], value: "100.0" }] } },
      { ...signed, proof: signed.proof.map((p) => ({ ...p, created: "2026-11-23T12:00:01Z" })) },
      { ...signed, proof: signed.proof.map((p, k) => ({ ...p, proofValue: signed.proof[1 - k].proofValue })) },
    ];
    for (const document of changed) {
      const theirs = await theirVerdict(structuredClone(document));
      assert.deepEqual([theirs.verified, theirs.valid], [false, []]);
      const ours = await ourVerdict(document);
      assert.deepEqual(ours.proofs.map((p) => [p.valid, p.code]), [[false, "changed"], [false, "changed"]]);
    }
  }
});

test("proofs of @digitalbazaar/vc with both cryptosuites are valid for us, and invalid when anything is changed", async () => {
  const make = generator(tables, 7);
  for (const cryptosuite of [rdfcSuite, jcsSuite.createSignCryptosuite()]) {
    for (let i = 0; i < 40; i++) {
      const suite = new DataIntegrityProof({ signer: keyPair.signer(), cryptosuite, date: "2026-11-23T12:00:00Z" });
      const signed = await vc.issue({ credential: make.certificate(), suite, documentLoader: loader(controller) });
      const ours = await ourVerdict(signed);
      assert.deepEqual(ours.proofs?.map((p) => [p.suite, p.valid, p.reason]), [[cryptosuite.name, true, ""]], JSON.stringify(ours));
      const changed = await ourVerdict({ ...signed, name: signed.name + "." });
      assert.deepEqual(changed.proofs.map((p) => [p.valid, p.code]), [[false, "changed"]]);
    }
  }
});

test("a status list of ours is signed and read alike", async () => {
  const list = {
    "@context": [VC],
    id: "https://exam.example/status/1",
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: ISSUER,
    validFrom: "2026-11-23T12:00:00Z",
    validUntil: "2026-12-23T12:00:00Z",
    credentialSubject: { id: "https://exam.example/status/1#list", type: "BitstringStatusList", statusPurpose: "revocation", encodedList: "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA" },
  };
  assert.deepEqual((await theirVerdict(await sign(list))).valid, BOTH);
});

test("the same proof in each order of the set, and each alone", async () => {
  const signed = await sign(generator(tables, 8).certificate());
  for (const proof of [[...signed.proof].reverse(), [signed.proof[0]], [signed.proof[1]], signed.proof[0], signed.proof[1]]) {
    const ours = await ourVerdict({ ...signed, proof });
    assert.ok(ours.proofs.every((p) => p.valid), JSON.stringify(ours));
  }
});

test("canonical hashes do not depend on the order of members", async () => {
  const turn = (v) => (Array.isArray(v) ? v.map(turn) : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).reverse().map(([k, x]) => [k, turn(x)])) : v);
  const signed = await sign(generator(tables, 9).certificate());
  assert.ok((await ourVerdict(turn(signed))).proofs.every((p) => p.valid));
});
