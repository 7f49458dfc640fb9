// Forms while they are being filled in: half of the fields are empty, the kind changes, and the text is broken most of the time. What was
// written is what is read again, and the rest of the file keeps its bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { many, startAuthor } from "../lib/author.mjs";

const option = (text, right = false, more = {}) => ({ text, right, why: null, pin: false, match: null, ...more });

test("a question that is being filled in is read as it was written", async (t) => {
  const server = await startAuthor(t, { "questions/many.md": many });
  const post = async (what, body) => {
    const reply = await server.author(what, { path: "questions/many.md", ...body });
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  };
  let text = many;
  let kind = "single";
  const [before, after] = [many.slice(0, many.indexOf("## Second")), many.slice(many.indexOf("## Third"))];
  const steps = [
    { stem: "New" },
    { options: [option("yes", true), option(null)] },
    { options: [option(null), option(null), option("c", true, { why: "because" })] },
    { type: "ordering", options: [option("a"), option("b")] },
    { options: [option("a"), option(null), option("b")] },
    { options: [option("a"), option("c"), option("b\nmore")] },
    { type: "matching", options: [option("a", false, { match: "1" }), option("b", false, { match: null }), option(null, false, { match: "2" })] },
    { options: [option("a", false, { match: "1" }), option(null, false, { match: null })] },
    { type: "numeric", options: null, answers: ["3 +- 1"] },
    { answers: ["[1, 2] %", "@{x}"] },
    { type: "text", answers: ["ls", "/a+/i", '~ la : 50% "near"'] },
    { answers: [] },
    { answers: ["x"] },
    { type: "grid", answers: null, answer_text: "| S | Yes | No |\n|---|---|---|\n| a | x | |" },
    { answer_text: "| S | Yes | No |\n|---|---|---|\n| a | x | |\n| | | |" },
    { type: "cloze", answer_text: null, stem: "It is {{blue}}." },
    { type: "essay", rubric: "| Criterion | Points | Full marks when |\n|---|---|---|\n| a | 2 | b |" },
    { type: "hotspot", rubric: null, image: "../media/x.png", regions: '- {id: a, label: "A", shape: rect, at: [1, 2, 3, 4], correct: true}' },
    { type: "true-false", regions: null, image: null, options: [option("True", true), option("False")] },
    { type: "multiple", options: [option("A", true), option("B", true), option("C")] },
    { params: "return { a = 1 }" },
    { params: null },
    { hints: ["one", "two"], explanation: "why", references: ["a", "b"] },
    { hints: [], references: null, explanation: null },
  ];
  for (const change of steps) {
    ({ text } = await post("write", { text, item: "second", kind, model: change }));
    kind = change.type ?? kind;
    const { model } = await post("parse", { text, item: "second", kind });
    for (const [name, value] of Object.entries(change)) {
      /* Nothing in a list and no list are the same; the lines of regions are indented. */
      const wanted = name === "answers" && !value?.length ? (model.answers?.length ? value : model.answers) : name === "hints" || value !== null ? value : model[name];
      if (name === "params" && value) assert.equal(model.params.trim(), value);
      else if (value === null && !Array.isArray(model[name])) assert.equal(model[name], null, `${name} after ${JSON.stringify(change)}:\n${text}`);
      else assert.deepEqual(model[name], wanted, `${name} after ${JSON.stringify(change)}:\n${text}`);
    }
    assert.ok(text.startsWith(before) && text.endsWith(after), text);
  }
  assert.equal((text.match(/^- \[/gm) ?? []).length, 7, text);
  const { problems } = (await server.author("check", { path: "questions/many.md", text })).json;
  assert.deepEqual(problems.filter((p) => p.severity === "error"), [], text);
});

test("the type may be the file's", async (t) => {
  const server = await startAuthor(t, {});
  const text = "---\ntype: ordering\n---\n## One\nPut in order.\n\n1. a\n2.\n\n## Two\nAgain.\n\n1. c\n2. d\n";
  const { model } = (await server.author("parse", { path: "questions/o.md", text, item: "one" })).json;
  assert.deepEqual(model.options.map((o) => o.text), ["a", null]);
});

test("a number that is none yet stays a number, and a text of digits a text", async (t) => {
  const server = await startAuthor(t, {});
  const path = "questions/n.md";
  const text = "---\nid: n\n---\nHow many?\n\n= 11\n";
  const post = async (what, body) => (await server.author(what, { path, ...body })).json;
  assert.equal((await post("write", { text, kind: "numeric", model: { answers: ["[3, 4] min", "5"] } })).text, text.replace("= 11", "= [3, 4] min\n= 5"), "what is clear needs no word");
  const { text: words } = await post("write", { text, kind: "numeric", model: { answers: ["twelve"] } });
  assert.equal(words, "---\nid: n\ntype: numeric\n---\nHow many?\n\n= twelve\n");
  assert.equal((await post("parse", { text: words, kind: "numeric" })).model.type, "numeric");
  const { problems } = await post("check", { text: words });
  assert.deepEqual(problems.filter((p) => p.path === path && p.severity === "error").map((p) => [p.code, p.line]), [["number", 7]]);
  const { text: digits } = await post("write", { text: text.replace("11", "eleven"), kind: "text", model: { answers: ["11"] } });
  assert.equal(digits, "---\nid: n\ntype: text\n---\nHow many?\n\n= 11\n");
  assert.equal((await post("parse", { text: digits })).model.type, "text");
});
