// Rescoring: a wrong key is found, past exams are scored anew, and results and certificates follow. The judge of what is signed is `assay verify`.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { change } from "../lib/banks.mjs";
import { show, sit, wallet } from "../lib/certificates.mjs";
import { answerAll, authorId, begin, itemOf, ok, problem, resultOf, rightResponse, submit } from "../lib/exam.mjs";
import { bankOfEssays, examiner, markOk, sit as sitEssays } from "../lib/marking.mjs";
import { changeBank, choose, correctKey, counted, issueOf, rescore, saying, sitSaying, wrongBank } from "../lib/rescoring.mjs";
import { run, startFor, temporaryFolder, until } from "../lib/server.mjs";

const REASON = "The key of this question was wrong.";
const key = (...more) => ["--as", "key", "--reason", REASON, ...more];

async function open(t, edits = {}) {
  const bank = wrongBank(t, edits);
  const server = await startFor(t, { banks: bank, args: ["--no-rate-limits"] });
  return { bank, server };
}

/** What `assay verify` says of bytes. */
async function verify(t, what, server) {
  const dir = temporaryFolder(t), file = join(dir, "what.json"), trust = join(dir, "trust.json");
  writeFileSync(file, JSON.stringify(what));
  writeFileSync(trust, (await server.get("/.well-known/assay-trust.json")).text);
  return run(["verify", file, "--json", "--trust", trust]);
}

const noFindings = (server) => {
  const doctor = run(["doctor", "--data", server.data]);
  assert.doesNotMatch(doctor.out, /does not match|damaged|forged|broken/i, doctor.out);
  const log = run(["log", "check", "--data", server.data]);
  assert.equal(log.code, 0, log.out + log.err);
};
const signedOf = async (server, attempt, headers) => ok(await server.get(`/api/v1/attempts/${attempt}/result/signed`, headers));

test("a corrected key: who was right passes and gets a certificate, who was not loses it", async (t) => {
  const { bank, server } = await open(t);
  const ada = await addUser(server, "ada");
  const ben = await addUser(server, "ben");
  const four = await sitSaying(server, "strict", "4", ada.bearer);
  const three = await sitSaying(server, "strict", "3", ben.bearer);
  const empty = await sit(server, "strict", ada.bearer, (i) => (authorId(i) === "single-2" ? null : rightResponse(i)));
  assert.equal((await resultOf(server, four.id, ada.bearer)).verdict, "fail");
  const lost = await resultOf(server, three.id, ben.bearer);
  assert.equal(lost.verdict, "pass");
  const before = await signedOf(server, four.id, ada.bearer);
  await correctKey(server, bank, ada.bearer);

  const dry = rescore(server, "single-2", key("--dry-run"));
  const numbers = { attempts: 3, same: 1, changed: 2, up: 1, down: 1, newly_passed: 1, no_longer_passed: 1, granted: 1, revoked: 1 };
  assert.equal(dry.state, "preview");
  assert.deepEqual(counted(dry), numbers);
  assert.deepEqual(await signedOf(server, four.id, ada.bearer), before, "a dry run changes nothing");

  const done = rescore(server, "single-2", key());
  assert.deepEqual([done.state, counted(done)], ["done", numbers]);
  const now = await resultOf(server, four.id, ada.bearer);
  assert.deepEqual([now.verdict, now.score.value], ["pass", 100]);
  assert.equal(now.corrected.before.verdict, "fail");
  assert.ok(now.corrected.before.score.value < 95);
  const [item] = now.corrected.items;
  assert.deepEqual([now.corrected.items.length, item.how, item.reason, item.points_before, item.points], [1, "key", REASON, 0, 1]);
  const told = now.items.find((i) => i.id === item.item);
  assert.deepEqual([told.outcome, told.points, told.correction.reason], ["right", 1, REASON]);
  assert.deepEqual(told.feedback.key, choose(itemOf(four, "single-2"), "4"), "the key in force is shown");
  assert.doesNotMatch(JSON.stringify(now), /The board/, "who decided is not told");

  const signed = await signedOf(server, four.id, ada.bearer);
  const verified = await verify(t, signed, server);
  assert.equal(verified.code, 0, verified.out + verified.err);
  const [old, fresh] = [before, signed].map((s) => s.payload ?? s);
  assert.equal(fresh.number, old.number + 1);
  assert.equal(fresh.corrections[0].reason, REASON);
  assert.equal(fresh.previous_sha256, old.full_sha256, "it names the result before");

  const [granted] = (await wallet(server, ada.bearer)).certificates;
  assert.equal(granted.state, "valid");
  const credential = JSON.parse((await server.get(`/credentials/${granted.id}`, ada.bearer)).text);
  const holds = await verify(t, credential, server);
  assert.equal(holds.code, 0, holds.out + holds.err);
  const [revoked] = (await wallet(server, ben.bearer)).certificates;
  assert.equal((await show(server, revoked.id, ben.bearer)).state, "revoked");
  assert.equal((await resultOf(server, three.id, ben.bearer)).verdict, "fail");
  assert.equal((await resultOf(server, empty.id, ada.bearer)).corrected, undefined, "nothing changed there");

  const again = rescore(server, "single-2", key());
  assert.deepEqual([again.id, counted(again)], [done.id, numbers], "nothing is done twice");
  assert.deepEqual(await signedOf(server, four.id, ada.bearer), signed);
  noFindings(server);

  const undone = rescore(server, "single-2", ["--as", "original", "--reason", "It was right after all."]);
  assert.deepEqual(counted(undone), { attempts: 3, same: 1, changed: 2, up: 1, down: 1, newly_passed: 1, no_longer_passed: 1, granted: 1, revoked: 1 });
  const back = await resultOf(server, four.id, ada.bearer);
  assert.deepEqual([back.verdict, back.corrected.before.verdict, back.corrected.items[0].how], ["fail", "pass", "original"]);
  assert.equal((await wallet(server, ada.bearer)).certificates[0].state, "revoked");
  assert.ok((await wallet(server, ben.bearer)).certificates.some((c) => c.state === "valid"), "who passes again has one again");
  assert.match(rescore(server, "single-2", ["--as", "original", "--reason", "Once more."], 1), /no correction of 'single-2' to take back/);
  noFindings(server);
  assert.equal(run(["rescore", "fixture", "single-2", "--data", server.data]).out.match(/by The board/g).length, 2, "all is kept");
});

test("credit for all and dropping: which forms, unanswered ones too, and what is scored anew", async (t) => {
  const { bank, server } = await open(t);
  const ada = await addUser(server, "ada");
  const wrong = await sitSaying(server, "strict", "4", ada.bearer);
  const empty = await sit(server, "strict", ada.bearer, (i) => (authorId(i) === "single-2" ? null : rightResponse(i)));
  const running = await begin(server, "strict", "exam", {}, ada.bearer);
  await correctKey(server, bank, ada.bearer);
  const other = await addUser(server, "ben");
  const today = await sitSaying(server, "strict", "3", other.bearer);
  assert.match(rescore(server, "single-2", ["--as", "drop", "--reason", "Bad."], 1), /3 attempts have the question as it was before, 1 as it stands today/);

  const credit = rescore(server, "single-2", ["--as", "credit-all", "--reason", "Bad.", "--forms", "old"]);
  assert.deepEqual([credit.changed, credit.newly_passed, credit.certificates.granted], [2, 2, 2]);
  for (const id of [wrong.id, empty.id]) assert.equal((await resultOf(server, id, ada.bearer)).score.value, 100);
  assert.equal((await resultOf(server, today.id, other.bearer)).verdict, "fail", "the question of today was right");

  await answerAll(server, running, saying("5"), ada.bearer);
  await submit(server, running.id, ada.bearer);
  const late = await resultOf(server, running.id, ada.bearer);
  assert.deepEqual([late.verdict, late.score.value, late.corrected.before], ["pass", 100, null], "an attempt that still ran is scored with it");

  const dropped = rescore(server, "single-2", ["--as", "drop", "--reason", "Worse.", "--forms", "old"]);
  assert.equal(dropped.changed, 3, "the second correction takes the place of the first");
  const result = await resultOf(server, wrong.id, ada.bearer);
  assert.deepEqual([result.counts.items, result.score.value, result.corrected.items[0].how], [13, 100, "drop"]);
  const item = result.items.find((i) => i.id === itemOf(wrong, "single-2").id);
  assert.deepEqual([item.max, item.points, item.correction.how], [0, 0, "drop"]);
  assert.equal(result.items.length, 14, "it keeps its place and number");
  noFindings(server);
});

test("what an exam does not report is not told of a correction either", async (t) => {
  const { bank, server } = await open(t);
  const attempt = await sitSaying(server, "silent", "4");
  await correctKey(server, bank);
  assert.equal(rescore(server, "single-2", key()).newly_passed, 1);
  const result = await resultOf(server, attempt.id);
  const [c] = result.corrected.items;
  assert.deepEqual([result.verdict, result.corrected.before, c.item, c.points, c.points_before], ["pass", { verdict: "fail", score: null }, null, null, null]);
  assert.equal(typeof c.number, "number");
  const shown = (await signedOf(server, attempt.id)).payload;
  assert.deepEqual(Object.keys(shown.corrections[0]).sort(), ["at", "how", "number", "reason"]);
  assert.doesNotMatch(JSON.stringify(shown) + JSON.stringify(result), /single-2|The board/);
});

test("a key that cannot be applied: the attempt is named and left, or gets what was chosen instead", async (t) => {
  const { bank, server } = await open(t);
  const attempt = await sitSaying(server, "strict", "4");
  await changeBank(server, bank, { "questions/one.md": (text) => text.replace("- [ ] 4\n- [x] 3\n- [ ] 5", "- [x] four\n- [ ] 3\n- [ ] 5") });
  const left = rescore(server, "single-2", key());
  assert.deepEqual([counted(left), left.list], [
    { attempts: 1, left: 1 },
    [{ attempt: attempt.id, outcome: "left", why: "'4' is not an option any more", before: null, after: null, passed_before: false, passed_after: false }],
  ]);
  assert.equal((await resultOf(server, attempt.id)).corrected, undefined);
  const given = rescore(server, "single-2", key("--otherwise", "credit-all"));
  assert.deepEqual([given.changed, (await resultOf(server, attempt.id)).verdict], [1, "pass"]);
  assert.match(rescore(server, "params-1", key(), 0).list[0].why, /numbers that were drawn/);
});

test("partial credit on a scale, questions that are only tried out, and an essay that waits for its mark", async (t) => {
  const { bank, server } = await open(t, {
    "exams/strict.yml": `id: strict
title: On a scale
description: With partial credit, one question that is only tried out, and an essay.
items: 16
unscored: 1
essays: true
modes: [exam]
scoring: {method: scaled, min: 100, max: 1000, cut: 720}
partial: per-option
report: {show: questions, release: immediate, explanations: true}
`,
    "questions/one.md": (text) => text.replace("- [x] 2\n  > FEEDBACK-EVEN\n- [ ] 3\n- [x] 4", "- [x] 2\n  > FEEDBACK-EVEN\n- [x] 3\n- [ ] 4"),
  });
  const half = (i) => (authorId(i) === "multiple-1" ? { choose: i.options.filter((o) => o.html !== "3").map((o) => o.id) } : rightResponse(i)); /* 2 and 4: today's key */
  const attempt = await sit(server, "strict", {}, half);
  const waiting = await server.get(`/api/v1/attempts/${attempt.id}/result`);
  assert.deepEqual([waiting.status, waiting.json.state], [202, "reviewing"]);
  const dropped = rescore(server, "essay-1", ["--as", "drop", "--reason", "Nobody can mark this."]);
  assert.deepEqual([dropped.changed, dropped.up, dropped.list[0].before], [1, 0, null], "nothing keeps its result back any more: it is the first one");
  const first = await resultOf(server, attempt.id);
  assert.deepEqual([first.counts.items, first.counts.partial, first.counts.unscored, first.corrected.before], [14, 1, 1, null]);
  assert.equal(first.score.value, Math.round(100 + (900 * 13.5) / 14));

  await changeBank(server, bank, { "questions/one.md": (text) => text.replace("- [x] 3\n- [ ] 4", "- [ ] 3\n- [x] 4") });
  const key = ["--as", "key", "--reason", "Four is even."];
  assert.deepEqual([rescore(server, "multiple-1", [...key, "--dry-run"]).up, rescore(server, "multiple-1", key).up], [1, 1]);
  const second = await resultOf(server, attempt.id);
  assert.deepEqual([second.score.value, second.corrected.items.map((i) => i.how).sort(), second.corrected.before.score.value], [1000, ["drop", "key"], first.score.value]);
  assert.deepEqual([...second.corrected.items].filter((i) => i.how === "key").map((i) => [i.points_before, i.points]), [[0.5, 1]]);
  const tried = rescore(server, "pretest-1", ["--as", "credit-all", "--reason", "It never counted."]);
  assert.deepEqual(counted(tried), { attempts: 1, same: 1 }, "what is only tried out changes nothing");
  assert.doesNotMatch((await server.get(`/api/v1/attempts/${attempt.id}/result`)).text, /It never counted/, "and is not told of");
  noFindings(server);
});

test("retired questions, and those that the bank has no more", async (t) => {
  const { bank, server } = await open(t);
  const attempt = await sitSaying(server, "strict", "4");
  await changeBank(server, bank, { "questions/one.md": (text) => text.replace("## Second single {#single-2}\n", "## Second single {#single-2}\n```yaml item\nstatus: retired\n```\n").replace("- [ ] 4\n- [x] 3", "- [x] 4\n- [ ] 3"), "exams/strict.yml": (text) => text.replace("items: 14", "items: 13"), "exams/silent.yml": (text) => text.replace("items: 14", "items: 13") });
  assert.equal(rescore(server, "single-2", key()).newly_passed, 1, "a retired question has its key");
  await changeBank(server, bank, { "questions/one.md": (text) => text.replace(/## Second single[\s\S]*?(?=## Two of three)/, "") });
  assert.match(rescore(server, "single-2", key("--dry-run"), 1), /no question 'single-2' today/);
  assert.equal(rescore(server, "single-2", ["--as", "drop", "--reason", "It is gone."]).changed, 1);
  assert.equal((await resultOf(server, attempt.id)).counts.items, 13);
  noFindings(server);
});

test("hostile and impossible requests get clear errors", async (t) => {
  const { bank, server } = await open(t, { "exams/essay.yml": (text) => text });
  await sitSaying(server, "strict", "4");
  const refused = (item, args, code, why) => assert.match(rescore(server, item, args, code), why);
  refused("no-such", key(), 1, /no question 'no-such' today/);
  refused("no-such", ["--as", "drop", "--reason", "x"], 1, /neither the bank 'fixture' nor any attempt/);
  refused("../../etc", ["--as", "drop", "--reason", "x"], 1, /is not an id/);
  refused("single-2", ["--as", "best", "--reason", "x"], 2, /no way to score/);
  refused("single-2", ["--as", "drop", "--reason", ""], 1, /1 to 1000 bytes/);
  refused("single-2", ["--as", "drop", "--reason", "x".repeat(1001)], 1, /1 to 1000 bytes/);
  refused("single-2", ["--as", "drop", "--reason", "a\u001b[2J"], 1, /control character/);
  refused("single-2", ["--as", "drop", "--reason", "x", "--otherwise", "drop"], 1, /for corrected keys alone/);
  refused("single-2", ["--as", "key", "--reason", "x", "--otherwise", "key"], 1, /credit-all or drop/);
  refused("essay-1", key(), 1, /people mark/);
  refused("single-2", ["--as", "original", "--reason", "x"], 1, /no correction/);
  assert.equal(run(["rescore", "fixture"]).code, 2);
  assert.equal(run(["rescore", "fixture", "single-2", "--as", "drop", "--by", "x"]).code, 2);
  assert.match(run(["rescore", "other", "single-2", "--as", "drop", "--reason", "x", "--by", "y", "--data", server.data]).err, /no bank 'other'/);
  const post = (body) => server.post("/api/v1/issues/fixture/single-2/rescore", body);
  problem(await post({ how: "key" }), 400, "invalid");
  problem(await post({ how: "key", reason: "x", more: 1 }), 400, "invalid");
  problem(await post({ how: "drop", reason: "x", forms: "new" }), 400, "invalid");
  problem(await server.post("/api/v1/issues/fixture/no-such/rescore", { how: "drop", reason: "x" }), 404, "not-found");
  problem(await server.get("/api/v1/corrections/7"), 404, "not-found");
  problem(await server.get("/api/v1/corrections/x"), 404, "not-found");
  change(bank, {});
});

test("the page's way: the server goes through the attempts itself; only operators may", async (t) => {
  const { bank, server } = await open(t);
  const ada = await addUser(server, "ada");
  const author = await addUser(server, "author", ["--role", "author"]);
  const operator = await addUser(server, "The operator", ["--role", "operator"]);
  const attempts = [];
  for (let i = 0; i < 12; i++) attempts.push(await sitSaying(server, "strict", i % 2 ? "4" : "3", ada.bearer));
  await correctKey(server, bank, ada.bearer);
  const path = "/api/v1/issues/fixture/single-2/rescore", body = { how: "key", reason: REASON };
  problem(await server.post(path, body, ada.bearer), 403, "forbidden");
  problem(await server.post(path, body, author.bearer), 403, "forbidden");
  const dry = ok(await server.post(path, { ...body, dry_run: true }, operator.bearer));
  assert.deepEqual([dry.state, dry.changed, dry.newly_passed, dry.no_longer_passed], ["preview", 12, 6, 6]);
  const begun = await server.post(path, body, operator.bearer);
  ok(begun, 202);
  const where = begun.headers.get("location");
  const done = await until(async () => {
    const now = ok(await server.get(where, operator.bearer));
    return now.state === "done" && now;
  }, "the attempts to be scored anew");
  assert.deepEqual([done.changed, done.newly_passed, done.no_longer_passed, done.by], [12, 6, 6, "The operator"]);
  for (const [i, { id }] of attempts.entries()) assert.equal((await resultOf(server, id, ada.bearer)).verdict, i % 2 ? "pass" : "fail");
  const seen = await issueOf(server, "single-2", author.bearer);
  assert.deepEqual([seen.corrections.length, seen.corrections[0].changed, seen.corrections[0].list, seen.history[0].what], [1, 12, undefined, "correction"]);
  assert.doesNotMatch(JSON.stringify(seen), /ada/);
  noFindings(server);
});

test("a correction of fewer forms takes back what one of all forms did to the others", async (t) => {
  const { bank, server } = await open(t);
  const old = await sitSaying(server, "strict", "4");
  await correctKey(server, bank);
  const today = await sitSaying(server, "strict", "3");
  const all = rescore(server, "single-2", ["--as", "drop", "--reason", REASON, "--forms", "all"]);
  assert.deepEqual(counted(all), { attempts: 2, changed: 2, up: 2, newly_passed: 2, granted: 2 });
  const args = ["--as", "credit-all", "--reason", REASON, "--forms", "old"];
  const dry = rescore(server, "single-2", [...args, "--dry-run"]), fewer = rescore(server, "single-2", args);
  assert.deepEqual([fewer.changed, fewer.no_longer_passed, fewer.certificates.revoked], [2, 1, 1]);
  assert.deepEqual(counted(dry), counted(fewer));
  const result = await resultOf(server, today.id);
  assert.deepEqual([result.verdict, result.corrected], ["fail", undefined]);
  assert.equal((await resultOf(server, old.id)).corrected.items[0].how, "credit-all");
  assert.equal(rescore(server, "single-2", args).changed, 2, "and again: nothing more");
  noFindings(server);
});

test("an essay that nobody has marked: what is taken back leaves the attempt to people, and says so", async (t) => {
  const server = await startFor(t, { banks: bankOfEssays(t), args: ["--no-rate-limits"] });
  const cand = await addUser(server, "cand"), ada = await examiner(server, "ada"), ben = await examiner(server, "ben");
  const run_ = (...args) => {
    const r = run(["rescore", "essays", "links", "--data", server.data, "--by", "The board", "--json", "--reason", "It was unfair.", ...args]);
    assert.equal(r.code, 0, r.err);
    return JSON.parse(r.out);
  };
  const { id, links, free } = await sitEssays(server, cand);
  for (const who of [ada, ben]) await markOk(server, who, id, free, { points: 4 });
  assert.deepEqual(counted(run_("--as", "drop")), { attempts: 1, changed: 1, newly_passed: 1 });
  assert.equal((await resultOf(server, id, cand.bearer)).verdict, "pass");
  const dry = run_("--as", "original", "--dry-run"), done = run_("--as", "original");
  for (const said of [dry, done]) {
    assert.deepEqual(counted(said), { attempts: 1, left: 1 });
    assert.match(said.list[0].why, /people have to mark/);
  }
  assert.equal((await signedOf(server, id, cand.bearer)).payload.number, 1);
  for (const who of [ada, ben]) await markOk(server, who, id, links, { points: 10 });
  const result = await resultOf(server, id, cand.bearer);
  assert.deepEqual([result.score.value, result.corrected?.items.map((i) => i.how)], [100, ["original"]]);
  noFindings(server);
});

test("where nothing would be left to score, the result stays", async (t) => {
  const server = await startFor(t, { banks: bankOfEssays(t), args: ["--no-rate-limits"] });
  const cand = await addUser(server, "cand"), ada = await examiner(server, "ada");
  const { id, links, free } = await sitEssays(server, cand, "essays/one");
  await markOk(server, ada, id, links, { points: 10 });
  await markOk(server, ada, id, free, { points: 4 });
  const drop = (item) => run(["rescore", "essays", item, "--data", server.data, "--by", "The board", "--json", "--reason", "Unfair.", "--as", "drop"]);
  assert.equal(JSON.parse(drop("links").out).changed, 1);
  assert.match(JSON.parse(drop("free").out).list[0].why, /nothing would be left/);
  assert.equal((await resultOf(server, id, cand.bearer)).verdict, "pass");
});
