// Taking an exam through the interface: every rule, and a clear problem for every breach of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checked } from "../lib/contract.mjs";
import { answerAll, authorId, begin, clockOf, itemOf, kindOf, ok, problem, resultOf, rightResponse, save, show, submit, wrongResponse } from "../lib/exam.mjs";
import { anyResponse, openItems, startFor } from "../lib/server.mjs";

const start = async (t, options) => checked(await startFor(t, options));

test("an attempt from beginning to end", async (t) => {
  const server = await start(t);
  const reply = await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" });
  const attempt = ok(reply, 201);
  assert.equal(reply.headers.get("location"), `/api/v1/attempts/${attempt.id}`);
  assert.equal(attempt.state, "running");
  const items = openItems(attempt);
  assert.equal(items.length, 15);
  assert.deepEqual(items.map((item) => item.n), items.map((_, i) => i + 1));
  assert.equal(new Set(items.map(authorId)).size, 15, "no item twice");
  assert.ok(items.some((item) => authorId(item) === "pretest-1"), "one of them is tried out");
  assert.ok(Math.abs(Date.parse(attempt.clock.ends_at) - Date.parse(attempt.clock.started_at) - 3600_000) < 100);

  await answerAll(server, attempt);
  const middle = await show(server, attempt.id);
  for (const item of openItems(middle)) {
    assert.equal(item.seq, 1);
    assert.deepEqual(item.response, rightResponse(item), authorId(item));
    assert.ok(Date.parse(item.saved_at) >= Date.parse(attempt.clock.started_at));
  }
  const ended = await submit(server, attempt.id);
  assert.equal(ended.state, "ended");
  const result = await resultOf(server, attempt.id);
  assert.equal(result.verdict, "pass");
  assert.equal(result.score.value, 1000);
  assert.equal(result.ended_by, "candidate");
  assert.deepEqual(result.counts, { items: 14, right: 14, partial: 0, wrong: 0, unanswered: 0, unscored: 1 });
  const listed = ok(await server.get("/api/v1/attempts")).attempts;
  assert.equal(listed[0].id, attempt.id);
  assert.equal(listed[0].answered, 15);
  assert.equal(listed[0].result.verdict, "pass");
  assert.equal(ok(await server.get("/api/v1/exams/fixture/all")).attempts.done, 1);
});

test("ids are drawn anew for each attempt and say nothing", async (t) => {
  const server = await start(t);
  const first = await begin(server, "all");
  await submit(server, first.id);
  const second = await begin(server, "all");
  const ids = (attempt) => openItems(attempt).flatMap((i) => [i.id, ...[i.options, i.left, i.right, i.rows, i.columns].flatMap((l) => l ?? []).map((o) => o.id)]);
  const both = ids(first).filter((id) => ids(second).includes(id));
  assert.ok(both.length <= 1, `the same ids in both: ${both}`);
});

test("numbers order the answers: again, older, and a gap", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const item = itemOf(attempt, "single-1");
  const put = (seq, pick, extra) => server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, { seq, response: anyResponse(item, pick), ...extra });
  const now = async () => openItems(await show(server, attempt.id)).find((i) => i.id === item.id);

  const first = ok(await put(1, 0));
  assert.equal(first.seq, 1);
  assert.deepEqual(ok(await put(1, 0)), first, "the same again gets the same answer");
  assert.deepEqual(ok(await put(1, 2)), first, "and changes nothing, whatever it says");
  assert.deepEqual((await now()).response, anyResponse(item, 0));

  const seventh = ok(await put(7, 1));
  assert.deepEqual((await now()).response, anyResponse(item, 1));
  const stale = problem(await put(5, 3), 409, "stale-seq");
  assert.equal(stale.seq, 7);
  const again = await put(1, 0);
  if (again.status === 200) assert.deepEqual(again.json, first, "an old answer that was saved is confirmed as it was");
  else problem(again, 409, "stale-seq");
  assert.deepEqual((await now()).response, anyResponse(item, 1), "and never comes back");
  assert.equal((await now()).saved_at, seventh.saved_at);
  for (const seq of [0, -1, 1.5, "8", null, 1e17, 2 ** 31]) problem(await put(seq, 0), 400, "invalid");
  assert.equal((await now()).seq, 7);
});

test("clearing, flags, confidence, time spent and notes", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const item = itemOf(attempt, "multiple-1");
  const now = async () => openItems(await show(server, attempt.id)).find((i) => i.id === item.id);
  ok(await save(server, attempt, item, rightResponse(item), { flagged: true, confidence: 75, spent_ms: 4000 }));
  let seen = await now();
  assert.deepEqual([seen.flagged, seen.confidence, seen.spent_ms], [true, 75, 4000]);
  ok(await save(server, attempt, item, null));
  seen = await now();
  assert.equal(seen.response, null);
  assert.deepEqual([seen.flagged, seen.confidence, seen.spent_ms], [true, 75, 4000], "what is not said stays");
  ok(await save(server, attempt, item, null, { flagged: false, spent_ms: 5000 }));
  assert.equal((await now()).flagged, false);
  for (const extra of [{ flagged: 1 }, { confidence: 101 }, { confidence: "75" }, { spent_ms: -1 }, { spent_ms: 2 ** 40 }, { surprise: 1 }])
    problem(await save(server, attempt, item, null, extra), 400, "invalid");

  const note = { text: "Ask again <b>", struck: [item.options[0].id], highlights: [{ start: 0, end: 4 }] };
  const put = (body) => server.put(`/api/v1/attempts/${attempt.id}/notes/${item.id}`, body);
  ok(await put({ note }));
  assert.deepEqual((await now()).note, note);
  ok(await put({ note: { ...note, text: "second" } }));
  assert.equal((await now()).note.text, "second");
  problem(await put({ note: { ...note, text: "x".repeat(9000) } }), 413, "too-large");
  for (const body of [{}, { note: 5 }, { note: [] }]) problem(await put(body), 400, "invalid");
  problem(await server.put(`/api/v1/attempts/${attempt.id}/notes/izzzz`, { note }), 404, "not-on-form");
});

test("what is not there, and what is not on the form", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const item = openItems(attempt)[0];
  const body = { seq: 1, response: null };
  problem(await server.put(`/api/v1/attempts/${attempt.id}/responses/izzzz`, body), 404, "not-on-form");
  problem(await server.put(`/api/v1/attempts/${attempt.id}/responses/single-1`, body), 404, "not-on-form");
  for (const id of ["nobody", "a".repeat(26), "a".repeat(150)]) {
    problem(await server.get(`/api/v1/attempts/${id}`), 404, "not-found");
    problem(await server.get(`/api/v1/attempts/${id}/result`), 404, "not-found");
    problem(await server.put(`/api/v1/attempts/${id}/responses/${item.id}`, body), 404, "not-found");
    for (const action of ["submit", "claim", "section"]) problem(await server.post(`/api/v1/attempts/${id}/${action}`, {}), 404, "not-found");
  }
  problem(await server.get("/api/v1/exams/fixture/none"), 404, "not-found");
  problem(await server.get("/api/v1/exams/none/all"), 404, "not-found");
  problem(await server.post("/api/v1/attempts", { exam: "fixture/none", mode: "exam" }), 404, "not-found");
  for (const begin of [{}, { exam: "fixture/short" }, { exam: "fixture/short", mode: "guess" }, { exam: 5, mode: "exam" }, { exam: "short", mode: "exam" }]) {
    const reply = await server.post("/api/v1/attempts", begin);
    assert.ok([400, 404].includes(reply.status), reply.text);
  }
  problem(await server.post("/api/v1/attempts", { exam: "fixture/late", mode: "study" }), 403, "not-offered");
  problem(await server.post("/api/v1/attempts", { exam: "fixture/late", mode: "exam", focus: { pool: "new" } }), 400, "invalid");
});

test("a second attempt while one runs, and after the end", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const refused = problem(await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" }), 409, "attempt-running");
  assert.equal(refused.attempt, attempt.id);
  assert.equal(ok(await server.get("/api/v1/exams/fixture/all")).attempts.running, attempt.id);
  await begin(server, "secret"); // another exam may run beside it
  problem(await server.get(`/api/v1/attempts/${attempt.id}/result`), 409, "conflict");
  problem(await server.get(`/api/v1/attempts/${attempt.id}/result/signed`), 409, "conflict");

  const item = openItems(attempt)[0];
  ok(await save(server, attempt, item, rightResponse(item)));
  await submit(server, attempt.id);
  problem(await save(server, attempt, item, wrongResponse(item)), 409, "attempt-ended");
  const same = await server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, { seq: 1, response: rightResponse(item) });
  assert.equal(ok(same).seq, 1, "what was saved before the end is still confirmed");
  problem(await server.put(`/api/v1/attempts/${attempt.id}/notes/${item.id}`, { note: { text: "", struck: [], highlights: [] } }), 409, "attempt-ended");
  problem(await server.post(`/api/v1/attempts/${attempt.id}/move`, { item: item.id }), 409, "attempt-ended");
  problem(await server.post(`/api/v1/attempts/${attempt.id}/section`, {}), 409, "attempt-ended");
  const again = await server.post(`/api/v1/attempts/${attempt.id}/submit`, {});
  assert.ok(again.status === 200 || again.json.code === "attempt-ended", again.text);
  assert.notEqual((await begin(server, "all")).id, attempt.id, "now another may begin");
});

test("two devices: the newer wins, the older is told", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const item = openItems(attempt)[0];
  const lease = (n) => ({ "Assay-Lease": String(n) });
  const url = `/api/v1/attempts/${attempt.id}`;
  ok(await save(server, attempt, item, rightResponse(item), {}, lease(attempt.lease)));
  const claimed = ok(await server.post(`${url}/claim`, {}));
  assert.ok(claimed.lease > attempt.lease);
  assert.equal(claimed.attempt.lease, claimed.lease);
  assert.deepEqual(openItems(claimed.attempt).find((i) => i.id === item.id).response, rightResponse(item), "the new device sees what is saved");

  const old = lease(attempt.lease), now = lease(claimed.lease);
  problem(await save(server, attempt, item, null, {}, old), 409, "superseded");
  problem(await server.get(`${url}/clock`, old), 409, "superseded");
  for (const action of ["submit", "section"]) problem(await server.post(`${url}/${action}`, {}, old), 409, "superseded");
  problem(await server.post(`${url}/move`, { item: item.id }, old), 409, "superseded");
  problem(await server.put(`${url}/notes/${item.id}`, { note: { text: "", struck: [], highlights: [] } }, old), 409, "superseded");
  problem(await server.post(`${url}/expectation`, { skipped: true }, old), 409, "superseded");
  ok(await save(server, attempt, item, null, {}, now));
  assert.equal((await clockOf(server, attempt.id, now)).lease, claimed.lease);
  assert.equal((await show(server, attempt.id, old)).lease, claimed.lease, "reading is open to both");
  problem(await server.get(`${url}/clock`, { "Assay-Lease": "soon" }), 400, "usage");
  await submit(server, attempt.id, now);
});

test("what the candidate expects is asked once", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const url = `/api/v1/attempts/${attempt.id}/expectation`;
  for (const body of [{ goal: "win" }, { expected_share: 2 }, { years: -1 }, { mood: "good" }]) problem(await server.post(url, body), 400, "invalid");
  assert.equal((await server.post(url, { goal: "pass", expected_share: 0.8, years: 3 })).status, 204);
  problem(await server.post(url, { skipped: true }), 409, "conflict");
  assert.deepEqual((await show(server, attempt.id)).expectation, { goal: "pass", expected_share: 0.8, years: 3 });
  await answerAll(server, attempt, (item) => (item.kind === "hotspot" ? null : rightResponse(item)));
  await submit(server, attempt.id);
  const result = await resultOf(server, attempt.id);
  assert.equal(result.expectation.expected_share, 0.8);
  assert.ok(Math.abs(result.expectation.outcome_share - 13 / 14) < 0.01);
});

test("the report of questions: outcomes, points and what to practise", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const wrong = ["single-1", "grid-1", "hotspot-1"];
  for (const item of openItems(attempt)) {
    if (authorId(item) === "text-1") ok(await save(server, attempt, item, { text: "ls" }, { confidence: 95 }));
    else if (authorId(item) !== "case-2") ok(await save(server, attempt, item, wrong.includes(authorId(item)) ? wrongResponse(item) : rightResponse(item), { confidence: 75 }));
  }
  await submit(server, attempt.id);
  const result = await resultOf(server, attempt.id);
  const outcome = Object.fromEntries(result.items.filter((i) => i.item).map((i) => [authorId(i.item), i.outcome]));
  for (const id of wrong) assert.equal(outcome[id], "wrong", id);
  assert.equal(outcome["text-1"], "partial");
  assert.equal(outcome["case-2"], "unanswered");
  assert.deepEqual([result.counts.wrong, result.counts.partial, result.counts.unanswered], [3, 1, 1]);
  const partial = result.items.find((i) => i.outcome === "partial");
  assert.deepEqual([partial.points, partial.max], [0.5, 1]);
  assert.match(partial.feedback.reason, /REASON-TEXT/);
  assert.ok(Math.abs(result.score.share - 9.5 / 14) < 1e-6);
  assert.equal(result.score.value, Math.round(100 + (900 * 9.5) / 14));
  assert.ok(result.score.error > 0 && result.score.pass_probability > 0 && result.score.pass_probability < 1);
  assert.equal(result.domains.reduce((n, d) => n + d.items, 0), 14);
  assert.deepEqual(result.calibration.map((c) => c.confidence), [75, 95]);
  assert.ok(result.practise_next.length > 0);
});

test("extra members and wrong kinds of bodies", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const item = kindOf(attempt, "numeric");
  const url = `/api/v1/attempts/${attempt.id}/responses/${item.id}`;
  for (const body of ["[]", "5", '"text"', "null", "{", ""]) {
    const reply = await server.put(url, body);
    assert.equal(reply.status, 400, `${body}: ${reply.text}`);
  }
  problem(await server.put(url, { seq: 1 }), 422, "bad-response");
  problem(await server.put(url, { response: null }), 400, "invalid");
  problem(await server.post(`/api/v1/attempts/${attempt.id}/move`, {}), 400, "invalid");
  problem(await server.post(`/api/v1/attempts/${attempt.id}/move`, { item: "izzzz" }), 404, "not-on-form");
});
