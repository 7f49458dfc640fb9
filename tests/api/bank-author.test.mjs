// assay bank diff, rename and check --watch, and what shells complete.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

test("rename changes domains and objectives, where they are told and where they are used", (t) => {
  const bank = `id: demo # files\ntitle: files\ndomains:\n  files: {title: All files, objectives: {links: files and links, "modes": Modes}}\n  files-more: More files\n  users:\n    title: files\n    objectives:\n      links: Links of users\n`;
  const field = (id, objective) => question(id).replace(`id: ${id}`, `id: ${id}\nobjective: ${objective}`);
  const dir = writeBank(t, {
    "bank.yml": bank,
    "questions/one.md": field("one", "files.links"), "questions/two.md": field("two", "'files'"), "questions/three.md": field("three", "users.links # files.links"),
    "questions/four.md": field("four", "files-more"),
    "questions/many.md": "## A {#a}\n\`\`\`yaml item\n{objective: files.links, difficulty: 1}\n\`\`\`\nobjective: files\n\n- [x] a\n- [ ] b\n".replaceAll("\\`", "`"),
    "exams/practice.yml": exam + "domains: {files: 1, users: 1, files-more: 1}\nsections:\n  - {id: files, title: files, items: 1, domains: [\"files\", users]}\n  - id: rest\n    items: 1\n    domains: files\n",
  });
  const read = (file) => readFileSync(join(dir, file), "utf8");
  const rename = (from, to) => run(["bank", "rename", dir, from, to]);
  const objectives = () => JSON.parse(run(["bank", "check", "--stats", "--json", dir]).out);
  const before = objectives();
  assert.deepEqual(rename("domain:files", "folders").out.trim().split("\n").sort(), ["bank.yml", "exams/practice.yml", "questions/many.md", "questions/one.md", "questions/two.md"]);
  assert.equal(read("bank.yml"), bank.replace("  files: {title", "  folders: {title"));
  assert.match(read("questions/one.md"), /objective: folders\.links\n/);
  assert.match(read("questions/two.md"), /objective: 'folders'\n/);
  assert.match(read("questions/three.md"), /objective: users\.links # files\.links\n/);
  assert.match(read("questions/many.md"), /\{objective: folders\.links, difficulty: 1\}\n```\nobjective: files\n/);
  assert.match(read("exams/practice.yml"), /domains: \{folders: 1, users: 1, files-more: 1\}\nsections:\n  - \{id: files, title: files, items: 1, domains: \["folders", users\]\}\n  - id: rest\n    items: 1\n    domains: folders\n/);
  assert.deepEqual(rename("folders.links", "folders.ties").out.trim().split("\n").sort(), ["bank.yml", "questions/many.md", "questions/one.md"]);
  assert.equal(rename("objective:folders.modes", "rights").code, 0);
  assert.match(read("bank.yml"), /objectives: \{ties: files and links, "rights": Modes\}\}[^]*links: Links of users/);
  assert.match(read("questions/one.md"), /objective: folders\.ties\n/);
  assert.equal(rename("folders", "files").code, 0, "no other thing has this id");
  for (const [from, to] of [["files.ties", "links"], ["files.rights", "modes"]]) assert.equal(rename(from, to).code, 0);
  assert.deepEqual(objectives(), before, "and back again");
  for (const [from, to, message] of [
    ["domain:nobody", "x", /is called 'nobody'/], ["objective:files.nothing", "x", /is called/], ["domain:files", "users", /taken/], ["files.links", "modes", /taken/],
    ["files.links", "users.other", /stays in its domain/], ["domain:files", "Not an id", /not an id/], ["domain:files", "a.b", /not an id/],
  ]) {
    const result = rename(from, to);
    assert.notEqual(result.code, 0, from);
    assert.match(result.err, message);
  }
  assert.deepEqual(objectives(), before, "and nothing was written");
});

test("domains and objectives of a shipped bank all take other ids", (t) => {
  const dir = join(writeBank(t, files), "../git");
  cpSync(join(root, "banks/git"), dir, { recursive: true });
  const told = readFileSync(join(dir, "bank.yml"), "utf8");
  const domains = [...told.slice(told.indexOf("\ndomains:")).matchAll(/^  ([a-z0-9-]+):/gm)].map((m) => m[1]);
  assert.ok(domains.length > 2);
  for (const id of domains) assert.equal(run(["bank", "rename", dir, `domain:${id}`, `${id}-x`]).code, 0, id);
  const changes = JSON.parse(run(["bank", "diff", "--json", join(root, "banks/git"), dir]).out).changes;
  const codes = (bank) => [...new Set([...run(["bank", "check", bank]).out.matchAll(/(?:error|warning)\[([a-z-]+)\]/g)].map((m) => m[1]))].filter((code) => !/proof|proved|exam-impossible/.test(code));
  assert.deepEqual(codes(dir), codes(join(root, "banks/git")), "tasks have to be proved again, which exams draw, and nothing else");
  assert.ok(!changes.some((c) => c.fields?.includes("key")));
  for (const id of domains) assert.equal(run(["bank", "rename", dir, `domain:${id}-x`, id]).code, 0);
  assert.deepEqual(run(["bank", "diff", join(root, "banks/git"), dir]), { code: 0, out: "", err: "" });
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

test("fish completes commands, their words and options", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "assay-fish-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, "c.fish"), run(["completions", "fish"]).out);
  const complete = (line) =>
    execFileSync("fish", ["--no-config", "-c", `source ${join(dir, "c.fish")}; complete -C '${line}'`], { encoding: "utf8", cwd: dir, env: { ...process.env, HOME: dir } })
      .trim().split("\n").map((one) => one.split("\t")[0]);
  assert.deepEqual(complete("assay aut"), ["author"]);
  assert.deepEqual(complete("assay bank dif"), ["diff"]);
  assert.deepEqual(complete("assay author --li"), ["--listen"]);
  assert.ok(["serve", "bank", "verify"].every((name) => complete("assay ").includes(name)));
  assert.ok(!complete("assay bank ").includes("passwd"), "words of another command");
  writeFileSync(join(dir, "certificate.png"), "");
  assert.ok(complete("assay verify cert").includes("certificate.png"), "files, too");
});

test("zsh completes commands, their words and options", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "assay-zsh-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, "c.zsh"), run(["completions", "zsh"]).out);
  execFileSync("zsh", ["-n", join(dir, "c.zsh")]);
  writeFileSync(join(dir, "certificate.png"), "");
  const press = (line) => execFileSync("zsh", ["-f", join(root, "tests/lib/press.zsh")], { encoding: "utf8", cwd: dir, timeout: 60_000, env: { ...process.env, HOME: dir, FILE: join(dir, "c.zsh"), LINE: line, TERM: "dumb" } }).trim();
  assert.equal(press("assay aut"), "assay author");
  assert.equal(press("assay bank dif"), "assay bank diff");
  assert.equal(press("assay author --li"), "assay author --listen");
  assert.equal(press("assay verify certif"), "assay verify certificate.png");
});
