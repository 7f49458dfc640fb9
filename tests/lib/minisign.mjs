// Debian's minisign as the judge of keys and signatures, and people with keys.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run, temporaryFolder } from "./server.mjs";

export const minisign = (...args) => spawnSync("minisign", args, { encoding: "utf8", input: "" });
export const bank = (...args) => run(["bank", ...args]);

/** Makes a plain key of our own; returns its path, the public half in PATH.pub. */
export function person(dir, name) {
  const path = join(dir, name);
  const made = bank("trust", "key", path, "--plain");
  if (made.code) throw new Error(made.err);
  return path;
}

/** Makes minisign's own key, without a passphrase. */
export function minisignPerson(dir, name) {
  const path = join(dir, name);
  execFileSync("minisign", ["-G", "-W", "-p", `${path}.pub`, "-s", path], { stdio: "pipe" });
  return path;
}

/** A copy of the fixture bank and people: Ana is the author, Ben approves, Cem is a third. */
export function workshop(t) {
  const dir = temporaryFolder(t);
  const folder = join(dir, "bank");
  cpSync(join(root, "tests/fixtures/bank"), folder, { recursive: true });
  const [ana, ben, cem] = ["ana", "ben", "cem"].map((name) => person(dir, name));
  const data = join(dir, "data");
  return { dir, folder, ana, ben, cem, data };
}

export function sign(w, ...args) {
  const signed = bank("sign", w.folder, "--key", w.ana, ...args);
  if (signed.code) throw new Error(signed.err);
  const approved = bank("approve", w.folder, "--key", w.ben);
  if (approved.code) throw new Error(approved.err);
}

export function trust(w, ...args) {
  const added = bank("trust", "add", `Ana=${w.ana}.pub`, `Ben=${w.ben}.pub`, `Cem=${w.cem}.pub`, "--data", w.data, ...args);
  if (added.code) throw new Error(added.err);
}

export const signatures = (folder) => readdirSync(folder).filter((name) => name.endsWith(".minisig"));
export const unsign = (folder) => ["release.json", ...signatures(folder)].forEach((name) => rmSync(join(folder, name), { force: true }));
