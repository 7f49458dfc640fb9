// Signed banks, with Debian's minisign as the judge: both directions, every class of byte that may be changed, thresholds, rotation, rollback, what the
// server makes of it, and that nothing of a bank is executed by looking at it.
import canonicalize from "canonicalize";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { answerAll, begin, ok, resultOf, rightResponse, submit } from "../lib/exam.mjs";
import { bank, minisign, minisignPerson, person, sign, signatures, trust, unsign, workshop } from "../lib/minisign.mjs";
import { assay, root, startFor, temporaryFolder, until } from "../lib/server.mjs";

const verify = (w) => {
  const { code, out, err } = bank("verify", w.folder, "--data", w.data, "--json");
  assert.equal(err, "");
  return { code, ...JSON.parse(out) };
};
const refused = (w, reason) => {
  const seen = verify(w);
  assert.equal(seen.code, 1, JSON.stringify(seen));
  assert.equal(seen.verdict, "refused");
  assert.match(seen.problems.join("\n"), reason);
};
const official = (w) => assert.equal(verify(w).verdict, "official");

test("release.json is canonical, complete, and minisign accepts our signatures of it", (t) => {
  const w = workshop(t);
  sign(w);
  const text = readFileSync(join(w.folder, "release.json"), "utf8");
  const release = JSON.parse(text);
  assert.equal(canonicalize(release), text);
  assert.equal(release.bank, "fixture");
  assert.equal(release.number, 1);
  assert.deepEqual(release.programs, ["params-1"]);
  const there = execFileSync("find", [".", "-type", "f", "-not", "-name", "release.json*", "-printf", "%P\n"], { cwd: w.folder, encoding: "utf8" });
  assert.deepEqual(release.files.map((f) => f.path), there.trim().split("\n").sort());
  for (const f of release.files) {
    const bytes = readFileSync(join(w.folder, f.path));
    assert.equal(f.size, bytes.length);
    assert.equal(f.sha256, createHash("sha256").update(bytes).digest("hex"));
  }
  assert.equal(signatures(w.folder).length, 2);
  for (const name of signatures(w.folder)) {
    const key = [w.ana, w.ben].find((k) => readFileSync(`${k}.pub`, "utf8").includes(name.split(".")[2]));
    const judged = minisign("-V", "-m", join(w.folder, "release.json"), "-x", join(w.folder, name), "-p", `${key}.pub`);
    assert.equal(judged.status, 0, judged.stderr);
    assert.match(judged.stdout, /bank:fixture number:1 (author|approved)/);
  }
  trust(w);
  official(w);
});

test("what minisign signs is accepted, by its keys and by ours; its old signatures are not", (t) => {
  const w = workshop(t);
  const dora = minisignPerson(w.dir, "dora");
  assert.equal(bank("trust", "add", `Ana=${w.ana}.pub`, `Dora=${dora}.pub`, "--data", w.data).code, 0);
  assert.equal(bank("sign", w.folder, "--key", w.ana).code, 0);
  assert.equal(verify(w).missing, 1);
  const message = join(w.folder, "release.json");
  const by = (key, ...args) => {
    const made = minisign("-S", ...args, "-m", message, "-s", key, "-x", `${message}.by-hand.minisig`);
    assert.equal(made.status, 0, made.stderr);
  };
  by(dora, "-l");
  refused(w, /not prehashed/);
  by(dora, "-t", "looks good to me");
  official(w);
  rmSync(`${message}.by-hand.minisig`);
  assert.equal(bank("approve", w.folder, "--key", dora).code, 0, "minisign's key, our signature");
  official(w);
  by(w.ana); // our key, minisign's signature
  official(w);
});

test("a key sealed with a passphrase opens with it alone", (t) => {
  const w = workshop(t);
  const path = join(w.dir, "sealed");
  const words = join(w.dir, "words"), other = join(w.dir, "other");
  writeFileSync(words, "correct horse\n");
  writeFileSync(other, "wrong horse\n");
  assert.equal(bank("trust", "key", path, "--passphrase-file", words).code, 0);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(readFileSync(path, "utf8"), /^untrusted comment: minisign encrypted secret key/);
  assert.match(bank("sign", w.folder, "--key", path, "--passphrase-file", other).err, /passphrase of the secret key is wrong/);
  assert.equal(existsSync(join(w.folder, "release.json")), false);
  assert.equal(bank("sign", w.folder, "--key", path, "--passphrase-file", words).code, 0);
  assert.match(bank("trust", "key", path, "--plain").err, /is there already/);
});

test("every class of byte: content, size, mode, names, list, signatures", (t) => {
  const w = workshop(t);
  sign(w);
  trust(w);
  official(w);
  const at = (path) => join(w.folder, path);
  const changed = (path, change, reason) => {
    const before = readFileSync(at(path));
    const bytes = Buffer.from(before);
    writeFileSync(at(path), change(bytes) ?? bytes);
    refused(w, reason);
    writeFileSync(at(path), before);
  };
  const flip = (i) => (bytes) => void (bytes[i] ^= 1);
  for (const { path, size } of JSON.parse(readFileSync(at("release.json"), "utf8")).files) {
    if (!size) continue;
    changed(path, flip(size >> 1), /not the content/);
    changed(path, (b) => b.subarray(1), /bytes; the release lists/);
  }
  chmodSync(at("bank.yml"), 0o755);
  refused(w, /bank.yml: executable/);
  chmodSync(at("bank.yml"), 0o644);
  writeFileSync(at("questions/new.md"), "Which?\n\n- [x] a\n- [ ] b\n");
  refused(w, /questions\/new.md: not listed/);
  rmSync(at("questions/new.md"));
  renameSync(at("bank.yml"), at("x.yml"));
  refused(w, /bank.yml: listed in the release, and missing/);
  renameSync(at("x.yml"), at("bank.yml"));
  const size = statSync(at("release.json")).size;
  for (let i = 0; i < size; i += 97) changed("release.json", flip(i), /./);
  changed("release.json", (b) => Buffer.concat([b, Buffer.from("\n")]), /canonical/);
  const name = signatures(w.folder)[0];
  const lines = readFileSync(at(name), "utf8").split("\n");
  const begin = lines[0].length + 1;
  for (let i = begin; i < lines.join("\n").length - 1; i += 7) {
    const before = readFileSync(at(name));
    const bytes = Buffer.from(before);
    bytes[i] ^= 1;
    writeFileSync(at(name), bytes);
    assert.notEqual(verify(w).verdict, "official", `byte ${i}`); // another key's number: it does not count
    writeFileSync(at(name), before);
  }
  official(w);
});

test("links, special files, compiled Lua and opaque binaries are refused, when signing and when verifying", (t) => {
  const w = workshop(t);
  sign(w);
  trust(w);
  const at = (path) => join(w.folder, path);
  const lua = Buffer.from("\x1bLuaT\x00\x19\x93\r\n\x1a\n", "latin1");
  const cases = [
    ["docs/link.md", (p) => symlinkSync("/etc/passwd", p), /docs\/link.md: a link/],
    ["docs/pipe.md", (p) => execFileSync("mkfifo", [p]), /docs\/pipe.md: a special file/],
    ["docs/code.md", (p) => writeFileSync(p, lua), /compiled Lua/],
    ["media/code.png", (p) => writeFileSync(p, lua), /compiled Lua/],
    ["docs/escaped.md", (p) => writeFileSync(p, "# T\n\n`load('\\27Lua')`\n"), /hidden in a text/],
    ["docs/base.md", (p) => writeFileSync(p, `# T\n\n${lua.toString("base64")}\n`), /hidden in a text/],
    ["docs/hex.md", (p) => writeFileSync(p, `# T\n\n${lua.toString("hex").toUpperCase()}\n`), /hidden in a text/],
    ["blob.bin", (p) => writeFileSync(p, Buffer.from([1, 2, 0, 255])), /blob.bin: an opaque binary/],
  ];
  for (const [path, make, reason] of cases) {
    make(at(path));
    refused(w, reason);
    const again = bank("sign", w.folder, "--key", w.ana);
    assert.equal(again.code, 1, path);
    assert.match(again.err, reason, path);
    if (/binary|Lua/.test(String(reason))) assert.match(bank("check", w.folder).out, /opaque-file/, path);
    rmSync(at(path));
  }
  official(w);
});

test("two people, and the author is not the only one", (t) => {
  const w = workshop(t);
  trust(w);
  assert.equal(bank("sign", w.folder, "--key", w.ana).code, 0);
  assert.equal(verify(w).missing, 1);
  assert.match(bank("approve", w.folder, "--key", w.ana).err, /somebody else has to approve/);
  // The author's signature once more under another name does not count twice.
  copyFileSync(join(w.folder, signatures(w.folder)[0]), join(w.folder, "release.json.again.minisig"));
  assert.equal(verify(w).missing, 1);
  rmSync(join(w.folder, "release.json.again.minisig"));
  // Two people without the author, and one whom nobody knows.
  const eve = person(w.dir, "eve");
  assert.equal(bank("approve", w.folder, "--key", eve).code, 0);
  assert.equal(verify(w).missing, 1);
  assert.equal(bank("approve", w.folder, "--key", w.ben).code, 0);
  official(w);
  unsign(w.folder);
  assert.equal(bank("sign", w.folder, "--key", eve).code, 0);
  for (const key of [w.ben, w.cem]) assert.equal(bank("approve", w.folder, "--key", key).code, 0);
  refused(w, /author is none of the people/);
  // One person: only when it is said twice.
  assert.match(bank("trust", "add", `Ana=${w.ana}.pub`, "--threshold", "1", "--data", join(w.dir, "one")).err, /not to be the only approver/);
  assert.match(bank("trust", "add", `Ana=${w.ana}.pub`, `Ben=${w.ana}.pub`, "--data", join(w.dir, "one")).err, /two people, two keys/);
  assert.equal(bank("trust", "add", `Ana=${w.ana}.pub`, `Ben=${w.ben}.pub`, "--threshold", "1", "--data", join(w.dir, "one")).code, 0);
  unsign(w.folder);
  assert.equal(bank("sign", w.folder, "--key", w.ana).code, 0);
  assert.equal(verify({ ...w, data: join(w.dir, "one") }).missing, 1);
  assert.equal(bank("trust", "add", `Ana=${w.ana}.pub`, "--threshold", "1", "--author-alone", "--data", join(w.dir, "alone")).code, 0);
  official({ ...w, data: join(w.dir, "alone") });
});

test("roots are pinned, and rotate by the old threshold and the new", (t) => {
  const w = workshop(t);
  trust(w);
  assert.match(bank("trust", "add", `Ana=${w.ana}.pub`, `Ben=${w.ben}.pub`, "--data", w.data).err, /pinned already/);
  const dora = person(w.dir, "dora"), eve = person(w.dir, "eve");
  const next = join(w.dir, "next.json");
  assert.equal(bank("trust", "add", `Dora=${dora}.pub`, `Eve=${eve}.pub`, "--data", w.data, "--to", next).code, 0);
  const rotate = () => bank("trust", "rotate", next, "--data", w.data);
  const approve = (key) => assert.equal(bank("trust", "approve", next, "--key", key).code, 0);
  assert.match(rotate().err, /0 of the people who are trusted now/);
  approve(dora);
  approve(eve);
  assert.match(rotate().err, /0 of the people who are trusted now/, "the new ones alone");
  approve(w.ana);
  assert.match(rotate().err, /1 of the people who are trusted now/);
  const made = minisign("-S", "-m", next, "-s", w.ben, "-x", `${next}.minisig`);
  assert.equal(made.status, 0, made.stderr);
  const text = readFileSync(next);
  appendFileSync(next, " ");
  assert.match(rotate().err, /does not fit/);
  writeFileSync(next, text);
  rmSync(`${next}.${signatureId(eve)}.minisig`);
  assert.match(rotate().err, /1 of the new people/);
  approve(eve);
  assert.equal(rotate().code, 0);
  assert.match(bank("trust", "list", "--data", w.data).out, /Dora[^]*Eve[^]*number 2/);
  assert.match(rotate().err, /roots number 2; the next ones are number 3/, "an old file does not come back");
});
const signatureId = (key) => readFileSync(`${key}.pub`, "utf8").match(/[0-9A-F]{16}/)[0];

test("expiry, and numbers that only grow", (t) => {
  const w = workshop(t);
  trust(w);
  assert.match(bank("sign", w.folder, "--key", w.ana, "--expires", "2020-01-01").err, /expired already/);
  const soon = new Date(Date.now() + 3000).toISOString();
  assert.equal(bank("sign", w.folder, "--key", w.ana, "--expires", soon, "--number", "7").code, 0);
  assert.match(bank("sign", w.folder, "--key", w.ana, "--number", "7").err, /numbers only grow/);
  return until(() => /it has expired on/.test(verify(w).problems.join()), "the expiry").then(() => {
    sign(w);
    assert.equal(verify(w).number, 8);
    official(w);
  });
});

test("without people who are trusted, nobody can tell", (t) => {
  const w = workshop(t);
  assert.deepEqual([verify(w).code, verify(w).verdict], [1, "unsigned"]);
  sign(w);
  assert.deepEqual([verify(w).code, verify(w).verdict], [3, "cannot-tell"]);
  appendFileSync(join(w.folder, "bank.yml"), "\n");
  refused(w, /bank.yml/);
});

async function takeExam(server) {
  const attempt = await begin(server, "all");
  await answerAll(server, attempt, (item) => rightResponse(item));
  await submit(server, attempt.id);
  const result = await resultOf(server, attempt.id);
  const signed = JSON.parse((await server.get(`/api/v1/attempts/${attempt.id}/result/signed`)).text);
  return { result, payload: signed.payload };
}
const hashOf = async (server) => ok(await server.get("/api/v1/exams/fixture/all")).bank_hash;
const edit = (w, text) => appendFileSync(join(w.folder, "docs/colours.md"), `\n${text}\n`);

test("the server: unofficial, official, tampered with, rolled back, stripped of its signatures, forgotten", async (t) => {
  const w = workshop(t);
  trust(w);
  const server = await startFor(t, { banks: w.folder, data: w.data, args: ["--no-rate-limits"] });
  const logs = (what) => until(() => what.test(server.log), String(what));
  let seen = await takeExam(server);
  assert.equal(seen.payload.bank.official, false);
  assert.deepEqual([seen.result.scoring.bank_official, seen.result.scoring.bank_release], [false, null]);

  sign(w, "--number", "4");
  await logs(/release=4 signed by Ana, Ben/);
  seen = await takeExam(server);
  assert.equal(seen.payload.bank.official, true);
  assert.equal(seen.payload.bank.release, 4);
  assert.equal(seen.payload.bank.release_sha256, createHash("sha256").update(readFileSync(join(w.folder, "release.json"))).digest("hex"));
  assert.deepEqual([seen.result.scoring.bank_official, seen.result.scoring.bank_release], [true, 4]);

  const good = await hashOf(server), kept = join(w.dir, "kept");
  cpSync(w.folder, kept, { recursive: true });
  edit(w, "Tampered.");
  await logs(/not loaded: docs\/colours.md: \d+ bytes; the release lists/);
  assert.equal(await hashOf(server), good, "the older version stays");

  sign(w);
  await logs(/release=5 signed by/);
  const newer = await hashOf(server);
  assert.notEqual(newer, good);
  rmSync(w.folder, { recursive: true });
  cpSync(kept, w.folder, { recursive: true });
  await logs(/release 4 of the bank fixture is older than release 5/);
  assert.equal(await hashOf(server), newer);

  unsign(w.folder);
  await logs(/was official \(release 5\), and is not any more/);
  assert.equal(await hashOf(server), newer);

  edit(w, "Another release five.");
  sign(w, "--number", "5");
  await logs(/two releases 5 of the bank fixture with different content/);
  assert.equal(bank("trust", "forget", "fixture", "--data", w.data).code, 0);
  edit(w, "Number six.");
  unsign(w.folder);
  sign(w, "--number", "2");
  await logs(/release=2 signed by/);

  // The people change, and those who signed are not trusted any more: what they vouched for is withdrawn.
  const dora = person(w.dir, "dora"), eve = person(w.dir, "eve"), next = join(w.dir, "next.json");
  bank("trust", "add", `Dora=${dora}.pub`, `Eve=${eve}.pub`, "--data", w.data, "--to", next);
  for (const key of [w.ana, w.ben, dora, eve]) assert.equal(bank("trust", "approve", next, "--key", key).code, 0);
  assert.equal(bank("trust", "rotate", next, "--data", w.data).code, 0);
  await until(async () => (await server.get("/api/v1/exams/fixture/all")).status === 404, "the bank to be withdrawn");
});

test("a release that is refused after a restart gives way to the one that was offered before", async (t) => {
  const w = workshop(t);
  trust(w);
  sign(w, "--number", "3");
  const start = () => startFor(t, { banks: w.folder, data: w.data, args: ["--no-rate-limits"] });
  let server = await start();
  const good = await hashOf(server);
  await server.stop();
  edit(w, "Tampered while nobody looked.");
  server = await start();
  assert.equal(await hashOf(server), good);
  assert.match(server.log, /not loaded: docs\/colours.md: \d+ bytes; the release lists/);
  assert.match(server.log, /release=3, which was stored, is offered in its place until the folder is mended/);
  const seen = await takeExam(server);
  assert.deepEqual([seen.payload.bank.official, seen.payload.bank.release], [true, 3]);
  sign(w, "--number", "4");
  await until(() => /release=4 signed by/.test(server.log), "the mended release to be taken");
  assert.notEqual(await hashOf(server), good);

  // Not when its signatures are gone and the bank was forgotten, nor when other people are trusted since.
  await server.stop();
  edit(w, "Tampered again.");
  assert.equal(bank("trust", "forget", "fixture", "--data", w.data).code, 0);
  server = await start();
  assert.equal((await server.get("/api/v1/exams/fixture/all")).status, 404);
  await server.stop();
});

test("what has expired while the server stood still does not come back", async (t) => {
  const w = workshop(t);
  trust(w);
  const expires = Date.now() + 15000;
  sign(w, "--expires", new Date(expires).toISOString());
  let server = await startFor(t, { banks: w.folder, data: w.data });
  await hashOf(server);
  await server.stop();
  edit(w, "Tampered.");
  await until(() => Date.now() > expires, "the release to expire");
  server = await startFor(t, { banks: w.folder, data: w.data });
  assert.equal((await server.get("/api/v1/exams/fixture/all")).status, 404);
});

test("a server that takes signed banks alone", async (t) => {
  const w = workshop(t);
  const server = await startFor(t, { banks: w.folder, data: w.data, args: ["--require-signed"] });
  const status = async () => (await server.get("/api/v1/exams/fixture/all")).status;
  await until(() => /not loaded: nobody who is trusted here has signed it/.test(server.log), "the log to say why");
  assert.equal(await status(), 404);
  sign(w);
  await until(() => server.log.match(/not loaded: nobody who is trusted/g).length > 1, "a release that nobody vouches for to be refused");
  assert.equal(await status(), 404);
  trust(w);
  await until(async () => (await status()) === 200, "the bank to be offered");
});

test("a release that expires is not offered any longer", async (t) => {
  const w = workshop(t);
  trust(w);
  sign(w, "--expires", new Date(Date.now() + 15000).toISOString());
  const server = await startFor(t, { banks: w.folder, data: w.data });
  await hashOf(server);
  await until(async () => (await server.get("/api/v1/exams/fixture/all")).status === 404, "the bank to be withdrawn");
  assert.match(server.log, /it has expired on/);
});

test("nothing of a bank is executed when it is loaded, checked, listed, signed, verified or served", async (t) => {
  // The program with helpers beside it that leave a trace when they run, and a bank whose every script would leave one, too.
  const dir = temporaryFolder(t);
  const trace = join(dir, "trace"), program = join(dir, "bin/assay"), folder = join(dir, "bank");
  const leave = `#!/bin/sh\necho "$0" >>'${trace}'\nexit 1\n`;
  const script = (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  };
  mkdirSync(join(dir, "bin"));
  copyFileSync(assay, program);
  for (const name of ["assay-params", "assay-grader", "assay-sandbox", "assay-picture"]) script(join(dir, "bin", name), leave);
  cpSync(join(root, "tests/fixtures/bank"), folder, { recursive: true });
  const task = join(root, "banks/git/tasks");
  cpSync(task, join(folder, "tasks"), { recursive: true });
  for (const name of execFileSync("ls", [task], { encoding: "utf8" }).trim().split("\n").slice(0, 3)) {
    for (const one of ["setup.sh", "solution/run.sh"]) script(join(folder, "tasks", name, one), leave);
    writeFileSync(join(folder, "tasks", name, "grader.lua"), `local f = io.open('${trace}', 'w') f:write('grader') f:close()\n`);
  }
  const key = person(dir, "ana");
  const mine = (...args) => {
    try {
      return execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      return `${error.stdout}${error.stderr}`;
    }
  };
  for (const args of [["check", folder], ["check", folder, "--json", "--stats"], ["sign", folder, "--key", key], ["verify", folder],
    ["approve", folder, "--key", key], ["export", "--to", "gift", folder, join(dir, "out.gift")], ["export", "--to", "html", folder, join(dir, "out.html")]])
    assert.ok(mine("bank", ...args).length > 0, args.join(" "));
  const untouched = () => assert.equal(existsSync(trace), false, existsSync(trace) && readFileSync(trace, "utf8"));
  untouched();
  for (const name of ["assay-sandbox", "assay-picture"]) rmSync(join(dir, "bin", name)); // a server starts these for itself
  unsign(folder);
  const served = spawn(program, ["serve", "--data", join(dir, "data"), "--banks", folder, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => served.kill("SIGKILL"));
  let said = "";
  served.stdout.on("data", (text) => (said += text));
  const url = await until(() => said.match(/listening on (\S+)/)?.[1], "the server");
  for (const path of ["/api/v1/exams", "/api/v1/exams/fixture/all", "/exams/fixture/all"]) assert.equal((await fetch(url + path)).status, 200, path);
  untouched();
  mine("bank", "check", folder, "--run");
  assert.match(readFileSync(trace, "utf8"), /assay-params/, "with --run it is: the trace works");
});
