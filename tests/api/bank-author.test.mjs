// assay bank diff, rename and check --watch, and what shells complete.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exam, many, question, writeBank } from "../lib/author.mjs";
import { assay, root, run, until } from "../lib/server.mjs";

const files = { "bank.yml": "id: demo\ntitle: Demo\n", "questions/one.md": question("one"), "questions/many.md": many, "exams/practice.yml": exam };

test("diff says what changed for candidates", (t) => {
  const a = writeBank(t, files);
  const b = join(a, "../other");
  cpSync(a, b, { recursive: true });
  assert.deepEqual(run(["bank", "diff", a, b]), { code: 0, out: "", err: "" });
  renameSync(join(b, "questions/one.md"), join(b, "questions/uno.md"));
  assert.equal(run(["bank", "diff", a, b]).code, 0, "where it stands makes no difference");
  writeFileSync(join(b, "questions/uno.md"), question("one").replace("- [x] right", "- [ ] right").replace("- [ ] wrong", "- [x] wrong"));
  writeFileSync(join(b, "questions/many.md"), many.replace("## Second {#second}\nTwo?", "## Second {#zwei}\nTwo?").replace("\nb\n", "\nbb\n"));
  writeFileSync(join(b, "exams/practice.yml"), exam.replace("10m", "20m"));
  const { code, out } = run(["bank", "diff", a, b]);
  assert.equal(code, 1);
  assert.deepEqual(out.trim().split("\n").sort(), ["+ question zwei", "- question second", "~ exam practice: duration_ms", "~ question one: key, options"].sort());
  const { changes } = JSON.parse(run(["bank", "diff", "--json", a, b]).out);
  assert.deepEqual(changes.find((c) => c.id === "one"), { what: "question", id: "one", change: "changed", fields: ["key", "options"] });
  assert.equal(run(["bank", "diff", a]).code, 2);
  assert.equal(run(["bank", "diff", a, join(a, "missing")]).code, 3);
});

test("rename changes an id and what refers to it", (t) => {
  const dir = writeBank(t, { ...files, "questions/two.md": question("two").replace("id: two", "id: two\nfamily: one # both") });
  const { code, out } = run(["bank", "rename", dir, "one", "uno"]);
  assert.equal(code, 0);
  assert.deepEqual(out.trim().split("\n").sort(), ["questions/one.md", "questions/two.md"]);
  assert.match(readFileSync(join(dir, "questions/two.md"), "utf8"), /family: uno # both/);
  assert.equal(run(["bank", "check", dir]).code, 0);
  assert.equal(run(["bank", "rename", dir, "nobody", "x"]).code, 1);
  assert.equal(run(["bank", "rename", dir, "uno"]).code, 2);
  assert.match(run(["bank", "rename", "--help"]).out, /another id/);
});

test("check --watch checks again after every change, a line of JSON each", async (t) => {
  const dir = writeBank(t, files);
  const child = spawn(assay, ["bank", "check", dir, "--watch", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  let out = "";
  child.stdout.on("data", (text) => (out += text));
  const line = (n) => until(() => out.split("\n").length > n && JSON.parse(out.split("\n")[n - 1]), `line ${n}`);
  assert.equal((await line(1)).errors, 0);
  writeFileSync(join(dir, "questions/one.md"), "What?\n\n- [ ] a\n- [ ] b\n");
  assert.equal((await line(2)).errors > 0, true);
  writeFileSync(join(dir, "questions/one.md"), question("one"));
  assert.equal((await line(3)).errors, 0);
});

test("what shells complete is what the commands take", () => {
  const table = [...readFileSync(join(root, "engine/cli/main.c"), "utf8").matchAll(/\{"([a-z]+)", cli_\w+,\s+"[^"]*",\s*"([^"]*)"\}/g)];
  assert.ok(table.length > 15);
  for (const [, name, words] of table) {
    const help = run([name, "--help"]).out;
    const options = words.split(" ").filter((w) => w.startsWith("--"));
    for (const word of words.split(" ")) if (!word.startsWith("--")) assert.match(help, new RegExp(`\\b${word}\\b`), `assay ${name} ${word}`);
    for (const option of options) assert.ok(help.includes(option), `assay ${name} takes ${option}`);
    const said = new Set([...help.matchAll(/^ +(--[a-z][a-z-]*)/gm)].map((m) => m[1]));
    for (const option of said) if (option !== "--help") assert.ok(options.includes(option), `${option} of assay ${name} is completed`);
  }
  const bash = run(["completions", "bash"]).out;
  execFileSync("bash", ["-n"], { input: bash });
  const complete = (words) =>
    execFileSync("bash", ["-c", `${bash}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _assay; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(complete("assay aut"), ["author"]);
  assert.deepEqual(complete("assay bank di"), ["diff"]);
  assert.deepEqual(complete("assay author --li"), ["--listen"]);
  for (const [, name] of table)
    for (const shell of ["bash", "zsh", "fish"]) assert.match(run(["completions", shell]).out, new RegExp(`\\b${name}\\b`), `${name} in ${shell}`);
  assert.equal(run(["completions"]).code, 2);
});
