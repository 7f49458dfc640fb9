// Addresses, preferences, plots, and the small rules of pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const m = await load("app/router.ts", "app/preferences.ts", "plots/geometry.ts", "plots/calibration.tsx", "pages/catalogue/catalogue.tsx",
  "pages/description/start.tsx", "pages/study/study.tsx", "pages/study-session/study-session.tsx", "pages/result/item-list.tsx", "pages/review/review.tsx");

test("addresses lead to their pages", () => {
  const params = (path) => m.matchRoute(path).params;
  assert.deepEqual(params("/exams/linux-admin/practice"), ["linux-admin/practice"]);
  assert.deepEqual(params("/attempts/abc"), ["abc"]);
  assert.deepEqual(params("/attempts/abc/review/"), ["abc"]);
  assert.deepEqual(params("/attempts/a%2Fb/result"), ["a/b"]);
  for (const path of ["/", "/history", "/scoring", "/sign-in", "/study/a/b"]) assert.notEqual(m.matchRoute(path).route, m.NOT_FOUND, path);
  for (const path of ["/nope", "/exams/one", "/attempts/%", "/attempts/a/b/c"]) assert.equal(m.matchRoute(path).route, m.NOT_FOUND, path);
});

test("after signing in one returns to our own pages only", () => {
  const to = (value) => m.returnPath(new URLSearchParams({ return: value }));
  assert.equal(to("/attempts/x?y=1"), "/attempts/x?y=1");
  for (const bad of ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", ""]) assert.equal(to(bad), "/", bad);
});

test("stored preferences are checked, whatever they are", () => {
  const p = m.parsePreferences('{"theme":"dark","zoom":150,"largePrint":true,"language":"de","singleKeys":false}');
  assert.deepEqual([p.theme, p.zoom, p.largePrint, p.language, p.singleKeys], ["dark", 150, true, "de", false]);
  for (const bad of [null, "", "null", "[]", "{", '{"theme":5,"zoom":1e9,"language":"xx"}']) {
    const d = m.parsePreferences(bad);
    assert.deepEqual([d.theme, d.zoom, d.language, d.singleKeys], ["system", 100, null, true], String(bad));
  }
  assert.equal(m.zoomStep(100, -1), 100);
  assert.equal(m.zoomStep(100, 1), 115);
  assert.equal(m.zoomStep(300, 1), 300);
});

test("the language follows the person, then the browser, then is English", () => {
  assert.equal(m.chooseLanguage({ language: "de" }, ["en"]), "de");
  assert.equal(m.chooseLanguage({ language: null }, ["fr", "de-CH"]), "de");
  assert.equal(m.chooseLanguage({ language: null }, ["fr"]), "en");
});

test("plots: projection, ticks, median", () => {
  assert.equal(m.project(550, [100, 1000], [0, 90]), 45);
  assert.equal(m.project(5000, [100, 1000], [0, 90]), 90);
  assert.equal(m.project(1, [1, 1], [3, 9]), 3);
  assert.deepEqual(m.ticks(0, 100, 5), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(m.ticks(100, 1000, 9), [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  assert.deepEqual(m.ticks(5, 5, 3), [5]);
  assert.equal(m.median([3, 1, 2]), 2);
  assert.equal(m.median([4, 1, 2, 3]), 2.5);
  assert.equal(m.median([]), 0);
});

test("overconfidence is weighted by how many answers there were", () => {
  assert.equal(m.overconfidence([]), 0);
  assert.ok(Math.abs(m.overconfidence([{ confidence: 95, n: 3, right_share: 0.65 }, { confidence: 25, n: 1, right_share: 0.25 }]) - 0.225) < 1e-9);
});

test("exams stand together by bank, in their order", () => {
  const exam = (id, bank) => ({ id, bank: { id: bank } });
  assert.deepEqual(m.byBank([exam("a/1", "a"), exam("b/1", "b"), exam("a/2", "a")]).map((g) => g.exams.map((e) => e.id)), [["a/1", "a/2"], ["b/1"]]);
});

test("expectations: what was said, or that nothing was", () => {
  assert.deepEqual(m.expectationOf({ goal: null, share: null, years: "" }), { skipped: true });
  assert.deepEqual(m.expectationOf({ goal: "pass", share: 70, years: "2,5" }), { goal: "pass", expected_share: 0.7, years: 2.5 });
  assert.deepEqual(m.expectationOf({ goal: null, share: null, years: "many" }), { skipped: true });
  assert.deepEqual(m.expectationOf({ goal: null, share: 0, years: "-1" }), { expected_share: 0 });
});

test("study: how many questions a choice gives", () => {
  const study = { total: 150, new: 80, missed: 12, flagged: 3, by_domain: { a: { total: 40, new: 20, missed: 3, flagged: 0 }, b: { total: 10, new: 5, missed: 1, flagged: 1 } } };
  assert.equal(m.available(study, "all", []), 150);
  assert.equal(m.available(study, "missed", ["a", "b"]), 4);
  assert.equal(m.available(study, "flagged", ["a"]), 0);
  assert.equal(m.available(study, "all", ["unknown"]), 0);
});

test("study: the next open question goes round", () => {
  const items = [{ response: null }, { response: {} }, { response: null }];
  assert.equal(m.nextOpen(items, 0), 2);
  assert.equal(m.nextOpen(items, 2), 0);
  assert.equal(m.nextOpen([{ response: {} }], 0), null);
});

test("results: what to study is what one was sure of and got wrong", () => {
  const item = (outcome, confidence, flagged = false) => ({ outcome, confidence, flagged });
  assert.equal(m.passes(item("wrong", 95), "sureWrong"), true);
  assert.equal(m.passes(item("wrong", 50), "sureWrong"), false);
  assert.equal(m.passes(item("right", 95), "sureWrong"), false);
  assert.equal(m.passes(item("partial", 75), "sureWrong"), true);
  assert.equal(m.passes(item("unanswered", null), "wrong"), true);
  assert.equal(m.passes(item("right", null, true), "flagged"), true);
});

test("plots: names are broken between words", () => {
  assert.deepEqual(m.lines("Read, set and explain permissions", 12), ["Read, set", "and explain", "permissions"]);
  assert.deepEqual(m.lines("unbreakable", 4), ["unbreakable"]);
  assert.deepEqual(m.lines("", 4), []);
});

test("review: a question is known by its first words", () => {
  assert.equal(m.beginning("Which command shows it?", 90), "Which command shows it?");
  assert.equal(m.beginning("Which command\n  shows the rest of it?", 20), "Which command shows …");
});
