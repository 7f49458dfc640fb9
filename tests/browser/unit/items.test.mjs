// The arithmetic behind the kinds of question and their tools.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const m = await load("items/choice.tsx", "items/cloze.tsx", "items/matching.tsx", "items/number.ts", "items/order.ts", "items/points.ts", "items/text.tsx",
  "attempt/highlights.ts", "pages/exam/keys.ts");

test("choosing: one replaces, several toggle, and no more than allowed", () => {
  assert.deepEqual(m.toggle(["a"], "b", true, 1), ["b"]);
  assert.deepEqual(m.toggle(["a"], "b", false, 2), ["a", "b"]);
  assert.deepEqual(m.toggle(["a", "b"], "a", false, 2), ["b"]);
  assert.equal(m.toggle(["a", "b"], "c", false, 2), null);
  assert.deepEqual(m.toggle(["a", "b"], "c", false, undefined), ["a", "b", "c"]);
  assert.deepEqual(m.toggle(["a", "b"], "c", false, 0), ["a", "b", "c"], "0: the candidate is not told how many");
});

test("moving in a list", () => {
  assert.deepEqual(m.moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(m.moved(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
  assert.deepEqual(m.moved(["a", "b"], 0, 5), ["a", "b"]);
  const options = [{ id: "a" }, { id: "b" }];
  assert.deepEqual(m.orderShown(options, null), ["a", "b"]);
  assert.deepEqual(m.orderShown(options, ["b", "a"]), ["b", "a"]);
  assert.deepEqual(m.orderShown(options, ["b", "b"]), ["a", "b"], "an answer that is not a permutation is not shown");
});

test("pairs and blanks empty to nothing", () => {
  assert.deepEqual(m.paired({}, "l1", "r1"), { l1: "r1" });
  assert.equal(m.paired({ l1: "r1" }, "l1", ""), null);
  assert.deepEqual(m.filled({ 1: "a" }, "2", "b"), { 1: "a", 2: "b" });
  assert.equal(m.filled({ 1: "a" }, "1", ""), null);
});

test("numbers: taken as they are or refused with a reason, never guessed", () => {
  for (const good of ["3.14", "-2", "+7", ".5", "5.", "1e6", "2.5E-3", " 42 "]) assert.deepEqual(m.readNumber(good), { ok: true, value: good.trim() });
  assert.deepEqual(m.readNumber("\u22125"), { ok: true, value: "-5" });
  assert.equal(m.readNumber("").why, "empty");
  assert.equal(m.readNumber("3,14").why, "comma");
  assert.equal(m.readNumber("1,500").why, "comma");
  assert.equal(m.readNumber("1,500,000").why, "grouping");
  assert.equal(m.readNumber("1 500").why, "grouping");
  for (const bad of ["abc", "1e", "--1", "0x10", "1e9999", "Infinity"]) assert.equal(m.readNumber(bad).ok, false, bad);
});

test("points in a picture", () => {
  const size = { width: 480, height: 240 };
  assert.deepEqual(m.fromPointer({ x: 110, y: 60 }, { left: 10, top: 10, width: 240, height: 120 }, size), [200, 100]);
  assert.deepEqual(m.inside([-5, 999], size), [0, 239]);
  assert.deepEqual(m.step([100, 100], "ArrowRight", true, size), [101, 100]);
  assert.deepEqual(m.step([100, 100], "ArrowUp", false, size), [100, 94]);
  assert.deepEqual(m.step([0, 0], "ArrowLeft", false, size), [0, 0]);
  assert.equal(m.step([0, 0], "a", false, size), null);
  assert.deepEqual(m.marked([[1, 1]], [100, 100], 1, 5), [[100, 100]], "one to choose: it moves");
  assert.deepEqual(m.marked([[1, 1], [50, 50]], [100, 100], 2, 5), [[50, 50], [100, 100]], "the oldest gives way");
  assert.deepEqual(m.marked([[1, 1], [50, 50]], [52, 51], 2, 5), [[1, 1]], "on top of another: it is taken away");
});

test("words of an essay", () => {
  assert.equal(m.words("  two  words\n"), 2);
  assert.equal(m.words(""), 0);
});

test("highlights join, split and know what they cover", () => {
  const r = (start, end) => ({ start, end });
  assert.deepEqual(m.addRange([r(0, 5), r(20, 30)], r(5, 10)), [r(0, 10), r(20, 30)]);
  assert.deepEqual(m.addRange([r(0, 5), r(20, 30)], r(3, 25)), [r(0, 30)]);
  assert.deepEqual(m.addRange([r(10, 20)], r(0, 5)), [r(0, 5), r(10, 20)]);
  assert.deepEqual(m.addRange([], r(4, 4)), []);
  assert.deepEqual(m.removeRange([r(0, 10)], r(3, 5)), [r(0, 3), r(5, 10)]);
  assert.deepEqual(m.removeRange([r(0, 10)], r(0, 10)), []);
  assert.deepEqual(m.removeRange([r(0, 10)], r(20, 30)), [r(0, 10)]);
  assert.equal(m.covered([r(0, 10)], r(2, 8)), true);
  assert.equal(m.covered([r(0, 10)], r(2, 12)), false);
});

test("sentences are found without the space around them", () => {
  const text = "  First one. And the second?\n Third";
  assert.deepEqual(m.sentences(text, "en").map((s) => text.slice(s.start, s.end)), ["First one.", "And the second?", "Third"]);
});

test("keys mean something only outside of fields, and can be switched off", () => {
  const press = (key, more = {}) => ({ key, ctrl: false, alt: false, meta: false, ...more });
  const free = { typing: false, singleKeys: true };
  assert.deepEqual(m.keyAction(press("n"), free), { action: "next" });
  assert.deepEqual(m.keyAction(press("N"), free), { action: "next" });
  assert.deepEqual(m.keyAction(press("?"), free), { action: "help" });
  assert.deepEqual(m.keyAction(press("3"), free), { choose: 3 });
  assert.equal(m.keyAction(press("0"), free), null);
  assert.equal(m.keyAction(press("n"), { typing: true, singleKeys: true }), null);
  assert.equal(m.keyAction(press("n"), { typing: false, singleKeys: false }), null);
  assert.equal(m.keyAction(press("n", { ctrl: true }), free), null, "the browser's own keys stay the browser's");
  assert.deepEqual(m.keyAction(press("PageDown", { alt: true }), { typing: true, singleKeys: false }), { action: "next" });
  assert.equal(new Set(m.KEYS.map((k) => k.key)).size, m.KEYS.length, "no key twice");
});
