// The signed result: canonical by another's program, verified by another's cryptography, and every changed byte named. Marks by people, the chain
// of results, and backup, restore and doctor beside a running server.
import canonicalize from "canonicalize";
import assert from "node:assert/strict";
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checked } from "../lib/contract.mjs";
import { answerAll, begin, ok, problem, resultOf, rightResponse, save, show, submit, wrongResponse } from "../lib/exam.mjs";
import { openItems, run, Server, startFor, temporaryFolder } from "../lib/server.mjs";

let server, attempt, text, envelope, dir;
const cleanUps = [];
const here = { after: (f) => cleanUps.push(f) };
before(async () => {
  server = checked(await startFor(here, { args: ["--no-rate-limits"] }));
  dir = temporaryFolder(here);
  attempt = await begin(server, "all");
  await answerAll(server, attempt, (item) => (item.n % 4 ? rightResponse(item) : wrongResponse(item)));
  await submit(server, attempt.id);
  text = (await server.get(`/api/v1/attempts/${attempt.id}/result/signed`)).text;
  envelope = JSON.parse(text);
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

const keyOf = ({ signature }) => createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: signature.key }, format: "jwk" });
const isSigned = (e) => verify(null, Buffer.from(canonicalize(e.payload)), keyOf(e), Buffer.from(e.signature.value, "base64url"));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
let files = 0;
const fileWith = (content) => {
  const path = join(dir, `${++files}.json`);
  writeFileSync(path, content);
  return path;
};
const assayVerify = (content, ...args) => run(["verify", ...args, fileWith(content)]);

test("the bytes are canonical JSON as another program makes it, and the signature is Ed25519 over them", async () => {
  assert.equal(text, canonicalize(envelope), "the whole file is in canonical form");
  const bytes = canonicalize(envelope.payload);
  assert.equal(envelope.signature.sha256, sha256(bytes));
  assert.ok(isSigned(envelope));
  assert.ok(!isSigned({ ...envelope, payload: { ...envelope.payload, verdict: "pass!" } }), "the check can fail");
  const key = Buffer.from(envelope.signature.key, "base64url").toString("hex");
  assert.equal(envelope.payload.key, key);
  for (const [name, value] of Object.entries(envelope.payload))
    if (name !== "digests") assert.equal(envelope.payload.digests[name], sha256(canonicalize(value)).slice(0, 16), name);
});

test("the result and what is signed agree", async () => {
  const result = await resultOf(server, attempt.id);
  const { payload, signature } = envelope;
  assert.deepEqual([result.signed.sha256, result.verdict, result.attempt], [signature.sha256, payload.verdict, payload.attempt]);
  assert.equal(result.score.value, payload.score.value);
  assert.deepEqual(
    result.items.map((i) => [i.id, i.outcome]),
    payload.items.map((i) => [i.id, i.outcome]),
  );
  assert.equal(result.scoring.bank_hash, payload.bank.sha256);
  assert.equal(payload.mode, "exam");
  assert.equal(payload.number, 1);
  const again = await server.get(`/api/v1/attempts/${attempt.id}/result/signed`);
  assert.equal(again.text, text, "the same bytes every time");
  assert.match(again.headers.get("content-disposition"), /^attachment; filename="assay-result-[a-z0-9]+\.json"$/);
});

test("assay verify: valid, from a file, from the standard input, with the issuer's key", async () => {
  const valid = assayVerify(text);
  assert.equal(valid.code, 0, valid.out + valid.err);
  assert.match(valid.out, new RegExp(envelope.payload.key));
  assert.equal(run(["verify", "-"], { input: text }).code, 0);
  assert.equal(assayVerify(JSON.stringify(envelope, null, 2)).code, 0, "white space between tokens does no harm");
  for (const key of [envelope.payload.key, envelope.signature.key, fileWith(`${envelope.payload.key}\n`)])
    assert.equal(assayVerify(text, "--key", key).code, 0, key);
  assert.equal(assayVerify(text, "--key", "0".repeat(64)).code, 1);
  const report = JSON.parse(assayVerify(text, "--json").out);
  assert.deepEqual([report.verdict, report.format, report.credential.attempt], ["valid", "result", attempt.id]);
  const outcome = (r, id) => r.checks.find((c) => c.id === id).outcome;
  assert.deepEqual(report.checks.map((c) => `${c.id} ${c.outcome}`), ["format pass", "document pass", "signature pass", "issuer unknown"]);
  assert.equal(outcome(JSON.parse(assayVerify(text, "--json", "--key", envelope.payload.key).out), "issuer"), "pass");
  const own = ok(await server.post("/api/v1/verify", text));
  assert.deepEqual([own.verdict, outcome(own, "issuer")], ["valid", "pass"], "its issuer knows its own key");
  assert.notEqual(assayVerify(text, "--key", "nonsense").code, 0);
  assert.equal(run(["verify", join(dir, "nothing.json")]).code, 3);
});

test("every single changed byte is noticed", { timeout: 120000 }, async () => {
  const bytes = Buffer.from(text);
  let accepted = 0;
  const step = Math.ceil(bytes.length / 400); // a few hundred places over the whole file
  for (let at = 0; at < bytes.length; at += step) {
    const changed = Buffer.from(bytes);
    changed[at] ^= at % 2 ? 0x01 : 0x20;
    const { status, json } = await server.post("/api/v1/verify", new Uint8Array(changed));
    assert.equal(status, 200);
    if (json.verdict !== "invalid") accepted++;
  }
  assert.equal(accepted, 0);
});

test("what was changed is named", async () => {
  const edits = [
    ["verdict", (p) => (p.verdict = p.verdict === "pass" ? "fail" : "pass")],
    ["score", (p) => (p.score.value += 1)],
    ["candidate", (p) => (p.candidate = "somebody")],
    ["time", (p) => (p.time.used_ms -= 1)],
    ["bank", (p) => (p.bank.version = "9.9.9")],
    ["items", (p) => (p.items[0].outcome = "right!")],
    ["rules", (p) => (p.rules.negative = 0.25)],
  ];
  for (const [member, edit] of edits) {
    const changed = structuredClone(envelope);
    edit(changed.payload);
    const reply = assayVerify(canonicalize(changed));
    assert.equal(reply.code, 1);
    assert.match(reply.out, new RegExp(`Changed after it was signed: ${member}`), `${member}: ${reply.out}`);
  }
});

test("tricks with the envelope are noticed", async () => {
  const forge = (edit) => {
    const changed = structuredClone(envelope);
    edit(changed);
    return assayVerify(canonicalize(changed));
  };
  const other = generateKeyPairSync("ed25519");
  const x = other.publicKey.export({ format: "jwk" }).x;
  const tricks = {
    "an extra member": (e) => (e.note = "trust me"),
    "an extra member of the signature": (e) => (e.signature.also = "x"),
    "another algorithm": (e) => (e.signature.alg = "none"),
    "no signature": (e) => (e.signature.value = ""),
    "another's key": (e) => (e.signature.key = x),
    "a member taken out": (e) => delete e.payload.verdict,
    "a member put in": (e) => (e.payload.bonus = 5),
    "digests mended, signature old": (e) => {
      e.payload.verdict = "pass!";
      e.payload.digests.verdict = sha256(canonicalize("pass!")).slice(0, 16);
      e.signature.sha256 = sha256(canonicalize(e.payload));
    },
  };
  for (const [name, edit] of Object.entries(tricks)) assert.equal(forge(edit).code, 1, name);
  // Signed anew with a key of one's own: valid by itself, and that is why the key has to be compared.
  const anew = structuredClone(envelope);
  anew.payload.key = Buffer.from(x, "base64url").toString("hex");
  anew.payload.digests.key = sha256(canonicalize(anew.payload.key)).slice(0, 16);
  const bytes = Buffer.from(canonicalize(anew.payload));
  anew.signature = { alg: "Ed25519", key: x, value: sign(null, bytes, other.privateKey).toString("base64url"), sha256: sha256(bytes) };
  assert.equal(assayVerify(canonicalize(anew)).code, 0);
  assert.equal(assayVerify(canonicalize(anew), "--key", envelope.payload.key).code, 1, "with the issuer's key it is not");
  for (const spelling of [
    text.replace('"format":1', '"format":1.0'),
    text.replace('"format":1', '"format":1e0'),
    text.replace('"verdict":"', '"verdict":"x","verdict":"'),
    text.replace("assay-result", "assay-\\u0072esult"),
  ])
    assert.equal(assayVerify(spelling).code, 1, "another spelling of the same is not the same");
  for (const nonsense of ["", "{}", "[]", "hello", '{"payload":1}', '{"payload":{},"signature":{}}', "\0", "{".repeat(100000)])
    assert.notEqual(assayVerify(nonsense).code, 0, nonsense.slice(0, 20));
});

test("an essay waits for a person; each mark makes a result that names the one before", async () => {
  const essay = await begin(server, "essay");
  await answerAll(server, essay);
  await submit(server, essay.id);
  const url = `/api/v1/attempts/${essay.id}/result`;
  const pending = await server.get(url);
  assert.deepEqual([pending.status, pending.json.ungraded], [202, 1]);
  problem(await server.get(`${url}/signed`), 409, "conflict");
  const data = ["--data", server.data];
  const waiting = run(["mark", "--json", ...data]);
  assert.ok(waiting.out.includes(essay.id), waiting.out + waiting.err);
  const shown = run(["mark", essay.id, ...data]).out;
  assert.match(shown, /RUBRIC-TEXT/);
  assert.match(shown, /Because one that cannot fail/);
  const item = openItems(essay).find((i) => i.kind === "essay");
  const mark = (points, ...more) => run(["mark", essay.id, item.id, "--points", points, "--by", "Grace", ...data, ...more]);
  for (const points of ["2", "-1", "x", "0.0001"]) assert.notEqual(mark(points).code, 0, points);
  assert.notEqual(
    run([
      "mark",
      essay.id,
      openItems(essay)[0] === item ? openItems(essay)[1].id : openItems(essay)[0].id,
      "--points",
      "1",
      "--by",
      "G",
      ...data,
    ]).code,
    0,
    "what the program marks, a person does not",
  );
  assert.equal(mark("0.5", "--comment", "Half of a reason").code, 0);
  const first = ok(await server.get(`${url}/signed`));
  assert.equal(first.payload.number, 1);
  assert.ok(isSigned(first));
  assert.equal((await resultOf(server, essay.id)).score.share, Math.round((14.5 / 15) * 1e6) / 1e6);
  assert.equal(mark("1").code, 0);
  const second = ok(await server.get(`${url}/signed`));
  assert.deepEqual([second.payload.number, second.payload.previous_sha256], [2, first.payload.full_sha256]);
  assert.ok(isSigned(second));
  assert.equal((await resultOf(server, essay.id)).score.share, 1);
});

test("an answer at which a pattern ran into its limits waits for a person, who can mark it", async (t) => {
  const banks = temporaryFolder(t);
  writeFileSync(join(banks, "bank.yml"), "id: fixture\n");
  writeFileSync(join(banks, "questions.md"), "Type some letters.\n\n= /^(a+)+$/\n~ /b/ : 50%\n\n### Explanation\nx\n\n### References\n- y\n");
  mkdirSync(join(banks, "exams"));
  writeFileSync(join(banks, "exams/e.yml"), "items: 1\nreport: {show: questions}\n");
  const server = await startFor(t, { banks });
  const attempt = await begin(server, "e");
  const [item] = openItems(attempt);
  ok(await save(server, attempt, item, { text: "a".repeat(900) + "!" }));
  await submit(server, attempt.id);
  const url = `/api/v1/attempts/${attempt.id}/result`;
  assert.deepEqual([(await server.get(url)).status, (await server.get(url)).json.ungraded], [202, 1]);
  const data = ["--data", server.data];
  assert.match(run(["mark", ...data]).out, /1 of 1 answer to mark/);
  const shown = run(["mark", attempt.id, ...data]).out;
  assert.match(shown, /aaaa!/);
  assert.match(shown, /\^\(a\+\)\+\$/, "what is accepted is shown to whoever marks");
  assert.equal(run(["mark", attempt.id, "1", "--points", "1", "--by", "Grace", ...data]).code, 0);
  assert.equal((await resultOf(server, attempt.id)).score.share, 1);
});

test("backup beside a running server, restore, and going on where it was", async (t) => {
  const running = await begin(server, "secret");
  const [item] = openItems(running);
  ok(await save(server, running, item, rightResponse(item)));
  const out = join(temporaryFolder(t), "backup");
  // Answers go on being saved while the copy is made.
  let saving = true;
  const stream = (async () => {
    let n = 0;
    while (saving) (ok(await save(server, running, item, rightResponse(item))), n++);
    return n;
  })();
  const { spawn } = await import("node:child_process");
  const { assay } = await import("../lib/server.mjs");
  const code = await new Promise((done) => spawn(assay, ["backup", "--data", server.data, out], { stdio: "ignore" }).on("exit", done));
  saving = false;
  assert.ok((await stream) > 0);
  assert.equal(code, 0);
  assert.notEqual(run(["backup", "--data", server.data, out]).code, 0, "nothing is overwritten");
  assert.equal(statSync(out).mode & 0o077, 0, "only the owner may read it");

  const data = join(temporaryFolder(t), "restored");
  const restored = run(["restore", out, "--data", data]);
  assert.equal(restored.code, 0, restored.err);
  assert.notEqual(run(["restore", out, "--data", data]).code, 0, "not over what is there");
  assert.match(restored.out, /passphrase/, "it says what is still needed");
  assert.ok(!existsSync(join(out, "passphrase")), "the passphrase is not in a backup");
  await assert.rejects(Server.start({ data, banks: [] }), /passphrase/);
  cpSync(join(server.data, "passphrase"), join(data, "passphrase"));
  const again = checked(
    await Server.start({ data, banks: join(dir, "nowhere-but-the-backup") }).catch(() => Server.start({ data, banks: [] })),
  );
  t.after(() => again.stop());
  const there = await show(again, running.id);
  assert.equal(there.state, "running");
  assert.deepEqual(openItems(there).find((i) => i.id === item.id).response, rightResponse(item));
  assert.equal((await again.get(`/api/v1/attempts/${attempt.id}/result/signed`)).text, text);
  await submit(again, running.id);
});

test("a damaged backup is refused, and says what is wrong", async (t) => {
  const out = join(temporaryFolder(t), "backup");
  assert.equal(run(["backup", "--data", server.data, out]).code, 0);
  assert.equal(run(["restore", "--check", out]).code, 0);
  const damaged = (name, edit) => {
    const copy = join(temporaryFolder(t), "copy");
    cpSync(out, copy, { recursive: true });
    edit(copy);
    const data = join(temporaryFolder(t), "data");
    const reply = run(["restore", copy, "--data", data]);
    assert.notEqual(reply.code, 0, name);
    assert.ok(reply.err.length > 20 && !existsSync(join(data, "assay.db")), name);
  };
  const flip = (file) => (copy) => {
    const bytes = readFileSync(join(copy, file));
    bytes[bytes.length >> 1] ^= 1;
    chmodSync(join(copy, file), 0o600);
    writeFileSync(join(copy, file), bytes);
  };
  damaged("a byte of the database", flip("assay.db"));
  damaged("a byte of a key", flip("keys/secret.key"));
  damaged("no manifest", (copy) => renameSync(join(copy, "manifest.json"), join(copy, "x")));
  damaged("no key", (copy) => renameSync(join(copy, "keys/secret.key"), join(copy, "x")));
  damaged("half a database", (copy) => writeFileSync(join(copy, "assay.db"), readFileSync(join(copy, "assay.db")).subarray(0, 20000)));
  assert.notEqual(run(["restore", join(out, "nothing"), "--data", join(out, "x")]).code, 0);
});

test("assay doctor: all is well beside a running server, and what is not is found", async (t) => {
  const well = run(["doctor", "--data", server.data]);
  assert.equal(well.code, 0, well.out + well.err);
  assert.match(well.out, new RegExp(envelope.payload.key), "it prints the issuer's key");
  const report = JSON.parse(run(["doctor", "--json", "--data", server.data]).out);
  assert.equal(report.ok, true);
  assert.ok(report.checks.length >= 6);

  const out = join(temporaryFolder(t), "backup");
  assert.equal(run(["backup", "--with-passphrase", "--data", server.data, out]).code, 0);
  const sick = (name, edit, says) => {
    const data = join(temporaryFolder(t), "data");
    assert.equal(run(["restore", out, "--data", data]).code, 0);
    edit(data);
    const reply = run(["doctor", "--data", data]);
    assert.ok([1, 3].includes(reply.code), `${name}: ${reply.out}${reply.err}`);
    assert.match(reply.out, says, name);
  };
  sick("modes", (data) => chmodSync(join(data, "keys/secret.key"), 0o644), /WRONG.*secret\.key/);
  sick("a key that is gone", (data) => renameSync(join(data, "keys/secret.key"), join(data, "x")), /WRONG/);
  sick("no passphrase", (data) => renameSync(join(data, "passphrase"), join(data, "x")), /WRONG +passphrase/);
  sick(
    "a result that was changed",
    (data) => {
      const path = join(data, "assay.db");
      const bytes = readFileSync(path);
      const words = '"type":"assay-result","verdict":"';
      const at = bytes.indexOf(words);
      assert.ok(at > 0);
      bytes.write("q", at + words.length);
      writeFileSync(path, bytes);
    },
    /WRONG +(results|database)/,
  );
  assert.equal(run(["doctor", "--data", join(out, "nothing")]).code, 3);
});

test("an empty folder makes keys once; attempts without their keys are not served", async (t) => {
  const out = join(temporaryFolder(t), "backup");
  assert.equal(run(["backup", "--with-passphrase", "--data", server.data, out]).code, 0);
  const data = join(temporaryFolder(t), "data");
  assert.equal(run(["restore", out, "--data", data]).code, 0);
  renameSync(join(data, "keys/secret.key"), join(data, "gone"));
  await assert.rejects(Server.start({ data, banks: [] }), /secret\.key is missing/);
  mkdirSync(join(dir, "fresh"), { mode: 0o700 });
  const fresh = await Server.start({ data: join(dir, "fresh"), banks: [] });
  const files = ["keys/secret.key", "passphrase"];
  const made = files.map((name) => readFileSync(join(dir, "fresh", name), "utf8"));
  assert.match(made[0], /^[0-9a-f]{64}\n$/);
  assert.match(made[1], /^[A-Za-z0-9_-]{43}\n$/);
  assert.equal(await fresh.stop(), 0);
  const again = await Server.start({ data: join(dir, "fresh"), banks: [] });
  assert.deepEqual(
    files.map((name) => readFileSync(join(dir, "fresh", name), "utf8")),
    made,
  );
  assert.equal(await again.stop(), 0);
});
