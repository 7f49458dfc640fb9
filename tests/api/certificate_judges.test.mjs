// Issued certificates before other people's judges: a JSON Schema with Open Badges' rules, and @digitalcredentials/verifier-core, which
// looks at signature, dates and status list. It gets everything from this server or this folder; nothing is fetched from anywhere else.
// Each judge must also refuse what was changed.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { ACHIEVEMENT_SCHEMA, achievementCredential } from "../lib/badge_schema.mjs";
import { bankWithCertificates, change, earn, rename, sit, show } from "../lib/certificates.mjs";
import { contexts } from "../lib/credentials.mjs";
import { ok, resultOf } from "../lib/exam.mjs";
import { run, startFor } from "../lib/server.mjs";

const plain = globalThis.fetch;
const origins = new Map(); // of the servers that stand for issuers; each its own, since verifier-core remembers DID documents
const strangers = [];
globalThis.fetch = (resource, options) => {
  const url = typeof resource === "string" ? resource : resource.url;
  const json = (value) => Promise.resolve(new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } }));
  const { origin, pathname } = new URL(url);
  if (origins.has(origin)) return plain(origins.get(origin) + pathname, { headers: { accept: "application/json" } });
  if (url.startsWith("http://127.0.0.1")) return plain(resource, options);
  if (url === ACHIEVEMENT_SCHEMA) return json(achievementCredential);
  if (contexts.has(url)) return json(contexts.get(url));
  strangers.push(url);
  return Promise.reject(new Error(`not in the test: ${url}`));
};

const ajv = new Ajv2019({ allErrors: true, strict: true, strictTypes: false, strictTuples: false, strictRequired: false });
addFormats(ajv);
const fits = ajv.compile(achievementCredential);

let verifyCredential;
before(async () => ({ verifyCredential } = await import("@digitalcredentials/verifier-core")));

/** What verifier-core says, in short: { valid_signature, expiration, revocation_status } or { error }. */
async function judge(credential) {
  const said = await verifyCredential({ credential, knownDIDRegistries: [] });
  if (said.errors) return { error: said.errors[0].name };
  return Object.fromEntries(said.log.filter((s) => s.id !== "registered_issuer").map((s) => [s.id, s.error?.name ?? s.valid]));
}

async function start(t, local = false) {
  const issuer = `https://exam${origins.size}.example.org`;
  const args = local ? [] : ["--public-url", issuer];
  const server = await startFor(t, { banks: bankWithCertificates(t), args: [...args, "--no-rate-limits"] });
  if (!local) origins.set(issuer, server.url);
  return server;
}

test("certificates of every kind of report have the shape that Open Badges asks for", async (t) => {
  const server = await start(t);
  const kinds = [];
  for (const exam of ["numbers", "far", "secret", "bands"]) kinds.push((await earn(server, exam)).credential);
  const named = ok(await rename(server, (await earn(server, "numbers")).id, "李小龍 O’Neill"));
  kinds.push(named.credential);
  const renewal = await sit(server, "renewal");
  kinds.push((await show(server, (await resultOf(server, renewal.id)).certificate.id)).credential);
  kinds.push((await earn(await start(t, true), "numbers")).credential);
  for (const credential of kinds) assert.ok(fits(credential), JSON.stringify(fits.errors, null, 1));
  const [credential] = kinds;
  const edits = {
    "a member that is not defined": (c) => (c.grade = "A"),
    "no issuer": (c) => delete c.issuer,
    "no holder": (c) => delete c.credentialSubject.identifier,
    "no criteria": (c) => delete c.credentialSubject.achievement.criteria,
    "a number for a text": (c) => (c.credentialSubject.result[1].value = 812),
    "a type of result that nobody knows": (c) => (c.credentialSubject.achievement.resultDescription[1].resultType = "Grade"),
    "a list of statuses": (c) => (c.credentialStatus = [c.credentialStatus]),
    "an e-mail address beside the hash": (c) => (c.credentialSubject.identifier[0].email = "ada@example.org"),
    "another context": (c) => c["@context"].push("https://example.org/own"),
    "a date that is none": (c) => (c.validFrom = "yesterday"),
  };
  for (const [what, edit] of Object.entries(edits)) {
    const changed = structuredClone(credential);
    edit(changed);
    assert.ok(!fits(changed), what);
  }
});

test("verifier-core accepts them, by the issuer's own DID document and status list", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  assert.deepEqual(await judge(c.credential), { valid_signature: true, expiration: true, revocation_status: true });
  for (const exam of ["secret", "bands", "far"])
    assert.equal((await judge((await earn(server, exam)).credential)).valid_signature, true, exam);
  const shared = ok(await change(server, c.id, { shared: true }));
  assert.deepEqual(await judge(JSON.parse((await server.get(`/credentials/${shared.id}`)).text)), { valid_signature: true, expiration: true, revocation_status: true });

  const edits = {
    "another score": (k) => (k.credentialSubject.result[1].value = "999"),
    "another cut": (k) => (k.credentialSubject.achievement.resultDescription[1].requiredValue = "10"),
    "another name": (k) => (k.issuer.name = "A better school"),
    "another holder": (k) => (k.credentialSubject.identifier[0].identityHash = `sha256$${"0".repeat(64)}`),
    "longer valid": (k) => (k.validUntil = "2099-01-01T00:00:00Z"),
    "other evidence": (k) => (k.evidence[1].identifier = "99999"),
    "kinder rules": (k) => (k.credentialSubject.achievement.criteria.narrative = "Supervised."),
    "another place in the list": (k) => (k.credentialStatus.statusListIndex = "1"),
    "a changed signature": (k) => (k.proof[0].proofValue = k.proof[1].proofValue),
  };
  for (const [what, edit] of Object.entries(edits)) {
    const changed = structuredClone(c.credential);
    edit(changed);
    assert.deepEqual(await judge(changed), { error: "invalid_signature" }, what);
  }
  const { error } = await judge({ ...structuredClone(c.credential), grade: "excellent" });
  assert.ok(error, "a term that no context defines");
  assert.deepEqual(strangers, [], "nothing was fetched from elsewhere");
});

test("verifier-core sees a revocation, a suspension and its end, and a superseded one", async (t) => {
  const server = await start(t);
  const revoke = (id, ...args) => {
    const done = run(["revoke", id, ...args, "--data", server.data]);
    assert.equal(done.code, 0, done.err);
  };
  const status = async (c) => (await judge(c.credential)).revocation_status;
  const c = await earn(server, "numbers");
  revoke(c.id, "--suspend", "--reason", "Looked into");
  assert.equal(await status(c), false);
  revoke(c.id, "--resume");
  assert.equal(await status(c), true);
  const named = ok(await rename(server, c.id, "Ada Lovelace"));
  assert.deepEqual([await status(c), await status(named)], [false, true]);
  revoke(named.id, "--reason", "Somebody else sat it");
  assert.equal(await status(named), false);
});

test("verifier-core accepts those of a server without an address, too", async (t) => {
  const server = await start(t, true);
  const c = await earn(server, "numbers");
  assert.deepEqual(await judge(c.credential), { valid_signature: true, expiration: true });
  const changed = structuredClone(c.credential);
  changed.credentialSubject.result[1].value = "1";
  assert.deepEqual(await judge(changed), { error: "invalid_signature" });
});
