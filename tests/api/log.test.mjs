// The transparency log as others see it: Go's note and tlog open its checkpoints, read its tiles and check its proofs, and reject what was
// changed. Witnesses, the audit, and what it names when the database is tampered with.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { begin, ok, problem, submit } from "../lib/exam.mjs";
import { startJudge } from "../lib/log-judge.mjs";
import { root as source, run, Server, startFor, temporaryFolder, until } from "../lib/server.mjs";

let server, dir, judge, vkey, witnessKey;
let base; // entries before the first result: of the server's keys
const cleanUps = [];
const here = { after: (f) => cleanUps.push(f) };
const attempts = [];
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const cli = (...args) => run(["log", ...args, "--data", server.data]);
const checkpointOf = async (s = server) => {
  const reply = await s.get("/log/checkpoint");
  assert.equal(reply.status, 200, reply.text);
  const [origin, size, root] = reply.text.split("\n");
  return { text: reply.text, origin, size: Number(size), root: Buffer.from(root, "base64"), headers: reply.headers };
};
const add = async (s = server, list = attempts) => {
  const attempt = await begin(s, "all");
  await submit(s, attempt.id);
  list.push(attempt.id);
};
/** Sends a body that is not JSON. */
const ask = async (s, body) => {
  const response = await fetch(s.url + "/add-checkpoint", { method: "POST", body });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
};

before(async () => {
  server = await startFor(here);
  dir = temporaryFolder(here);
  judge = startJudge(here);
  await until(async () => (await server.get("/log/checkpoint")).status === 200, "the first checkpoint");
  base = (await checkpointOf()).size;
  for (let i = 0; i < 5; i++) await add();
  const shown = JSON.parse(cli("show", "--json").out);
  vkey = shown.key;
  witnessKey = shown.witness_key;
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

test("the checkpoint of a log is signed, and covers what was answered: Go opens it", async () => {
  const c = await checkpointOf();
  assert.equal(c.size, base + 5, "a result is signed into the log in the commit that stores it");
  assert.match(c.headers.get("content-type"), /^text\/plain; charset=utf-8$/);
  assert.equal(c.headers.get("cache-control"), "no-store");
  assert.equal(c.headers.get("access-control-allow-origin"), "*");
  const opened = await judge("open", { note: c.text, vkey });
  assert.deepEqual([opened.ok, opened.size, opened.root], [true, base + 5, c.root.toString("base64")], opened.error);
  for (let i = 0; i < c.text.length; i += 7) {
    const changed = c.text.slice(0, i) + (c.text[i] === "x" ? "y" : "x") + c.text.slice(i + 1);
    assert.equal((await judge("open", { note: changed, vkey })).ok, false, `a changed character ${i} is noticed`);
  }
});

test("tiles and bundles lead to the root, and every entry is proved, by Go over HTTP", async () => {
  const audit = await judge("audit", { url: `${server.url}/log`, vkey, olds: [1, 2, 3, 4, 5] });
  assert.deepEqual([audit.ok, audit.size, audit.checks], [true, base + 5, base + 10], audit.error);
  const tile = await fetch(`${server.url}/log/tile/0/000.p/${base + 5}`);
  assert.equal(tile.headers.get("content-type"), "application/octet-stream");
  assert.equal(tile.headers.get("access-control-allow-origin"), "*");
  assert.match(tile.headers.get("cache-control"), /immutable/);
  assert.equal((await tile.arrayBuffer()).byteLength, (base + 5) * 32);
  assert.equal((await (await fetch(`${server.url}/log/tile/0/000.p/2`)).arrayBuffer()).byteLength, 64, "older widths are served, too");
  for (const path of ["0/000", `0/000.p/${base + 6}`, "0/001.p/1", "1/000.p/1", "0/000.p/0", "0/0", "x", "0/x000/000", "entries/000", `entries/000.p/${base + 6}`, "64/000", "-1/000"])
    problem(await server.get(`/log/tile/${path}`), 404, "not-found");
  assert.equal((await server.get("/log")).status, 404);
  assert.equal((await server.get("/log/")).status, 404);
});

test("nothing of a person or a result can be read in the log", async () => {
  const bundle = Buffer.from(await (await fetch(`${server.url}/log/tile/entries/000.p/${base + 5}`)).arrayBuffer());
  let at = 0;
  for (let i = 0; i < base + 5; i++) {
    const size = bundle.readUInt16BE(at);
    assert.match(bundle.subarray(at + 2, at + 2 + size).toString(), /^assay-log-entry\/v1\n(result|key)\n[0-9a-f]{64}\n$/);
    at += 2 + size;
  }
});

const bodyOf = (data, attempt) =>
  Buffer.from(
    execFileSync("sqlite3", [join(data, "assay.db"), `SELECT hex(r.body) FROM result r JOIN attempt a ON a.key = r.attempt WHERE a.id = '${attempt}'`], {
      encoding: "utf8",
    }).trim(),
    "hex",
  );

test("a proof is checked by Go and by assay log verify, and any changed byte is rejected", async () => {
  const proof = cli("prove", `result:${attempts[2]}`);
  assert.equal(proof.code, 0, proof.err);
  const body = bodyOf(server.data, attempts[2]);
  const [kind, salt] = Buffer.from(proof.out.match(/^extra (.*)$/m)[1], "base64").toString().split("\n");
  const entry = Buffer.from(`assay-log-entry/v1\n${kind}\n${sha256(Buffer.concat([Buffer.from(salt, "hex"), body])).toString("hex")}\n`);
  const seen = await judge("proof", { proof: proof.out, entry: entry.toString("base64"), vkey });
  assert.ok(seen.ok, seen.error);
  assert.equal((await judge("proof", { proof: proof.out, entry: Buffer.from("other").toString("base64"), vkey })).ok, false);
  const file = join(dir, "proof"), subject = join(dir, "result");
  writeFileSync(subject, body);
  const check = (text) => (writeFileSync(file, text), run(["log", "verify", file, subject, "--kind", "result", "--key", vkey]));
  assert.match(check(proof.out).out, new RegExp(`entry ${base + 2} of `));
  for (let i = 3; i < proof.out.length; i += 31) {
    const changed = proof.out.slice(0, i) + (proof.out[i] === "A" ? "B" : "A") + proof.out.slice(i + 1);
    assert.equal(check(changed).code, 1, `character ${i}`);
    const inHead = i < proof.out.indexOf("index"); // the salt: Go is given the entry, so it has no use for it
    if (!inHead) assert.equal((await judge("proof", { proof: changed, entry: entry.toString("base64"), vkey })).ok, false, `character ${i}`);
  }
  writeFileSync(subject, Buffer.concat([body, Buffer.from(" ")]));
  assert.equal(check(proof.out).code, 1);
  assert.equal(cli("prove", String(base + 5)).code, 1);
  assert.equal(cli("prove", "result:nobody").code, 1);
  assert.equal(cli("prove", "what").code, 2);
});

test("the log only grows: Go checks the proof from each older checkpoint to the newest", async () => {
  const olds = [await checkpointOf()];
  for (let i = 0; i < 3; i++) {
    await add();
    olds.push(await checkpointOf());
  }
  const newest = olds.at(-1);
  for (const old of olds) {
    const request = cli("request", "--old", String(old.size)).out;
    const [head, ...rest] = request.split("\n\n");
    assert.ok((await judge("open", { note: rest.join("\n\n"), vkey })).ok);
    const hashes = head.split("\n").slice(1);
    const of = { old: old.size, size: newest.size, root: newest.root.toString("base64"), hashes };
    const good = await judge("consistency", { ...of, oldroot: old.root.toString("base64") });
    if (old.size < newest.size) assert.ok(good.ok, good.error);
    assert.equal((await judge("consistency", { ...of, oldroot: sha256("x").toString("base64") })).ok, false);
    if (hashes.length) assert.equal((await judge("consistency", { ...of, hashes: hashes.slice(1), oldroot: old.root.toString("base64") })).ok, false);
  }
  assert.equal(cli("request", "--old", "9999").code, 1);
});

test("the vectors of RFC 6962's trees that the unit tests write down are Go's, too", async () => {
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  const { roots } = await judge("roots", { leaves: leaves.map((hex) => Buffer.from(hex, "hex").toString("base64")) });
  const source = readFileSync(new URL("../unit/credential/test_tlog.c", import.meta.url), "utf8");
  for (const root of roots) assert.ok(source.includes(Buffer.from(root, "base64").toString("hex")), "it stands in test_tlog.c");
  assert.equal(roots.length, 8);
});

test("every result is in the log, also those of study sessions; nothing that was refused is", async () => {
  const before = (await checkpointOf()).size;
  const attempt = await begin(server, "all", "study");
  await submit(server, attempt.id);
  ok(await server.post(`/api/v1/attempts/${attempt.id}/submit`, {})); // once more: it has ended already
  problem(await server.post(`/api/v1/attempts/nobody/submit`, {}), 404, "not-found");
  assert.equal((await checkpointOf()).size, before + 1);
  assert.equal(cli("prove", `result:${attempt.id}`).code, 0);
});

// ---- Witnesses ----

/** A log of our own making: a key, a name, and signed checkpoints of any tree. */
function makeLog(name) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url");
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n\x01`), raw])).subarray(0, 4);
  const node = (l, r) => sha256(Buffer.concat([Buffer.from([1]), l, r]));
  const mth = (leaves) => {
    if (leaves.length === 0) return sha256("");
    if (leaves.length === 1) return sha256(Buffer.concat([Buffer.from([0]), Buffer.from(leaves[0])]));
    let k = 1;
    while (2 * k < leaves.length) k *= 2;
    return node(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
  };
  const subproof = (m, leaves, whole) => {
    if (m === leaves.length) return whole ? [] : [mth(leaves)];
    let k = 1;
    while (2 * k < leaves.length) k *= 2;
    return m <= k ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))] : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
  };
  const checkpoint = (leaves, key = privateKey) => {
    const body = `${name}\n${leaves.length}\n${mth(leaves).toString("base64")}\n`;
    const signature = Buffer.concat([id, sign(null, Buffer.from(body), key)]).toString("base64");
    return `${body}\n\u2014 ${name} ${signature}\n`;
  };
  return {
    vkey: `${name}+${id.toString("hex")}+${Buffer.concat([Buffer.from([1]), raw]).toString("base64")}`,
    checkpoint,
    request: (old, leaves, options = {}) => {
      const proof = options.proof ?? (old > 0 && old < leaves.length ? subproof(old, leaves, true) : []);
      return `old ${old}\n${proof.map((h) => h.toString("base64") + "\n").join("")}\n${checkpoint(leaves, options.key)}`;
    },
  };
}

test("a witness cosigns what continues what it has cosigned, and nothing else", async (t) => {
  const log = makeLog("other.example/log"), stranger = makeLog("stranger.example/log");
  const logs = join(dir, "logs");
  writeFileSync(logs, `# whom we watch\n${log.vkey}\n`);
  const data = join(temporaryFolder(t), "witness");
  let witness = await Server.start({ data, banks: new URL("../fixtures/bank", import.meta.url).pathname, args: ["--witness", logs] });
  const wkey = JSON.parse(run(["log", "show", "--json", "--data", data]).out).witness_key;
  const leaves = Array.from({ length: 20 }, (_, i) => `leaf ${i}`);
  const first = await ask(witness, log.request(0, leaves.slice(0, 5)));
  assert.equal(first.status, 200, first.text);
  assert.match(first.text, /^\u2014 \S+\/witness [A-Za-z0-9+/=]+\n$/);
  const policy = join(dir, "policy");
  writeFileSync(policy, `log ${log.vkey}\nwitness w ${wkey}\nquorum w\n`);

  const refused = async (body, status) => {
    const reply = await ask(witness, body);
    assert.equal(reply.status, status, `${body}\n${reply.text}`);
    return reply;
  };
  await refused(stranger.request(0, leaves.slice(0, 5)), 404);
  await refused(log.request(5, leaves.slice(0, 7), { key: generateKeyPairSync("ed25519").privateKey }), 403);
  const conflict = await refused(log.request(0, leaves.slice(0, 7)), 409);
  assert.deepEqual([conflict.type, conflict.text], ["text/x.tlog.size", "5\n"]);
  await refused(log.request(5, ["another", ...leaves.slice(1, 5)]), 409); // the same size, another root
  await refused(log.request(5, ["another", ...leaves.slice(1, 9)]), 422); // another past
  await refused(log.request(5, leaves.slice(0, 9), { proof: [] }), 422);
  await refused(log.request(9, leaves.slice(0, 7)), 400);
  for (const body of ["", "old 5", "old 5\n\n", "old 05\n\nx", "old 5\nAAAA\n\nx", `old 5\n\n${"x".repeat(1000)}`, "\u0000", `old 5\n${"A".repeat(43)}=\n`.repeat(70)])
    await refused(body, 400);
  assert.equal((await ask(witness, "x".repeat(200 * 1024))).status, 413);
  assert.equal((await ask(witness, log.request(5, leaves.slice(0, 5)))).status, 200, "the same again is cosigned again");
  assert.equal((await ask(witness, log.request(5, leaves.slice(0, 12)))).status, 200);

  await witness.kill(); // what was cosigned is not forgotten
  witness = await Server.start({ data, banks: new URL("../fixtures/bank", import.meta.url).pathname, args: ["--witness", logs] });
  t.after(() => witness.stop());
  assert.equal((await refused(log.request(5, leaves.slice(0, 20)), 409)).text, "12\n");
  const race = await Promise.all([15, 16, 17, 18].map((n) => ask(witness, log.request(12, leaves.slice(0, n)))));
  assert.deepEqual(race.map((r) => r.status).sort(), [200, 409, 409, 409], "one of several that come at once");
});

test("without --witness a server is a witness of nothing", async () => {
  assert.equal((await ask(server, makeLog("a.example/log").request(0, ["x"]))).status, 404);
});

test("the cosignature of another server is added to the checkpoint, and a policy asks for it", async (t) => {
  const logs = join(dir, "logs-of-ours"), policy = join(dir, "policy-ours"), answer = join(dir, "answer"), file = join(dir, "proof-cosigned");
  writeFileSync(logs, `log ${vkey}\n`);
  const witness = await startFor(t, { args: ["--witness", logs] });
  const wkey = JSON.parse(run(["log", "show", "--json", "--data", witness.data]).out).witness_key;
  writeFileSync(policy, `log ${vkey}\nwitness w ${wkey}\nquorum w\n`);
  const subject = join(dir, "result-cosigned");
  writeFileSync(subject, bodyOf(server.data, attempts[0]));
  const prove = () => {
    writeFileSync(file, cli("prove", `result:${attempts[0]}`).out);
    return run(["log", "verify", file, subject, "--policy", policy]);
  };
  const before = prove();
  assert.equal(before.code, 1);
  assert.match(before.err, /too few witnesses/);
  const reply = await ask(witness, cli("request").out);
  assert.equal(reply.status, 200, reply.text);
  writeFileSync(answer, reply.text);
  assert.equal(cli("add-cosignature", answer, "--key", witnessKey).code, 1, "of another witness");
  const added = cli("add-cosignature", answer, "--key", wkey);
  assert.equal(added.code, 0, added.err);
  const c = await checkpointOf();
  assert.ok(c.text.endsWith(reply.text), "the checkpoint shows it");
  assert.ok((await judge("open", { note: c.text, vkey })).ok, "Go leaves cosignatures alone");
  assert.match(prove().out, /1 witnesses have cosigned/);
  await add(); // the newest checkpoint is not cosigned; proofs go on being made against one that is
  assert.equal(prove().code, 0);
  assert.equal(cli("check").code, 0);
  // The next time only the growth has to be proved.
  const next = await ask(witness, cli("request", "--old", String(c.size)).out);
  assert.equal(next.status, 200, next.text);
});

// ---- The audit ----

test("assay log check: all is well, beside a running server; a kept checkpoint is continued", async () => {
  const kept = join(dir, "kept");
  writeFileSync(kept, (await checkpointOf()).text);
  await add();
  const check = cli("check", "--against", kept);
  assert.equal(check.code, 0, check.out + check.err);
  assert.match(check.out, /All is what was logged/);
  const json = JSON.parse(cli("check", "--json").out);
  assert.deepEqual([json.ok, json.findings, json.results, json.others], [true, [], (await checkpointOf()).size - base, base]);
  assert.equal(Buffer.from(json.root, "hex").toString("base64"), (await checkpointOf()).root.toString("base64"));
  const otherLog = makeLog((await checkpointOf()).origin);
  writeFileSync(kept, otherLog.checkpoint(["x"]));
  assert.match(cli("check", "--against", kept).out, /WRONG .*not signed by a log that is known/);
});

/** A copy of the data folder, keys and all; the server is at rest meanwhile. */
function copyOf(t) {
  const copy = join(temporaryFolder(t), "data");
  cpSync(server.data, copy, { recursive: true, filter: (path) => !path.endsWith("/sandbox") });
  return copy;
}

/** Copies the database, changes it, and gives what the audit says. */
function tampered(t, sql, args = []) {
  const copy = copyOf(t);
  execFileSync("sqlite3", [join(copy, "assay.db"), sql]);
  return run(["log", "check", "--data", copy, ...args]);
}
const rowOf = (i) => `(SELECT key FROM attempt WHERE id = '${attempts[i]}')`;

for (const [what, sql, pattern] of [
  ["a byte of a result", () => `UPDATE result SET body = CAST(replace(CAST(body AS TEXT), 'fixture', 'fixturE') AS BLOB) WHERE attempt = ${rowOf(1)}`, () => `WRONG  result 1 of attempt ${attempts[1]} is not what was logged as entry ${base + 1}`],
  ["a result is deleted", () => `DELETE FROM result WHERE attempt = ${rowOf(2)}`, () => `WRONG  result 1 of .*, logged as entry ${base + 2}, is missing`],
  ["two results are swapped", () => `UPDATE result SET attempt = CASE attempt WHEN ${rowOf(0)} THEN -${rowOf(3)} ELSE -${rowOf(0)} END WHERE attempt IN (${rowOf(0)}, ${rowOf(3)}); UPDATE result SET attempt = -attempt WHERE attempt < 0`, () => `WRONG  result 1 of attempt ${attempts[3]} is not what was logged`],
  ["a result is copied", () => `INSERT INTO result SELECT attempt, 2, body, signature, hash, previous, public_body, public_signature, public_key, created_ms FROM result WHERE attempt = ${rowOf(1)}`, () => `WRONG  result 2 of attempt ${attempts[1]} is not in the log: it was added`],
  ["a result is stored again, behind the others", () => `CREATE TEMP TABLE r AS SELECT * FROM result WHERE attempt = ${rowOf(0)}; DELETE FROM result WHERE attempt = ${rowOf(0)}; INSERT INTO result SELECT * FROM r`, () => "they were reordered"],
  ["a salt", () => `UPDATE log_entry SET salt = randomblob(32) WHERE n = ${base + 3}`, () => `WRONG  result 1 of attempt ${attempts[3]} is not what was logged as entry ${base + 3}: it, its salt`],
  ["a salt is cut short", () => `UPDATE log_entry SET salt = x'00' WHERE n = ${base + 3}`, () => `WRONG  entry ${base + 3} is damaged`],
  ["a commitment", () => `UPDATE log_entry SET commitment = randomblob(32) WHERE n = ${base + 3}`, () => "WRONG  the checkpoint of [0-9]+ entries has another root"],
  ["an entry is deleted", () => `DELETE FROM log_entry WHERE n = ${base + 2}`, () => `WRONG  entry ${base + 2} is missing`],
  ["the last entry is deleted", () => "DELETE FROM log_entry WHERE n = (SELECT max(n) FROM log_entry)", () => "WRONG  the checkpoint is of .* entries, and there are .*: the last ones were removed"],
  ["two entries are swapped", () => `UPDATE log_entry SET n = -n WHERE n IN (${base + 1}, ${base + 2}); UPDATE log_entry SET n = CASE n WHEN -${base + 1} THEN ${base + 2} ELSE ${base + 1} END WHERE n < 0`, () => "WRONG  result 1 of .* was stored before the result that is logged before it: they were reordered"],
  ["what was logged of a key", () => "UPDATE log_entry SET bytes = x'7b7d' WHERE n = 1", () => "WRONG  entry 1 .key .*. is not what was logged"],
  ["what was logged of a key is gone", () => "UPDATE log_entry SET bytes = NULL WHERE n = 1", () => "WRONG  entry 1 .key .*. has lost what was logged"],
  ["a kind", () => "UPDATE log_entry SET kind = 9 WHERE n = 1", () => "WRONG  entry 1 is damaged: its kind"],
  ["the root in the checkpoint", () => "UPDATE log_checkpoint SET body = replace(body, char(10), '1' || char(10))", () => "WRONG  the checkpoint of [0-9]+ entries was altered"],
  ["the signature of the checkpoint", () => "UPDATE log_checkpoint SET signatures = replace(signatures, substr(signatures, -9, 4), 'AAAA')", () => "WRONG  the checkpoint of [0-9]+ entries was altered"],
  ["a result that was logged twice", () => `INSERT INTO log_entry SELECT (SELECT max(n) FROM log_entry) + 1, kind, reference, salt, commitment, bytes FROM log_entry WHERE n = ${base + 1}`, () => "WRONG  result '[0-9]+ 1' is in the log twice"],
])
  test(`the audit notices: ${what}`, (t) => {
    const check = tampered(t, sql());
    assert.equal(check.code, 1, check.out + check.err);
    assert.match(check.out, new RegExp(pattern()), check.out);
    assert.match(check.out, /NOT what was logged/);
  });

test("an older database in the place of a newer one is found by a checkpoint that was kept", async (t) => {
  const copy = join(temporaryFolder(t), "old");
  run(["backup", copy, "--data", server.data]);
  await add();
  const kept = join(dir, "newer");
  writeFileSync(kept, (await checkpointOf()).text);
  assert.equal(run(["log", "check", "--data", copy]).code, 0, "by itself it is whole");
  const check = run(["log", "check", "--data", copy, "--against", kept]);
  assert.equal(check.code, 1);
  assert.match(check.out, /an older database was put in its place/);
});

test("a log whose past was changed is not signed any more, and the server says so", async (t) => {
  const copy = copyOf(t);
  execFileSync("sqlite3", [join(copy, "assay.db"), "UPDATE log_entry SET commitment = randomblob(32) WHERE n = 1"]);
  const other = await startFor(t, { data: copy });
  const before = await checkpointOf(other);
  await add(other, []);
  await until(() => other.log.includes("is not what was signed of it"), "the complaint");
  assert.equal((await checkpointOf(other)).size, before.size, "the old checkpoint is served, no new one");
  assert.equal(ok(await other.get("/api/v1/health")).status, "ok", "exams go on");
});

test("a killed server leaves a log that is whole", async (t) => {
  const data = join(temporaryFolder(t), "data");
  const kept = join(dir, "before-kill");
  for (let round = 0; round < 3; round++) {
    const victim = await Server.start({ data, banks: new URL("../fixtures/bank", import.meta.url).pathname, args: ["--no-rate-limits"] });
    t.after(() => victim.kill());
    if (round) {
      const check = run(["log", "check", "--data", data, "--against", kept]);
      assert.equal(check.code, 0, check.out + check.err);
    }
    let over = false;
    // What the kill left running is ended first: it would keep others from beginning.
    for (const left of ok(await victim.get("/api/v1/attempts")).attempts) if (left.state === "running") await submit(victim, left.id);
    const worker = (async () => {
      while (!over) await add(victim, []).catch(() => (over = true)); // until it is killed in the middle
    })();
    let newest;
    await until(async () => (newest = await checkpointOf(victim)).size >= (round + 1) * 8, "some results");
    writeFileSync(kept, newest.text); // read by somebody: it must hold for ever
    await victim.kill();
    over = true;
    await worker;
  }
  const check = run(["log", "check", "--data", data, "--against", kept]);
  assert.equal(check.code, 0, check.out + check.err);
  rmSync(data, { recursive: true, force: true });
});

test("results from before the log are entered in their order when the database is opened", async (t) => {
  const copy = copyOf(t);
  const db = join(copy, "assay.db");
  const sql = (text) => execFileSync("sqlite3", [db, text], { encoding: "utf8" }).trim();
  sql(`DROP TABLE log_cosignature; DROP TABLE log_checkpoint; DROP TABLE log_tile; DROP TABLE log_entry; DROP TABLE witnessed;
       DROP TABLE bank_good; DROP TABLE bank_release; DROP TABLE bank_trust;
       DROP TABLE correction_attempt; DROP TABLE correction; DROP TABLE issue_entry; DROP TABLE problem; DROP TABLE issue;
       DROP TABLE human_mark; ${readFileSync(join(source, "engine/store/sql/001.sql"), "utf8").match(/CREATE TABLE human_mark[^]*?;\nCREATE INDEX human_mark_attempt[^;]*;/)[0]}
       DELETE FROM meta WHERE key LIKE 'log_%'; PRAGMA user_version = 4`);
  const other = await startFor(t, { data: copy });
  const results = Number(sql("SELECT count(*) FROM result"));
  assert.equal((await until(async () => (await other.get("/log/checkpoint")).status === 200 && checkpointOf(other), "the checkpoint")).size, results);
  const check = run(["log", "check", "--data", copy]);
  assert.equal(check.code, 0, check.out + check.err);
  assert.ok(results > 5);
});

test("the command line says what is wrong with it", () => {
  for (const args of [[], ["what"], ["show", "more"], ["prove"], ["verify", "a"], ["add-cosignature", join(dir, "kept")], ["request", "--old", "x"], ["show", "--what"]])
    assert.equal(cli(...args).code, 2, args.join(" "));
  assert.match(run(["log", "--help"]).out, /^Usage: assay log show/);
  assert.equal(run(["log", "verify", "a", "b"]).code, 2);
});
