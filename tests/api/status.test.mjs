// Status lists and DID documents before other people's software: @digitalbazaar/vc-bitstring-status-list reads the lists, @digitalbazaar/vc checks
// their proofs with keys from our DID document. The judges must also reject what was changed.
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite as rdfcSuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as jcsSuite from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { checkStatus, decodeList, statusTypeMatches } from "@digitalbazaar/vc-bitstring-status-list";
import assert from "node:assert/strict";
import { test } from "node:test";
import { bankWithCertificates, earn } from "../lib/certificates.mjs";
import { contexts } from "../lib/credentials.mjs";
import { run, startFor } from "../lib/server.mjs";

const ISSUER = "https://exam.example.org";
const DID = "did:web:exam.example.org";
const start = (t) => startFor(t, { banks: bankWithCertificates(t), args: ["--public-url", ISSUER, "--no-rate-limits"] });
const suites = () => [new DataIntegrityProof({ cryptosuite: rdfcSuite }), new DataIntegrityProof({ cryptosuite: jcsSuite.createVerifyCryptosuite() })];

/** A loader that asks this server, and nobody else; `instead` are documents to give in place of the server's. */
function loaderOf(server, instead = {}) {
  return async (url) => {
    const found = (document) => ({ contextUrl: null, documentUrl: url, document });
    if (contexts.has(url)) return found(contexts.get(url));
    if (instead[url]) return found(instead[url]);
    const [did, fragment] = url.split("#");
    if (did === DID) {
      const document = (await server.get("/.well-known/did.json")).json;
      if (!fragment) return found({ ...document, "@context": document["@context"] });
      const method = document.verificationMethod.find((m) => m.id === url);
      if (!method) throw new Error(`no such key: ${url}`);
      return found({ "@context": "https://w3id.org/security/multikey/v1", ...method });
    }
    if (url.startsWith(`${ISSUER}/`)) {
      const reply = await server.get(url.slice(ISSUER.length), { Accept: "application/ld+json, application/json" });
      assert.equal(reply.status, 200, url);
      return found(reply.json);
    }
    throw new Error(`not in the test: ${url}`);
  };
}

const listOf = async (server, name) => (await server.get(`/status/${name}`, { Accept: "application/json" })).json;
const verified = (credential, documentLoader) => vc.verifyCredential({ credential, suite: suites(), documentLoader });
async function statusOf(server, credential, instead) {
  assert.equal(statusTypeMatches({ credential }), true);
  const said = await checkStatus({ credential, documentLoader: loaderOf(server, instead), suite: suites() });
  return said.verified ? said.results[0].status : `not verified: ${said.error.message}`;
}
const command = (server, ...args) => {
  const reply = run([...args, "--data", server.data]);
  assert.equal(reply.code, 0, reply.err);
};

test("a list is a credential that others verify, by the keys of the DID document", async (t) => {
  const server = await start(t);
  for (const name of ["1", "1-suspension"]) {
    const list = await listOf(server, name);
    assert.equal(list.id, `${ISSUER}/status/${name}`);
    assert.deepEqual([list.proof].flat().map((p) => p.cryptosuite), ["eddsa-rdfc-2022", "eddsa-jcs-2022"]);
    const said = await verified(list, loaderOf(server));
    assert.ok(said.verified, String(said.error?.errors?.[0] ?? said.error));
    assert.equal(said.results.length, 2);
    const hours = (Date.parse(list.validUntil) - Date.now()) / 3600000;
    assert.ok(hours > 23 && hours <= 24, `${hours}`);
    const edits = {
      "another list": (l) => (l.credentialSubject.encodedList = l.credentialSubject.encodedList.slice(0, 30) + "A" + l.credentialSubject.encodedList.slice(31)),
      "another purpose": (l) => (l.credentialSubject.statusPurpose = name === "1" ? "suspension" : "revocation"),
      "a longer validity": (l) => (l.validUntil = "2099-01-01T00:00:00Z"),
      "another address": (l) => (l.id = `${ISSUER}/status/2`),
      "another issuer": (l) => (l.issuer = "did:web:attacker.example"),
      "another key": (l) => l.proof.forEach((p) => (p.verificationMethod = `${DID}#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK`)),
    };
    for (const [what, edit] of Object.entries(edits)) {
      const changed = structuredClone(list);
      edit(changed);
      assert.equal((await verified(changed, loaderOf(server))).verified, false, what);
    }
  }
});

test("revoked, suspended and resumed, as others read it", async (t) => {
  const server = await start(t);
  const one = await earn(server, "numbers");
  const two = await earn(server, "secret");
  const place = (c) => Number(c.credential.credentialStatus.statusListIndex);
  const bits = async (name) => {
    const list = await decodeList({ encodedList: (await listOf(server, name)).credentialSubject.encodedList });
    assert.equal(list.length, 131072);
    return Array.from({ length: list.length }, (_, i) => i).filter((i) => list.getStatus(i));
  };
  assert.notEqual(place(one), place(two));
  assert.deepEqual([await statusOf(server, one.credential), await statusOf(server, two.credential)], [false, false]);
  assert.deepEqual(await bits("1"), []);
  command(server, "revoke", one.id, "--suspend", "--reason", "a question is open");
  assert.deepEqual([await statusOf(server, one.credential), await statusOf(server, two.credential)], [true, false]);
  assert.deepEqual([await bits("1"), await bits("1-suspension")], [[place(one)], [place(one)]]);
  command(server, "revoke", one.id, "--resume");
  assert.equal(await statusOf(server, one.credential), false);
  command(server, "revoke", two.id, "--reason", "somebody else sat the exam");
  assert.deepEqual([await statusOf(server, one.credential), await statusOf(server, two.credential)], [false, true]);
  assert.deepEqual([await bits("1"), await bits("1-suspension")], [[place(two)], []]);
  // The list of before is refused where it does not belong, and a changed one everywhere.
  const url = two.credential.credentialStatus.statusListCredential;
  const list = await listOf(server, "1");
  const other = structuredClone(list);
  other.credentialSubject.encodedList = (await listOf(server, "1-suspension")).credentialSubject.encodedList;
  assert.match(String(await statusOf(server, two.credential, { [url]: other })), /not verified/);
  assert.match(String(await statusOf(server, two.credential, { [url]: await listOf(server, "1-suspension") })), /purpose/);
  assert.match(String(await statusOf(server, { ...two.credential, issuer: "did:web:attacker.example" })), /[Ii]ssuers/);
});

test("after a rotation lists and certificates of both keys verify; after a compromise none of that key does", async (t) => {
  const server = await start(t);
  const old = await earn(server, "numbers");
  const list = await listOf(server, "1");
  for (const purpose of ["credentials", "status"]) command(server, "key", "rotate", purpose);
  const fresh = await earn(server, "secret");
  const judge = async (credential) => (await vc.verifyCredential({ credential, suite: suites(), documentLoader: loaderOf(server), checkStatus })).verified;
  assert.equal(await judge(old.credential), true);
  assert.equal(await judge(fresh.credential), true);
  assert.equal((await verified(list, loaderOf(server))).verified, true);
  assert.equal((await verified(await listOf(server, "1"), loaderOf(server))).verified, true);
  const key = [old.credential.proof].flat()[0].verificationMethod.split("#")[1];
  command(server, "key", "compromise", key);
  assert.equal(await judge(old.credential), false);
  assert.equal(await judge(fresh.credential), true);
});

test("caches and other pages: an answer says how long, and in which type", async (t) => {
  const server = await start(t);
  const types = { "*/*": "application/vc", "application/vc": "application/vc", "application/vc, application/json": "application/vc", "application/ld+json, application/json": "application/json" };
  for (const [accept, type] of Object.entries(types)) {
    const reply = await server.get("/status/1", { Accept: accept, Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get("content-type"), type);
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    assert.equal(reply.headers.get("cache-control"), "public, max-age=60");
    assert.equal(reply.headers.get("vary"), "Accept");
  }
  assert.equal((await server.get("/status/1")).text, (await server.get("/status/1")).text, "it is not signed anew for each");
  const missing = await server.get("/status/2");
  assert.deepEqual([missing.status, missing.headers.get("cache-control"), missing.json.code], [404, "no-store", "not-found"]);
  assert.equal((await server.request("POST", "/status/1", {})).status, 405);
});
