// Study mode: feedback after a durable answer and never before, and sessions about what was missed, flagged or never seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checked } from "../lib/contract.mjs";
import { answerAll, authorId, begin, itemOf, ok, problem, resultOf, rightResponse, save, show, submit, wrongResponse } from "../lib/exam.mjs";
import { openItems, startFor } from "../lib/server.mjs";

const start = async (t, options) => checked(await startFor(t, options));

test("feedback comes with the durable answer, follows a new one, and goes with a cleared one", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all", "study");
  assert.equal(attempt.clock.left_ms, null, "study has no clock");
  assert.ok(openItems(attempt).every((item) => !item.feedback && authorId(item) !== "pretest-1"));
  const item = itemOf(attempt, "single-1");
  const wrong = ok(await save(server, attempt, item, wrongResponse(item))).feedback;
  assert.equal(wrong.outcome, "wrong");
  assert.deepEqual(wrong.key, rightResponse(item));
  assert.match(wrong.explanation, /EXPLANATION-TEXT: B follows A/);
  assert.match(wrong.references, /REFERENCE-TEXT/);
  assert.match(wrong.hints.join(), /HINT-TEXT/);
  assert.match(wrong.options[rightResponse(item).choose[0]], /FEEDBACK-B/);
  const right = ok(await save(server, attempt, item, rightResponse(item))).feedback;
  assert.deepEqual([right.outcome, right.points, right.max], ["right", 1, 1]);

  const now = await show(server, attempt.id);
  assert.equal(itemOf(now, "single-1").feedback.outcome, "right");
  assert.ok(openItems(now).every((other) => !!other.feedback === (other.id === item.id)), "only what was answered is explained");
  assert.equal(ok(await save(server, attempt, item, null)).feedback, undefined);
  assert.equal(itemOf(await show(server, attempt.id), "single-1").feedback, undefined);
});

test("every kind is explained", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "essay", "study");
  for (const item of openItems(attempt)) {
    const { feedback } = ok(await save(server, attempt, item, rightResponse(item)));
    assert.equal(feedback.outcome, item.kind === "essay" ? "ungraded" : "right", authorId(item));
    assert.match(feedback.explanation, /EXPLANATION-TEXT/);
    if (item.kind === "essay") assert.match(feedback.rubric, /RUBRIC-TEXT/);
    else assert.ok(feedback.key, authorId(item));
  }
});

test("sessions about what was missed, flagged, new, or of one domain", async (t) => {
  const server = await start(t);
  const counts = async () => ok(await server.get("/api/v1/exams/fixture/all")).study;
  const before = await counts();
  assert.deepEqual([before.missed, before.flagged, before.new], [0, 0, before.total]);

  const first = await begin(server, "all", "study", { focus: { domains: ["one"] } });
  const one = ["single-1", "single-2", "multiple-1", "truth-1", "grid-1", "ordering-1", "matching-1"];
  assert.ok(openItems(first).every((item) => one.includes(authorId(item))));
  await answerAll(server, first, (item) => (["single-1", "grid-1"].includes(authorId(item)) ? wrongResponse(item) : rightResponse(item)));
  const flagged = itemOf(first, "matching-1");
  ok(await save(server, first, flagged, rightResponse(flagged), { flagged: true }));
  await submit(server, first.id);

  const after = await counts();
  assert.equal(after.missed, 2);
  assert.equal(after.flagged, 1);
  assert.equal(after.new, before.total - openItems(first).length);
  assert.equal(after.by_domain.one.missed, 2);

  const session = async (focus) => {
    const attempt = await begin(server, "all", "study", { focus });
    const ids = openItems(attempt).map(authorId).sort();
    await submit(server, attempt.id);
    return ids;
  };
  assert.deepEqual(await session({ pool: "missed" }), ["grid-1", "single-1"]);
  assert.deepEqual(await session({ pool: "flagged" }), ["matching-1"]);
  const fresh = await session({ pool: "new" });
  assert.ok(fresh.length > 0 && fresh.every((id) => !one.includes(id)));
  assert.equal((await session({ pool: "all", items: 3 })).length, 3);
  for (const focus of [{ pool: "some" }, { domains: "one" }, { items: 0 }, { items: "3" }, { other: 1 }])
    problem(await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "study", focus }), 400, "invalid");
  const nowhere = await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "study", focus: { domains: ["four"] } });
  problem(nowhere, 400, "invalid");
});

test("an empty pool is said, not drawn from something else", async (t) => {
  const server = await start(t);
  const reply = await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "study", focus: { pool: "missed" } });
  assert.ok(reply.status >= 400 && reply.status < 500, reply.text);
  assert.ok(["not-offered", "invalid"].includes(reply.json.code), reply.text);
});

test("while an exam runs, study tells nothing about its questions", async (t) => {
  const server = await start(t);
  const study = await begin(server, "all", "study");
  const early = openItems(study)[0];
  assert.ok(ok(await save(server, study, early, rightResponse(early))).feedback);
  const exam = await begin(server, "all");
  const onExam = openItems(exam).map(authorId);
  for (const item of openItems(study)) {
    const reply = ok(await save(server, study, item, wrongResponse(item)));
    assert.equal(!!reply.feedback, !onExam.includes(authorId(item)), authorId(item));
  }
  for (const item of openItems(await show(server, study.id))) assert.equal(!!item.feedback, !onExam.includes(authorId(item)), authorId(item));
  // A session that begins now leaves them out.
  const another = await begin(server, "all", "study");
  assert.deepEqual(openItems(another).map(authorId).filter((id) => onExam.includes(id)), []);
  // Ending the session does not bring out what it kept to itself.
  for (const path of ["result", "result/signed"]) problem(await server.get(`/api/v1/attempts/${study.id}/${path}`), 403, "not-released");
  await submit(server, exam.id);
  assert.equal((await resultOf(server, study.id)).mode, "study");
});

test("an attempt in study mode is not one of the exam's tries", async (t) => {
  const server = await start(t);
  const study = await begin(server, "all", "study");
  assert.equal((await begin(server, "all")).mode, "exam", "both may run");
  await submit(server, study.id);
  const { attempts } = ok(await server.get("/api/v1/exams/fixture/all"));
  assert.equal(attempts.done, 0);
  assert.equal(attempts.best, null);
});

test("progress over time", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  await answerAll(server, attempt, (item) => (authorId(item) === "single-2" ? wrongResponse(item) : rightResponse(item)));
  await submit(server, attempt.id);
  const progress = ok(await server.get("/api/v1/progress"));
  const mine = progress.exams.find((exam) => exam.id === "fixture/all");
  assert.equal(mine.attempts.length, 1);
  assert.equal(mine.attempts[0].passed, true);
  assert.ok(progress.items.seen === 14 && progress.items.total >= 14, JSON.stringify(progress.items));
  const one = progress.domains.find((d) => d.bank === "fixture" && d.domain === "one");
  assert.ok(one.right_share < 1 && one.right_share > 0.5);
});
