// What is written for people holds together: links lead somewhere, and the manual knows every option.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root, run } from "../lib/server.mjs";

const tracked = (...patterns) =>
  execFileSync("git", ["ls-files", ...patterns], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");

/** The anchors that a page's headings give, as Git hosts make them. */
const anchors = (text) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map((m) =>
    m[1]
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

test("every relative link in the documentation leads to a file, and to a heading of it", () => {
  const pages = tracked("README.md", "ARCHITECTURE.md", "docs/*.md", "docs/**/*.md");
  assert.ok(pages.length > 15);
  const dead = [];
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8")
      .replace(/^(`{3,})[\s\S]*?^\1/gm, "")
      .replace(/`[^`\n]*`/g, "");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split("#");
      const path = file ? join(root, dirname(page), file) : join(root, page);
      if (!existsSync(path)) dead.push(`${page}: ${target}`);
      else if (anchor && !anchors(readFileSync(path, "utf8")).includes(anchor)) dead.push(`${page}: ${target} (no such heading)`);
    }
  }
  assert.deepEqual(dead, []);
});

test("docs/assay.1 has every command and option, and no other", () => {
  const manual = readFileSync(join(root, "docs/assay.1"), "utf8");
  const commands = [
    ...run(["--help"])
      .out.split("Examples:")[0]
      .matchAll(/^ {2}([a-z]+) {2,}/gm),
  ].map((m) => m[1]);
  assert.ok(commands.length >= 8, commands.join());
  const known = new Set();
  for (const command of commands) {
    assert.match(manual, new RegExp(`^\\.Ss assay ${command}`, "m"));
    const help = run([command, "--help"]);
    assert.equal(help.code, 0, command);
    /* What a command does may have a help of its own. */
    const verbs = [...help.out.matchAll(new RegExp(`assay ${command} ([a-z|]+)`, "g"))].flatMap((m) => m[1].split("|"));
    const texts = [help.out, ...new Set(verbs)].map((v, i) => (i ? run([command, v, "--help"]).out : v));
    for (const [, option] of texts.join("\n").matchAll(/--([a-z-]+)/g)) {
      known.add(option);
      assert.ok(manual.includes(`Fl -${option}`), `the manual does not have assay ${command} --${option}`);
    }
  }
  for (const [, option] of manual.matchAll(/Fl -([a-z-]+)/g))
    assert.ok(known.has(option) || ["help", "version"].includes(option), `the manual has --${option}, no command does`);
});

test("wrong commands and options say what to do, on stderr, with exit code 2", () => {
  for (const args of [
    [],
    ["frobnicate"],
    ["serve", "--frobnicate"],
    ["serve", "extra"],
    ["serve", "--listen", "nowhere"],
    ["bank"],
    ["bank", "frobnicate"],
    ["verify"],
    ["user"],
    ["user", "add"],
    ["mark", "a", "b"],
    ["backup"],
    ["restore"],
    ["doctor", "extra"],
    ["serve", "--connections", "many"],
  ]) {
    const { code, out, err } = run(args);
    assert.equal(code, 2, `assay ${args.join(" ")}: ${out}${err}`);
    assert.ok(err.length > 20 && out === "", `assay ${args.join(" ")}`);
  }
  assert.match(run(["--version"]).out, /^assay \d+\.\d+\.\d+\n$/);
});
