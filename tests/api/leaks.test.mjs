// No reply holds a key, feedback, explanation, hint, rubric or an unscored mark before its time. Every address is asked in every state, and so are
// all replies to changes. The fixture bank's texts hold markers, and words that stand for its secrets are looked for in every member's name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { copyOfFixture, set } from "../lib/banks.mjs";
import { checked } from "../lib/contract.mjs";
import { answerAll, authorId, begin, itemOf, ok, rightResponse, save, show, submit, wrongResponse } from "../lib/exam.mjs";
import { openItems, run, startFor, until } from "../lib/server.mjs";

const MARKERS = ["FEEDBACK-", "EXPLANATION-TEXT", "HINT-TEXT", "REFERENCE-TEXT", "REASON-TEXT", "RUBRIC-TEXT"];
// Members that would tell what is right; and the author's ids, which would let candidates compare.
const MEMBERS = [
  "key",
  "feedback",
  "explanation",
  "references",
  "hints",
  "reason",
  "rubric",
  "outcome",
  "correct",
  "unscored",
  "domain",
  "objective",
  "family",
  "difficulty",
  "explanations_html",
  "answers",
  "regions",
  "credit",
];
const AUTHOR_IDS = [
  "single-1",
  "single-2",
  "multiple-1",
  "truth-1",
  "grid-1",
  "ordering-1",
  "matching-1",
  "numeric-1",
  "text-1",
  "cloze-1",
  "hotspot-1",
  "params-1",
  "case-1",
  "case-2",
  "pretest-1",
  "essay-1",
  "kibibyte-",
  "pretest",
];

const routes = JSON.parse(run(["routes"]).out);

/** A server that remembers every reply until it is asked. */
async function watched(t, options) {
  const server = checked(await startFor(t, options));
  const plain = server.request;
  server.replies = [];
  server.request = async (method, path, body, headers) => {
    const reply = await plain(method, path, body, headers);
    server.replies.push({ method, path, text: reply.text, json: reply.json });
    return reply;
  };
  return server;
}

/** Asks every GET route about this attempt, and with wrong methods too. */
async function walk(server, attempt, headers = {}) {
  const [bank, exam] = attempt.exam.split("/");
  const item = attempt.sections.flatMap((s) => s.items ?? [])[0]?.id ?? "izzzz";
  const names = { bank, exam, attempt: attempt.id, item, "doc...": "colours", shell: "1", hash: `${"0".repeat(64)}.svg` };
  names.id = (await server.get("/api/v1/certificates", headers)).json?.certificates?.[0]?.id ?? "00000000-0000-4000-8000-000000000000";
  names.list ??= "1";
  names["tile..."] ??= "entries/000.p/1";
  let asked = 0;
  for (const { method, path } of routes) {
    if (path === "/verify.html") continue; // the verifier: one file of the build with the public keys in it, whatever is asked
    if (path.startsWith("/api/v1/author")) continue; // not there but on an author's own server, where nothing is secret
    const address = path.replace(/\{([^}]+)\}/g, (_, name) => names[name] ?? assert.fail(`which ${name}?`));
    const query = path.endsWith("/search") ? "?q=the" : "";
    if (method === "GET") await server.get(address + query, headers);
    else await server.get(address, headers); // a change's address, read: 405 or its own reading
    asked++;
  }
  for (const exam of ["all", "essay", "late", "secret"]) await server.get(`/api/v1/exams/fixture/${exam}`, headers);
  assert.ok(asked >= 20);
}

function* members(value, path = "") {
  if (Array.isArray(value)) for (const [i, v] of value.entries()) yield* members(v, `${path}[${i}]`);
  else if (value && typeof value === "object")
    for (const [k, v] of Object.entries(value)) {
      yield [k, `${path}.${k}`];
      yield* members(v, `${path}.${k}`);
    }
}

/** Fails if a reply since the last call shows a marker, the author's id of an item, or (about attempts) a telling member. */
function nothingTold(server, state, { but = [], addresses = /./ } = {}) {
  const replies = server.replies.splice(0);
  assert.ok(replies.length > 0);
  for (const { method, path, text, json } of replies) {
    const where = `${state}: ${method} ${path}`;
    for (const marker of MARKERS.filter((m) => !but.includes(m)))
      assert.ok(
        !text.includes(marker),
        `${where} shows ${marker}: …${text.slice(Math.max(0, text.indexOf(marker) - 200), text.indexOf(marker) + 80)}`,
      );
    for (const id of AUTHOR_IDS) assert.ok(!text.includes(`"${id}"`), `${where} shows the author's id ${id}`);
    if (!/\/attempts(\/|$)/.test(path) || !addresses.test(path) || but.length) continue;
    for (const [name, at] of members(json)) assert.ok(!MEMBERS.includes(name), `${where} has the member ${at}`);
  }
}

test("before anything has begun", async (t) => {
  const server = await watched(t);
  await walk(server, { id: "a".repeat(26), exam: "fixture/all", sections: [] });
  nothingTold(server, "not begun");
  for (const { text } of server.replies) assert.ok(!text.includes("KEYWORD-FREE") && !text.includes("UNSCORED-STEM"));
});

test("while an exam runs, and on a break", async (t) => {
  const server = await watched(t);
  for (const exam of ["all", "essay", "sections"]) {
    const attempt = await begin(server, exam);
    await walk(server, attempt);
    await answerAll(server, attempt, (item) => (item.n % 2 ? rightResponse(item) : wrongResponse(item)));
    const [item] = openItems(attempt);
    const url = `/api/v1/attempts/${attempt.id}`;
    await save(server, attempt, item, { nonsense: true });
    await server.put(`${url}/notes/${item.id}`, { note: { text: "n", struck: [], highlights: [] } });
    await server.post(`${url}/move`, { item: item.id });
    await server.post(`${url}/expectation`, { skipped: true });
    await server.post(`${url}/claim`, {});
    await walk(server, attempt);
    nothingTold(server, `${exam} running`);
    if (exam !== "sections") continue;
    await server.post(`${url}/section`, {});
    await walk(server, await show(server, attempt.id));
    for (const { text, path } of server.replies)
      assert.ok(!/How many|two plus two|KEYWORD-FREE/.test(text), `on the break ${path} shows a question`);
    nothingTold(server, "on break");
    await server.post(`${url}/section`, {});
    await walk(server, await show(server, attempt.id));
    for (const { text } of server.replies.slice(-20)) assert.ok(!text.includes("KEYWORD-FREE"), "a closed section is not shown");
    nothingTold(server, "second section");
  }
});

test("options, targets, choices and areas stand in an order that tells nothing", async (t) => {
  const server = await watched(t);
  const first = {
    "single-2": (item) => item.options[0].html,
    "ordering-1": (item) => item.options[0].html,
    "matching-1": (item) => item.right[0].html,
    "cloze-1": (item) => item.blanks[1].choices[0].html,
    "hotspot-1": (item) => item.areas[0].label,
  };
  const seen = Object.fromEntries(Object.keys(first).map((id) => [id, new Set()]));
  for (let i = 0; i < 25; i++) {
    const attempt = await begin(server, "all", "study");
    for (const id of Object.keys(first)) seen[id].add(first[id](itemOf(attempt, id)));
    await submit(server, attempt.id);
  }
  for (const [id, firsts] of Object.entries(seen)) assert.ok(firsts.size > 1, `${id} always begins with ${[...firsts]}`);
});

test("ended, and not released", async (t) => {
  const server = await watched(t);
  const attempt = await begin(server, "late");
  await answerAll(server, attempt);
  nothingTold(server, "running");
  await submit(server, attempt.id);
  await walk(server, attempt);
  const told = server.replies.filter(({ text }) => /"(pass|fail)"|"share"|"points":\d+,"max"|"right":/.test(text));
  assert.deepEqual(
    told.map((r) => r.path),
    [],
    "neither verdict nor score",
  );
  const { json } = server.replies.find((r) => r.path.endsWith("/result"));
  assert.equal(json.code, "not-released");
  assert.ok(Date.parse(json.release_at) > Date.now() + 6 * 24 * 3600_000);
  const study = server.replies.find((r) => r.path === "/api/v1/exams/fixture/all").json.study;
  assert.deepEqual([study.missed, study.flagged], [0, 0]);
  nothingTold(server, "not released", { addresses: /attempts$|attempts\/[a-z0-9]+$/ });
});

test("a delayed report is told when its time has come", async (t) => {
  const bank = copyOfFixture(t, { "exams/late.yml": set("report", "{show: questions, release: delayed, after: 2s, explanations: true}") });
  const server = await watched(t, { banks: bank });
  const attempt = await begin(server, "late");
  await answerAll(server, attempt);
  await submit(server, attempt.id);
  nothingTold(server, "not released");
  await until(async () => (await server.get(`/api/v1/attempts/${attempt.id}/result`)).status === 200, "the release", 8000);
  const result = ok(await server.get(`/api/v1/attempts/${attempt.id}/result`));
  assert.match(JSON.stringify(result.items), /EXPLANATION-TEXT/);
});

// What each level of report shows, and what it must not.
const levels = [
  [
    "pass-fail",
    "{method: pass-fail, cut: 50}",
    ["score", "counts", "bands", "domains", "objectives", "items", "practise_next", "calibration"],
  ],
  ["score", "{method: percent, cut: 50}", ["bands", "domains", "objectives", "items"]],
  ["bands", "{method: percent, cut: 50}", ["domains", "objectives", "items"]],
  ["domains", "{method: percent, cut: 50}", ["objectives", "items"]],
  ["objectives", "{method: percent, cut: 50}", ["items"]],
  ["questions", "{method: percent, cut: 50}", []],
];
for (const [show, scoring, hidden] of levels) {
  test(`ended, report of ${show} without explanations`, async (t) => {
    const report = set("report", `{show: ${show}, release: immediate, explanations: false}`);
    const edit = (text) => set("scoring", scoring)(report(text));
    const server = await watched(t, { banks: copyOfFixture(t, { "exams/secret.yml": edit }) });
    const attempt = await begin(server, "secret");
    await answerAll(server, attempt, (item) => (item.n % 3 ? rightResponse(item) : wrongResponse(item)));
    await submit(server, attempt.id);
    await walk(server, attempt);
    const result = ok(await server.get(`/api/v1/attempts/${attempt.id}/result`));
    const { payload } = ok(await server.get(`/api/v1/attempts/${attempt.id}/result/signed`));
    for (const name of hidden) {
      const empty = [result[name], payload[name]].every((v) => v === undefined || v === null || (Array.isArray(v) && v.length === 0));
      assert.ok(empty, `${show} must not have ${name}: ${JSON.stringify(result[name] ?? payload[name])}`);
    }
    assert.ok(["pass", "fail"].includes(result.verdict));
    if (show === "pass-fail") {
      for (const { path, text } of server.replies.filter((r) => /attempts|progress|exams/.test(r.path) && r.method === "GET"))
        assert.ok(!/"(value|share|right_share|pass_probability|points_m)":\d/.test(text), `${path} shows a number: ${text.slice(0, 600)}`);
    }
    // How single items went is known only where the report says so: study pools would tell it otherwise.
    const { study } = ok(await server.get("/api/v1/exams/fixture/all"));
    if (show !== "questions") assert.equal(study.missed, 0, "what was missed is not told by the back door");
    const text = JSON.stringify([result, payload, server.replies]);
    for (const marker of MARKERS) assert.ok(!text.includes(marker), `${show} shows ${marker}`);
    for (const id of AUTHOR_IDS) assert.ok(!text.includes(`"${id}"`), `${show} shows the author's id ${id}`);
    assert.ok(!/"key":\{/.test(text), "no key without explanations");
  });
}

test("ended, with explanations: everything but what was only tried out", async (t) => {
  const server = await watched(t);
  const attempt = await begin(server, "all");
  const pretest = itemOf(attempt, "pretest-1");
  await answerAll(server, attempt);
  await submit(server, attempt.id);
  server.replies.length = 0;
  await walk(server, attempt);
  const result = ok(await server.get(`/api/v1/attempts/${attempt.id}/result`));
  for (const marker of ["FEEDBACK-B", "EXPLANATION-TEXT", "HINT-TEXT", "REFERENCE-TEXT"])
    assert.ok(JSON.stringify(result).includes(marker), `now ${marker} may be seen`);
  for (const { path, text } of server.replies.filter((r) => /result|progress|attempts$/.test(r.path))) {
    assert.ok(!text.includes("UNSCORED-STEM") && !text.includes("candidates are not told"), `${path} shows the unscored item`);
    assert.ok(!text.includes(`"${pretest.id}"`), `${path} names the unscored item`);
  }
  assert.deepEqual(
    result.items.map((i) => i.n).sort((a, b) => a - b),
    result.items.map((_, i) => i + 1),
    "no gap where it stood",
  );
});

test("study: an item's secrets come with its own answer only", async (t) => {
  const server = await watched(t);
  const attempt = await begin(server, "essay", "study");
  await walk(server, attempt);
  nothingTold(server, "study before an answer");
  const item = itemOf(attempt, "single-2");
  ok(await save(server, attempt, item, wrongResponse(item)));
  await walk(server, attempt);
  for (const { text, path } of server.replies) {
    for (const marker of ["FEEDBACK-", "HINT-TEXT", "REFERENCE-TEXT", "REASON-TEXT", "RUBRIC-TEXT", "B follows A", "divide by two"])
      assert.ok(!text.includes(marker), `after another item's answer ${path} shows ${marker}`);
  }
  assert.ok(
    server.replies.some((r) => r.text.includes("counting on")),
    "its own explanation is there",
  );
});

test("what one account sees, another does not", async (t) => {
  const server = await watched(t);
  const { bearer: ada } = await addUser(server, "ada");
  const { bearer: eve } = await addUser(server, "eve");
  const states = [];
  states.push(await begin(server, "all", "exam", {}, ada));
  const ended = await begin(server, "secret", "exam", {}, ada);
  await answerAll(server, ended, rightResponse, ada);
  await submit(server, ended.id, ada);
  states.push(ended, await begin(server, "essay", "study", {}, ada));
  server.replies.length = 0;
  for (const attempt of states) {
    await walk(server, attempt, eve);
    await walk(server, attempt, {}); // and nobody at all
    const [item] = openItems(attempt);
    const url = `/api/v1/attempts/${attempt.id}`;
    for (const headers of [eve, {}]) {
      const wanted = headers === eve ? 404 : 401;
      for (const path of ["", "/clock", "/result", "/result/signed", "/docs", "/docs/colours", "/docs/search?q=sky"])
        assert.equal((await server.get(url + path, headers)).status, wanted, path);
      assert.equal((await server.put(`${url}/responses/${item.id}`, { seq: 9, response: null }, headers)).status, wanted);
      assert.equal((await server.put(`${url}/notes/${item.id}`, { note: {} }, headers)).status, wanted);
      for (const action of ["claim", "section", "submit"])
        assert.equal((await server.post(`${url}/${action}`, {}, headers)).status, wanted, action);
      assert.equal((await server.post(`${url}/move`, { item: item.id }, headers)).status, wanted);
      assert.equal((await server.post(`${url}/expectation`, { skipped: true }, headers)).status, wanted);
    }
  }
  for (const { text, path } of server.replies)
    assert.ok(!/KEYWORD-FREE|two plus two|"verdict":"/.test(text), `${path} shows Ada's attempt`);
  nothingTold(server, "another account");
  assert.deepEqual(ok(await server.get("/api/v1/attempts", eve)).attempts, []);
});
