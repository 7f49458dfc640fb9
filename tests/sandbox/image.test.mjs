// Images that banks declare: built from Debian's packages, opened in boxes, offered by the server when they are there.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assay, openItems, startFor, stopLauncher, temporaryFolder, until } from "../lib/server.mjs";

const folder = temporaryFolder({ after: (f) => process.on("exit", f) });
const data = join(folder, "data");
const plain = process.getuid() !== 0;
const MINUTES = 60_000;

function cli(args, env = {}) {
  const r = spawnSync(assay, args, { encoding: "utf8", maxBuffer: 1 << 26, env: { ...process.env, ...env } });
  return { code: r.status, out: r.stdout, err: r.stderr };
}

/** A bank with one question, one task, and an image by this declaration. */
function bank(name, images) {
  const dir = join(folder, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "bank.yml"), `id: ${name}\ntitle: Images\nimages:\n${images.map((i) => `  ${i}\n`).join("")}`);
  writeFileSync(join(dir, "questions.md"), "Which?\n\n- [x] one\n- [ ] two\n");
  return dir;
}

/** Why a real build cannot be tried here; else false. Debian's packages are asked for, as a build would. */
function cannotBuild() {
  if (!["/usr/bin", "/bin"].some((dir) => existsSync(join(dir, "mmdebstrap")))) return "mmdebstrap is missing; run script/setup --test";
  if (plain && !existsSync("/usr/bin/newuidmap")) return "a plain user needs newuidmap (package uidmap) to build";
  return false;
}

const keyOf = (dir) => cli(["image", "list", "--data", data, dir]).out.trim().split(/\s+/)[2];
const inBox = (key, script, ...options) => cli(["box", "run", "--data", data, "--image", key, ...options, "--", "/bin/sh", "-c", script]);

test("an image is built, opened, and not built again", { skip: cannotBuild(), timeout: 20 * MINUTES }, (t) => {
  const dir = bank("tiny", ["small: {suite: bookworm, packages: [bc]}"]);
  assert.match(cli(["image", "list", "--data", data, dir]).out, /^tiny +small +small-[0-9a-f]{16} +not built$/m);
  const key = keyOf(dir);
  assert.equal(inBox(key, "true").code, 3, "a box cannot start from what is not there");

  const built = cli(["image", "build", "--data", data, dir]);
  if (built.code !== 0 && /Temporary failure|Could not connect|Failed to fetch|Unable to fetch/.test(built.err)) {
    t.skip("Debian's packages cannot be reached");
    return;
  }
  assert.equal(built.code, 0, built.err);
  assert.match(built.out, /small-[0-9a-f]{16} +[0-9a-f]{64}$/m);

  const seen = inBox(key, "id -un; pwd; echo 6*7 | bc; touch mine && echo wrote; cat /etc/hostname; ls /dev | wc -l", "--user", "candidate");
  assert.equal(seen.code, 0, seen.err);
  assert.match(seen.out, /^candidate\n\/home\/candidate\n42\nwrote\nbox\n\d+\n$/);
  assert.equal(inBox(key, "! test -e /usr/share/doc/bash -o -e /etc/apt/sources.list && echo lean").out, "lean\n");
  assert.equal(inBox(key, "echo x >/usr/bin/owned && rm /etc/passwd && echo changed").out, "changed\n", "root may change everything in a box");
  assert.equal(inBox(key, "test -e /usr/bin/owned; echo $?; test -e /etc/passwd; echo $?").out, "1\n0\n", "and the next box knows nothing of it");

  const before = readdirSync(join(data, "sandbox/images")).sort();
  const again = cli(["image", "build", "--data", data, dir], { PATH: "/nowhere" });
  assert.equal(again.code, 0, "a second build does nothing, so it needs no program");
  assert.equal(again.out, built.out);
  assert.deepEqual(readdirSync(join(data, "sandbox/images")).sort(), before);
  assert.ok(!before.some((name) => name.startsWith(".build") && name !== ".build.lock"), `nothing of the build is left: ${before}`);
  const turned = bank("turned", ["small: {packages: [bc], suite: bookworm}"]);
  assert.equal(keyOf(turned), key, "another bank with the same declaration has the same image");
});

test("an unknown package fails clearly and leaves nothing", { skip: cannotBuild(), timeout: 20 * MINUTES }, () => {
  const dir = bank("unknown", ["odd: {suite: bookworm, packages: [no-such-package-anywhere]}"]);
  const built = cli(["image", "build", "--data", data, dir]);
  assert.equal(built.code, 1);
  assert.match(built.err, /odd of unknown: mmdebstrap has failed/);
  assert.match(cli(["image", "list", "--data", data, dir]).out, /not built/);
  const left = readdirSync(join(data, "sandbox/images")).filter((name) => name.startsWith("odd") || (name.startsWith(".build") && name !== ".build.lock"));
  assert.deepEqual(left, []);
});

test("without mmdebstrap the message says what to install", () => {
  const reply = cli(["image", "build", "--data", data, bank("without", ["web: {suite: bookworm, packages: [curl, bc]}"])], { PATH: "/nowhere" });
  assert.equal(reply.code, 1);
  assert.match(reply.err, /web of without: the program mmdebstrap is missing: apt-get install mmdebstrap/);
});

test("hostile declarations are refused before anything runs", () => {
  const wrong = ["../x: {suite: bookworm, packages: []}", "host: {suite: bookworm, packages: [bc]}", 'a: {suite: bookworm, packages: ["--include=x"]}',
    'a: {suite: "; id", packages: [bc]}', 'a: {suite: bookworm, packages: ["bc;id"]}', 'a: {suite: "--setup-hook=id", packages: [bc]}',
    'a: {suite: bookworm, packages: ["?priority(required)"]}', 'a: {suite: bookworm, packages: ["/etc/passwd.deb"]}'];
  wrong.forEach((image, i) => {
    const dir = bank(`wrong${i}`, [image]);
    assert.equal(cli(["bank", "check", dir]).code, 1, image);
    const built = cli(["image", "build", "--data", join(folder, "never"), dir], { PATH: "/nowhere" });
    assert.doesNotMatch(built.out, /[0-9a-f]{64}/, image);
  });
  assert.equal(cli(["image"]).code, 2);
  assert.equal(cli(["image", "list"]).code, 2);
  assert.equal(cli(["image", "build", join(folder, "no-such-bank")]).code, 3);
});

/** A bank whose only exam needs a task on an image; the task is proved with the image in `data`. */
function taskBank() {
  const dir = bank("needs", ["small: {suite: bookworm, packages: [bc]}"]);
  const task = join(dir, "tasks/only");
  for (const sub of ["solution", "wrong/not-made", "wrong/elsewhere", "wrong/a-folder"]) mkdirSync(join(task, sub), { recursive: true });
  mkdirSync(join(dir, "exams"), { recursive: true });
  writeFileSync(join(task, "task.md"), "---\nimage: small\nuser: root\n---\nMake the empty file `/srv/made`.\n\n### Checklist\n\n- The file is there.\n\n### Explanation\n\nOf touch.\n");
  writeFileSync(join(task, "grader.lua"), 'check("made", 1, "Made", function() expect(file.exists("/srv/made") and file.stat("/srv/made").type == "file", "not there") end)\n');
  const script = (path, line) => {
    writeFileSync(join(task, path, "run.sh"), `#!/bin/sh\n${line}\n`);
    chmodSync(join(task, path, "run.sh"), 0o755);
    if (path.startsWith("wrong/")) writeFileSync(join(task, path, "expect.yml"), "fails: [made]\n");
  };
  script("solution", 'test "$(echo 6*7 | bc)" = 42 && touch /srv/made');
  script("wrong/not-made", "true");
  script("wrong/elsewhere", "touch /made");
  script("wrong/a-folder", "mkdir /srv/made");
  writeFileSync(join(dir, "exams/hands.yml"), "id: hands\ntitle: Hands\nitems: 1\ntasks: 1\nduration: 10m\nmodes: [exam]\nscoring: {method: percent, cut: 70}\nreport: score\n");
  return dir;
}

const examOf = async (server) => {
  const reply = await server.get("/api/v1/exams");
  return (reply.json.exams ?? reply.json).find((e) => e.id.endsWith("/hands"));
};
const isOffered = async (server) => !/is not built here/.test(JSON.stringify(await examOf(server)));

/** Stands in for mmdebstrap, which takes minutes: does what `script` says, with the archive that is wanted as $archive. */
function standIn(name, script) {
  const dir = join(folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, "mmdebstrap"), `#!/bin/sh\nfor word; do case "$word" in *.tar) archive=$word;; esac; done\n${script}\n`);
  chmodSync(join(dir, "mmdebstrap"), 0o755);
  return { PATH: `${dir}:${process.env.PATH}` };
}

test("tasks on an image: proved, not offered until it is built, then opened and graded", { skip: cannotBuild(), timeout: 20 * MINUTES }, async (t) => {
  const key = keyOf(bank("again", ["small: {suite: bookworm, packages: [bc]}"]));
  if (!existsSync(join(data, "sandbox/images", key))) return t.skip("the image could not be built before");
  const banks = taskBank();
  const proved = cli(["task", "test", "--data", data, "--write", join(banks, "tasks/only")]);
  stopLauncher(data);
  assert.equal(proved.code, 0, proved.out + proved.err);

  const server = await startFor(t, { banks, args: ["--no-image-builds"] });
  assert.match(JSON.stringify(await examOf(server)), /task 'only' needs the image 'small', which is not built here: build it with assay image build/);
  const refused = await server.post("/api/v1/attempts", { exam: "needs/hands", mode: "exam" });
  assert.ok(refused.status >= 400 && /assay image build/.test(refused.text), refused.text);
  const images = join(server.data, "sandbox/images");
  mkdirSync(images, { recursive: true, mode: 0o700 });
  renameSync(join(data, "sandbox/images", key), join(images, key));
  renameSync(join(data, "sandbox/images", `${key}.sha256`), join(images, `${key}.sha256`));
  await until(() => isOffered(server), "the exam to be offered");

  const begun = await server.post("/api/v1/attempts", { exam: "needs/hands", mode: "exam" });
  assert.equal(begun.status, 201, begun.text);
  const item = openItems(begun.json)[0].id;
  const task = `/api/v1/attempts/${begun.json.id}/tasks/${item}`;
  const opened = await server.post(`${task}/open`, {});
  assert.equal(opened.status, 200, opened.text);
  assert.equal((await server.put(`${task}/file`, { path: "/srv/made", text: "" })).status, 200);
  const ended = await server.post(`/api/v1/attempts/${begun.json.id}/submit`, {});
  assert.ok(ended.status < 300, ended.text);
  const result = await until(async () => {
    const reply = await server.get(`/api/v1/attempts/${begun.json.id}/result`);
    return reply.status === 200 && reply.json.state !== "grading" ? reply : null;
  }, "the result");
  assert.deepEqual([result.json.verdict, result.json.counts.right, result.json.hands_on.share], ["pass", 1, 1], result.text);
  assert.match(JSON.stringify(await server.get("/api/v1/health").then((r) => r.json)), /"gradings_review":0/);
});

test("the server builds what is missing in the background, and says how it went", { skip: cannotBuild() }, async (t) => {
  const banks = existsSync(join(folder, "needs/tasks/only/proof.json")) ? join(folder, "needs") : bank("served", ["small: {suite: bookworm, packages: [bc]}"]);
  const tree = 'mkdir "$archive.d" && mkdir "$archive.d/etc" && tar -cf "$archive" -C "$archive.d" .';
  const good = await startFor(t, { banks, env: standIn("good", tree) });
  await until(() => /its images are built/.test(good.log), "the build");
  assert.match(good.log, /building its images; this takes some minutes/);
  if (await examOf(good)) await until(() => isOffered(good), "the exam to be offered");
  assert.equal((await good.get("/api/v1/health")).status, 200);

  const bad = await startFor(t, { banks, env: standIn("bad", "echo 'the mirror is away' >&2; exit 25") });
  await until(() => /an image could not be built/.test(bad.log), "the failure");
  assert.match(bad.log, /the mirror is away/);
  assert.equal((await bad.get("/api/v1/exams")).status, 200, "and serves on");

  const mark = join(folder, "slow-pid");
  const slow = await startFor(t, { banks, env: standIn("slow", `echo $$ >${mark}; exec sleep 1000`) });
  await until(() => existsSync(mark) && readFileSync(mark, "utf8").endsWith("\n"), "a build that takes long");
  const pid = readFileSync(mark, "utf8").trim();
  assert.equal(await slow.stop(), 0);
  await until(() => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8")), "its end with the server", 20000);
});
