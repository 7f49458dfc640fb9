// A server with hands-on tasks for tests of terminals, and the launcher that keeps its boxes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ok } from "./exam.mjs";
import { openItems, root, startFor, until } from "./server.mjs";

/** The process ids of launchers that keep boxes in this data folder. */
export function launchers(data) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words[1] === "serve" && words.includes(join(data, "sandbox"));
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}

/** Boxes outlive the server: at a test's end their launcher is ended, too. */
async function endLaunchers(data) {
  for (const pid of launchers(data)) process.kill(pid, "SIGTERM");
  await until(() => launchers(data).length === 0, "the launcher to end", 60000);
}

/** A server with the fixture of tasks; ends with its launcher. */
export async function startWithTasks(t, options = {}) {
  const server = await startFor({ after() {} }, { banks: join(root, "tests/fixtures/tasks"), ...options });
  t.after(async () => {
    if (server.process.exitCode === null && server.process.signalCode === null) await server.stop();
    await endLaunchers(server.data);
  });
  return server;
}

/** An attempt whose items are all tasks. */
export async function beginTasks(server, mode = "exam", headers = {}, exam = "tasks") {
  const attempt = ok(await server.post("/api/v1/attempts", { exam: `hands-on/${exam}`, mode }, headers), 201);
  return { ...attempt, tasks: openItems(attempt).filter((i) => i.kind === "task") };
}
