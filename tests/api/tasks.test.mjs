// Hands-on tasks over the interface, in real boxes: opening, working, ending, grading; what crashes, and what must stay apart.
import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { change, set } from "../lib/banks.mjs";
import { ok, problem } from "../lib/exam.mjs";
import { Server, launcherOf, openItems, root, run, startFor, stopLauncher, temporaryFolder, until } from "../lib/server.mjs";
import { beginTasks, itemResult, openTask, read, resultOfTasks, submitTasks, sumOf, taskBank, write } from "../lib/tasks.mjs";

const start = (t, options = {}) => startFor(t, { banks: taskBank, ...options });
const boxesOf = async (server) => (await server.get("/api/v1/health")).json.checks.boxes_open;

/** Starts a server again on the same folder; ended with the test. */
async function again(t, server) {
  const next = await Server.start({ banks: taskBank, data: server.data });
  next.data = server.data;
  t.after(() => next.stop());
  return next;
}

test("work in a box, the end, and the grades", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server);
  const { sum, greeting, setting } = running.tasks;
  assert.equal(ok(await server.get(sum.url)).state, "closed");
  problem(await server.get(`${sum.url}/files?path=/`), 409, "conflict");
  for (const task of [sum, greeting]) assert.equal((await openTask(server, task)).state, "open");
  assert.deepEqual(await openTask(server, sum), await openTask(server, sum));
  await write(server, sum, "/home/candidate/sum", sumOf(sum));
  await write(server, greeting, "/home/candidate/greeting.txt", "hello world\n");
  assert.equal((await read(server, sum, "/home/candidate/sum")).text, sumOf(sum));

  const list = ok(await server.get("/api/v1/attempts"));
  assert.equal((list.attempts ?? list).find((a) => a.id === running.id).answered, 2, "opened tasks count as answered");
  await submitTasks(server, running);
  problem(await server.post(`${sum.url}/open`, {}), 409, "attempt-ended");
  problem(await server.get(`${sum.url}/files?path=/`), 409, "attempt-ended");
  assert.equal(ok(await server.get(sum.url)).state, "ended");

  const result = await resultOfTasks(server, running);
  const of = (task) => itemResult(result, task);
  assert.deepEqual([of(sum).outcome, of(sum).points, of(greeting).outcome, of(greeting).points], ["right", 2, "partial", 2]);
  assert.deepEqual([of(setting).outcome, of(setting).points, of(setting).task.opened], ["unanswered", 0, false], "nobody opened it");
  assert.deepEqual(
    of(greeting).checks.map((c) => [c.id, c.outcome]),
    [
      ["content", "pass"],
      ["mode", "fail"],
    ],
  );
  assert.match(of(greeting).task.snapshot_sha256, /^[0-9a-f]{64}$/);
  assert.ok(existsSync(join(server.data, "snapshots", of(greeting).task.snapshot_sha256)), "the snapshot is kept");
  assert.deepEqual(result.hands_on, { items: 3, share: 1, points: 4, max: 9 });
  await until(async () => (await boxesOf(server)) === 0, "the boxes to be closed");
});

test("a reset begins anew, and what is saved over another's change is refused", async (t) => {
  const server = await start(t);
  const { tasks } = await beginTasks(server);
  problem(await server.post(`${tasks.sum.url}/reset`, {}), 409, "conflict");
  await openTask(server, tasks.sum);
  const { sha256 } = await write(server, tasks.sum, "/home/candidate/a", "one");
  ok(await server.put(`${tasks.sum.url}/file`, { path: "/home/candidate/a", text: "two", sha256 }));
  problem(await server.put(`${tasks.sum.url}/file`, { path: "/home/candidate/a", text: "three", sha256 }), 409, "conflict");
  const state = ok(await server.post(`${tasks.sum.url}/reset`, {}));
  assert.deepEqual([state.state, state.resets, state.notice], ["open", 1, null]);
  problem(await server.get(`${tasks.sum.url}/file?path=/home/candidate/a`), 404, "not-found");
});

test("hostile paths stay in the box", async (t) => {
  const server = await start(t);
  const { tasks } = await beginTasks(server);
  await openTask(server, tasks.sum);
  const get = (path) => server.get(`${tasks.sum.url}/file?path=${encodeURIComponent(path)}`);
  problem(await get("../../etc/passwd"), 400, "usage");
  problem(await get(""), 400, "usage");
  problem(await get("/" + "a/".repeat(2100)), 400, "usage");
  problem(await get("/etc"), 409, "conflict");
  problem(await get("/dev/zero"), 409, "conflict");
  problem(await get("/etc/shadow"), 403, "forbidden");
  problem(await get("/root/x"), 404, "not-found");
  problem(await get("/proc/1/root/etc/shadow"), 404, "not-found");
  const inside = ok(await get("/../../../../etc/passwd")).text;
  assert.match(inside, /candidate/, "the box's own file, whatever the path says");
  problem(await get(join(server.data, "keys/secret.key")), 404, "not-found");
  problem(await get("/home/candidate/-rf; touch $(id) `id` \n\t'\"*"), 404, "not-found");
  problem(await server.put(`${tasks.sum.url}/file`, { path: "/etc/passwd", text: "x" }), 403, "forbidden");
  problem(await server.put(`${tasks.sum.url}/file`, { path: "/no/such/folder/x", text: "x" }), 404, "not-found");
  problem(await server.put(`${tasks.sum.url}/file`, { path: "/home/candidate", text: "x" }), 409, "conflict");
  const odd = "/home/candidate/-a b\t\"'$x";
  await write(server, tasks.sum, odd, "odd");
  assert.equal((await read(server, tasks.sum, odd)).text, "odd");
  const folder = ok(await server.get(`${tasks.sum.url}/files?path=/home/candidate`));
  assert.ok(folder.entries.some((e) => e.name.startsWith("-a b") && e.kind === "file" && e.user === "candidate"));
  problem(await server.post(`${tasks.sum.url}/upload`, { path: "/home/candidate/x", base64: "AA==" }), 409, "conflict");
  problem(await server.get(`${tasks.sum.url}/download?path=/etc/passwd`), 409, "conflict");
});

test("study: checks while one works, hints in steps, the solution after giving up", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server, { mode: "study" });
  const { greeting, sum } = running.tasks;
  problem(await server.post(`${greeting.url}/hint`, {}), 409, "conflict");
  await openTask(server, greeting);
  const check = async () => ok(await server.post(`${greeting.url}/check`, {}));
  assert.deepEqual((await check()).points, 0);
  await write(server, greeting, "/home/candidate/greeting.txt", "hello world\n");
  const checked = await check();
  assert.deepEqual([checked.points, checked.max, checked.ungraded], [2, 3, false]);
  assert.deepEqual(ok(await server.get(greeting.url)).last_check, checked);
  const first = ok(await server.post(`${greeting.url}/hint`, {}));
  assert.deepEqual([first.hints.length, first.hints_left, first.solution], [1, 1, null]);
  ok(await server.post(`${greeting.url}/hint`, {}));
  problem(await server.post(`${greeting.url}/hint`, {}), 409, "conflict");
  assert.match(ok(await server.post(`${greeting.url}/solution`, {})).solution, /^#!\/bin\//);
  await submitTasks(server, running);
  const result = await resultOfTasks(server, running);
  assert.equal(itemResult(result, greeting).task.helped, true);
  assert.equal(itemResult(result, sum).outcome, "unanswered");
  await until(async () => (await boxesOf(server)) === 0, "the boxes to be closed");
});

test("an exam tells nothing of solution, hints, grader or checks before its report", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server);
  const { greeting } = running.tasks;
  let said = JSON.stringify(running.attempt);
  const keep = (reply) => (said += reply.text);
  for (const method of ["open", "reset"]) keep(await server.post(`${greeting.url}/${method}`, {}));
  for (const method of ["check", "hint", "solution"]) {
    const refused = await server.post(`${greeting.url}/${method}`, {});
    problem(refused, 409, "conflict");
    keep(refused);
  }
  keep(await server.get(greeting.url));
  keep(await server.get(running.url));
  keep(await server.post(`${running.url}/submit`, {}));
  keep(await server.get(`${running.url}/result`).then((r) => (r.status === 202 ? r : { text: "" })));
  keep(await server.get("/api/v1/exams/hands-on/tasks"));
  for (const secret of ["It says what it should", "Only the owner may", "expect(", "echo hello", "A shell writes what", "EXPLANATION-TEXT", "grader"])
    assert.ok(!said.includes(secret), `${secret} in:\n${said}`);
  await resultOfTasks(server, running);
});

test("two candidates' boxes are apart, and their gradings take turns", async (t) => {
  const server = await start(t);
  const [ada, bob] = [await addUser(server, "ada"), await addUser(server, "bob")];
  const hers = await beginTasks(server, { headers: ada.bearer });
  const his = await beginTasks(server, { headers: bob.bearer });
  for (const running of [hers, his]) for (const task of Object.values(running.tasks)) await openTask(server, task, running.headers);
  await write(server, hers.tasks.sum, "/home/candidate/sum", sumOf(hers.tasks.sum), hers.headers);
  problem(await server.get(`${his.tasks.sum.url}/file?path=/home/candidate/sum`, his.headers), 404, "not-found");
  for (const path of ["", "/files?path=/", "/file?path=/etc/passwd"])
    problem(await server.get(`${hers.tasks.sum.url}${path}`, his.headers), 404, "not-found");
  problem(await server.post(`${hers.tasks.sum.url}/open`, {}, his.headers), 404, "not-found");
  await submitTasks(server, hers);
  await submitTasks(server, his);
  const [a, b] = [await resultOfTasks(server, hers), await resultOfTasks(server, his)];
  assert.deepEqual([itemResult(a, hers.tasks.sum).points, itemResult(b, his.tasks.sum).points], [2, 0]);
});

test("work survives a crash and a restart of the server", async (t) => {
  const server = await start(t);
  const { tasks, id } = await beginTasks(server);
  await openTask(server, tasks.sum);
  await write(server, tasks.sum, "/home/candidate/sum", sumOf(tasks.sum));
  const launcher = launcherOf(server.data);
  await server.kill();
  const next = await again(t, server);
  assert.equal(launcherOf(server.data), launcher, "the launcher goes on");
  const state = await openTask(next, tasks.sum);
  assert.deepEqual([state.state, state.notice], ["open", null]);
  assert.equal((await read(next, tasks.sum, "/home/candidate/sum")).text, sumOf(tasks.sum));
  const running = { id, url: `/api/v1/attempts/${id}`, headers: {} };
  await submitTasks(next, running);
  assert.equal(itemResult(await resultOfTasks(next, running), tasks.sum).points, 2);
});

test("a box that is lost goes on from its last snapshot, and the candidate is told", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server, { mode: "study" });
  const { greeting } = running.tasks;
  await openTask(server, greeting);
  await write(server, greeting, "/home/candidate/greeting.txt", "hello world\n");
  ok(await server.post(`${greeting.url}/check`, {})); // takes a snapshot
  stopLauncher(server.data, "SIGKILL");
  await until(async () => ok(await server.get(greeting.url)).state === "lost", "the loss to be seen");
  const state = await openTask(server, greeting);
  assert.equal(state.state, "open");
  assert.match(state.notice, /files are as they were.*programs/i);
  assert.equal((await read(server, greeting, "/home/candidate/greeting.txt")).text, "hello world\n");
});

for (const [what, delay] of [
  ["at once", 0],
  ["a moment later", 60],
  ["in the middle", 250],
])
  test(`a crash while tasks are graded loses and doubles nothing: ${what}`, async (t) => {
    const server = await start(t);
    const running = await beginTasks(server);
    const { sum, greeting, setting } = running.tasks;
    for (const task of [sum, greeting, setting]) await openTask(server, task);
    await write(server, sum, "/home/candidate/sum", sumOf(sum));
    await submitTasks(server, running);
    if (delay) await new Promise((done) => setTimeout(done, delay)); // which moment it hits does not matter for what must hold
    await server.kill();
    const next = await again(t, server);
    const result = await resultOfTasks(next, running);
    assert.deepEqual(
      [sum, greeting, setting].map((task) => [itemResult(result, task).points, itemResult(result, task).task.grading]),
      [
        [2, 1],
        [0, 1],
        [0, 1],
      ],
    );
    assert.equal(result.history.length, 1);
    await until(async () => (await boxesOf(next)) === 0, "the boxes to be closed");
  });

test("a launcher that dies after the end: graded from what was kept, never counted as zero", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server);
  for (const task of Object.values(running.tasks)) await openTask(server, task);
  await write(server, running.tasks.sum, "/home/candidate/sum", sumOf(running.tasks.sum));
  await submitTasks(server, running);
  stopLauncher(server.data, "SIGKILL");
  const reply = await until(
    async () => {
      const r = await server.get(`${running.url}/result`);
      const states = r.json.tasks?.map((x) => x.state) ?? [];
      return (r.status === 200 || states.some((s) => s !== "running")) && r;
    },
    "the queue to go on",
  );
  // Either all were kept before it died, or what was lost is tried again and then left to a person.
  if (reply.status === 200) assert.equal(itemResult(reply.json, running.tasks.sum).points, 2);
  else assert.ok(["grading", "reviewing"].includes(reply.json.state));
});

test("the number of boxes has a ceiling, and the message says so", async (t) => {
  const server = await start(t, { args: ["--boxes", "2"] });
  const { tasks } = await beginTasks(server);
  await openTask(server, tasks.sum);
  await openTask(server, tasks.greeting);
  const refused = await server.post(`${tasks.setting.url}/open`, {});
  assert.match(problem(refused, 503, "busy").detail, /all 2 boxes/);
  await openTask(server, tasks.sum);
});

test("an attempt ends by time with nobody there, and its tasks are graded", async (t) => {
  const banks = join(temporaryFolder(t), "bank");
  cpSync(taskBank, banks, { recursive: true });
  change(banks, { "exams/tasks.yml": set("duration", "6s") });
  const server = await start(t, { banks });
  const running = await beginTasks(server);
  await openTask(server, running.tasks.sum);
  await write(server, running.tasks.sum, "/home/candidate/sum", sumOf(running.tasks.sum));
  await until(async () => ok(await server.get(`${running.url}/clock`)).state !== "running", "the time to be up");
  const result = await until(async () => {
    const r = await server.get(`${running.url}/result`);
    return r.status === 200 && r.json;
  }, "the result");
  assert.deepEqual([result.ended_by, itemResult(result, running.tasks.sum).points], ["time", 2]);
  assert.deepEqual(readdirSync(join(server.data, "snapshots")).length, 1);
});

test("a study session about everything has as many tasks as the exam", async (t) => {
  const server = await startFor(t, { banks: join(root, "banks/git") });
  const attempt = ok(await server.post("/api/v1/attempts", { exam: "git/hands-on", mode: "study" }), 201);
  assert.equal(openItems(attempt).filter((i) => i.kind === "task").length, 3);
});

test("what no run can grade goes to a person, and never counts as zero", async (t) => {
  const server = await start(t, { args: ["--grading-waits", "0,0,0"] });
  const running = await beginTasks(server);
  const { sum, greeting } = running.tasks;
  await openTask(server, sum);
  // Its box is lost before anything of it was kept.
  stopLauncher(server.data, "SIGKILL");
  await until(async () => ok(await server.get(sum.url)).state === "lost", "the loss to be seen");
  await submitTasks(server, running);
  const pending = await until(async () => {
    const r = await server.get(`${running.url}/result`);
    return r.json.state === "reviewing" && r;
  }, "the tries to be used up");
  assert.deepEqual([pending.status, pending.json.ungraded], [202, 1]);
  const review = (...args) => run(["review", "--data", server.data, ...args]);
  assert.match(review().out, new RegExp(`${running.id}.*1 tasks to decide`));
  assert.match(review(running.id).out, /tried 4 times[^]*no snapshot of it had been taken/);
  assert.doesNotMatch(run(["mark", "--data", server.data]).out, new RegExp(running.id), "there is no essay in it");
  assert.equal(review(running.id, "1").code, 2);
  assert.equal(review(running.id, greeting.id, "--points", "1", "--by", "ada").code, 1);
  assert.match(review(running.id, sum.id, "--grade", "again").out, /queue again/);
  await until(async () => (await server.get(`${running.url}/result`)).json.state === "reviewing", "the tries to be used up again");
  assert.match(review(running.id, sum.id, "--points", "1.5", "--by", "ada", "--comment", "seen on the recording").out, /result is made/);
  const result = await resultOfTasks(server, running);
  assert.deepEqual([itemResult(result, sum).points, itemResult(result, sum).task.graded_by], [1.5, "person"]);
});

test("what a lost box cost is for a person to say, also when its snapshot is graded again", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server);
  const { greeting } = running.tasks;
  await openTask(server, greeting);
  await write(server, greeting, "/home/candidate/greeting.txt", "hello world\n");
  // The first process of the box dies; what the box held is kept as a last snapshot.
  const launcher = launcherOf(server.data);
  const inits = readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8").trim().split(" ");
  assert.equal(inits.length, 1);
  process.kill(Number(inits[0]), "SIGKILL");
  await until(async () => ok(await server.get(greeting.url)).state === "lost", "the loss to be seen");
  await submitTasks(server, running);
  const state = async () => (await server.get(`${running.url}/result`)).json.state;
  await until(async () => (await state()) === "reviewing", "the grading to go to a person");
  assert.match(run(["review", "--data", server.data, running.id]).out, /The box was lost before its end state was kept/);
  const again = run(["regrade", "--data", server.data, "--attempt", running.id]);
  assert.equal(again.code, 0, again.out + again.err);
  assert.equal(await state(), "reviewing");
  assert.match(run(["review", "--data", server.data, running.id]).out, /The box was lost before its end state was kept/);
});

test("a corrected grader grades past attempts again: the old result stays, the new one names it", async (t) => {
  const banks = join(temporaryFolder(t), "bank");
  cpSync(taskBank, banks, { recursive: true });
  const server = await start(t, { banks });
  const running = await beginTasks(server);
  const { greeting } = running.tasks;
  await openTask(server, greeting);
  await write(server, greeting, "/home/candidate/greeting.txt", "hello world\n");
  await submitTasks(server, running);
  const before = await resultOfTasks(server, running);
  assert.equal(itemResult(before, greeting).points, 2);
  const regrade = (...args) => run(["regrade", "--data", server.data, ...args]);
  assert.match(regrade("--attempt", running.id).out, /greeting +2 -> 2 of 3 +same/);

  change(banks, {
    "tasks/greeting/grader.lua": (text) => text.replace('check("content", 2', 'check("content", 1').replace('check("mode", 1', 'check("mode", 2'),
  });
  const proved = run(["task", "test", "--write", join(banks, "tasks/greeting"), "--data", server.data]);
  assert.equal(proved.code, 0, proved.out + proved.err);
  change(banks, { "bank.yml": set("version", "1.0.1") });
  await until(async () => (await server.get("/api/v1/exams/hands-on/tasks")).json.bank.version === "1.0.1", "the bank to be loaded again");

  assert.match(regrade("--bank", "hands-on", "--dry-run").out, /greeting +2 -> 1 of 3 +would change/);
  assert.deepEqual(await resultOfTasks(server, running), before);
  assert.match(regrade("--bank", "hands-on", "--task", "greeting", "--reason", "the points were the wrong way round").out, /2 -> 1 of 3 +changed/);
  const after = itemResult(await resultOfTasks(server, running), greeting);
  assert.deepEqual([after.points, after.task.grading, after.task.reason], [1, 2, "the points were the wrong way round"]);
  assert.notEqual(after.task.grader_sha256, itemResult(before, greeting).task.grader_sha256);
  assert.equal(after.task.snapshot_sha256, itemResult(before, greeting).task.snapshot_sha256);
  const signed = join(temporaryFolder(t), "result.json");
  writeFileSync(signed, (await server.get(`${running.url}/result/signed`)).text);
  assert.equal(run(["verify", signed]).code, 0);
  assert.match(regrade("--bank", "hands-on").out, /greeting +1 -> 1 of 3 +same/);
});

test("a backup holds the snapshots that gradings name, and says what is gone; doctor says what boxes bound here", async (t) => {
  const server = await start(t);
  const running = await beginTasks(server);
  for (const task of [running.tasks.sum, running.tasks.greeting]) await openTask(server, task);
  await submitTasks(server, running);
  const result = await resultOfTasks(server, running);
  const hashes = [running.tasks.sum, running.tasks.greeting].map((task) => itemResult(result, task).task.snapshot_sha256);
  const folder = temporaryFolder(t);
  const backup = (name) => run(["backup", "--data", server.data, join(folder, name)]);
  assert.match(backup("one").out, /2 snapshots and recordings/);
  const restored = run(["restore", join(folder, "one"), "--data", join(folder, "restored")]);
  assert.equal(restored.code, 0, restored.err);
  for (const hash of hashes) assert.ok(existsSync(join(folder, "restored/snapshots", hash)));
  // The copy is damaged: that is found. The original is gone: that is said.
  writeFileSync(join(folder, "one/snapshots", hashes[0]), "something else");
  assert.match(run(["restore", "--check", join(folder, "one")]).err, /not what the manifest says/);
  rmSync(join(server.data, "snapshots", hashes[0]));
  assert.match(backup("two").out, /1 more that the database names/);
  assert.equal(run(["restore", "--check", join(folder, "two")]).code, 0);
  assert.match(run(["doctor", "--data", server.data]).out, /boxes +All boxes share this machine's kernel/);
});
