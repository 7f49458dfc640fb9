// Certificates in the log: their proofs by Go's software, and what the audit says when they, their states or their withdrawals are tampered with.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bankWithCertificates, change, earn, ISSUER } from "../lib/certificates.mjs";
import { startJudge } from "../lib/log-judge.mjs";
import { run, startFor, temporaryFolder, until } from "../lib/server.mjs";

let server, judge, dir, certificate, revoked, withdrawn, vkey;
const cleanUps = [];
const here = { after: (f) => cleanUps.push(f) };
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const sqlite = (data, text) => execFileSync("sqlite3", [join(data, "assay.db"), text], { encoding: "utf8" }).trim();

before(async () => {
  server = await startFor(here, { banks: bankWithCertificates(here), args: ["--public-url", ISSUER, "--no-rate-limits"] });
  dir = temporaryFolder(here);
  judge = startJudge(here);
  certificate = await earn(server, "numbers");
  revoked = await earn(server, "secret");
  withdrawn = await earn(server, "bands");
  assert.equal(run(["revoke", revoked.id, "--reason", "a mistake", "--data", server.data]).code, 0);
  assert.equal((await server.request("DELETE", `/api/v1/certificates/${withdrawn.id}`)).status, 204);
  await change(server, certificate.id, { shared: true });
  vkey = (await server.get("/.well-known/assay-trust.json")).json.issuers.find((i) => i.log).log.key;
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

test("the log is called by the server's address, and its key is in the trust file", async () => {
  assert.equal(vkey.split("+")[0], "exam.example.org/log");
  assert.equal(JSON.parse(run(["log", "show", "--json", "--data", server.data]).out).key, vkey);
  const audit = await judge("audit", { url: `${server.url}/log`, vkey, olds: [1, 3] });
  assert.ok(audit.ok, audit.error);
});

test("a certificate's proof holds for exactly its bytes, by Go and by us", async () => {
  const proof = await until(async () => {
    const reply = await server.get(`/credentials/${certificate.id}/log-proof`);
    return reply.status === 200 && reply.text;
  }, "the proof");
  const bytes = Buffer.from((await server.get(`/credentials/${certificate.id}`)).text);
  const [kind, salt] = Buffer.from(proof.match(/^extra (.*)$/m)[1], "base64").toString().split("\n");
  assert.equal(kind, "certificate");
  const entryOf = (text) => Buffer.from(`assay-log-entry/v1\ncertificate\n${sha256(Buffer.concat([Buffer.from(salt, "hex"), text])).toString("hex")}\n`).toString("base64");
  const good = await judge("proof", { proof, entry: entryOf(bytes), vkey });
  assert.ok(good.ok, good.error);
  assert.equal((await judge("proof", { proof, entry: entryOf(Buffer.concat([bytes, Buffer.from("\n")])), vkey })).ok, false);
  const files = [join(dir, "p"), join(dir, "c")];
  writeFileSync(files[0], proof);
  writeFileSync(files[1], bytes);
  const args = ["log", "verify", ...files, "--key", vkey, "--kind"];
  assert.equal(run([...args, "certificate"]).code, 0);
  assert.equal(run([...args, "result"]).code, 1);
  assert.equal(run(["log", "prove", `certificate:${certificate.id}`, "--data", server.data]).out.split("\nindex ")[1].split("\n")[0], proof.split("\nindex ")[1].split("\n")[0]);
});

test("the audit counts certificates, revocations and withdrawals, and all is well", () => {
  const check = run(["log", "check", "--data", server.data, "--json"]);
  const report = JSON.parse(check.out);
  assert.deepEqual([check.code, report.findings, report.certificates, report.withdrawn], [0, [], 3, 1], check.out);
});

test("a new key of the log signs from then on; what the old one signed still holds", async () => {
  const kept = join(dir, "kept");
  writeFileSync(kept, (await server.get("/log/checkpoint")).text);
  const rotated = run(["key", "rotate", "log", "--data", server.data]);
  assert.equal(rotated.code, 0, rotated.err);
  const now = JSON.parse(run(["log", "show", "--json", "--data", server.data]).out);
  assert.notEqual(now.key, vkey);
  await until(async () => (await judge("open", { note: (await server.get("/log/checkpoint")).text, vkey: now.key })).ok, "a checkpoint by the new key");
  const check = run(["log", "check", "--data", server.data, "--against", kept]);
  assert.equal(check.code, 0, check.out + check.err);
});

for (const [what, sql, pattern] of [
  ["a byte of a certificate", () => `UPDATE certificate SET body = CAST(replace(CAST(body AS TEXT), 'fixture', 'fixturE') AS BLOB) WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} is not what was logged`],
  ["a certificate is deleted", () => `DELETE FROM certificate WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id}, logged as entry [0-9]+, is missing`],
  ["a certificate is hollowed out", () => `UPDATE certificate SET body = NULL WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} has lost its bytes, and no withdrawal`],
  ["a certificate is passed off as withdrawn", () => `UPDATE certificate SET body = NULL, state = 5 WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} has lost its bytes, and no withdrawal`],
  ["a revocation is undone", () => `UPDATE certificate SET state = 0 WHERE id = '${revoked.id}'`, () => `certificate ${revoked.id} is valid in the database, and revoked by what was logged last`],
  ["a certificate is revoked beside the log", () => `UPDATE certificate SET state = 1 WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} is revoked in the database, and valid by`],
  ["a revocation is undone in the status list alone", () => `UPDATE status_entry SET value = 0 WHERE (list, place) = (SELECT status_list, status_index FROM certificate WHERE id = '${revoked.id}')`, () => `certificate ${revoked.id} is revoked in the database, and the status list says something else`],
  ["the status list is emptied", () => "DELETE FROM status_entry", () => `certificate ${certificate.id} has lost its place in the status list`],
  ["a later revocation would set another bit", () => `UPDATE certificate SET status_index = (SELECT status_index FROM certificate WHERE id = '${withdrawn.id}') WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} names another place in the status lists`],
  ["the hash behind the QR code", () => `UPDATE certificate SET sha256 = '${"0".repeat(64)}' WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} has another hash`],
  ["its end", () => `UPDATE certificate SET valid_until_ms = valid_until_ms + 86400000 WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} ends at another time`],
  ["a key is passed off as stolen", () => "UPDATE signing_key SET state = 2 WHERE purpose = 3 AND state = 1", () => "key z6Mk[A-Za-z0-9]+ is compromised in the database, and retired by what was logged last"],
  ["a key is taken away", () => "DELETE FROM signing_key WHERE purpose = 3 AND state = 1", () => "key z6Mk[A-Za-z0-9]+, logged as entry [0-9]+, is missing"],
  ["a key is slipped in", () => "INSERT INTO signing_key (purpose, state, public_key, created_ms) VALUES (1, 1, randomblob(32), 0)", () => "key z6Mk[A-Za-z0-9]+ was never logged"],
  ["two certificates change places", () => `UPDATE certificate SET body = (SELECT body FROM certificate WHERE id = '${revoked.id}') WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} is not what was logged`],
  ["a certificate is slipped in", () => `UPDATE certificate SET id = '00000000-0000-4000-8000-000000000000' WHERE id = '${certificate.id}'`, () => "certificate 00000000-0000-4000-8000-000000000000 is not in the log at entry"],
  ["a certificate names another entry", () => `UPDATE certificate SET log_index = 1 WHERE id = '${certificate.id}'`, () => `certificate ${certificate.id} names entry 1 of the log, and is entry`],
  ["a revocation is rewritten", () => `UPDATE log_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'mistake', 'mistakE') AS BLOB) WHERE kind = 2`, () => "entry [0-9]+ .revocation .*. is not what was logged"],
])
  test(`the audit notices: ${what}`, (t) => {
    const copy = join(temporaryFolder(t), "data");
    cpSync(server.data, copy, { recursive: true, filter: (path) => !path.endsWith("/sandbox") });
    sqlite(copy, sql());
    const check = run(["log", "check", "--data", copy]);
    assert.equal(check.code, 1, check.out + check.err);
    assert.match(check.out, new RegExp(`WRONG  ${pattern()}`), check.out);
  });
