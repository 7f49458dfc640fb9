// The authoring page's pure parts: differences and merges, the tree's rows, places in texts, kept drafts, going from problem to problem, new names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { changesBetween, merge, settled, isHunk, rowsOf, currentRow, goal, lineEnd, offsetOf, itemAt, insertable, kindOfPath, Drafts, parseDraft, nextProblem, rangeOf, slug, freeId, linkFrom } = await load(
  "pages/author/changes.ts", "pages/author/tree/rows.ts", "pages/author/docs.ts", "pages/author/drafts.ts", "pages/author/mend.ts", "pages/author/tree/templates.ts", "pages/author/write/pictures.ts");

/* Small numbers that look random and are the same each time. */
function random(seed) {
  let x = seed;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}
const apply = (text, changes) => [...changes].reverse().reduce((s, c) => s.slice(0, c.from) + c.insert + s.slice(c.to), text);
const someText = (r, n) => Array.from({ length: n }, () => ["a", "bb", "", "constructor", "  x", "é😀"][r(6)]).join("\n") + (r(2) ? "\n" : "");
function edited(r, text) {
  const lines = text.split("\n");
  for (let i = 0; i < 1 + r(3); i++) {
    const at = r(lines.length + 1);
    if (r(3) === 0) lines.splice(at, 1 + r(2));
    else lines.splice(at, r(2), `new ${r(100)}`);
  }
  return lines.join("\n");
}

test("changes lead from one text to the other, in order and apart", () => {
  for (let seed = 1; seed < 800; seed++) {
    const r = random(seed);
    const old = someText(r, r(12));
    const text = edited(r, old);
    const changes = changesBetween(old, text);
    assert.equal(apply(old, changes), text, JSON.stringify([old, text]));
    for (let i = 1; i < changes.length; i++) assert.ok(changes[i].from >= changes[i - 1].to);
  }
  assert.deepEqual(changesBetween("one\ntwo\n", "one\ntwo!\n"), [{ from: 7, to: 7, insert: "!" }], "no more than is needed");
  assert.equal(changesBetween("a\nb\nc\nd\n", "a\nB\nc\nD\n").length, 2, "two places are two changes");
  assert.deepEqual(changesBetween("same", "same"), []);
});

test("a merge has what both sides did, or says where they cannot both", () => {
  const base = "one\ntwo\nthree\nfour\nfive\nsix\n";
  assert.equal(settled(merge(base.replace("two", "TWO"), base, base.replace("five", "FIVE"))), "one\nTWO\nthree\nfour\nFIVE\nsix\n");
  const pieces = merge(base.replace("two", "mine"), base, base.replace("two", "theirs").replace("six", "SIX"));
  assert.equal(settled(pieces), null);
  assert.deepEqual(pieces.filter(isHunk), [{ mine: "mine\n", theirs: "theirs\n" }]);
  assert.equal(pieces.map((p) => (isHunk(p) ? p.mine : p.text)).join(""), "one\nmine\nthree\nfour\nfive\nSIX\n", "what is settled is in it whichever is chosen");
  assert.equal(settled(merge("x\n", "a\n", "x\n")), "x\n", "both did the same");
  assert.equal(settled(merge("a\nmine", "a", "a")), "a\nmine");
  for (let seed = 1; seed < 800; seed++) {
    const r = random(seed);
    const common = someText(r, r(10));
    const [mine, theirs] = [edited(r, common), edited(r, common)];
    assert.equal(settled(merge(mine, common, common)), mine);
    assert.equal(settled(merge(common, common, theirs)), theirs);
    const found = merge(mine, common, theirs);
    const whole = settled(found);
    if (whole === null) continue;
    /* Every new line of either side is in a merge without conflicts. */
    for (const side of [mine, theirs]) for (const line of side.match(/new \d+/g) ?? []) if (!common.includes(line)) assert.ok(whole.includes(line), JSON.stringify([common, mine, theirs, whole]));
  }
});

test("places count characters, lines keep their ends", () => {
  const doc = insertable("ab\n😀é x\n");
  assert.equal(offsetOf(doc, 1, 1), 0);
  assert.equal(offsetOf(doc, 2, 1), 3);
  assert.equal(offsetOf(doc, 2, 2), 5, "one character, two units");
  assert.equal(offsetOf(doc, 2, 99), 8, "not past the line");
  assert.equal(offsetOf(doc, 99, 1), 9);
  assert.equal(offsetOf(doc, 0, 0), 0);
  assert.equal(lineEnd("a\nb"), null);
  assert.equal(lineEnd("a\r\nb\r\n"), "\r\n");
  assert.equal(lineEnd("a\r\nb\n"), "\n", "mixed");
  assert.equal(lineEnd("a\rb"), "\n");
  assert.equal(lineEnd("\na\r\n"), "\n");
});

const item = (id, line, end_line, more = {}) => ({ id, title: id, kind: "single", line, end_line, objective: "general", status: "active", parametrised: false, ok: true, ...more });
const file = (path, items = []) => ({ path, kind: kindOfPath(path), version: "v", size: 1, items });
const problem = (path, line, severity = "error", column = 1, message = "m") => ({ path, line, column, end_column: column + 2, severity, code: "c", message, hint: null, fixes: [] });
const tree = {
  bank: { id: "b", title: "B", version: null },
  dir: "b",
  files: [
    file("bank.yml"), file("exams/final.yml"), file("media/a.png"), file("questions/many.md", [item("first", 3, 9), item("second", 10, 20, { objective: "words.right", status: "draft" })]),
    file("questions/one.md", [item("one", 4, 9, { title: "The only one", objective: null })]), file("questions/part/two.md", [item("two", 1, 5)]), file("tasks/t/grade.lua"), file("tasks/t/task.md", [item("t", 1, 1, { kind: "task" })]),
  ],
  exams: [{ id: "final", title: "The final", path: "exams/final.yml" }],
  domains: [{ id: "general", title: "General", objectives: [] }, { id: "words", title: "Words", objectives: [{ id: "right", title: "Right words" }] }],
  problems: [],
  counts: { questions: 4, errors: 0, warnings: 0 },
  change: 1,
};
const rows = (view = "files", filter = "", toggled = [], problems = []) => rowsOf({ tree, problems, dirty: new Set(["questions/many.md"]) }, view, filter, new Set(toggled));

test("the tree by files: groups, folders, files that are one question, questions in files", () => {
  assert.deepEqual(rows().map((r) => [r.level, r.what, r.label]), [
    [1, "group", "author.group.questions"], [2, "folder", "part"], [3, "item", "two"], [2, "file", "many.md"], [3, "item", "first"], [3, "item", "second"], [2, "item", "The only one"],
    [1, "group", "author.group.exams"], [2, "file", "The final"], [1, "group", "author.group.tasks"], [2, "folder", "t"], [1, "group", "author.group.media"], [2, "file", "a.png"],
    [1, "group", "author.group.bank"], [2, "file", "bank.yml"],
  ]);
  const second = rows().find((r) => r.label === "second");
  assert.deepEqual([second.movable, second.place, second.size, second.dirty], [true, 2, 2, false]);
  assert.equal(rows().find((r) => r.label === "many.md").dirty, true);
  assert.equal(rows("files", "", ["folder tasks/t/"]).filter((r) => r.level === 3 && r.kind === "task").length, 2, "a task is closed until it is opened");
  assert.equal(rows("files", "", ["file questions/many.md"]).some((r) => r.label === "first"), false);
  const counted = rows("files", "", [], [problem("questions/many.md", 12), problem("questions/many.md", 1, "warning"), problem("questions/part/two.md", 99)]);
  const counts = (label) => counted.find((r) => r.label === label).counts;
  assert.deepEqual(counts("second"), { errors: 1, warnings: 0 });
  assert.deepEqual(counts("first"), { errors: 0, warnings: 0 });
  assert.deepEqual(counts("many.md"), { errors: 1, warnings: 1 });
  assert.deepEqual(counts("part"), { errors: 1, warnings: 0 });
  assert.deepEqual(counts("author.group.questions"), { errors: 2, warnings: 1 });
  assert.equal(currentRow(rows(), "questions/many.md", "second").label, "second");
  assert.equal(currentRow(rows("files", "", ["file questions/many.md"]), "questions/many.md", "second").label, "many.md", "what is closed stands for what is in it");
  assert.equal(currentRow(rows(), null, null), null);
});

test("the tree by topics, and what is found", () => {
  assert.deepEqual(rows("topics").map((r) => [r.level, r.label]), [
    [1, "General"], [2, "first"], [2, "two"], [2, "t"], [1, "Words"], [2, "Right words"], [3, "second"], [1, "author.group.rest"], [2, "The only one"],
  ]);
  assert.deepEqual(rows("files", "DRAFT single").map((r) => r.label), ["author.group.questions", "many.md", "second"]);
  assert.deepEqual(rows("files", "part").map((r) => r.label), ["author.group.questions", "part", "two"]);
  assert.deepEqual(rows("files", "nothing has this"), []);
});

test("keys lead through the tree", () => {
  const all = rows();
  assert.equal(goal(all, 0, "ArrowDown"), 1);
  assert.equal(goal(all, 0, "ArrowUp"), 0);
  assert.equal(goal(all, 4, "ArrowLeft"), 3, "to what it is in");
  assert.equal(goal(all, 3, "ArrowLeft"), "close");
  assert.equal(goal(all, 3, "ArrowRight"), 4);
  assert.equal(goal(all, 10, "ArrowRight"), "open");
  assert.equal(goal(all, 0, "End"), all.length - 1);
  assert.equal(goal(all, 5, "t"), 6, "The only one");
  assert.equal(goal(all, 6, "t"), 8, "The final");
  assert.equal(goal(all, 0, "Escape"), null);
  assert.equal(goal([], 0, "ArrowDown"), null);
});

test("which question the cursor is in", () => {
  const items = tree.files[3].items;
  assert.equal(itemAt(items, 1), null);
  assert.equal(itemAt(items, 3).id, "first");
  assert.equal(itemAt(items, 15).id, "second");
  assert.equal(itemAt(items, 999).id, "second");
  assert.equal(itemAt(tree.files[4].items, 1).id, "one", "a file that is one question is it whole");
  assert.equal(itemAt([], 1), null);
});

test("from problem to problem, and around", () => {
  const all = [problem("a", 1), problem("a", 1, "warning", 1, "another"), problem("a", 5), problem("b", 2)];
  assert.equal(nextProblem([], null, 1), null);
  assert.equal(nextProblem(all, null, 1), all[0]);
  assert.equal(nextProblem(all, null, -1), all[3]);
  assert.equal(nextProblem(all, { path: "a", line: 1, column: 1 }, 1, all[0]), all[1], "two at one place are two");
  assert.equal(nextProblem(all, { path: "a", line: 1, column: 1 }, 1, all[1]), all[2]);
  assert.equal(nextProblem(all, { path: "a", line: 3, column: 1 }, 1, all[0]), all[2], "the cursor was moved");
  assert.equal(nextProblem(all, { path: "b", line: 2, column: 1 }, 1), all[0]);
  assert.equal(nextProblem(all, { path: "a", line: 1, column: 1 }, -1), all[3]);
  const doc = insertable("abc\n\n");
  assert.deepEqual(rangeOf(doc, problem("a", 1)), { from: 0, to: 2 });
  assert.deepEqual(rangeOf(doc, { ...problem("a", 1), column: 4, end_column: 4 }), { from: 2, to: 3 }, "never empty where there is something");
  assert.deepEqual(rangeOf(doc, problem("a", 2)), { from: 4, to: 4 });
});

test("drafts are kept for each bank and file; what is stored is read with care", () => {
  const map = new Map();
  const store = { get length() { return map.size; }, key: (i) => [...map.keys()][i] ?? null, getItem: (k) => map.get(k) ?? null, setItem: (k, v) => void map.set(k, v), removeItem: (k) => void map.delete(k) };
  const [one, other] = [new Drafts("one/dir", store), new Drafts("other/dir", store)];
  const draft = { path: "questions/a.md", text: "t", base: "b", version: null, at: 5 };
  one.keep(draft);
  one.keep({ ...draft, path: "bank.yml", version: "v" });
  other.keep(draft);
  assert.deepEqual(one.all(), [{ ...draft, path: "bank.yml", version: "v" }, draft]);
  one.forget("bank.yml");
  assert.deepEqual(one.all(), [draft]);
  map.set([...map.keys()][0], "{");
  assert.deepEqual(one.all(), []);
  assert.equal(other.all().length, 1);
  for (const wrong of ["null", "[]", "1", '{"path":1}', JSON.stringify({ ...draft, text: 5 })]) assert.equal(parseDraft(wrong), null, wrong);
  const full = new Drafts("one/dir", { ...store, setItem() { throw new Error("quota"); } });
  full.keep(draft);
  assert.equal(full.full, true);
  assert.deepEqual(new Drafts("x", null).all(), []);
});

test("names for new files, and links to pictures", () => {
  assert.equal(slug("  Größe & Maß: 5 Übungen! "), "grosse-mass-5-ubungen");
  assert.equal(slug("日本"), "");
  assert.match(slug("x".repeat(100)), /^x{64}$/);
  assert.equal(freeId("", new Set()), "question");
  assert.equal(freeId("a", new Set(["a", "a-2"])), "a-3");
  assert.equal(linkFrom("questions/one.md", "media/x.png"), "../media/x.png");
  assert.equal(linkFrom("questions/a/b.md", "media/x.png"), "../../media/x.png");
  assert.equal(linkFrom("questions.md", "media/x.png"), "media/x.png");
});
