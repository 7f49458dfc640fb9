// Problems that candidates report, the authors' queue, and the figures beside it, held against the description and against sums done here.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { change } from "../lib/banks.mjs";
import { sit } from "../lib/certificates.mjs";
import { checked, description, seen } from "../lib/contract.mjs";
import { authorId, begin, itemOf, ok, problem, resultOf, rightResponse, save, submit, wrongResponse } from "../lib/exam.mjs";
import { changeBank, choose, correctKey, issueOf, saying, sitSaying, wrongBank } from "../lib/rescoring.mjs";
import { openItems, run, startFor, until } from "../lib/server.mjs";

async function open(t, edits = {}) {
  const bank = wrongBank(t, edits);
  const server = checked(await startFor(t, { banks: bank, args: ["--no-rate-limits"] }));
  const ada = await addUser(server, "ada");
  const author = await addUser(server, "Author A", ["--role", "author"]);
  return { bank, server, ada, author };
}
const where = (attempt, item) => `/api/v1/attempts/${attempt.id}/problems${item === undefined ? "" : `/${item.id ?? item}`}`;
const report = (server, attempt, item, body, headers) => server.post(where(attempt, item), body, headers);
const WRONG = { kind: "wrong-key", text: "Two plus two is four." };

test("the way of a report: sent, changed, seen by authors without a name, answered, told", async (t) => {
  const { bank, server, ada, author } = await open(t);
  const running = await begin(server, "strict", "exam", {}, ada.bearer);
  const item = itemOf(running, "single-2");
  problem(await report(server, running, item, WRONG, ada.bearer), 409, "conflict");
  await submit(server, running.id, ada.bearer);
  const sent = ok(await report(server, running, item, WRONG, ada.bearer));
  assert.deepEqual([sent.items, sent.problems.length, sent.problems[0].state, sent.problems[0].open], [14, 1, "open", true]);
  const changed = ok(await report(server, running, item, { kind: "unclear", text: "Or is it?" }, ada.bearer));
  assert.deepEqual([changed.problems.length, changed.problems[0].kind, changed.problems[0].text], [1, "unclear", "Or is it?"]);

  const ben = await addUser(server, "ben");
  const other = await sitSaying(server, "strict", "4", ben.bearer);
  problem(await report(server, running, item, WRONG, ben.bearer), 404, "not-found");
  assert.deepEqual(ok(await server.get(where(other), ben.bearer)).problems, [], "nobody sees another's");
  ok(await report(server, other, itemOf(other, "single-2"), WRONG, ben.bearer));

  problem(await server.get("/api/v1/issues", ada.bearer), 403, "forbidden");
  problem(await server.get("/api/v1/issues/fixture/single-2", ada.bearer), 403, "forbidden");
  problem(await server.get("/api/v1/issues/fixture/single-2/figures", ben.bearer), 403, "forbidden");
  problem(await server.get("/api/v1/issues"), 401, "unauthenticated");
  const queue = ok(await server.get("/api/v1/issues", author.bearer));
  assert.deepEqual(queue.issues.map((i) => [i.bank, i.item, i.title, i.state, i.reports, i.kinds]), [["fixture", "single-2", "Second single", "open", 2, { "wrong-key": 1, unclear: 1 }]]);
  const issue = await issueOf(server, "single-2", author.bearer);
  assert.deepEqual(issue.problems.map((p) => [p.kind, p.text, p.open]), [["wrong-key", WRONG.text, true], ["unclear", "Or is it?", true]]);
  assert.equal(issue.today.feedback.key.choose.length, 1);
  for (const reply of [queue, issue, ok(await server.get("/api/v1/issues/fixture/single-2/figures", author.bearer))])
    assert.doesNotMatch(JSON.stringify(reply), new RegExp(`ada|ben|${running.id}|${other.id}`), "who reported is nowhere");

  const path = "/api/v1/issues/fixture/single-2";
  const taken = ok(await server.post(path, { state: "accepted", owner: "Author A", comment: "Right they are.", seen: issue.seen }, author.bearer));
  assert.deepEqual(taken.history.map((e) => [e.who, e.what, e.text]), [["Author A", "comment", "Right they are."], ["Author A", "owner", "Author A"], ["Author A", "state", "accepted"]]);
  problem(await server.post(path, { state: "declined", seen: issue.seen }, author.bearer), 409, "conflict");
  ok(await server.post(path, { state: "fixed", answer: "The key was wrong; it is corrected." }, author.bearer));
  const [told] = ok(await server.get(where(other), ben.bearer)).problems;
  assert.deepEqual([told.state, told.open, told.answer], ["fixed", false, "The key was wrong; it is corrected."]);
  assert.doesNotMatch(JSON.stringify(told), /Right they are|Author A/, "comments and names are for authors");
  problem(await report(server, other, itemOf(other, "single-2"), WRONG, ben.bearer), 409, "conflict");
  problem(await server.request("DELETE", where(other, itemOf(other, "single-2")), undefined, ben.bearer), 409, "conflict");

  const later = await sitSaying(server, "strict", "4", ben.bearer);
  ok(await report(server, later, itemOf(later, "single-2"), { kind: "other", text: "Still wrong." }, ben.bearer));
  const reopened = await issueOf(server, "single-2", author.bearer);
  assert.deepEqual([reopened.state, reopened.open_reports, reopened.reports, reopened.history.at(-1).what], ["open", 1, 3, "reopened"]);
  assert.equal((await server.request("DELETE", where(later, itemOf(later, "single-2")), undefined, ben.bearer)).status, 204);
  problem(await server.request("DELETE", where(later, itemOf(later, "single-2")), undefined, ben.bearer), 404, "not-found");

  await changeBank(server, bank, { "questions/one.md": (text) => text.replace(/## Second single[\s\S]*?(?=## Two of three)/, "") }, ada.bearer);
  const gone = await issueOf(server, "single-2", author.bearer);
  assert.deepEqual([gone.today, gone.reported.title], [null, "Second single"], "a question that is gone keeps its reports");
  assert.equal(ok(await server.get(`${path}/figures`, author.bearer)).today, null);
});

test("no key is told before the exam tells it, and no answer before the report", async (t) => {
  const { server, ada, author } = await open(t, { "exams/late.yml": (text) => text.replace("items: 4", "items: 14").replace(/^domains.*\n/m, "") });
  const attempt = await sit(server, "late", ada.bearer);
  const item = itemOf(attempt, "single-1");
  ok(await report(server, attempt, item, { kind: "unclear" }, ada.bearer));
  ok(await server.post("/api/v1/issues/fixture/single-1", { state: "declined", answer: "B it is." }, author.bearer));
  const [early] = ok(await server.get(where(attempt), ada.bearer)).problems;
  assert.deepEqual([early.state, early.answer], ["declined", null], "the report comes after a week");
  assert.doesNotMatch(JSON.stringify(early), /B it is|FEEDBACK|EXPLANATION/);

  const silent = await sitSaying(server, "silent", "4", ada.bearer);
  ok(await report(server, silent, 3, { kind: "mistake" }, ada.bearer));
  const [byNumber] = ok(await server.get(where(silent), ada.bearer)).problems;
  assert.equal(byNumber.number, 3, "where no questions are reported, their numbers name them");
  problem(await report(server, silent, 15, { kind: "mistake" }, ada.bearer), 404, "not-on-form");
  problem(await report(server, silent, 0, { kind: "mistake" }, ada.bearer), 404, "not-on-form");

  const study = await begin(server, "strict", "study", {}, ada.bearer);
  ok(await report(server, study, itemOf(study, "single-2"), WRONG, ada.bearer));
  ok(await server.post("/api/v1/issues/fixture/single-2", { answer: "Four." }, author.bearer));
  assert.equal(ok(await server.get(where(study), ada.bearer)).problems[0].answer, "Four.");
  await begin(server, "strict", "exam", {}, ada.bearer);
  assert.equal(ok(await server.get(where(study), ada.bearer)).problems[0].answer, null, "while an exam of the same person has the question");
});

test("limits and hostile reports", async (t) => {
  const { server, ada, author } = await open(t);
  const attempt = await sitSaying(server, "strict", "4", ada.bearer);
  const item = itemOf(attempt, "single-2");
  const bad = async (body) => problem(await report(server, attempt, item, body, ada.bearer), 400, "invalid");
  await bad({});
  await bad([]);
  await bad({ kind: "rude" });
  await bad({ kind: "other" });
  await bad({ kind: "other", text: "  \n" });
  problem(await report(server, attempt, item, { kind: "unclear", text: "é".repeat(2001) }, ada.bearer), 413, "too-large");
  await bad({ kind: "unclear", text: "bell\u0007" });
  await bad({ kind: "unclear", text: 7 });
  await bad({ kind: "unclear", state: "fixed" });
  problem(await report(server, attempt, item, `{"kind":"other","text":"${"x".repeat(40000)}"}`, ada.bearer), 413, "too-large");
  problem(await report(server, attempt, "nothere", WRONG, ada.bearer), 404, "not-on-form");
  problem(await report(server, { id: "nosuch" }, item, WRONG, ada.bearer), 404, "not-found");
  const hostile = `<script>alert(1)</script> & "quotes" \u202e'; DROP TABLE problem; --`;
  ok(await report(server, attempt, item, { kind: "other", text: hostile }, ada.bearer));
  assert.equal((await issueOf(server, "single-2", author.bearer)).problems[0].text, hostile, "text stays text");
  const shell = run(["reports", "fixture", "single-2", "--data", server.data]);
  assert.match(shell.out, /<script>/);
  assert.doesNotMatch(shell.out, /\u202e/, "a terminal gets no control characters");

  const change = async (body, status, code) => problem(await server.post("/api/v1/issues/fixture/single-2", body, author.bearer), status, code);
  await change({}, 400, "invalid");
  await change({ state: "gone" }, 400, "invalid");
  await change({ comment: "x".repeat(4001) }, 413, "too-large");
  await change({ owner: "x".repeat(65) }, 413, "too-large");
  await change({ comment: "a\u001b[0m" }, 400, "invalid");
  problem(await server.post("/api/v1/issues/fixture/no-such", { comment: "x" }, author.bearer), 404, "not-found");
  problem(await server.get("/api/v1/issues/none/single-2", author.bearer), 404, "not-found");
  problem(await server.get("/api/v1/issues/none/single-2/figures", author.bearer), 404, "not-found");
  problem(await server.get("/api/v1/issues?state=odd", author.bearer), 400, "invalid");
  assert.equal(ok(await server.post("/api/v1/issues/fixture/multiple-1", { comment: "Mine." }, author.bearer)).reports, 0, "an author may take up any question");

  for (let round = 0; round < 4; round++) {
    const study = await begin(server, "strict", "study", {}, ada.bearer);
    for (const [i, one] of openItems(study).entries()) ok(await report(server, study, one, { kind: "technical", text: `${round}.${i}` }, ada.bearer));
  }
  const { issues } = ok(await server.get("/api/v1/issues", author.bearer));
  assert.ok(issues.length >= 14 && issues.every((i) => i.reports <= 1), "one report for each question, however often it is sent");
});

test("an account's reports of a day have a ceiling", async (t) => {
  const questions = Array.from({ length: 70 }, (_, i) => `## Filler ${i} {#filler-${i}}\nWhich is filler ${i}?\n\n- [x] This is ${i}\n- [ ] That is not\n- [ ] Nor is this one\n`).join("\n");
  const { server, ada } = await open(t, {
    "questions/fillers.md": `---\nobjective: one.a\n---\n${questions}`,
    "exams/many.yml": "id: many\ntitle: Many\ndescription: Many.\nitems: 70\nmodes: [study]\nscoring: {method: percent, cut: 50}\n",
  });
  let refused = 0, taken = 0;
  for (let round = 0; round < 2 && !refused; round++) {
    const study = await begin(server, "many", "study", {}, ada.bearer);
    for (const one of openItems(study)) {
      const reply = await report(server, study, one, { kind: "technical", text: "x" }, ada.bearer);
      if (reply.status === 429) {
        problem(reply, 429, "rate-limit");
        refused++;
        break;
      }
      taken++;
    }
  }
  assert.deepEqual([refused, taken], [1, 40], "forty from an attempt");
});

// ---- Figures, computed here a second time, from what everybody answered ----

const mean = (a) => a.reduce((x, y) => x + y, 0) / a.length;
function pearson(x, y) {
  const mx = mean(x), my = mean(y);
  const sum = (f) => x.reduce((s, _, i) => s + f(x[i] - mx, y[i] - my), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}

test("figures: facility, discrimination, thirds, choices", async (t) => {
  const { bank, server, author } = await open(t);
  const order = ["single-1", "multiple-1", "truth-1", "grid-1", "ordering-1", "numeric-1", "text-1", "hotspot-1"];
  const people = [];
  for (let p = 0; p < 9; p++) {
    const { bearer } = await addUser(server, `p${p}`);
    const says = p % 3 === 0 ? "3" : p === 5 ? null : "4"; /* "3" is the key */
    const attempt = await sit(server, "strict", bearer, (i) => {
      const id = authorId(i);
      if (id === "single-2") return says && choose(i, says);
      return order.indexOf(id) >= p ? wrongResponse(i) : rightResponse(i); /* p of eight right */
    });
    const { items } = await resultOf(server, attempt.id, bearer);
    const mine = items.find((i) => i.id === itemOf(attempt, "single-2").id);
    const others = items.filter((i) => i !== mine);
    people.push({ says, share: mine.points / mine.max, rest: others.reduce((s, i) => s + i.points, 0) / others.reduce((s, i) => s + i.max, 0) });
    if (p === 0) await sitSaying(server, "strict", "4", bearer); /* a second time: no evidence */
  }
  const { today, before } = ok(await server.get("/api/v1/issues/fixture/single-2/figures", author.bearer));
  assert.equal(before, null);
  assert.equal(today.n, 9);
  const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-3, `${a} is not ${b}`);
  close(today.facility.value, mean(people.map((p) => p.share)));
  close(today.discrimination.value, pearson(people.map((p) => p.share), people.map((p) => p.rest)));
  assert.deepEqual(today.thirds, [3, 3, 3]);
  const thirds = [...people].sort((a, b) => a.rest - b.rest).map((p, i) => ({ ...p, third: Math.floor(i / 3) }));
  const count = (says) => [0, 1, 2].map((third) => thirds.filter((p) => p.third === third && p.says === says).length);
  const option = (text) => today.options.find((o) => (o.html ?? "").replace(/<[^>]*>/g, "") === text);
  assert.deepEqual([option("3").thirds, option("4").thirds, option("5").thirds, option("").thirds], [count("3"), count("4"), [0, 0, 0], count(null)]);
  assert.deepEqual([option("3").key, option("4").key], [true, false]);
  assert.deepEqual(today.outcomes.unanswered, count(null));
  today.means.forEach((m, third) => close(m, mean(thirds.filter((p) => p.third === third).map((p) => p.share))));

  await correctKey(server, bank, author.bearer);
  const now = ok(await server.get("/api/v1/issues/fixture/single-2/figures", author.bearer));
  assert.deepEqual([now.today.n, now.before.n], [0, 9], "another text, other figures");
  const done = run(["rescore", "fixture", "single-2", "--data", server.data, "--as", "key", "--reason", "Wrong key.", "--by", "me"]);
  assert.equal(done.code, 0, done.err);
  const corrected = ok(await server.get("/api/v1/issues/fixture/single-2/figures", author.bearer)).before;
  close(corrected.facility.value, people.filter((p) => p.says === "4").length / 9);
  const json = JSON.parse(run(["reports", "fixture", "single-2", "--data", server.data, "--json"]).out);
  assert.deepEqual(json.figures.before, corrected, "the command says the same");
});

test("from the shell: list, show, change", async (t) => {
  const { server, ada } = await open(t);
  const attempt = await sitSaying(server, "strict", "4", ada.bearer);
  ok(await report(server, attempt, itemOf(attempt, "single-2"), WRONG, ada.bearer));
  const reports = (...args) => run(["reports", ...args, "--data", server.data]);
  assert.match(reports().out, /open +fixture +single-2 +1 report .*wrong-key 1/);
  assert.match(reports("--state", "fixed").out, /No reports/);
  assert.match(reports("fixture", "single-2").out, /Two plus two is four/);
  const changed = reports("fixture", "single-2", "--by", "Eve", "--state", "accepted", "--comment", "On it.", "--owner", "Eve");
  assert.equal(changed.code, 0, changed.err);
  assert.match(changed.out, /accepted {2}owner Eve[\s\S]*comment {2}Eve: On it\./);
  assert.equal(JSON.parse(reports("--json").out).issues[0].owner, "Eve");
  assert.doesNotMatch(reports("fixture", "single-2").out + reports().out, /ada/);
  for (const [args, code] of [[["fixture"], 2], [["fixture", "single-2", "--state", "fixed"], 2], [["--by", "x"], 2], [["fixture", "nope"], 1], [["fixture", "single-2", "--by", "x", "--state", "odd"], 1], [["--state", "odd"], 1]])
    assert.equal(reports(...args).code, code, args.join(" "));
});

test("rescoring, as described", async (t) => {
  const { bank, server, ada } = await open(t);
  const operator = await addUser(server, "op", ["--role", "operator"]);
  const attempt = await sitSaying(server, "strict", "4", ada.bearer);
  await correctKey(server, bank, ada.bearer);
  const path = "/api/v1/issues/fixture/single-2/rescore";
  ok(await server.post(path, { how: "key", reason: "x", dry_run: true }, operator.bearer));
  const begun = await server.post(path, { how: "key", reason: "x" }, operator.bearer);
  assert.equal(begun.status, 202);
  await until(async () => ok(await server.get(begun.headers.get("location"), operator.bearer)).state === "done", "the correction");
  assert.equal((await resultOf(server, attempt.id, ada.bearer)).verdict, "pass");
  await issueOf(server, "single-2", operator.bearer);
  problem(await server.post(path, { how: "original", reason: "x", forms: "none" }, operator.bearer), 400, "invalid");
});

after(() => {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) => Object.entries(methods).filter(([, o]) => o.tags?.includes("reports")).map(([m, o]) => ({ path, method: m.toUpperCase(), o })));
  const wanted = operations.flatMap(({ path, method, o }) => Object.keys(o.responses).filter((s) => Number(s) < 400).map((s) => `${method} ${path} ${s}`));
  assert.deepEqual(wanted.filter((w) => !seen.has(w)), [], "each documented success was seen");
});
