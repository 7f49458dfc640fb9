// kill -9 of everything at once: nothing of the boxes stays, the next start says what it cleaned, and the candidates go on.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ok } from "../lib/exam.mjs";
import { Server, launcherOf, stopLauncher, temporaryFolder, until } from "../lib/server.mjs";
import { beginTasks, itemResult, openTask, resultOfTasks, submitTasks, sumOf, taskBank, write } from "../lib/tasks.mjs";

/** Processes that live in a namespace of processes below a launcher: those of its boxes. */
const processesOf = (launcher) =>
  readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "").split(" ")[1] === String(launcher);
    } catch {
      return false; // it has just ended
    }
  });

test("kill -9 of server and launcher: boxes end, and every kind of task is opened again and graded", async (t) => {
  const data = join(temporaryFolder(t), "data");
  let server = await Server.start({ data, banks: taskBank });
  t.after(async () => {
    await server.stop();
    stopLauncher(data);
  });
  const running = await beginTasks(server);
  const { sum, greeting } = running.tasks;
  for (const task of [sum, greeting]) await openTask(server, task); // one has numbers of its own
  await write(server, greeting, "/home/candidate/greeting.txt", "lost");
  const launcher = launcherOf(data);
  const inits = await until(() => processesOf(launcher).length >= 2 && processesOf(launcher), "the boxes' first processes");
  process.kill(Number(launcher), "SIGKILL");
  await server.kill();
  await until(() => inits.every((pid) => !processesOf(launcher).includes(pid) && !/^\d+ \(init\)/.test(stat(pid))), "the end of the boxes");

  server = await Server.start({ data, banks: taskBank });
  for (const task of [sum, greeting]) {
    const state = await openTask(server, task);
    assert.equal(state.state, "open");
    assert.match(state.notice, /was lost/);
  }
  if (process.getuid() === 0) assert.match(server.log + launcherLog(data), /cleaned up \d+ boxes that a crash had left/);
  await write(server, sum, "/home/candidate/sum", sumOf(sum));
  await server.kill(); // between the work and the end: the form is read from the store again
  server = await Server.start({ data, banks: taskBank });
  ok(await server.get(running.url));
  await submitTasks(server, running);
  const result = await resultOfTasks(server, running);
  assert.equal(itemResult(result, sum).outcome, "right");
  assert.equal(itemResult(result, sum).task.image, "host");
  await until(async () => (await server.get("/api/v1/health")).json.checks.boxes_open === 0, "the boxes to be closed");
});

function stat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return "";
  }
}
function launcherLog(data) {
  try {
    return readFileSync(join(data, "sandbox/launcher.log"), "utf8");
  } catch {
    return "";
  }
}
