// Banks for tests: the fixture, changed.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, temporaryFolder } from "./server.mjs";

export const fixture = join(root, "tests/fixtures/bank");

/** Changes files of a bank: { "exams/all.yml": (text) => text, "questions/new.md": "text", "media/x.svg": null }. */
export function change(bank, edits) {
  for (const [name, edit] of Object.entries(edits)) {
    const path = join(bank, name);
    if (edit === null) rmSync(path);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof edit === "function" ? edit(readFileSync(path, "utf8")) : edit);
    }
  }
}

/** A copy of the fixture in a folder of its own, changed; its id stays "fixture" unless `bank.yml` is edited. */
export function copyOfFixture(t, edits = {}) {
  const bank = join(temporaryFolder(t), "bank");
  cpSync(fixture, bank, { recursive: true });
  change(bank, edits);
  return bank;
}

/** A replacement of one line's value in YAML: set("duration", "3s"). */
export const set = (key, value) => (text) => {
  const line = new RegExp(`^${key}:.*$`, "m");
  if (!line.test(text)) throw new Error(`no ${key} to change in:\n${text}`);
  return text.replace(line, `${key}: ${value}`);
};
