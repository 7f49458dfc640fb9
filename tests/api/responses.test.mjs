// The shape of a response, kind by kind: what is taken, and what is refused with a reason.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checked } from "../lib/contract.mjs";
import { begin, kindOf, ok, problem, rightResponse, save, show, submit } from "../lib/exam.mjs";
import { openItems, startFor } from "../lib/server.mjs";

let server, all, essay;
const cleanUps = [];
before(async () => {
  server = checked(await startFor({ after: (f) => cleanUps.push(f) }));
  all = await begin(server, "all");
  essay = await begin(server, "essay");
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

const attemptWith = (kind) => [essay, all].find((attempt) => kindOf(attempt, kind));

// Each row: kind, responses that are right in shape, responses that are not.
const foreign = { choose: ["ozzz"] };
const common = [5, "text", true, [], [["a"]], foreign, { nothing: 1 }, { text: 5 }, { choose: null }];
const rows = [
  ["single", (i) => [{ choose: [i.options[0].id] }, { choose: [] }],
    (i) => [{ choose: i.options[0].id }, { choose: i.options.slice(0, 2).map((o) => o.id) }, { choose: [i.options[0].id, i.options[0].id] }, { choose: [i.options[0].id], extra: 1 }, { choose: [0] }]],
  ["multiple", (i) => [{ choose: i.options.map((o) => o.id) }, { choose: [] }],
    (i) => [{ choose: [i.options[0].id, i.options[0].id] }, { choose: [i.options[0].id, "ozzz"] }, { choose: [[]] }]],
  ["true-false", (i) => [{ choose: [i.options[1].id] }], (i) => [{ choose: i.options.map((o) => o.id) }, { choose: [true] }]],
  ["ordering", (i) => [{ order: i.options.map((o) => o.id).reverse() }],
    (i) => [{ order: i.options.slice(1).map((o) => o.id) }, { order: i.options.map(() => i.options[0].id) }, { order: {} }, { order: [1, 2, 3, 4] }]],
  ["matching", (i) => [{ match: { [i.left[0].id]: i.right[0].id } }, { match: {} }],
    (i) => [{ match: { [i.right[0].id]: i.left[0].id } }, { match: { [i.left[0].id]: "ozzz" } }, { match: { [i.left[0].id]: null } }, { match: [] }]],
  ["grid", (i) => [{ rows: { [i.rows[1].id]: i.columns[1].id } }, { rows: {} }],
    (i) => [{ rows: { [i.rows[0].id]: i.rows[1].id } }, { rows: { ozzz: i.columns[0].id } }, { rows: { [i.rows[0].id]: [i.columns[0].id] } }]],
  ["numeric", () => [{ value: "-3.5e2" }, { value: " 12 " }, { value: "" }, { value: ".5" }],
    () => [{ value: 5 }, { value: "1,024" }, { value: "NaN" }, { value: "0x10" }, { value: "1e" }, { value: "9".repeat(65) }, { value: "1", unit: "furlong" }, { value: "1", extra: 1 }, { unit: "B" }]],
  ["text", () => [{ text: "" }, { text: "ls -a é ☃" }, { text: "x".repeat(1000) }], () => [{ text: "x".repeat(1001) }, { text: ["ls"] }, { text: "a", b: 1 }]],
  ["cloze", (i) => [{ blanks: { 1: "x" } }, { blanks: {} }, { blanks: { 2: i.blanks[1].choices[0].id } }],
    (i) => [{ blanks: { 3: "x" } }, { blanks: { 0: "x" } }, { blanks: { "01": "x" } }, { blanks: { 1: 5 } }, { blanks: { 2: "red" } }, { blanks: { 1: "x".repeat(1001) } }, { blanks: ["x"] }]],
  ["hotspot", () => [{ points: [[0, 0]] }, { points: [] }, { points: [[200, 100]] }],
    () => [{ points: [[-1, 0]] }, { points: [[201, 5]] }, { points: [[1.5, 2]] }, { points: [[1]] }, { points: [[1, 2, 3]] }, { points: [1, 2] }, { points: Array(65).fill([1, 1]) }]],
  ["essay", () => [{ text: "x".repeat(20000) }, { text: "Two\nlines\t." }], () => [{ text: "x".repeat(20001) }, { essay: "x" }]],
];

for (const [kind, fits, breaches] of rows) {
  test(`${kind}: what fits is kept, what does not is refused and changes nothing`, async () => {
    const attempt = attemptWith(kind);
    const item = kindOf(attempt, kind);
    assert.ok(item, `the fixture has an item of kind ${kind}`);
    const now = async () => openItems(await show(server, attempt.id)).find((i) => i.id === item.id);
    for (const response of fits(item)) {
      ok(await save(server, attempt, item, response));
      assert.deepEqual((await now()).response, response);
    }
    const kept = fits(item)[0];
    ok(await save(server, attempt, item, kept));
    for (const response of [...breaches(item), ...common]) problem(await save(server, attempt, item, response), 422, "bad-response");
    assert.deepEqual((await now()).response, kept);
    ok(await save(server, attempt, item, rightResponse(item)));
  });
}

test("the fixture's right responses earn everything", async () => {
  for (const attempt of [all, essay]) {
    for (const item of openItems(attempt)) ok(await save(server, attempt, { ...item, seq: 100 }, rightResponse(item)));
  }
  await submit(server, all.id);
  const result = ok(await server.get(`/api/v1/attempts/${all.id}/result`));
  assert.equal(result.counts.right, result.counts.items);
});
