// What review says of a bank, in order; and which decisions are offered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { reasonOf, rowsOf, waiting, countByStatus, unreadBy, actionsOf } = await load("pages/author/review/rules.ts");

const state = (more = {}) => ({ text: "x", approvals: 0, needed: 1, stale: false, readers: 0, disagrees: 0, submitted_by: null, own: false, answered: false, last: null, ...more });
const item = (id, status, review, more = {}) => ({ id, title: id, kind: "single", line: 1, end_line: 2, objective: null, status, parametrised: false, ok: true, review, ...more });
const tree = (items, review = { required: true, approvals: 1 }) => ({ review, files: [{ path: "questions/q.md", kind: "question", version: null, size: 1, items }] });

test("why a question is on the list", () => {
  assert.equal(reasonOf(item("a", "review", state())), "review");
  assert.equal(reasonOf(item("a", "review", state({ disagrees: 1 }))), "disagrees");
  assert.equal(reasonOf(item("a", "retired", state({ disagrees: 1 }))), null);
  assert.equal(reasonOf(item("a", "active", state({ stale: true }))), "stale");
  assert.equal(reasonOf(item("a", "active", state())), "missing");
  assert.equal(reasonOf(item("a", "active", state({ approvals: 1 }))), null);
  assert.equal(reasonOf(item("a", "approved", state({ approvals: 1 }))), "approved");
  assert.equal(reasonOf(item("a", "draft", state())), null);
  assert.equal(reasonOf(item("a", "active", null)), null);
});

test("disagreements come first; without review: what was never approved is not missing", () => {
  const items = [item("ready", "approved", state({ approvals: 1 })), item("new", "review", state()), item("old", "active", state()), item("bad", "active", state({ approvals: 1, disagrees: 1 }))];
  assert.deepEqual(waiting(rowsOf(tree(items))).map((r) => r.item.id), ["bad", "old", "new", "ready"]);
  assert.deepEqual(waiting(rowsOf(tree(items, null))).map((r) => r.item.id), ["bad", "new", "ready"]);
  assert.deepEqual(countByStatus(rowsOf(tree(items))).filter((c) => c.n).map((c) => [c.status, c.n]), [["review", 1], ["approved", 1], ["active", 2]]);
});

test("what somebody can still read blind", () => {
  const items = [item("a", "review", state()), item("b", "review", state({ answered: true })), item("c", "review", state({ own: true })), item("d", "draft", state()), item("e", "review", state(), { kind: "task" })];
  assert.equal(unreadBy(rowsOf(tree(items))), 1);
});

test("the decision that leads on is the main one, and comes first", () => {
  const r = (status, may, review = state(), kind = "single") => ({ item: "a", title: "a", kind, path: "q", line: 1, status, you: "x", proved: true, review, entries: [], may });
  const all = ["submitted", "approved", "returned", "commented", "pretested", "activated", "retired"];
  const names = (x) => actionsOf(x).map((a) => `${a.main ? "!" : ""}${a.did}${a.needsWhy ? "?" : ""}`);
  assert.deepEqual(names(r("draft", ["submitted", "commented", "retired"])), ["!submitted", "commented?"]);
  assert.deepEqual(names(r("review", all, state({ submitted_by: "Ana" }))), ["!approved", "returned?", "commented?"]);
  assert.deepEqual(names(r("review", all, state({ submitted_by: "Ana", disagrees: 1 }))), ["!approved?", "returned?", "commented?"]);
  assert.deepEqual(names(r("approved", all, state({ approvals: 1 }))), ["!activated", "approved", "pretested", "returned?", "retired?", "commented?"]);
  assert.deepEqual(names(r("active", ["approved", "returned", "retired", "commented"], state({ stale: true }))), ["!approved", "returned?", "retired?", "commented?"]);
  assert.deepEqual(names(r("retired", ["activated", "commented"], state({ approvals: 1 }))), ["!activated", "commented?"]);
});
