// assay box run: what it returns and says, with real boxes.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assay, temporaryFolder, until } from "../lib/server.mjs";

const data = temporaryFolder({ after: (f) => process.on("exit", f) });
function box(args, options = {}) {
  const r = spawnSync(assay, ["box", "run", "--data", data, ...args], { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  return { code: r.status, out: r.stdout, err: r.stderr };
}
const sh = (script, ...options) => box([...options, "--", "/bin/sh", "-c", script]);
const plain = process.getuid() !== 0;

test("output and status come through", () => {
  assert.deepEqual(box(["--", "/bin/true"]), { code: 0, out: "", err: "" });
  assert.deepEqual(sh("echo out; echo err >&2; exit 41"), { code: 41, out: "out\n", err: "err\n" });
  assert.equal(sh("kill -TERM $$").code, 128 + 15);
  const missing = box(["--", "no-such-command"]);
  assert.equal(missing.code, 127);
  assert.match(missing.err, /no-such-command: No such file/);
});

test("input comes through, however long", () => {
  const input = "x".repeat(3_000_000);
  assert.equal(box(["--", "wc", "-c"], { input }).out, "3000000\n");
  assert.equal(box(["--", "head", "-c", "3"], { input }).out, "xxx");
  assert.equal(box(["--", "cat"], { input }).out, input);
});

test("a limit that ends a command is named, and the code is 3", () => {
  assert.deepEqual(sh("sleep 20", "--time", "300ms"), { code: 3, out: "", err: "assay: box: limit: time\n" });
  const output = sh("yes", "--limit", "output=10000");
  assert.equal(output.code, 3);
  assert.equal(output.out.length, 10000);
  assert.match(output.err, /^assay: box: limit: output$/m);
  const disk = sh("head -c 8M /dev/zero >/srv/x", "--limit", "disk=1M");
  assert.equal(disk.code, 3);
  assert.match(disk.err, /^assay: box: limit: disk$/m);
  const inodes = sh("i=0; while [ $i -lt 300 ]; do i=$((i+1)); : >/srv/$i || exit 1; done", "--limit", "inodes=100");
  assert.equal(inodes.code, 3);
  assert.match(inodes.err, /^assay: box: limit: inodes$/m);
});

test("memory and processes", { skip: plain && "no control groups" }, () => {
  const memory = sh("head -c 100M /dev/zero | tail", "--limit", "memory=32M");
  assert.equal(memory.code, 3);
  assert.match(memory.err, /^assay: box: limit: memory$/m);
  const processes = sh("for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait; exit 1", "--limit", "processes=6");
  assert.equal(processes.code, 3);
  assert.match(processes.err, /^assay: box: limit: processes$/m);
});

test("a command that ends well is not blamed for meeting a limit", () => {
  assert.equal(sh("head -c 8M /dev/zero >/srv/x 2>/dev/null; rm /srv/x; exit 0", "--limit", "disk=1M").code, 0);
});

test("files are copied in, without owners and setuid", () => {
  const dir = temporaryFolder({ after: (f) => process.on("exit", f) });
  mkdirSync(join(dir, "in/deep"), { recursive: true });
  writeFileSync(join(dir, "in/deep/file"), "text\n");
  chmodSync(join(dir, "in/deep/file"), 0o4755);
  symlinkSync("/etc/shadow", join(dir, "in/link"));
  const seen = sh("stat -c '%a %u' /srv/a/b/deep/file; cat /srv/a/b/deep/file; readlink /srv/a/b/link", "--copy-in", join(dir, "in") + ":/srv/a/b");
  assert.deepEqual(seen, { code: 0, out: "755 0\ntext\n/etc/shadow\n", err: "" });
  for (const wrong of ["/no/such:/srv/x", dir + ":relative", dir + ":/srv/..", dir + ":/etc/passwd/x", dir + ":/"])
    assert.equal(sh("true", "--copy-in", wrong).code, 3, wrong);
});

test("usage", () => {
  for (const wrong of [[], ["--", ], ["true"], ["--limit", "memory", "--", "true"], ["--limit", "swap=1", "--", "true"], ["--image", "../x", "--", "true"],
    ["--time", "soon", "--", "true"], ["--no-such-option", "--", "true"], ["--copy-in", "x", "--", "true"]])
    assert.equal(box(wrong).code, 2, wrong.join(" "));
  assert.equal(box(["--image", "not-built", "--", "true"]).code, 3);
  assert.equal(box(["--user", "no-such-user", "--", "true"]).code, 127);
  assert.match(execFileSync(assay, ["box", "--help"], { encoding: "utf8" }), /Exit codes/);
});

test("users", () => {
  const ids = Number(sh("awk '{s+=$3} END {print s}' /proc/self/uid_map").out);
  assert.equal(sh("id -u").out, "0\n");
  if (ids > 1) assert.equal(box(["--user", "candidate", "--", "sh", "-c", "id -un; pwd; echo $HOME"]).out, "candidate\n/home/candidate\n/home/candidate\n");
  else assert.match(box(["--user", "candidate", "--", "true"]).err, /no ids but root's/);
});

test("what a hostile program prints cannot command a terminal", () => {
  const script = "printf '\\033]0;owned\\007\\033[2J\\302\\233red plain \\303\\251\\n'";
  const raw = box(["--", "/bin/sh", "-c", script]).out;
  assert.equal(raw, "\x1b]0;owned\x07\x1b[2J\u009bred plain é\n"); // a pipe gets the bytes as they are
  const command = [assay, "box", "run", "--data", data, "--", "/bin/sh", "-c", `'${script.replaceAll("'", `'\\''`)}'`].join(" ");
  const shown = execFileSync("script", ["-qec", command, "/dev/null"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  assert.doesNotMatch(shown, /[\x1b\x07\u009b]/);
  assert.match(shown, /\^\[\]0;owned\^G\^\[\[2J\?red plain é/);
});

test("the command cannot reopen what the shell has redirected", () => {
  const dir = temporaryFolder({ after: (f) => process.on("exit", f) });
  const log = join(dir, "log");
  writeFileSync(log, "before\n");
  execFileSync("/bin/sh", ["-c", `"$0" box run --data "$1" -- sh -c 'echo forged >/proc/self/fd/2; : >/proc/self/fd/1; echo after' >>"$2" 2>/dev/null`, assay, data, log]);
  assert.equal(readFileSync(log, "utf8"), "before\nafter\n");
});

test("kill -9 of the launcher ends the box, and the next one cleans up and says so", async () => {
  const mark = String(100000 + (process.pid % 100000)) + ".5";
  const child = spawn(assay, ["box", "run", "--data", data, "--", "sleep", mark], { stdio: "ignore" });
  const running = () => readdirSync("/proc").filter((p) => /^\d+$/.test(p)).some((p) => {
    try { return readFileSync(`/proc/${p}/cmdline`, "latin1") === `sleep\0${mark}\0`; } catch { return false; }
  });
  await until(running, "the command");
  child.kill("SIGKILL");
  await until(() => !running(), "its end");
  const next = box(["--", "true"]);
  assert.equal(next.code, 0);
  if (!plain) assert.match(next.err, /cleaned up \d+ boxes/);
  assert.deepEqual(box(["--", "true"]), { code: 0, out: "", err: "" });
});

test("an interrupt ends it, and leaves nothing", async () => {
  const child = spawn(assay, ["box", "run", "--data", data, "--", "sh", "-c", "trap '' INT TERM; echo ready; sleep 50"], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((done) => child.stdout.once("data", done));
  child.kill("SIGINT");
  assert.deepEqual(await new Promise((done) => child.on("exit", (code) => done(code))), 130);
  assert.deepEqual(box(["--", "true"]), { code: 0, out: "", err: "" });
});
