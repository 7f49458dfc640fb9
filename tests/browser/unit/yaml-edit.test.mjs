// The blueprint editor's changes in a YAML text: what is not changed keeps its bytes, comments stay, and what was asked for is there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../lib/server.mjs";
import { load } from "./load.mjs";

const { Yaml, append, set, swap } = await load("pages/author/blueprint/yaml-edit.ts");
const read = (text, ...path) => new Yaml(text).read(path);

const text = `# The exam.
id: practice                # never changes
items: 40                   # or [50, 60]

duration: 90m
domains:                    # by the syllabus
  files: 30
  # the next one grows
  users: 20    # a fifth
  shell: rest
sections:
  - {id: one, items: 30, return: false}   # first
  # a break
  - {break: 10m, clock: stopped}
  - id: two
    items: 10
scoring: {method: scaled, min: 100, max: 1000, cut: 720}
description: >-
  Several lines
  of text.
report: domains
`;

test("one value changes, all else keeps its bytes", () => {
  assert.equal(set(text, ["items"], "50"), text.replace("items: 40 ", "items: 50 "));
  assert.equal(set(text, ["items"], [50, 60]), text.replace("items: 40 ", "items: [50, 60] "));
  assert.equal(set(text, ["scoring", "cut"], "700"), text.replace("cut: 720", "cut: 700"));
  assert.equal(set(text, ["domains", "users"], "20-25"), text.replace("users: 20 ", "users: 20-25 "));
  assert.equal(set(text, ["sections", 2, "items"], "12"), text.replace("    items: 10", "    items: 12"));
  assert.equal(set(text, ["sections", 0, "items"], "31"), text.replace("items: 30, return", "items: 31, return"));
  assert.equal(set(text, ["description"], "Short: but needs quotes"), text.replace(/>-\n.*\n.*\n/, '"Short: but needs quotes"\n'));
  assert.equal(set(text, ["report"], { show: "questions" }), text.replace("report: domains", "report: {show: questions}"));
  assert.equal(set(text, ["items"], "40"), text, "nothing to do");
});

test("new fields go where they belong, and go away whole", () => {
  const order = ["id", "title", "items", "unscored", "duration", "domains", "scoring", "report"];
  const titled = set(text, ["title"], "The title", order);
  assert.equal(titled, text.replace("never changes\n", "never changes\ntitle: The title\n"));
  assert.equal(set(titled, ["title"], undefined), text);
  assert.equal(set(text, ["unscored"], "5", order), text.replace("[50, 60]\n", "[50, 60]\nunscored: 5\n"));
  assert.equal(set(text, ["domains", "storage"], "10"), text.replace("  shell: rest\n", "  shell: rest\n  storage: 10\n"));
  assert.equal(set(text, ["domains", "users"], undefined), text.replace("  users: 20    # a fifth\n", ""));
  assert.equal(set(text, ["scoring", "min"], undefined), text.replace("min: 100, ", ""));
  assert.equal(set(text, ["scoring", "cut"], undefined), text.replace(", cut: 720", ""));
  assert.equal(set(text, ["retake", "waits"], ["14d", "60d"]), `${text}retake: {waits: [14d, 60d]}\n`);
  assert.equal(set(set(text, ["retake", "max"], "5"), ["retake", "max"], undefined), text, "a group that is empty goes with its last field");
  assert.equal(set("", ["items"], "3"), "items: 3\n");
  assert.equal(set("# only a comment", ["items"], "3"), "# only a comment\nitems: 3\n");
  assert.equal(set("id: x\nitems:\n", ["items"], "3"), "id: x\nitems: 3\n");
  assert.equal(read(set("id: x\ndomains:\n", ["domains", "a"], "rest"), "domains", "a"), "rest");
  assert.equal(read(set("{id: x}\n", ["items"], "3"), "items"), "3");
});

test("lists: append, take away, change places", () => {
  assert.equal(append(text, ["sections"], { id: "three", items: 5 }), text.replace("    items: 10\n", "    items: 10\n  - {id: three, items: 5}\n"));
  assert.equal(append("id: x\n", ["sections"], { items: 5 }), "id: x\nsections:\n  - {items: 5}\n");
  assert.equal(set(text, ["sections", 1], undefined), text.replace("  - {break: 10m, clock: stopped}\n", ""));
  const swapped = swap(text, ["sections"], 1);
  assert.deepEqual(read(swapped, "sections").map((s) => s.id ?? s.break), ["one", "two", "10m"]);
  assert.equal(swap(swapped, ["sections"], 1), text);
  const first = swap(text, ["sections"], 0);
  assert.match(first, /stopped\}\n {2}# a break\n {2}- \{id: one.*# first\n/);
  assert.equal(swap("a: [1, 2, 3]\n", ["a"], 1), "a: [1, 3, 2]\n");
  assert.equal(swap("a:\n  - 1\n  - 2", ["a"], 0), "a:\n  - 2\n  - 1\n");
});

test("any text survives as it is", () => {
  const long = "A description that is so long that it does not fit in one line of a file that people read, so it is folded. ".repeat(3).trim();
  for (const value of ["plain", "two words", "with: colon", "# hash", "a #b", "'quoted'", '"', "- dash", "{brace", "yes", "null", "~", "*x", "&y", "!z", "%", "@", "`", "a,b", "[x]", " lead", "trail ",
    "ä ö ü", "日本", "a\nb", "tab\there", "\u0085\u2028\ufeff", "https://example.org/a?b=c#d", "1e3", "", long, `${long}  two spaces`, "0x1f", "12:30", "2026-01-01T10:00:00Z"]) {
    for (const path of [["title"], ["scoring", "cut"], ["sections", 0, "title"], ["sections", 2, "title"], ["domains", "files"]]) {
      const out = set(text, path, value);
      assert.equal(read(out, ...path), value, `${JSON.stringify(value)} at ${path}`);
      for (const comment of text.match(/#.*/g).filter((c) => !(path[0] === "domains" && c.includes("x"))))
        assert.ok(out.includes(comment), `${comment} after ${JSON.stringify(value)} at ${path}`);
    }
  }
});

test("mistakes are told with their place", () => {
  assert.equal(new Yaml(text).mistake, null);
  assert.equal(new Yaml("").mistake, null);
  assert.equal(new Yaml("a: [1\nb: 2\n").mistake.line, 2);
  assert.ok(new Yaml("- a\n").mistake);
  assert.ok(new Yaml("a: 1\na: 2\n").mistake);
});

test("random changes in every blueprint that is shipped: the change is there, other lines are as they were", () => {
  let seed = 20261127;
  const next = (n) => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff), Math.floor((seed / 0x80000000) * n));
  const files = readdirSync(join(root, "banks")).flatMap((b) => readdirSync(join(root, "banks", b, "exams")).map((f) => join(root, "banks", b, "exams", f)));
  assert.ok(files.length > 20);
  const paths = [["title"], ["items"], ["unscored"], ["duration"], ["domains"], ["domains", "d1"], ["domains", "new"], ["scoring", "cut"], ["scoring", "method"], ["report", "show"],
    ["retake", "waits"], ["certificate", "renew", "exam"], ["effective", "from"], ["shuffle", "items"], ["description"], ["note"], ["sections", 0, "title"], ["sections", 1, "items"]];
  const values = ["12", "a value", "why: not", ["1", "2"], { a: "1", b: ["2"] }, undefined];
  for (const file of files) {
    let before = readFileSync(file, "utf8");
    for (let i = 0; i < 60; i++) {
      const path = paths[next(paths.length)], value = values[next(values.length)];
      if (path[0] === "sections" && !Array.isArray(read(before, "sections"))) continue;
      if (path[0] === "sections" && read(before, "sections").length <= path[1]) continue;
      const out = set(before, path, value);
      const where = `${file} ${path} ${JSON.stringify(value)}\n${before}\n---\n${out}`;
      assert.deepEqual(new Yaml(out).doc.errors, [], where);
      assert.deepEqual(read(out, ...path), value, where);
      const rest = (t) => Object.entries(read(t) ?? {}).filter(([k]) => k !== path[0]);
      assert.deepEqual(rest(out).sort(), rest(before).sort(), where);
      const own = new Yaml(before).lines().find((l) => l.key === path[0]);
      const kept = before.split("\n").filter((_, n) => !own || n + 1 < own.line || n + 1 > own.end);
      let at = -1;
      const lines = out.split("\n");
      for (const line of kept) assert.ok((at = lines.indexOf(line, at + 1)) >= 0, `${line} of ${where}`);
      before = out;
    }
  }
});
