// The queue's filters, and what stands out in a question's figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { wanted, remarks, bytesOf } = await load("pages/reports/list.tsx", "pages/reports/figures.tsx", "parts/problem/dialog.tsx");

test("without a state: what is to do", () => {
  const issue = (state, bank = "b", owner = null) => ({ state, bank, owner });
  const none = { state: null, bank: null, owner: null };
  assert.deepEqual(["open", "accepted", "fixed", "declined"].map((s) => wanted(issue(s), none)), [true, true, false, false]);
  assert.ok(wanted(issue("declined"), { ...none, state: "all" }));
  assert.ok(!wanted(issue("open"), { ...none, state: "fixed" }));
  assert.ok(!wanted(issue("open", "other"), { ...none, bank: "b" }));
  assert.deepEqual([null, "me", "you"].map((o) => wanted(issue("open", "b", o), { ...none, owner: "me" })), [false, true, false]);
  assert.deepEqual([null, "me"].map((o) => wanted(issue("open", "b", o), { ...none, owner: "-" })), [true, false]);
});

test("what stands out", () => {
  const option = (id, key, ...thirds) => ({ id, html: id, key, thirds });
  const figures = (more) => ({ n: 90, facility: null, discrimination: { value: 0.4, low: 0.2, high: 0.6 }, median_ms: 1, flagged: 0, thirds: [30, 30, 30], means: [0, 0, 0], outcomes: {}, options: [option("a", true, 10, 20, 28), option("b", false, 20, 9, 1), option(null, false, 0, 1, 1)], ...more });
  const said = (more) => remarks(figures(more));
  assert.deepEqual(said({}), []);
  assert.equal(said({ n: 7 }).length, 1, "few people");
  assert.equal(said({ discrimination: { value: -0.5, low: -0.8, high: -0.1 } }).length, 1, "turned round");
  assert.equal(said({ discrimination: { value: 0.02, low: -0.2, high: 0.2 } }).length, 1, "flat");
  assert.equal(said({ discrimination: null }).length, 0);
  assert.equal(said({ options: [option("a", true, 10, 20, 8), option("b", false, 20, 9, 21)] }).length, 1, "a rival of the key");
  assert.equal(said({ options: [option("a", true, 10, 20, 29), option("b", false, 20, 9, 1), option("c", false, 0, 0, 0)] }).length, 1, "an idle one");
});

test("texts are measured in bytes", () => assert.equal(bytesOf("aé€"), 6));
