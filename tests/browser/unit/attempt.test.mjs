// The rules of saving and of the clock, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { backoffMs, BACKOFF_MOST_MS, canonical, dueWarning, formatLeft, leftAt, merge, nearest, nextEntry, sampleOf, slept, Spent } = await load(
  "attempt/backoff.ts", "attempt/clock.ts", "attempt/merge.ts", "attempt/spent.ts");

const choose = (...ids) => ({ choose: ids });
const known = (seq, response = null, more = {}) => ({ seq, response, flagged: false, confidence: null, ...more });
const fields = (response) => ({ attempt: "a", item: "i", response, flagged: false, confidence: null, spent_ms: 0, at: 1 });

test("a number is never used for two different answers", () => {
  const first = nextEntry(known(0), null, false, fields(choose("a")));
  assert.deepEqual([first.seq, first.base, first.sent], [1, 0, 0]);
  const second = nextEntry(known(0), first, true, fields(choose("b")));
  assert.deepEqual([second.seq, second.base, second.sent], [2, 0, 1], "the first may have arrived");
  const third = nextEntry(known(0), second, false, fields(choose("c")));
  assert.deepEqual([third.seq, third.base, third.sent], [3, 0, 1], "the second was never sent");
  const after = nextEntry(known(7), null, false, fields(choose("a")));
  assert.equal(after.seq, 8, "goes on from what the server has");
});

test("what waited is delivered when nobody else wrote", () => {
  const entry = nextEntry(known(3), null, false, fields(choose("a")));
  assert.equal(merge(entry, known(3, choose("b"))), "deliver");
});

test("what had arrived is not sent again", () => {
  const entry = nextEntry(known(3), null, false, fields(choose("b", "a")));
  assert.equal(merge(entry, known(4, choose("a", "b"))), "arrived", "the order of a choice means nothing");
});

test("our own earlier answer, whose receipt was lost, is no conflict", () => {
  const first = nextEntry(known(3), null, false, fields(choose("a")));
  const second = nextEntry(known(3), first, true, fields(choose("b")));
  assert.equal(merge(second, known(4, choose("a"))), "deliver");
});

test("another device's answer is kept", () => {
  const entry = nextEntry(known(3), null, false, fields(choose("a")));
  assert.equal(merge(entry, known(4, choose("c"))), "conflict", "same number, another answer");
  assert.equal(merge(entry, known(9, choose("c"))), "conflict");
  const later = { ...entry, seq: 6 };
  assert.equal(merge(later, known(5, choose("c"))), "conflict", "a number between ours was never sent from here");
});

test("answers are compared by content", () => {
  assert.equal(canonical({ b: 1, a: [1, 2] }), canonical({ a: [1, 2], b: 1 }));
  assert.notEqual(canonical({ order: ["a", "b"] }), canonical({ order: ["b", "a"] }));
  assert.equal(canonical({ choose: ["b", "a"] }), canonical({ choose: ["a", "b"] }));
  assert.equal(canonical(null), "null");
  const entry = nextEntry(known(0), null, false, { ...fields(null), flagged: true });
  assert.equal(merge(entry, known(1, null, { flagged: true })), "arrived");
  assert.equal(merge(entry, known(1, null)), "conflict", "a flag is part of what was said");
});

test("waiting times double, stay below their ceiling, and differ", () => {
  for (let failures = 1; failures < 40; failures++) {
    const ceiling = Math.min(BACKOFF_MOST_MS, 500 * 2 ** (failures - 1));
    assert.equal(backoffMs(failures, () => 0), ceiling / 2);
    assert.ok(backoffMs(failures, () => 0.999) <= ceiling);
  }
  assert.ok(backoffMs(1, () => 0, 5000) >= 5000, "the server's wish is the least");
  assert.ok(backoffMs(20, () => 1, 2000) <= 2000 + 2000, "and not drowned by a long row of failures");
});

test("the clock counts down from what the server said, on the page's own clock", () => {
  const sample = sampleOf({ left_ms: 60000, section_left_ms: 20000 }, 1000, 1200);
  assert.equal(sample.at, 1100);
  assert.equal(leftAt(sample.leftMs, sample.at, 11100), 50000);
  assert.equal(nearest(sample, 11100), 10000, "the section ends first");
  assert.equal(leftAt(5000, 0, 999999), 0, "never below zero");
  assert.equal(leftAt(5000, 100, 50), 5000, "never more than it was");
  assert.equal(leftAt(null, 0, 5), null);
  assert.equal(nearest({ leftMs: null, sectionLeftMs: null, at: 0 }, 5), null);
  assert.equal(sampleOf({ left_ms: 1000, section_left_ms: null }, 0, 9000).at, 0, "a slow reply shows too little, not too much");
});

test("warnings come once, the most urgent after a jump, and only where they make sense", () => {
  assert.equal(dueWarning(600001, 600000, 3600000), 600000);
  assert.equal(dueWarning(600000, 599000, 3600000), null);
  assert.equal(dueWarning(900000, 59000, 3600000), 60000);
  assert.equal(dueWarning(600001, 600000, 900000), null, "ten minutes of fifteen are no warning");
  assert.equal(dueWarning(null, 5, 10), null);
});

test("time is shown in full seconds, rounded up", () => {
  assert.equal(formatLeft(0), "0:00");
  assert.equal(formatLeft(1), "0:01");
  assert.equal(formatLeft(60000), "1:00");
  assert.equal(formatLeft(3599001), "1:00:00");
  assert.equal(formatLeft(5400000), "1:30:00");
});

test("sleep shows as a gap between two clocks", () => {
  assert.equal(slept(20000, 20000), false);
  assert.equal(slept(20000, 1000), true);
});

test("time on an item counts while it is seen, and goes on after a reload", () => {
  let now = 0;
  const spent = new Spent(() => now);
  spent.seed("a", 10000);
  spent.show("a");
  now = 3000;
  assert.equal(spent.of("a"), 13000);
  assert.equal(spent.unreported("a"), 3000);
  spent.setVisible(false);
  now = 60000;
  assert.equal(spent.of("a"), 13000, "not while the page is hidden");
  spent.setVisible(true);
  now = 61000;
  spent.show("b");
  now = 62000;
  assert.equal(spent.report("a"), 14000);
  assert.equal(spent.unreported("a"), 0);
  assert.equal(spent.of("b"), 1000);
  spent.seed("a", 99999);
  assert.equal(spent.of("a"), 14000, "what is counted here is not overwritten");
});
