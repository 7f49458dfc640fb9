// The pure parts of the form: what is written is read again, and what has no field is left alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const at = (n) => `pages/author/form/${n}.ts`;
const m = await load(...["answers", "blanks", "errors", "kinds", "markdown", "picture", "regions", "sync", "table", "tags"].map(at));

test("numbers: value, tolerance, unit, range; anything else stays as it is written", () => {
  assert.deepEqual(m.readNumberAnswer("3.14 +- 0.01"), { form: "value", value: "3.14", unit: "", tolerance: "0.01", relative: false });
  assert.deepEqual(m.readNumberAnswer("250 ± 2%"), { form: "value", value: "250", unit: "", tolerance: "2", relative: true });
  assert.deepEqual(m.readNumberAnswer("10 GiB"), { form: "value", value: "10", unit: "GiB", tolerance: "", relative: false });
  assert.deepEqual(m.readNumberAnswer("[48, 52] %"), { form: "range", from: "48", to: "52", unit: "%" });
  assert.deepEqual(m.readNumberAnswer("@{total} MiB"), { form: "value", value: "@{total}", unit: "MiB", tolerance: "", relative: false });
  for (const raw of ["1 GiB +- 10 MiB", "about three", "@{a}@{b}", "1,000"]) assert.deepEqual(m.readNumberAnswer(raw), { form: "raw", text: raw });
  for (const line of ["3.14 +- 0.01", "250 +- 2%", "10 GiB", "[48, 52] %", "-1e3", "5 s +- 1 s", "1 GiB +- 10 MiB", "x"]) assert.equal(m.writeNumberAnswer(m.readNumberAnswer(line)), line);
});

test("texts: exact, expression, partly right", () => {
  assert.deepEqual(m.readTextAnswer("ls -a"), { form: "exact", text: "ls -a", anyCase: false, share: "", why: "" });
  assert.deepEqual(m.readTextAnswer("/^a+$/i"), { form: "pattern", text: "^a+$", anyCase: true, share: "", why: "" });
  assert.deepEqual(m.readTextAnswer('~ ls : 50% "Add -a"'), { form: "exact", text: "ls", anyCase: false, share: "50", why: "Add -a" });
  assert.equal(m.readTextAnswer("\\/etc/").text, "/etc/");
  assert.equal(m.readTextAnswer("~ ls").form, "raw", "without its share");
  for (const line of ["ls -a", "/a/", "/a/i", "\\/etc/", "/etc", "~ ls : 50%", '~ ls -l : 12.5% "a: b"', "~ /a+/ : 5%", "~ ls", "a/b/"]) assert.equal(m.writeTextAnswer(m.readTextAnswer(line)), line);
  assert.equal(m.writeTextAnswer({ form: "exact", text: "/etc/", anyCase: false, share: "", why: "" }), "\\/etc/", "a path is no expression");
  assert.equal(m.writeTextAnswer({ form: "exact", text: "~ x", anyCase: false, share: "", why: "" }), "\\~ x");
});

test("blanks of a cloze, in the text they stand in", () => {
  const text = "The {{sky|heaven}} is `{{code}}` and \\{{no}} {{~red|=blue|~green}}.\n\n```\n{{code}}\n```\n\n| a | {{x\\|y}} |\n";
  const [typed, chosen, cell, ...rest] = m.blanksIn(text);
  assert.deepEqual(rest, []);
  assert.deepEqual([typed.chosen, typed.texts], [false, ["sky", "heaven"]]);
  assert.deepEqual([chosen.chosen, chosen.texts, chosen.key], [true, ["red", "blue", "green"], 1]);
  assert.deepEqual(cell.texts, ["x", "y"]);
  for (const b of [typed, chosen, cell]) assert.equal(m.withBlank(text, b), text, "nothing changed, nothing is written anew");
  assert.equal(m.withBlank("{{a}}", { ...m.blanksIn("{{a}}")[0], texts: ["=b"] }), "{{\\=b}}");
  assert.equal(m.withBlank(text, { ...chosen, key: 0 }).includes("{{=red|~blue|~green}}"), true);
  assert.equal(m.blankFrom("the blue sky", 4, 9, "?"), "the {{blue}} sky");
  assert.equal(m.blankFrom("ab", 1, 1, "?"), "a{{?}}b");
  assert.equal(m.withoutBlank("is {{~a|=b}}.", m.blanksIn("is {{~a|=b}}.")[0]), "is b.");
});

test("tables and grids", () => {
  const text = "| S | Yes | No |\n|---|---|---|\n| a \\| b | x | |\n| c | | X |";
  const grid = m.readGrid(text);
  assert.deepEqual(grid, { corner: "S", columns: ["Yes", "No"], rows: [{ text: "a | b", right: 0 }, { text: "c", right: 1 }] });
  assert.deepEqual(m.readGrid(m.writeGrid(grid)), grid);
  assert.equal(m.readGrid("| S | Yes |\n|---|---|\n| a | maybe |"), null);
  assert.equal(m.readGrid("| S | Yes | No |\n|---|---|---|\n| a | x | x |"), null);
  assert.equal(m.readTable("no table"), null);
  assert.equal(m.readTable("| a |\n| b |"), null, "no line below the head");
  assert.deepEqual(m.withoutColumn(grid, 0), { corner: "S", columns: ["No"], rows: [{ text: "a | b", right: -1 }, { text: "c", right: 0 }] });
});

test("regions: a line that is not changed keeps its bytes; what has no fields is left alone", () => {
  const text = `- {id: left, label: "The left: box", shape: rect, at: [10, 10, 90, 90], correct: true}\n  - {id: r, label: 'It''s', shape: circle, at: [1,2,3]}`;
  const [left, right] = m.readRegions(text);
  assert.deepEqual({ ...left, line: undefined }, { id: "left", label: "The left: box", shape: "rect", at: [10, 10, 90, 90], correct: true, line: undefined });
  assert.equal(right.label, "It's");
  assert.equal(m.writeRegions([left, right]), text.replace("\n  ", "\n"));
  assert.equal(m.writeRegion({ ...right, label: 'a "b"', line: undefined }), '- {id: r, label: "a \\"b\\"", shape: circle, at: [1, 2, 3]}');
  for (const bad of ["- id: a\n  label: b", "- {id: a, shape: star, at: [1]}", "- {id: a, shape: rect, at: [x]}", "- {id: a, more: b, shape: rect, at: [1]}"]) assert.equal(m.readRegions(bad), null, bad);
  assert.deepEqual(m.readRegions(null), []);
});

test("shapes stay in the picture", () => {
  const size = { width: 100, height: 50 };
  assert.deepEqual(m.tidy("rect", [90, 40, 10, 200], size), [10, 40, 90, 50]);
  assert.deepEqual(m.movedBy("rect", [10, 10, 30, 30], 500, -500, size), [80, 0, 100, 20]);
  assert.deepEqual(m.movedBy("circle", [10, 10, 5], -20, 3, size), [0, 13, 5]);
  assert.deepEqual(m.movedBy("poly", [0, 0, 10, 0, 5, 5], 3, 2, size), [3, 2, 13, 2, 8, 7]);
  assert.deepEqual(m.drawn("circle", [50, 25], [53, 29], size), [50, 25, 5]);
  assert.deepEqual(m.reshaped("rect", [10, 10, 30, 30], 2, [40, 45], size), [10, 10, 40, 45]);
  assert.deepEqual(m.reshaped("poly", [0, 0, 10, 0, 5, 5], 1, [20, 1], size), [0, 0, 20, 1, 5, 5]);
  assert.deepEqual(m.asShape("circle", { shape: "rect", at: [10, 10, 30, 30] }, size), [20, 20, 10]);
  assert.deepEqual(m.asShape("poly", { shape: "circle", at: [20, 20, 10] }, size), [10, 10, 30, 10, 30, 30, 10, 30]);
  assert.equal(m.freeId([{ id: "area-2" }]), "area-3");
});

test("buttons above a text", () => {
  assert.deepEqual(m.wrapped("a word", 2, 6, "**", "x"), { text: "a **word**", from: 4, to: 8 });
  assert.deepEqual(m.wrapped("a **word**", 4, 8, "**", "x"), { text: "a word", from: 2, to: 6 }, "and back");
  assert.deepEqual(m.wrapped("a word ", 1, 7, "*", "x").text, "a *word* ");
  assert.deepEqual(m.wrapped("", 0, 0, "**", "words"), { text: "**words**", from: 2, to: 7 });
  assert.equal(m.listed("a\nb", 0, 3).text, "- a\n- b");
  assert.equal(m.listed("- a\n- b", 0, 7).text, "a\nb");
  assert.equal(m.asCode("ls -a", 0, 5, "x").text, "`ls -a`");
  assert.equal(m.asCode("a ls\nb", 2, 6, "x").text, "a \n```\nls\nb\n```");
  assert.equal(m.linkTo("questions/a/b.md", "media/x.png"), "../../media/x.png");
  assert.equal(m.rowsOf("a\nb\nc", 2), 3);
});

test("pictures of the bank", () => {
  assert.equal(m.resolved("questions/a/b.md", "../../media/x.png"), "media/x.png");
  assert.equal(m.resolved("questions/a.md", "../../x.png"), null, "outside");
  const tree = { files: [{ path: "media/x.png", kind: "media", version: "ab" }] };
  assert.equal(m.addressOf(tree, "questions/a.md", "../media/x.png"), "/media/ab.png");
  assert.equal(m.addressOf(tree, "questions/a.md", "../media/y.png"), null);
  assert.deepEqual(m.sizeOfSvg({ width: "10px", height: "20", viewBox: null }), { width: 10, height: 20 });
  assert.deepEqual(m.sizeOfSvg({ width: "100%", height: null, viewBox: "0 0 30 40" }), { width: 30, height: 40 });
});

test("another kind keeps what fits", () => {
  const single = { type: "single", options: [{ text: "a", right: false, why: null, pin: true, match: null }, { text: "b", right: true, why: "w", pin: false, match: null }], answers: null, answer_text: null };
  assert.deepEqual(m.becomes("multiple", single).options, single.options);
  assert.deepEqual(m.becomes("ordering", single).options.map((o) => [o.text, o.right, o.pin]), [["a", false, false], ["b", false, false]]);
  assert.deepEqual(m.becomes("text", single).answers, ["b"]);
  assert.deepEqual(m.becomes("true-false", single).options.map((o) => [o.text, o.right]), [["True", true], ["False", false]]);
  assert.match(m.becomes("grid", single).answer_text, /\| a \| +\| x \|\n\| b \| x \| +\|/);
  assert.equal(m.becomes("cloze", single).answer_text, "");
  const both = { ...single, type: "multiple", options: single.options.map((o) => ({ ...o, right: true })) };
  assert.deepEqual(m.becomes("single", both).options.map((o) => o.right), [true, false]);
  assert.equal(m.loses("multiple", single), false);
  assert.equal(m.loses("essay", single), true);
});

test("tags", () => {
  assert.equal(m.readTags("[a, b]"), "a, b");
  assert.equal(m.writeTags(" a ,b,, "), "[a, b]");
  assert.equal(m.writeTags(" "), null);
});

test("a message stands at its field", () => {
  const places = [{ field: "stem", index: null, line: 3, end_line: 5 }, { field: "options", index: 1, line: 8, end_line: 9 }];
  const parsed = { range: { line: 1, end_line: 12 }, places };
  const p = (code, line, path = "q.md") => ({ path, line, code, column: 1, end_column: 1, severity: "error", message: code, hint: null, fixes: [] });
  const by = m.errorsByField([p("empty-option", 8), p("no-explanation", 3), p("dead-link", 4), p("no-key", 7), p("odd", 11), p("empty-option", 20), p("odd", 4, "other.md")], "q.md", parsed, false);
  assert.deepEqual([...by].map(([k, v]) => [k, v.map((e) => e.code)]), [["options:1", ["empty-option"]], ["explanation", ["no-explanation"]], ["stem", ["dead-link"]], ["answers", ["no-key"]], ["", ["odd"]]]);
});

/* ---- form and editor on one text ---- */

function desk(text) {
  const paper = { doc: { path: "q.md", text }, edit: (t) => (paper.doc = { path: "q.md", text: t }) };
  return paper;
}
/* A text of two lines: a title, and a stem. */
const api = {
  calls: [],
  parse: async (path, text) => {
    const [title, stem] = text.split("\n");
    return { model: { title, stem, type: "single" }, range: { line: 1, end_line: 2 }, places: [] };
  },
  write: async (path, text, item, kind, change) => {
    api.calls.push(change);
    const [title, stem] = text.split("\n");
    if (change.stem === "refuse") throw new Error("refused");
    return { text: [change.title ?? title, change.stem ?? stem].join("\n") };
  },
};

test("the form writes what changed, and takes up what changed elsewhere", async () => {
  const paper = desk("T\nS");
  const sync = new m.FormSync(paper, api, "q.md", null, () => undefined);
  await sync.take();
  assert.equal(sync.model.stem, "S");
  sync.set({ stem: "S2 " });
  sync.set({ title: "T2" });
  await sync.flush();
  assert.deepEqual(api.calls.splice(0), [{ stem: "S2 ", title: "T2" }], "in one piece");
  assert.equal(paper.doc.text, "T2\nS2 ");
  await sync.take();
  assert.equal(sync.model.stem, "S2 ", "what was typed stays as it was typed");
  paper.edit("T3\nS3");
  await sync.take();
  assert.deepEqual([sync.model.title, sync.model.stem], ["T3", "S3"]);
  sync.set({ stem: "mine" });
  paper.edit("theirs\nS3");
  await sync.take();
  assert.deepEqual([sync.model.title, sync.model.stem], ["theirs", "mine"], "both changes stay");
  await sync.flush();
  assert.equal(paper.doc.text, "theirs\nmine");
  sync.stop();
});

test("typing in the editor while the form writes: neither is lost", async () => {
  const paper = desk("T\nS");
  let first = true;
  const slow = { ...api, write: async (...a) => {
    const written = await api.write(...a);
    if (first) paper.edit("T typed\nS");
    first = false;
    return written;
  } };
  const sync = new m.FormSync(paper, slow, "q.md", null, () => undefined);
  await sync.take();
  sync.set({ stem: "form" });
  await sync.flush();
  assert.equal(paper.doc.text, "T typed\nform");
  sync.stop();
});

test("what is refused stays in the form, and is written with the next change", async () => {
  const paper = desk("T\nS");
  const sync = new m.FormSync(paper, api, "q.md", null, () => undefined);
  await sync.take();
  sync.set({ stem: "refuse" });
  await sync.flush();
  assert.match(String(sync.refused), /refused/);
  assert.equal(sync.model.stem, "refuse");
  sync.set({ stem: "fine" });
  await sync.flush();
  assert.equal(sync.refused, null);
  assert.equal(paper.doc.text, "T\nfine");
  sync.stop();
});
