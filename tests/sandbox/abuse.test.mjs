// What hostile candidates try against a server with boxes, through its own terminals: each attempt is a program that runs while its attempt
// is graded, or something that is printed at the person who watches. After each, the server and a neighbour's box are looked at.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ok } from "../lib/exam.mjs";
import { launcherOf, startFor, until } from "../lib/server.mjs";
import { beginTasks, itemResult, openTask, read, resultOfTasks, submitTasks, taskBank, write } from "../lib/tasks.mjs";
import { Terminal } from "../lib/terminal.mjs";

const server = await startFor({ after: (f) => process.on("exit", f) }, { banks: taskBank });
test.after(async () => {
  await server.stop();
  const launcher = launcherOf(server.data);
  if (launcher) process.kill(Number(launcher), "SIGTERM");
});
const neighbour = await beginTasks(server, { mode: "study" });
await openTask(server, neighbour.tasks.sum);
await write(server, neighbour.tasks.sum, "/home/candidate/mine", "mine");

async function unharmed() {
  assert.equal((await server.get("/api/v1/health")).json.status, "ok");
  assert.equal((await read(server, neighbour.tasks.sum, "/home/candidate/mine")).text, "mine");
}

const GOOD = "printf 'hello world\\n' >~/greeting.txt; chmod 600 ~/greeting.txt\n";

/** What candidates run when they submit. `checks`: what each check may come out as; those that are left out may be anything but ungraded. */
const attempts = [
  {
    name: "the file changes all the time while it is graded",
    script: "(while :; do printf 'hello world\\n' >~/greeting.txt; chmod 600 ~/greeting.txt; echo wrong >~/greeting.txt; chmod 644 ~/greeting.txt; done) &\n",
  },
  { name: "wrong while one works, right after the end", script: "echo wrong >~/greeting.txt\n(sleep 3; " + GOOD.trim() + ") >/dev/null 2>&1 &\n", checks: { content: ["fail"] } },
  {
    name: "the file is swapped for links and pipes",
    script: "cd; (while :; do ln -sfn /etc/shadow greeting.txt; rm -f greeting.txt; mkfifo greeting.txt; rm -f greeting.txt; ln -sfn /proc/1/root/etc/shadow greeting.txt; mkdir -p d; rm -f greeting.txt; done) 2>/dev/null &\n",
    checks: { content: ["fail"], mode: ["fail"] },
  },
  { name: "daemons that ignore signals", script: GOOD + "for i in 1 2 3; do setsid sh -c 'trap \"\" HUP INT TERM QUIT; while :; do sleep 0.01; done' & done\n", checks: { content: ["pass"], mode: ["pass"] } },
  { name: "everything is killed, again and again", script: GOOD + "cat >k.pl <<'E'\nfork && exit; $SIG{$_} = 'IGNORE' for qw(HUP TERM INT); while (1) { kill 'KILL', grep { $_ != $$ } map { m{(\\d+)} } glob '/proc/[0-9]*' }\nE\nsetsid perl k.pl &\n", dies: true, checks: { content: ["pass"], mode: ["pass"] } },
  { name: "a fork bomb", script: GOOD + "(f() { f | f & }; f) 2>/dev/null &\n", checks: { content: ["pass"], mode: ["pass"] } },
  { name: "memory without end", script: GOOD + "perl -e 'my @x; push @x, \"x\" x 1e6 while 1' &\n", checks: { content: ["pass"], mode: ["pass"] } },
  { name: "a full disk", script: GOOD + "cat /dev/zero >~/full 2>/dev/null\n", checks: { content: ["pass"], mode: ["pass"] } },
  { name: "output without end", script: GOOD + "yes &\n", checks: { content: ["pass"], mode: ["pass"] } },
  { name: "work that looks like the grader's own words", script: "printf '\\021\\000\\000\\000R\\000\\000\\000\\000PASS\\n{\"id\":\"content\",\"outcome\":\"pass\"}' >~/greeting.txt; echo '{\"checks\":[]}' >~/proof.json\n", checks: { content: ["fail"], mode: ["fail"] } },
  { name: "tools, libraries and start-up files of the candidate's own", script: "mkdir -p ~/bin; for t in cat stat sh bash ls; do printf '#!/bin/sh\\necho hello world\\n' >~/bin/$t; chmod 755 ~/bin/$t; done; for f in .bashrc .profile .bash_profile; do echo 'export PATH=~/bin LD_PRELOAD=~/e.so BASH_ENV=~/.bashrc' >~/$f; done\n", checks: { content: ["fail"], mode: ["fail"] } },
];

const ESCAPES = "\\033]0;owned\\007\\033]52;c;cm0gLXJm\\007\\033P\\033\\\\\\033[21t\\033[6n\\033[?1049h\\302\\2332J\\033[201~\\r\\n";

for (const a of attempts)
  test(`while graded: ${a.name}`, async () => {
    const running = await beginTasks(server);
    const task = running.tasks.greeting;
    await openTask(server, task);
    await write(server, task, "/home/candidate/x.sh", `${a.script}echo REA""DY\n`);
    const terminal = await Terminal.open(server, running.id, task.id);
    terminal.type("sh x.sh\n");
    if (a.dies) await terminal.until((t) => t.notice("exited") || t.how, "the shell's end");
    else await terminal.until((t) => t.text.includes("READY"), "the attempt", 30000);
    await submitTasks(server, running);
    const result = itemResult(await resultOfTasks(server, running, 120000), task);
    terminal.destroy();
    assert.notEqual(result.outcome, "ungraded", JSON.stringify(result));
    for (const check of result.checks) {
      assert.ok(["pass", "fail"].includes(check.outcome), JSON.stringify(check));
      if (a.checks?.[check.id]) assert.ok(a.checks[check.id].includes(check.outcome), `${JSON.stringify(check)}`);
      assert.doesNotMatch(JSON.stringify(check), /root:/, "nothing of this machine is in a message");
    }
    const hash = result.task.snapshot_sha256;
    assert.equal(createHash("sha256").update(readFileSync(join(server.data, "snapshots", hash))).digest("hex"), hash);
    await until(async () => (await server.get("/api/v1/health")).json.checks.boxes_open === 1, "the box to be closed");
    assert.deepEqual(readdirSync(join(server.data, "sandbox/snapshots")).filter((f) => f.startsWith(running.id.slice(0, 20))), []);
    await unharmed();
  });

test("what is printed at the person who watches stays data: recording, log, list of files, editor", async () => {
  const running = await beginTasks(server);
  const task = running.tasks.greeting;
  await openTask(server, task);
  await write(server, task, "/home/candidate/x.sh", `cd; mkdir odd; printf '${ESCAPES}'; n="$(printf 'odd/a\\033[2Jb\\nc\\377')"; : >"$n"; : >'odd/<img src=x onerror=alert(1)>'; : >odd/-rf; printf '${ESCAPES}' >greeting.txt; echo REA""DY\n`);
  const terminal = await Terminal.open(server, running.id, task.id);
  await terminal.run("sh x.sh", /READY/);
  const names = ok(await server.get(`${task.url}/files?path=/home/candidate/odd`)).entries.map((e) => e.name).sort();
  assert.equal(names.length, 3);
  for (const name of names) assert.doesNotMatch(name, /[\0-\x1f\x7f-\x9f]/, name);
  await submitTasks(server, running);
  const result = itemResult(await resultOfTasks(server, running), task);
  assert.doesNotMatch(JSON.stringify(result), /[\0-\x1f\x7f-\x9f]|\\u001b|\\u009b/, "no check's message holds one");
  const text = await until(async () => {
    const reply = await server.get(`${task.url}/recordings/1`);
    return reply.status === 200 && reply.text.includes("READY") && reply.text;
  }, "the recording");
  for (const line of text.trim().split("\n")) JSON.parse(line);
  assert.doesNotMatch(text, /[\0-\x09\x0b-\x1f\x7f-\x9f]/, "a recording that is shown with cat does nothing");
  assert.doesNotMatch(server.log, /[\0-\x09\x0b-\x1f\x7f-\x9f]/, "nor does the log");
  terminal.destroy();
  await unharmed();
});

test("the box sees neither task nor grader nor solution, and no other box", async () => {
  const running = await beginTasks(server);
  const task = running.tasks.greeting;
  await openTask(server, task);
  const terminal = await Terminal.open(server, running.id, task.id);
  await terminal.run("stty cols 200; grep -rsl -e 'It says what it should' -e EXPLANATION-TEXT -e 'grader.lua' / --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr --exclude=.bash_history | head; echo FOU''ND", /\rFOUND\r/);
  const between = terminal.text.slice(0, terminal.text.lastIndexOf("FOUND")).split("\n").slice(1);
  for (const line of between) if (line.startsWith("/")) assert.fail(`it is in ${line}`);
  await terminal.run("cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -ci -e l[u]a -e s[o]lution -e g[r]ader; echo CO''UNT", /\r0\r\nCOUNT\r/);
  await terminal.run("(exec 3<>/dev/tcp/127.0.0.1/" + new URL(server.url).port + ") 2>&1 | grep -q refused && echo NO''BODY", /\rNOBODY\r/);
  terminal.destroy();
  await submitTasks(server, running);
  await resultOfTasks(server, running);
  await unharmed();
});
