// Folders of hands-on tasks for tests of `assay task`: copies of the small bank, and the end of the launcher that it leaves.
import { cpSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { change } from "./banks.mjs";
import { root, temporaryFolder } from "./server.mjs";

export const tasksFixture = join(root, "tests/fixtures/tasks");

/** A copy of the bank with tasks, changed; see copyOfFixture. */
export function copyOfTasks(t, edits = {}) {
  const bank = join(temporaryFolder(t), "hands-on");
  cpSync(tasksFixture, bank, { recursive: true });
  change(bank, edits);
  return bank;
}

/** Ends the launcher of boxes that serves a data folder, by its process id; it would end itself only after a while. */
export function endLauncher(data) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let line = "";
    try {
      line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {} // it has ended
    const words = line.split("\0");
    if (words.includes("serve") && words.includes(`${data}/sandbox`)) process.kill(Number(pid), "SIGTERM");
  }
}
