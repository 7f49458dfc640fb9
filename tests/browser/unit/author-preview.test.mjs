// The pure parts of the preview and of sample forms.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { client, load } from "./load.mjs";

const m = await load("pages/author/preview/shown.ts", "pages/author/sample/groups.ts", "pages/author/docs.ts");
const { EditorState } = createRequire(join(client, "package.json"))("@codemirror/state");
const entry = (id, view = { kind: "single", stem: id }, more = {}) => ({ id, seed: null, view, key: null, feedback: null, problems: [], ...more });

test("what was right stays while the text is broken", () => {
  const first = m.keepGood([], [entry("a"), entry("b")], false);
  const broken = m.keepGood(first, [entry("a", null), entry("b")], false);
  assert.equal(broken[0].good.view.stem, "a");
  assert.deepEqual(broken.map(m.isStale), [true, false]);
  const mended = m.keepGood(broken, [entry("a", { kind: "single", stem: "a2" }), entry("b")], false);
  assert.deepEqual(mended.map(m.isStale), [false, false]);
  assert.equal(m.keepGood([], [entry("c", null)], false)[0].good, null);
});

test("the only question of a file is the same under another id; among others it is not", () => {
  const before = m.keepGood([], [entry("a")], true);
  assert.equal(m.keepGood(before, [entry("a-2", null)], true)[0].good.view.stem, "a");
  assert.equal(m.keepGood(before, [entry("other", null)], false)[0].good, null);
});

test("an answer is kept while the question can still be answered with it", () => {
  const view = (ids, more = {}) => ({ kind: "single", stem: "s", options: ids.map((id) => ({ id, html: id })), ...more });
  assert.equal(m.shapeOf(view(["a", "b"])), m.shapeOf(view(["a", "b"], { stem: "other" })));
  assert.notEqual(m.shapeOf(view(["a", "b"])), m.shapeOf(view(["a"])));
  assert.notEqual(m.shapeOf(view(["a"])), m.shapeOf(view(["a"], { kind: "multiple" })));
});

test("draws side by side", () => {
  const draws = [{ values: { a: 1, b: 2 } }, { values: { a: 1, c: 3 } }, {}];
  assert.deepEqual(m.parameterNames(draws), ["a", "b", "c"]);
  assert.deepEqual(m.pieces(1, 5, 2), [[1, 2], [3, 4], [5]]);
  const v = { kind: "numeric", stem: "" };
  assert.equal(m.repeated([entry("a", v, { values: { a: 1 } }), entry("a", v, { values: { a: 1 } }), entry("a", v, { values: { a: 2 } }), entry("a", null, { values: { a: 1 } })]), 1);
});

test("a case stands once before its questions", () => {
  const item = (n, kase, domain = "d", unscored = false) => ({ n, domain, unscored, view: { case: kase ? { id: kase, title: kase, html: "" } : null } });
  const groups = m.grouped([item(1), item(2, "x"), item(3, "x"), item(4, "y"), item(5), item(6, "x")]);
  assert.deepEqual(groups.map((g) => [g.from, g.to, g.kase?.id ?? null]), [[1, 1, null], [2, 3, "x"], [4, 4, "y"], [5, 5, null], [6, 6, "x"]]);
  assert.deepEqual(m.byDomain([item(1, null, "b"), item(2, null, "a", true)], ["a", "c"]), [{ domain: "a", n: 0, unscored: 1 }, { domain: "c", n: 0, unscored: 0 }, { domain: "b", n: 1, unscored: 0 }]);
  assert.equal(m.range(2, 4), "2–4");
  assert.equal(m.range(3, 3), "3");
});

test("questions behind a change move with their lines until the server says where they are", () => {
  const doc = (text) => EditorState.create({ doc: text }).doc;
  const items = [{ id: "a", line: 1, end_line: 2 }, { id: "b", line: 4, end_line: 5 }];
  const before = doc("## a\nx\n\n## b\ny");
  const lines = (after) => m.shifted(items, before, doc(after)).map((i) => [i.line, i.end_line]);
  assert.equal(m.shifted(items, before, doc("## a\nother\n\n## b\ny")), items, "no line came or went");
  assert.deepEqual(lines("## a\nx\nmore\n\n## b\ny"), [[1, 2], [5, 6]]);
  assert.deepEqual(lines("## a\nx\n\nmore\n\n## b\ny"), [[1, 2], [6, 7]], "right before the next");
  assert.deepEqual(lines("## a\n\n## b\ny"), [[1, 1], [3, 4]]);
  assert.deepEqual(lines("## a\nx\n\n## b\ny\nz"), [[1, 2], [4, 5]]);
});
