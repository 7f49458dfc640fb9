// The clock of an exam: its end, the grace, sections, ways that close behind, breaks, and waits between tries.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { copyOfFixture, set } from "../lib/banks.mjs";
import { checked } from "../lib/contract.mjs";
import { answerAll, begin, clockOf, ok, problem, resultOf, rightResponse, save, show, submit, wrongResponse } from "../lib/exam.mjs";
import { openItems, startFor, until } from "../lib/server.mjs";

const start = async (t, options) => checked(await startFor(t, options));
const section = (attempt, index) => attempt.sections[index];

test("an exam of two seconds ends by itself, with nobody connected", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "short");
  const item = openItems(attempt)[0];
  ok(await save(server, attempt, item, rightResponse(item)));
  const running = async () => ok(await server.get("/api/v1/health")).checks.attempts_running;
  assert.equal(await running(), 1);
  await until(async () => (await running()) === 0, "the attempt to end", 8000); // this does not look at the attempt
  const result = await resultOf(server, attempt.id);
  assert.equal(result.ended_by, "time");
  assert.equal(result.counts.right, 1);
  assert.equal(result.time.limit_ms, 2000);
  assert.ok(result.time.used_ms >= 1990 && result.time.used_ms < 4000, `${result.time.used_ms} ms used`);
  assert.equal((await show(server, attempt.id)).state, "ended");
});

test("what is sent in time may be late; after the grace nothing counts", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "short");
  const [first, second] = openItems(attempt);
  await until(async () => (await clockOf(server, attempt.id)).state === "ended", "the end of the time");
  const late = await save(server, attempt, first, rightResponse(first));
  assert.ok(ok(late).late_ms > 0 && late.json.late_ms <= 1000, late.text);
  assert.deepEqual(ok(await server.put(`/api/v1/attempts/${attempt.id}/responses/${first.id}`, { seq: 1, response: rightResponse(first) })), late.json);
  await until(async () => (await server.get(`/api/v1/attempts/${attempt.id}/result`)).status === 200, "the result");
  problem(await save(server, attempt, second, rightResponse(second)), 409, "attempt-ended");
  const result = await resultOf(server, attempt.id);
  assert.equal(result.counts.right, 1, "the late answer counts");
  assert.equal(result.time.late.length, 1, "and the result says that it was late");
});

test("submitting early takes nothing late", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "short");
  const [item] = openItems(attempt);
  await submit(server, attempt.id);
  problem(await save(server, attempt, item, rightResponse(item)), 409, "attempt-ended");
});

test("sections open one after the other; the first has no way back; the break stops the clock", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "sections");
  const url = `/api/v1/attempts/${attempt.id}`;
  assert.deepEqual(attempt.sections.map((s) => [s.state, s.break, s.count]), [["open", false, 4], ["later", true, 0], ["later", false, 3]]);
  assert.equal(section(attempt, 2).items, undefined, "what comes later is not shown");
  assert.ok(attempt.clock.section_left_ms <= 20 * 60_000 && attempt.clock.section_left_ms > 20 * 60_000 - 5000);

  const [first, second, third] = section(attempt, 0).items;
  ok(await save(server, attempt, first, rightResponse(first)));
  const moved = ok(await server.post(`${url}/move`, { item: third.id }));
  assert.equal(moved.cursor, 2);
  problem(await save(server, attempt, second, rightResponse(second)), 409, "no-return");
  problem(await save(server, attempt, first, null), 409, "no-return");
  problem(await server.post(`${url}/move`, { item: first.id }), 409, "no-return");
  const now = await show(server, attempt.id);
  assert.deepEqual(section(now, 0).items.map((i) => i.closed), [true, true, false, false]);
  assert.equal(section(now, 0).items[0].stem, "", "a passed question is not seen again");

  const onBreak = ok(await server.post(`${url}/section`, {}));
  assert.equal(onBreak.state, "on-break");
  assert.deepEqual(openItems(onBreak), [], "during a break no question is to be seen");
  problem(await save(server, attempt, third, rightResponse(third)), 409, "on-break");
  const { left_ms } = onBreak.clock;
  await until(async () => (await clockOf(server, attempt.id)).section_left_ms < onBreak.clock.section_left_ms - 300, "a part of the break");
  assert.equal((await clockOf(server, attempt.id)).left_ms, left_ms, "the clock stands still");

  const after = ok(await server.post(`${url}/section`, {}));
  assert.deepEqual(after.sections.map((s) => s.state), ["closed", "closed", "open"]);
  problem(await save(server, attempt, third, rightResponse(third)), 409, "section-closed");
  const [last] = section(after, 2).items;
  ok(await save(server, after, last, rightResponse(last)));
  const ended = ok(await server.post(`${url}/section`, {}));
  assert.equal(ended.state, "ended", "leaving the last section ends the attempt");
  const result = await resultOf(server, attempt.id);
  assert.equal(result.counts.right, 2);
  assert.ok(result.objectives.length >= 1 && !result.items, "this exam reports objectives, not questions");
});

test("an item of a later section is not to be answered before its time", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "sections");
  const url = `/api/v1/attempts/${attempt.id}`;
  ok(await server.post(`${url}/section`, {}));
  const later = ok(await server.post(`${url}/section`, {}));
  const [item] = section(later, 2).items;
  await submit(server, attempt.id);
  // The same item id at another attempt is not on its form.
  const other = await begin(server, "sections");
  problem(await server.put(`/api/v1/attempts/${other.id}/responses/${item.id}`, { seq: 1, response: null }), 404, "not-on-form");
});

test("a section and a break run out by themselves", async (t) => {
  const quick = (text) => text.replace("duration: 20m, return", "duration: 1s, return").replace("break: 5m", "break: 1s") + "grace: 0s\n";
  const server = await start(t, { banks: copyOfFixture(t, { "exams/sections.yml": quick }) });
  const attempt = await begin(server, "sections");
  const state = async () => (await clockOf(server, attempt.id)).section;
  const [first] = openItems(attempt);
  await until(async () => (await state()) === 1, "the break", 4000);
  problem(await save(server, attempt, first, rightResponse(first)), 409, "on-break");
  await until(async () => (await state()) === 2, "the second section", 4000);
  problem(await save(server, attempt, first, rightResponse(first)), 409, "section-closed");
  const now = await show(server, attempt.id);
  const [item] = section(now, 2).items;
  ok(await save(server, now, item, rightResponse(item)));
  assert.ok(now.clock.left_ms > 30 * 60_000);
});

test("an untimed exam has no clock", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "essay");
  assert.deepEqual([attempt.clock.ends_at, attempt.clock.left_ms], [null, null]);
});

test("waits between tries, and how many there may be", async (t) => {
  const server = await start(t);
  const { bearer: ada } = await addUser(server, "ada");
  const { bearer: ben } = await addUser(server, "ben");
  const fail = async (who) => {
    const attempt = await begin(server, "retakes", "exam", {}, who);
    await answerAll(server, attempt, wrongResponse, who);
    await submit(server, attempt.id, who);
  };
  await fail(ada);
  const refused = problem(await server.post("/api/v1/attempts", { exam: "fixture/retakes", mode: "exam" }, ada), 403, "retake");
  const wait = Date.parse(refused.next_at) - Date.now();
  assert.ok(wait > 23.9 * 3600_000 && wait <= 24 * 3600_000, `a wait of ${wait} ms`);
  const shown = ok(await server.get("/api/v1/exams/fixture/retakes", ada));
  assert.equal(shown.rules.retake.next_at, refused.next_at);
  assert.equal(shown.rules.retake.max, 2);
  await fail(ben); // another person's tries are their own
});

test("at most so many tries in a period", async (t) => {
  const server = await start(t, { banks: copyOfFixture(t, { "exams/retakes.yml": set("retake", "{max: 2, per: 365d}") }) });
  const { bearer } = await addUser(server, "ada");
  for (let i = 0; i < 2; i++) await submit(server, (await begin(server, "retakes", "exam", {}, bearer)).id, bearer);
  const refused = problem(await server.post("/api/v1/attempts", { exam: "fixture/retakes", mode: "exam" }, bearer), 403, "retake");
  assert.ok(Date.parse(refused.next_at) > Date.now() + 364 * 24 * 3600_000);
});

test("the local person practises without waits", async (t) => {
  const server = await start(t);
  for (let i = 0; i < 3; i++) await submit(server, (await begin(server, "retakes")).id);
});
