// `assay bank check`, the program itself: what it prints, its exit codes, and the draws of --run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

const assay = process.env.ASSAY ?? new URL("../../build/assay", import.meta.url).pathname;
const banks = new URL("../../banks/", import.meta.url).pathname;
const run = (...args) => spawnSync(assay, ["bank", ...args], { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });

// A bank of the given files, for the time of one test.
const bank = (t, files) => {
  const folder = mkdtempSync(join(tmpdir(), "assay-bank-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};
const options = "\n- [x] one\n- [ ] two\n\n### Explanation\nx\n\n### References\n- y\n";
const good = `Which?\n${options}`;
const codes = (result) => JSON.parse(result.stdout).diagnostics.map((d) => d.code);

test("the shipped banks have no errors and no warnings, and every draw is good", () => {
  for (const name of readdirSync(banks)) {
    const result = run("check", "--strict", "--run", join(banks, name));
    assert.equal(result.status, 0, result.stdout + result.stderr);
  }
});

test("exit codes", (t) => {
  const folder = bank(t, { "questions.md": good });
  assert.equal(run("check", folder).status, 0);
  assert.equal(run("check", join(folder, "questions.md")).status, 0);
  assert.equal(run("check", bank(t, { "questions.md": "Which?\n\n- [x] one\n- [ ] two\n" })).status, 0, "warnings are no errors");
  assert.equal(run("check", "--strict", bank(t, { "questions.md": "Which?\n\n- [x] one\n- [ ] two\n" })).status, 1);
  assert.equal(run("check", bank(t, { "questions.md": "Which?\n" })).status, 1);
  for (const args of [[], ["check"], ["chek", folder], ["check", folder, folder], ["check", "--all", folder]]) {
    const result = run(...args);
    assert.equal(result.status, 2, args.join(" "));
    assert.match(result.stderr, /Usage: /);
    assert.equal(result.stdout, "");
  }
  assert.equal(run("check", join(folder, "none")).status, 3);
  assert.equal(run("check", "/dev/null").status, 3);
  assert.equal(run("check", "--help").status, 0);
});

test("every mistake at once, each with its place, a caret and advice", (t) => {
  const folder = bank(t, { "questions/a.md": `---\ndificulty: 1\n---\nWhich?\n${options}`, "questions/b.md": "Which?\n\n- [ ] one\n- [ ] two\n", "questions/c.md": good });
  const result = run("check", folder);
  assert.equal(result.status, 1);
  assert.match(result.stdout, /^questions\/a\.md:2:1: error\[unknown-field\]: .*\n {5}2 \| dificulty: 1\n {7}\| \^\n {7}= help: did you mean 'difficulty'\?\n/m);
  assert.match(result.stdout, /^questions\/b\.md:1:1: error\[no-key\]/m);
  assert.match(result.stdout, /: 1 question, 2 errors, 0 warnings\n$/);
});

test("--json", (t) => {
  const result = run("check", "--json", "--stats", bank(t, { "bank.yml": "id: b\ndomains: {files: Files}\n", "questions.md": `---\nobjective: fils\n---\nWhich "é"?\n${options}` }));
  const report = JSON.parse(result.stdout);
  assert.equal(report.errors, 1);
  assert.deepEqual(report.diagnostics[0], {
    level: "error", code: "unknown-domain", file: "questions.md", line: 2, column: 12, message: "bank.yml has no domain 'fils'", help: "did you mean 'files'?",
  });
  assert.equal(report.stats.questions, 0);
});

test("--stats", (t) => {
  const folder = bank(t, { "bank.yml": "id: b\ndomains:\n  files:\n    title: F\n    objectives: {links: L}\n",
    "questions.md": `---\nobjective: files.links\ndifficulty: 2\n---\n## A\nWhich one?\n${options}\n## B\nHow many?\n\n= 5\n\n### Explanation\nx\n\n### References\n- y\n` });
  const { stats } = JSON.parse(run("check", "--json", "--stats", folder).stdout);
  assert.deepEqual(stats.kinds, { single: 1, numeric: 1, parametrised: 0 });
  assert.deepEqual(stats.objectives, { files: 2, "files.links": 2 });
  assert.deepEqual(stats.difficulty, { 2: 2 });
  assert.match(run("check", "--stats", folder).stdout, /single +1\n/);
});

test("an exam that cannot be drawn is an error; a preset is a format to copy", (t) => {
  const files = { "questions.md": good, "exams/e.yml": "items: 5\n" };
  const result = run("check", "--json", bank(t, files));
  assert.equal(result.status, 1);
  assert.deepEqual(codes(result), ["exam-impossible"]);
  assert.match(JSON.parse(result.stdout).diagnostics[0].message, /4 are missing/);
  assert.equal(run("check", bank(t, { ...files, "exams/e.yml": "items: 5\nkind: preset\n" })).status, 0);
});

const drawn = (program, text) => ({ "questions.md": "```lua params\n" + program + "\n```\n" + text + "\n### Explanation\nx\n\n### References\n- y\n" });

test("without --run, nothing of a bank is executed", (t) => {
  const folder = bank(t, drawn("error('no')", "How many?\n\n= @{n}\n"));
  assert.equal(run("check", "--strict", folder).status, 0);
  assert.equal(run("check", "--run", folder).status, 1);
});

test("--run reports programs that fail, at the program's line in the file", (t) => {
  const result = run("check", "--run", "--json", bank(t, drawn("local a = 1\nreturn { n = nothing.b }", "How many?\n\n= @{n}\n")));
  const [one] = JSON.parse(result.stdout).diagnostics;
  assert.deepEqual([one.code, one.file, one.line], ["program", "questions.md", 3]);
  assert.match(one.message, /attempt to index a nil value \(global 'nothing'\)$/);
});

test("--run reports texts that break, equal options, and draws that never differ", (t) => {
  const options2 = "Which?\n\n- [x] @{a}\n- [ ] @{b}\n";
  assert.deepEqual(codes(run("check", "--run", "--json", bank(t, drawn("return { m = rand(1, 99) }", "How many?\n\n= @{n}\n")))), ["program-text"]);
  assert.deepEqual(codes(run("check", "--run", "--json", bank(t, drawn("return { n = 'x' .. rand(1, 99) }", "How many?\n\n= @{n}\n")))), ["program-text"]);
  const always = run("check", "--run", "--json", bank(t, drawn("local a = rand(1, 99) return { a = a, b = a }", options2)));
  assert.equal(always.status, 1);
  assert.deepEqual(codes(always), ["program-equal"]);
  const sometimes = run("check", "--run", "--json", bank(t, drawn("return { a = rand(1, 4), b = rand(1, 4) }", options2)));
  assert.equal(sometimes.status, 0);
  assert.deepEqual(codes(sometimes), ["program-equal"]);
  assert.deepEqual(codes(run("check", "--run", "--json", bank(t, drawn("return { n = 5 }", "How many?\n\n= @{n}\n")))), ["program-constant"]);
  assert.deepEqual(codes(run("check", "--run", "--json", bank(t, drawn("return { n = rand(1, 99) }", "How many?\n\n= @{n}\n")))), []);
});

test("one endless program does not keep the others from being drawn", (t) => {
  const one = (id, program) => `## ${id}\n\`\`\`lua params\n${program}\n\`\`\`\nHow many ${id}?\n\n= @{n}\n\n### Explanation\nx\n\n### References\n- y\n`;
  const folder = bank(t, { "questions.md": one("A", "return { n = rand(1, 99) }") + one("B", "while true do end") + one("C", "return { n = 5 }") });
  assert.deepEqual(codes(run("check", "--run", "--json", folder)), ["program", "program-constant"]);
});
