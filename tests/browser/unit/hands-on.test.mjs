// The parts of a task's page that need no browser: files and their conflicts, paths, ticks, languages, the policy of xterm.js.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, load } from "./load.mjs";

const b = await load("hands-on/buffers.ts");
const { parseTicks, readTicks, writeTicks, languageOf, parse: parsePreferences, step } = await load("hands-on/ticks.ts", "hands-on/languages.ts", "hands-on/terminal-preferences.ts");
const { againMs } = await load("pages/result/grading.tsx");
const { keepPolicy } = await import(join(client, "xterm-policy.mjs"));

const file = { path: "/a", text: "one", size: 3, sha256: "h1" };

test("a save names the content it replaces, and what was typed meanwhile stays unsaved", () => {
  let buffer = b.edited(b.opened(file), "two");
  assert.equal(b.isDirty(buffer), true);
  assert.deepEqual(b.saveBody(buffer, false), { path: "/a", text: "two", sha256: "h1" });
  buffer = b.edited(b.saving(buffer), "three");
  buffer = b.stored(buffer, "two", { path: "/a", size: 3, sha256: "h2" });
  assert.equal(b.isDirty(buffer), true);
  assert.deepEqual(b.saveBody(buffer, false), { path: "/a", text: "three", sha256: "h2" });
  buffer = b.stored(buffer, "three", { path: "/a", size: 5, sha256: "h3" });
  assert.equal(b.isDirty(buffer), false);
});

test("after a conflict: overwrite names no content, reload takes the other", () => {
  const buffer = b.conflicting(b.edited(b.opened(file), "mine"));
  assert.equal(buffer.state, "conflict");
  assert.equal(buffer.text, "mine", "nothing is lost by being told");
  assert.deepEqual(b.saveBody(buffer, true), { path: "/a", text: "mine" });
  const theirs = b.reloaded(buffer, { ...file, text: "theirs", sha256: "h9" });
  assert.deepEqual([theirs.text, theirs.sha256, theirs.state, b.isDirty(theirs)], ["theirs", "h9", "idle", false]);
});

test("a new file is unsaved from the beginning, and a failed save stays so", () => {
  const fresh = b.created("/new");
  assert.equal(b.isDirty(fresh), true);
  assert.deepEqual(b.saveBody(fresh, false), { path: "/new", text: "" });
  assert.equal(b.isDirty(b.failed(b.saving(b.edited(b.opened(file), "x")))), true);
});

test("typed paths become absolute ones", () => {
  assert.equal(b.absolute("notes.txt", "/home/candidate"), "/home/candidate/notes.txt");
  assert.equal(b.absolute(" ../x/./y// ", "/home/candidate"), "/home/x/y");
  assert.equal(b.absolute("/../../etc", "/home"), "/etc");
  assert.equal(b.absolute("/", "/home"), "/");
  for (const bad of ["", "  ", "a\0b", "x".repeat(5000)]) assert.equal(b.absolute(bad, "/"), null);
  assert.equal(b.baseName("/a/b"), "b");
  assert.equal(b.join("/", "a"), "/a");
});

test("ticks survive, whatever else is stored", () => {
  const store = new Map();
  const local = { getItem: (k) => store.get(k) ?? null, setItem: (k, v) => store.set(k, v) };
  writeTicks("a1", "i1", { opened: true, points: [0, 2] }, local);
  writeTicks("a1", "i2", { opened: false, points: [1] }, local);
  assert.deepEqual(readTicks("a1", "i1", local), { opened: true, points: [0, 2] });
  assert.deepEqual(readTicks("a2", "i1", local), { opened: false, points: [] });
  for (const bad of [null, "x", "5", "null", "[]", '{"i":5}', '{"i":null}', '{"i":{"points":"x","opened":1}}']) assert.deepEqual(parseTicks(bad).i ?? { opened: false, points: [] }, { opened: false, points: [] });
  assert.deepEqual(parseTicks('{"i":{"points":[1,1,-1,1.5,"2",1e9]}}').i.points, [1]);
  const broken = { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("no"); } };
  writeTicks("a", "i", { opened: true, points: [] }, broken);
  assert.deepEqual(readTicks("a", "i", broken), { opened: false, points: [] });
});

test("the editor knows files by name or first line", () => {
  for (const [path, text, language] of [
    ["/x/run.sh", "", "shell"], ["/home/c/.bashrc", "", "shell"], ["/x/run", "#!/bin/sh\n", "shell"], ["/x/run", "#!/usr/bin/env python3\n", "python"], ["/etc/nginx/sites-enabled/default", "", "nginx"],
    ["/x/a.service", "", "ini"], ["/x/q.sql", "", "sql"], ["/x/README", "", null], ["/x/data", "one\n#!/bin/sh\n", null],
  ]) assert.equal(languageOf(path, text), language, path);
});

test("preferences of the terminal are valid, whatever is stored", () => {
  for (const bad of [null, "", "x", "null", "5", '{"size":999,"reader":"yes"}']) assert.deepEqual(parsePreferences(bad), { size: 14, reader: false });
  assert.deepEqual(parsePreferences('{"size":20,"reader":true}'), { size: 20, reader: true });
  assert.equal(step(14, 1), 16);
  assert.equal(step(10, -1), 10);
  assert.equal(step(28, 1), 28);
});

test("a result that waits is asked for less and less often, never all at once", () => {
  assert.deepEqual([0, 1, 2, 20, 1000].map((n) => Math.round(againMs(n, () => 0.5))), [1000, 1500, 2250, 10000, 10000]);
  assert.ok(againMs(5, () => 0) < againMs(5, () => 1));
});

test("xterm.js keeps to the page's policy, and another version that does not is not built", () => {
  const code = readFileSync(join(client, "node_modules/@xterm/xterm/lib/xterm.mjs"), "utf8");
  const kept = keepPolicy(code);
  assert.doesNotMatch(kept, /createElement\("style"\)|setAttribute\("style"/);
  assert.throws(() => keepPolicy(code.replace('createElement("style")', 'createElement("b")')), /2 places/);
  assert.throws(() => keepPolicy(`${code};x.setAttribute("style",\`a\`)`), /2 places/);
});
