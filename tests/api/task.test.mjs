// `assay task`, the program itself, in real boxes; and what `assay bank check` says of tasks.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { change } from "../lib/banks.mjs";
import { assay, temporaryFolder } from "../lib/server.mjs";
import { copyOfTasks, endLauncher, tasksFixture } from "../lib/task_folders.mjs";

const data = join(temporaryFolder(), "data");
after(() => {
  endLauncher(data);
  rmSync(dirname(data), { recursive: true, force: true });
});
const run = (args, input = "") => {
  const { status, stdout, stderr } = spawnSync(assay, args, { encoding: "utf8", input, env: { ...process.env, ASSAY_DATA: data, NO_COLOR: "1" } });
  return { status, stdout, stderr };
};
const check = (bank) => run(["bank", "check", "--json", bank]);
const codes = (result) => JSON.parse(result.stdout).diagnostics.map((d) => d.code);
const prove = (...args) => {
  const result = run(["task", "test", "--json", ...args]);
  return { ...result, tasks: result.stdout ? JSON.parse(result.stdout).tasks : [] };
};

test("the bank for tests is without a fault, and its tasks are proved", () => {
  assert.deepEqual(codes(check(tasksFixture)), []);
});

test("a task without a proof of what it holds is refused; the rest of the bank stays", (t) => {
  const bank = copyOfTasks(t, { "tasks/greeting/proof.json": null, "exams/tasks.yml": null, "exams/mixed.yml": null, "exams/one.yml": "items: 6\ntasks: 1\n" });
  appendFileSync(join(bank, "tasks/settings/files/etc/fixture.conf"), "more=1\n");
  const result = run(["bank", "check", bank]);
  assert.equal(result.status, 1);
  assert.match(result.stdout, /^tasks\/greeting: error\[no-proof\]/m);
  assert.match(result.stdout, /^tasks\/settings\/proof.json: error\[old-proof\].*\n.*assay task test --write tasks\/settings/m);
  assert.match(result.stdout, /: 5 questions, 3 errors/);
  assert.deepEqual(codes(check(bank)).filter((code) => code === "exam-impossible").length, 1);
});

test("a mode that changes makes a proof old", (t) => {
  const bank = copyOfTasks(t);
  chmodSync(join(bank, "tasks/settings/files/usr/local/bin/fixture-status"), 0o644);
  assert.ok(codes(check(bank)).includes("old-proof"));
});

test("an exam says how many tasks are missing", (t) => {
  const bank = copyOfTasks(t, { "exams/mixed.yml": (text) => text.replace("tasks: 2", "tasks: 4") });
  const wrong = JSON.parse(check(bank).stdout).diagnostics.find((d) => d.code === "exam-impossible");
  assert.match(wrong.message, /needs 4 hands-on tasks and the bank has 3 .*: 1 is missing/);
});

test("a new task works: tried, proved, found good, and refused after a change", (t) => {
  const bank = join(temporaryFolder(t), "mine"), task = join(bank, "tasks/first");
  const made = run(["task", "new", task]);
  assert.equal(made.status, 0, made.stderr);
  assert.equal(run(["task", "new", task]).status, 1, "there is one already");
  assert.ok(codes(check(bank)).includes("no-proof"));
  const dry = prove(task);
  assert.equal(dry.status, 0, dry.stdout + dry.stderr);
  assert.equal(existsSync(join(task, "proof.json")), false);
  const table = run(["task", "test", "--write", task]);
  assert.equal(table.status, 0, table.stdout + table.stderr);
  assert.match(table.stdout, /^ {24}archive +content +private +points$/m);
  assert.match(table.stdout, /^ {2}solution +pass +pass +pass +4$/m);
  assert.match(table.stdout, /^ {2}untouched +fail +fail +fail +0$/m);
  assert.match(table.stdout, /^ {2}wrong\/readable +pass +pass +fail +3$/m);
  assert.match(table.stdout, /proof.json is written/);
  assert.deepEqual(codes(check(bank)), ["undrawn-task"]);
  const proof = JSON.parse(readFileSync(join(task, "proof.json"), "utf8"));
  assert.deepEqual(proof.checks, [{ id: "archive", points: 1 }, { id: "content", points: 2 }, { id: "private", points: 1 }]);
  assert.deepEqual(proof.variants.map((v) => v.name), ["solution", "untouched", "alt/pipe", "wrong/not-compressed", "wrong/readable", "wrong/with-folder"]);
  appendFileSync(join(task, "grader.lua"), "-- changed\n");
  assert.ok(codes(check(bank)).includes("old-proof"));
});

// One task each, with one thing wrong; what must be said about it.
const FAULTS = [
  ["solution-lazy", { "solution/run.sh": "#!/bin/sh\ntrue\n" }, [/^solution: fails the check 'content': There is no/, /^solution: fails the check 'mode'/]],
  ["solution-breaks", { "solution/run.sh": "#!/bin/sh\necho broken >&2\nexit 3\n" }, [/^solution: run.sh: exit code 3: broken$/]],
  ["alt-lazy", { "alt/install/run.sh": "#!/bin/sh\necho hello world >~/greeting.txt\n" }, [/^alt\/install: fails the check 'mode'/]],
  ["setup-breaks", { "setup.sh": "#!/bin/sh\nno-such-thing\n" }, [/^solution: setup.sh: exit code 127: .*no-such-thing/, /^wrong\/no-file: setup.sh/]],
  ["done-already", { "setup.sh": "#!/bin/sh\ninstall -o candidate -m 600 /dev/null ~candidate/greeting.txt\n" }, [/^untouched: the check 'mode' passes although nothing was done$/]],
  ["wrong-passes", { "wrong/other-text/expect.yml": "fails: [content, mode]\n" }, [/^wrong\/other-text: passes the check 'mode', which its expect.yml says/]],
  ["wrong-fails-more", { "wrong/no-file/expect.yml": "fails: [content]\n" }, [/^wrong\/no-file: fails the check 'mode', which its expect.yml does not name/]],
  ["unknown-check", { "wrong/no-file/expect.yml": "fails: [content, mode, owner]\n" }, [/^wrong\/no-file: its expect.yml names 'owner'/]],
  ["check-unfailed", { "grader.lua": (text) => text + 'check("always", 0, "Always", function() end)\n' }, [/^no wrong variant fails the check 'always'/]],
  ["grader-breaks", { "grader.lua": (text) => text + 'check("bug", 1, "Bug", function() local x = nil; x.y = 1 end)\n' }, [/^solution: the check 'bug' was not graded: .*grader.lua:13/]],
  ["grader-syntax", { "grader.lua": "check(\n" }, [/grader failed: grader.lua:2/]],
  ["no-checks", { "grader.lua": "-- nothing\n" }, [/no check/]],
  ["no-points", { "grader.lua": (text) => text.replace(/, [12], /g, ", 0, ") }, [/carry 0 points/]],
  ["runs-for-ever", { "grader.lua": (text) => text + 'check("long", 1, "Long", function() while true do end end)\n' }, [/^solution: the check 'long' was not graded/]],
];

test("every rule of publishing can fail, and is named; other tasks are proved beside", (t) => {
  const bank = copyOfTasks(t);
  for (const [name, edits] of FAULTS) {
    const folder = join(bank, "tasks", name);
    cpSync(join(tasksFixture, "tasks/greeting"), folder, { recursive: true });
    change(folder, edits);
  }
  const names = FAULTS.map(([name]) => name).filter((name) => name !== "runs-for-ever");
  const result = prove("--write", ...[...names, "greeting"].map((name) => join(bank, "tasks", name)));
  assert.equal(result.status, 1, result.stderr);
  for (const [name, , messages] of FAULTS.filter(([name]) => names.includes(name))) {
    const task = result.tasks.find((one) => one.folder.endsWith(`/${name}`));
    assert.equal(task.proved, false, name);
    assert.equal(task.written, false);
    for (const message of messages) assert.ok(task.problems.some((problem) => message.test(problem)), `${name}: ${message} is not in ${JSON.stringify(task.problems)}`);
  }
  const good = result.tasks.find((one) => one.task === "greeting");
  assert.deepEqual([good.proved, good.written, good.problems], [true, true, []]);
});

test("a grader that loops for ever ends, and its task is not proved", (t) => {
  const bank = copyOfTasks(t);
  const [, edits, [message]] = FAULTS.find(([name]) => name === "runs-for-ever");
  const folder = join(bank, "tasks/greeting");
  change(folder, edits);
  for (const name of ["wrong", "alt"]) rmSync(join(folder, name), { recursive: true });
  const result = prove("--jobs", "2", folder);
  assert.equal(result.status, 1);
  assert.ok(result.tasks[0].problems.some((problem) => message.test(problem)), JSON.stringify(result.tasks[0].problems));
});

test("a parametrised task is proved over several draws", (t) => {
  const bank = copyOfTasks(t), folder = join(bank, "tasks/addition");
  const result = prove("--seeds", "2", folder);
  assert.equal(result.status, 0, result.stdout + result.stderr);
  assert.equal(result.tasks[0].draws, 2);
  assert.equal(result.tasks[0].variants.length, 12);
  change(folder, { "solution/run.sh": "#!/bin/sh\necho 91 >~/sum\n" }); // right in few draws
  const wrong = prove("--seeds", "2", folder);
  assert.equal(wrong.status, 1);
  assert.match(wrong.tasks[0].problems[0], /^solution \(draw [12]\): fails the check 'sum'/);
  change(folder, { "task.md": (text) => text.replace("return { a = a, b = b }", "return { a = a }") });
  const broken = prove(folder);
  assert.equal(broken.status, 1);
  assert.match(broken.tasks[0].problems[0], /returns no value 'b'/);
});

test("a task with mistakes is not tried; a command that this machine lacks is no fault of the task", (t) => {
  const bank = copyOfTasks(t, { "tasks/greeting/task.md": (text) => text.replace("time: 5m", "tiem: 5m") });
  const result = prove(join(bank, "tasks/greeting"));
  assert.equal(result.status, 1);
  assert.match(result.stderr, /error\[unknown-field\]/);
  change(bank, { "tasks/settings/task.md": (text) => text.replace("commands: [sed]", "commands: [sed, no-such-command-here]") });
  const lacking = prove(join(bank, "tasks/settings"));
  assert.equal(lacking.status, 3);
  assert.match(lacking.tasks[0].problems[0], /needs the command 'no-such-command-here'/);
});

test("try: checks, the solution and a fresh box, from a list of commands", (t) => {
  const bank = copyOfTasks(t);
  const result = run(["task", "try", join(bank, "tasks/settings")], "c\no\nc\nf\nc\ns\nx\nq\n");
  assert.equal(result.status, 0, result.stderr);
  assert.deepEqual(result.stdout.match(/[\d.]+ of 4 points/g), ["0 of 4 points", "4 of 4 points", "0 of 4 points"]);
  assert.match(result.stdout, /fail +0 of 2 +port: It listens on port 8080\n +The port is 80\n/);
  assert.match(result.stdout, /a shell needs a terminal/);
  assert.match(run(["task", "try", "--seed", "3", join(bank, "tasks/addition")], "o\nc\n").stdout, /drawn: \{"a":\d+,"b":\d+\}[^]*2 of 2 points/);
});

test("the command line", (t) => {
  const bank = copyOfTasks(t), task = join(bank, "tasks/greeting");
  for (const args of [[], ["tset", task], ["test"], ["try"], ["new"], ["try", task, task], ["test", "--jobs", "0", task], ["test", "--seeds", "x", task],
    ["test", "--all", task], ["try", "--write", task], ["test", "--seed", "1", task], ["new", "--json", task], ["new", join(bank, "greeting")], ["new", join(bank, "tasks/A b")]]) {
    const result = run(["task", ...args]);
    assert.equal(result.status, 2, args.join(" "));
    assert.equal(result.stdout, "");
    assert.notEqual(result.stderr, "");
  }
  assert.equal(run(["task", "test", join(bank, "tasks/none")]).status, 3);
  assert.equal(run(["task", "test", bank]).status, 3, "a bank is not a task");
  assert.match(run(["task", "--help"]).stdout, /^assay task - /);
});
