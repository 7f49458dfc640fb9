// Hands-on tasks of tests/fixtures/tasks: opening them, working in their boxes, waiting for their grades.
import assert from "node:assert/strict";
import { join } from "node:path";
import { ok } from "./exam.mjs";
import { openItems, root, until } from "./server.mjs";

export const taskBank = join(root, "tests/fixtures/tasks");
const words = { sum: "write the sum", greeting: "greeting.txt", setting: "fixture-status" };

/** A running attempt with its tasks by name, each with its address. */
export async function beginTasks(server, { exam = "tasks", mode = "exam", headers = {} } = {}) {
  const attempt = ok(await server.post("/api/v1/attempts", { exam: `hands-on/${exam}`, mode }, headers), 201);
  const tasks = {};
  for (const [name, text] of Object.entries(words)) {
    const item = openItems(attempt).find((i) => i.kind === "task" && i.stem.includes(text));
    if (item) tasks[name] = { ...item, url: `/api/v1/attempts/${attempt.id}/tasks/${item.id}` };
  }
  return { id: attempt.id, url: `/api/v1/attempts/${attempt.id}`, attempt, tasks, headers };
}

export const openTask = async (server, task, headers) => ok(await server.post(`${task.url}/open`, {}, headers));
export const write = async (server, task, path, text, headers) => ok(await server.put(`${task.url}/file`, { path, text }, headers));
export const read = async (server, task, path, headers) => ok(await server.get(`${task.url}/file?path=${encodeURIComponent(path)}`, headers));

/** The right sum, from the text of the task. */
export function sumOf(task) {
  const numbers = task.stem.match(/\d+/g).map(Number);
  return String(numbers[0] + numbers[1]);
}

export async function submitTasks(server, running) {
  ok(await server.post(`${running.url}/submit`, {}, running.headers));
}

/** The result, once there is one. */
export async function resultOfTasks(server, running, ms = 60000) {
  let last;
  try {
    return await until(
      async () => {
        last = await server.get(`${running.url}/result`, running.headers);
        assert.ok(last.status === 200 || last.status === 202, last.text);
        return last.status === 200 && last.json;
      },
      "the result",
      ms,
    );
  } catch (error) {
    throw new Error(`${error.message}: ${last.text}\n${server.log}`);
  }
}

export const itemResult = (result, task) => result.items.find((i) => i.id === task.id);
