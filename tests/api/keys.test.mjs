// Signing keys as an operator meets them: rotated, retired and compromised beside a running server; the passphrase; backup and restore.
import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { copyOfFixture } from "../lib/banks.mjs";
import { answerAll, begin, ok, submit } from "../lib/exam.mjs";
import { run, Server, startFor, temporaryFolder, until } from "../lib/server.mjs";

const ISSUER = "https://exam.example.org";
const bank = (t) =>
  copyOfFixture(t, {
    "exams/given.yml":
      "id: given\ntitle: Given\ndescription: Gives a certificate.\nitems: 4\nduration: 60m\nmodes: [exam]\ndomains: {one: 50, two: rest}\n" +
      "scoring: {method: percent, cut: 50}\nreport: {show: questions, release: immediate, explanations: true}\ncertificate: {valid: 24mo}\n",
  });
const start = (t, options = {}) => startFor(t, { banks: bank(t), ...options, args: ["--public-url", ISSUER, "--no-rate-limits", ...(options.args ?? [])] });

const keys = (data, args = []) => {
  const reply = run(["key", "list", "--json", "--data", data, ...args]);
  assert.equal(reply.code, 0, reply.err);
  return JSON.parse(reply.out).keys;
};
const activeKey = (data, purpose) => keys(data).find((k) => k.purpose === purpose && k.state === "active").key;
const key = (server, ...args) => {
  const reply = run(["key", ...args, "--data", server.data]);
  assert.equal(reply.code, 0, reply.err);
  return reply.out;
};

/** Passes the exam; returns the attempt's id. */
async function sit(server) {
  const attempt = await begin(server, "given");
  await answerAll(server, attempt);
  await submit(server, attempt.id);
  return attempt.id;
}
const signedResult = async (server, id) => (await server.get(`/api/v1/attempts/${id}/result/signed`)).text;
const certificates = async (server) => ok(await server.get("/api/v1/certificates")).certificates;
const credential = async (server, id) => ok(await server.get(`/api/v1/certificates/${id}`)).credential;
const methodOf = (c) => [c.proof].flat()[0].verificationMethod;

/** Passes it with a certificate whose key is the active one now: a running server notices a change within a second. */
async function earn(server) {
  const before = new Set((await certificates(server)).map((c) => c.id));
  const id = await sit(server);
  const made = (await certificates(server)).find((c) => !before.has(c.id));
  assert.ok(made, `no certificate for ${id}`);
  return { attempt: id, id: made.id, credential: await credential(server, made.id) };
}

/** What `assay verify` says of something, with this server's keys pinned as they are now. */
function verify(t, server, text) {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "trust.json"), key(server, "trust"));
  writeFileSync(join(folder, "it.json"), typeof text === "string" ? text : JSON.stringify(text));
  const reply = run(["verify", "--offline", "--json", "--trust", join(folder, "trust.json"), join(folder, "it.json")]);
  assert.ok([0, 1, 3].includes(reply.code), reply.err);
  const report = JSON.parse(reply.out);
  return Object.fromEntries([report].flat()[0].checks.map((c) => [c.id, `${c.outcome} ${c.code}`]));
}

test("the first start makes one key for each purpose, sealed, with a passphrase that only the owner reads", async (t) => {
  const server = await start(t);
  assert.deepEqual(keys(server.data).map((k) => `${k.purpose} ${k.state} ${k.signed}`), ["results active 0", "credentials active 0", "status active 0", "log active 0"]);
  assert.equal(statSync(join(server.data, "passphrase")).mode & 0o777, 0o600);
  assert.match(run(["doctor", "--data", server.data]).out, /warning +passphrase +It lies beside the keys/);
  const did = await server.get("/.well-known/did.json", { Host: "exam.example.org", Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" });
  assert.equal(did.status, 200);
  assert.equal(did.headers.get("content-type"), "application/did+ld+json");
  assert.equal(did.headers.get("access-control-allow-origin"), "*");
  assert.match(did.headers.get("cache-control"), /^public, max-age=\d+$/);
  assert.deepEqual(did.json, JSON.parse(key(server, "did")));
  assert.equal(did.json.id, "did:web:exam.example.org");
  assert.deepEqual(
    did.json.assertionMethod,
    ["credentials", "status"].map((p) => `did:web:exam.example.org#${activeKey(server.data, p)}`),
  );
  const trust = await server.get("/.well-known/assay-trust.json");
  assert.deepEqual(trust.json, JSON.parse(key(server, "trust")));
  assert.deepEqual(trust.json.issuers[0].keys.map((k) => k.purpose), ["results", "credentials", "status", "log"]);
  assert.ok(trust.json.issuers[0].log.key.startsWith(trust.json.issuers[0].log.origin));
});

test("rotation beside a running server: what was signed before stays valid, also after a restart", async (t) => {
  const server = await start(t);
  const before = await earn(server);
  const oldResult = await signedResult(server, before.attempt);
  const waiting = key(server, "new", "credentials").match(/z6Mk\w+/)[0];
  const published = (await until(async () => (await server.get("/.well-known/did.json")).json, "the document")).assertionMethod;
  assert.ok(published.some((m) => m.endsWith(`#${waiting}`)), "it is published before it is used");
  assert.notEqual(activeKey(server.data, "credentials"), waiting);
  for (const purpose of ["results", "credentials", "status"]) key(server, "rotate", purpose);
  assert.equal(activeKey(server.data, "credentials"), waiting);
  const after = await earn(server);
  const newResult = await signedResult(server, after.attempt);
  assert.equal(methodOf(after.credential), `did:web:exam.example.org#${waiting}`);
  assert.notEqual(JSON.parse(newResult).signature.key, JSON.parse(oldResult).signature.key);
  const list = JSON.parse((await server.get("/status/1")).text);
  assert.equal(methodOf(list), `did:web:exam.example.org#${activeKey(server.data, "status")}`);
  const all = [before.credential, after.credential, oldResult, newResult];
  const check = () => {
    for (const it of all) {
      const said = verify(t, server, it);
      assert.ok(Object.values(said).every((s) => !s.startsWith("fail")), JSON.stringify(said));
      assert.match(said.issuer, /^pass/);
    }
  };
  check();
  assert.deepEqual(
    keys(server.data).map((k) => `${k.purpose} ${k.state} ${k.signed} ${k.published}`),
    ["results retired 1 false", "results active 1 false", "credentials retired 1 true", "credentials active 1 true", "status retired 0 true", "status active 0 true", "log active 0 false"],
  );
  assert.equal(await server.stop(), 0);
  const again = await Server.start({ data: server.data, banks: [], args: ["--public-url", ISSUER] });
  t.after(() => again.stop());
  check();
  const { assertionMethod } = (await again.get("/.well-known/did.json")).json;
  assert.equal(assertionMethod.length, 4, "retired keys are still there");
  const doctor = run(["doctor", "--data", server.data]);
  assert.match(doctor.out, /ok +results/);
  assert.doesNotMatch(doctor.out, /none of this folder's/);
});

test("retiring: by name, once, and another key takes the place of an active one", async (t) => {
  const server = await start(t);
  const old = activeKey(server.data, "credentials");
  key(server, "retire", old.slice(0, 16));
  assert.notEqual(activeKey(server.data, "credentials"), old);
  const refused = (args, says, code = 1) => {
    const reply = run(["key", ...args, "--data", server.data]);
    assert.equal(reply.code, code, reply.err);
    assert.match(reply.err, says);
  };
  refused(["retire", old], /retired already/);
  refused(["retire", "z6Mk"], /more of the key's name/, 2);
  refused(["retire", "z6Mkzzzzzzzzzzzzzzzz"], /no key/);
  refused(["rotate", "everything"], /results, credentials, status or log/, 2);
  refused(["compromise", old, "--since", "2999-01-01"], /still to come/, 2);
  refused(["compromise", old, "--since", "soon"], /--since/, 2);
  refused(["rotate"], /one argument/, 2);
  refused(["list", "x"], /no argument/, 2);
  refused(["melt"], /no 'key melt'/, 2);
  assert.equal(run(["key", "list", "--data", join(server.data, "nothing")]).code, 3);
});

// The drill of docs/operators/keys.md.
test("a compromised key: nothing that it signed counts, and what is issued again does", async (t) => {
  const server = await start(t);
  const { id, credential: old } = await earn(server);
  const stolen = activeKey(server.data, "credentials");
  assert.match(verify(t, server, old).issuer, /^pass/);
  key(server, "compromise", stolen, "--since", "2026-01-01");
  assert.equal(verify(t, server, old).issuer, "fail key-compromised");
  const did = (await server.get("/.well-known/did.json")).json;
  assert.ok(!did.assertionMethod.some((m) => m.endsWith(stolen)), "other people's verifiers refuse it, too");
  assert.equal(did.verificationMethod.find((m) => m.publicKeyMultibase === stolen).revoked, "2026-01-01T00:00:00.000Z");
  const trusted = (await server.get("/.well-known/assay-trust.json")).json.issuers[0].keys.find((k) => k.publicKeyMultibase === stolen);
  assert.deepEqual([trusted.state, trusted.compromised_at], ["compromised", "2026-01-01T00:00:00.000Z"]);
  assert.match(run(["key", "reissue", activeKey(server.data, "credentials"), "--data", server.data]).err, /in use/);
  assert.match(run(["key", "reissue", activeKey(server.data, "status"), "--data", server.data]).err, /signs no certificates/);
  assert.match(key(server, "reissue", stolen), /^1 certificate was issued again/);
  assert.match(key(server, "reissue", stolen), /^0 certificates were issued again/);
  const all = await certificates(server);
  const now = all.find((c) => c.state === "valid");
  assert.equal(all.find((c) => c.id === id).superseded_by, now.id);
  const fresh = await credential(server, now.id);
  assert.ok(methodOf(fresh).endsWith(activeKey(server.data, "credentials")));
  assert.match(verify(t, server, fresh).issuer, /^pass/);
  const place = Number(old.credentialStatus.statusListIndex);
  const list = JSON.parse((await server.get("/status/1")).text);
  const { decodeList } = await import("@digitalbazaar/vc-bitstring-status-list");
  assert.equal((await decodeList({ encodedList: list.credentialSubject.encodedList })).getStatus(place), true, "the old one is revoked");
  // Known to have been earlier than thought: that can be said, and nothing else.
  key(server, "compromise", stolen, "--since", "2025-06-01");
  assert.equal(run(["key", "retire", stolen, "--data", server.data]).code, 1);
});

/* ---- The passphrase ---- */

const failedStart = async (options, says) => {
  const error = await Server.start({ banks: [], ...options }).then(
    async (s) => {
      const { code } = await s.exited; // an expensive seal is opened in the background: it starts, and then it stops
      return new Error(`the server ended (${code}): ${s.log}`);
    },
    (e) => e,
  );
  assert.match(error.message, says);
  assert.match(error.message, /ended \([13]\)/);
};

test("another passphrase: asked for without a server, and then only that one opens the keys", async (t) => {
  const server = await start(t);
  const { attempt, credential: c } = await earn(server);
  const refused = run(["key", "passphrase", "--data", server.data], { input: "correct horse battery\n" });
  assert.equal(refused.code, 1);
  assert.match(refused.err, /a server runs/);
  await server.stop();
  const before = keys(server.data);
  const changed = run(["key", "passphrase", "--data", server.data], { input: "correct horse battery\n" });
  assert.equal(changed.code, 0, changed.err);
  assert.deepEqual(keys(server.data), before);
  // The old one is still in its place: a clear error, and nothing is lost.
  await failedStart({ data: server.data }, /cannot be unsealed with .*passphrase.*not the passphrase/s);
  assert.match(run(["doctor", "--data", server.data]).out, /WRONG +passphrase/);
  assert.equal(run(["key", "rotate", "log", "--data", server.data]).code, 3);
  assert.deepEqual(keys(server.data), before);
  const file = join(temporaryFolder(t), "passphrase");
  writeFileSync(file, "correct horse battery\n", { mode: 0o600 });
  const again = await Server.start({ data: server.data, banks: bank(t), args: ["--public-url", ISSUER, "--passphrase-file", file] });
  t.after(() => again.stop());
  assert.deepEqual(await credential(again, (await certificates(again))[0].id), c);
  const next = await sit(again); // signs with the unsealed keys
  const [one, two] = [await signedResult(again, attempt), await signedResult(again, next)];
  assert.equal(JSON.parse(one).signature.key, JSON.parse(two).signature.key);
  const env = { env: { ...process.env, ASSAY_PASSPHRASE_FILE: file } };
  assert.match(run(["doctor", "--data", server.data], env).out, /ok +passphrase .*kept apart/);
  assert.equal(run(["key", "rotate", "log", "--data", server.data], env).code, 0);
});

test("a passphrase that cannot be read is said so at once, and none is made in its place", async (t) => {
  const server = await start(t);
  await server.stop();
  const { data } = server;
  const file = join(temporaryFolder(t), "given");
  renameSync(join(data, "passphrase"), file);
  await failedStart({ data }, /passphrase of the signing keys cannot be read.*--passphrase-file/s);
  assert.ok(!existsSync(join(data, "passphrase")));
  await failedStart({ data, args: ["--passphrase-file", "/nothing/here"] }, /\/nothing\/here/);
  await failedStart({ data, args: ["--passphrase-file", data] }, /not a regular file/);
  writeFileSync(join(data, "empty"), "\n");
  await failedStart({ data, args: ["--passphrase-file", join(data, "empty")] }, /holds no passphrase/);
  if (process.getuid() !== 0) {
    chmodSync(file, 0);
    await failedStart({ data, args: ["--passphrase-file", file] }, /cannot be read/);
    chmodSync(file, 0o600);
  } else t.diagnostic("run as root, who reads every file: a file without permissions was not tried");
  // As systemd hands it over.
  const credentials = temporaryFolder(t);
  cpSync(file, join(credentials, "assay-passphrase"));
  const again = await Server.start({ data, banks: [], env: { CREDENTIALS_DIRECTORY: credentials } });
  assert.equal((await again.get("/.well-known/assay-trust.json")).status, 200);
  assert.equal(await again.stop(), 0);
});

test("a backup has the sealed keys, and the passphrase only if it was asked for", async (t) => {
  const server = await start(t);
  await earn(server);
  const folder = temporaryFolder(t);
  const secret = readFileSync(join(server.data, "passphrase"), "utf8").trim();
  const plain = run(["backup", "--data", server.data, join(folder, "plain")]);
  const whole = run(["backup", "--with-passphrase", "--data", server.data, join(folder, "whole")]);
  assert.match(plain.out, /passphrase is not in it/);
  assert.match(whole.out, /passphrase of the signing keys is in it/);
  assert.ok(!existsSync(join(folder, "plain/passphrase")));
  assert.ok(!readFileSync(join(folder, "plain/assay.db")).includes(secret));
  assert.match(run(["restore", join(folder, "plain"), "--data", join(folder, "a")]).out, /Before the server starts, put it into/);
  const restored = run(["restore", join(folder, "whole"), "--data", join(folder, "b")]).out;
  assert.doesNotMatch(restored, /Before the server starts, put/);
  assert.match(restored, /Its log has [1-9]\d* entries.*certificates\s+were revoked/s, "a restored server does not know what it took back since");
  await failedStart({ data: join(folder, "a") }, /passphrase of the signing keys cannot be read/);
  writeFileSync(join(folder, "a/passphrase"), `${secret}\n`, { mode: 0o600 });
  for (const name of ["a", "b"]) {
    assert.deepEqual(keys(join(folder, name)), keys(server.data));
    const again = await Server.start({ data: join(folder, name), banks: [], args: ["--public-url", ISSUER] });
    assert.deepEqual((await again.get("/.well-known/did.json")).json, (await server.get("/.well-known/did.json")).json);
    assert.equal(await again.stop(), 0);
  }
  const kept = join(temporaryFolder(t), "passphrase");
  renameSync(join(server.data, "passphrase"), kept);
  const elsewhere = run(["backup", "--with-passphrase", "--data", server.data, join(folder, "none")]);
  assert.notEqual(elsewhere.code, 0);
  assert.match(elsewhere.err, /not kept in the data folder/);
  renameSync(kept, join(server.data, "passphrase"));
});

/* ---- The address ---- */

test("without an address the server is its own did:key, and has no DID document and no status lists", async (t) => {
  const server = await startFor(t, { banks: bank(t) });
  for (const path of ["/.well-known/did.json", "/status/1"]) assert.equal((await server.get(path)).status, 404, path);
  const { credential: c } = await earn(server);
  const name = activeKey(server.data, "credentials");
  assert.equal(c.issuer.id ?? c.issuer, `did:key:${name}`);
  assert.equal(methodOf(c), `did:key:${name}#${name}`);
  assert.equal(c.credentialStatus, undefined);
  assert.equal(run(["key", "did", "--data", server.data]).code, 1);
  key(server, "rotate", "credentials");
  const { issuers } = JSON.parse(key(server, "trust"));
  assert.deepEqual(issuers.map((i) => i.id), [activeKey(server.data, "credentials"), name].map((k) => `did:key:${k}`));
  assert.match(verify(t, server, c).issuer, /^pass/);
});

test("--public-url takes an https address with a name, and the server answers to it", async (t) => {
  const data = join(temporaryFolder(t), "data");
  for (const url of ["http://exam.example.org", "https://exam.example.org/path", "https://10.0.0.1", "exam.example.org", "https://"]) {
    const reply = run(["serve", "--data", data, "--listen", "127.0.0.1:0", "--public-url", url]);
    assert.equal(reply.code, 2, url);
    assert.match(reply.err, /--public-url: a public address is https:\/\/HOST/);
  }
  const server = await Server.start({ data, banks: [], args: ["--public-url", "https://Exam.Example.org:8443/"] });
  t.after(() => server.stop());
  assert.equal(JSON.parse(run(["key", "did", "--data", data]).out).id, "did:web:exam.example.org%3A8443");
  const { request } = await import("node:http");
  const status = (host) => new Promise((done) => request(server.url + "/api/v1/health", { headers: { Host: host } }, (r) => (r.resume(), done(r.statusCode))).end());
  assert.equal(await status("exam.example.org:8443"), 200);
  assert.equal(await status("other.example.org"), 421);
});
