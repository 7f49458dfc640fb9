// The shipped hands-on tasks, proved anew in real boxes: right ways earn everything, wrong ones fail just where they should.
// Tasks on an image of their own are not here: building it takes minutes. `assay task test` proves them, too.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, run, stopLauncher, temporaryFolder } from "../lib/server.mjs";

const folders = (path) => readdirSync(path, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => join(path, e.name));
const tasksOf = (bank) => folders(bank).filter((path) => path.endsWith("/tasks")).flatMap(folders);
const onHost = (task) => !/^image: (?!host$)/m.test(readFileSync(join(task, "task.md"), "utf8"));

for (const bank of folders(join(root, "banks"))) {
  const tasks = tasksOf(bank).filter(onHost);
  if (!tasks.length) continue;
  test(`${bank.slice(root.length + 1)}: ${tasks.length} tasks are proved`, (t) => {
    const data = temporaryFolder(t);
    const proved = run(["task", "test", "--data", data, ...tasks]);
    stopLauncher(data);
    assert.equal(proved.code, 0, proved.out + proved.err);
    assert.match(proved.out, new RegExp(`${tasks.length} of ${tasks.length} tasks are proved`));
  });
}

test("there are tasks enough, and each has its proof", () => {
  const all = folders(join(root, "banks")).flatMap(tasksOf);
  assert.ok(all.length >= 28, `${all.length} tasks`);
  for (const task of all) assert.ok(readdirSync(task).includes("proof.json"), task);
});
