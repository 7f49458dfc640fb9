// Two blind markers: three accounts, what each of them may see and do, and what the result and the figures say.
import assert from "node:assert/strict";
import { before, after, test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { checked } from "../lib/contract.mjs";
import { bankOfEssays, examiner, mark, markOk, sit } from "../lib/marking.mjs";
import { run, startFor } from "../lib/server.mjs";

const cleanUps = [];
let server, cand, ada, ben, cyd;
before(async () => {
  const t = { after: (f) => cleanUps.push(f) };
  server = checked(await startFor(t, { banks: bankOfEssays(t), args: ["--no-rate-limits"] }));
  cand = await addUser(server, "candidate-zora");
  ada = await examiner(server, "marker-ada");
  ben = await examiner(server, "marker-ben");
  cyd = await examiner(server, "marker-cyd");
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

const queue = async (who) => {
  const reply = await server.get("/api/v1/marking", who.bearer);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
const waits = async (who, attempt) => (await queue(who)).groups.flatMap((g) => g.waiting).filter((w) => w.attempt === attempt).length;
const assay = (...args) => run([...args, "--data", server.data]);

test("only examiners mark", async () => {
  const { id, links } = await sit(server, cand);
  for (const [method, path, body] of [["GET", ""], ["GET", "/agreement"], ["GET", `/${id}/${links}`], ["POST", `/${id}/${links}`, { points: 1 }], ["DELETE", `/${id}/${links}`]]) {
    const reply = await server.request(method, `/api/v1/marking${path}`, body, cand.bearer);
    assert.equal(reply.status, 403, `${method} ${path}`);
    assert.equal((await server.request(method, `/api/v1/marking${path}`, body)).status, 401);
  }
});

test("two who are too far apart, a third, and what each is told", async () => {
  const { id, links, free } = await sit(server, cand);
  const told = [];
  const look = async (who, item) => {
    const replies = await Promise.all([server.get("/api/v1/marking", who.bearer), server.get(`/api/v1/marking/${id}/${item}`, who.bearer), server.get("/api/v1/marking/agreement", who.bearer)]);
    for (const r of replies) assert.equal(r.status, 200, r.text);
    told.push(...replies.map((r) => `${r.text} ${[...r.headers].join(" ")}`));
    return replies[1].json;
  };
  const first = await look(ada, links);
  assert.deepEqual(first.criteria.map((c) => c.points), [4, 3, 2, 1]);
  assert.equal(first.rubric, null);
  assert.match(first.response.text, /second name/);
  assert.deepEqual(await markOk(server, ada, id, links, { criteria: [4, 2.125, 0, 1], comment: "SECRET-COMMENT" }), { attempt: id, item: links, points: 7.125, undo: true });
  assert.equal(await waits(ada, id), 1);
  assert.equal((await server.get(`/api/v1/marking/${id}/${links}`, ada.bearer)).status, 409);

  assert.deepEqual(await look(ben, links), first, "the second sees what the first saw");
  assert.deepEqual(await markOk(server, ben, id, links, { points: 3.062 }), { attempt: id, item: links, points: 3.062, undo: false });
  assert.equal((await mark(server, ben, id, links, { points: 7 })).status, 409, "or it could be tried out how far away the other is");
  assert.equal((await mark(server, ada, id, links, { points: 3 })).status, 409);
  assert.equal((await server.request("DELETE", `/api/v1/marking/${id}/${links}`, undefined, ada.bearer)).status, 409);

  assert.deepEqual(await look(cyd, links), first, "so does the third");
  await look(cyd, free);
  for (const text of told) {
    for (const secret of ["7.125", "7125", "3.062", "3062", "SECRET-COMMENT", "zora", "2.125"]) assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 2000)}`);
    for (const other of ["marker-ada", "marker-ben"]) assert.ok(!text.includes(other) || text.includes(`"marker":"${other}"`), text.slice(0, 500));
  }
  await markOk(server, cyd, id, links, { criteria: [2, 2, 1, 0.5] });
  await markOk(server, ada, id, free, { points: 3 });
  const last = await markOk(server, ben, id, free, { points: 4 });
  assert.equal(last.undo, false);

  const result = await server.get(`/api/v1/attempts/${id}/result`, cand.bearer);
  assert.equal(result.status, 200, result.text);
  assert.deepEqual(result.json.marking, { answers: 2, markers: 2, tolerance: { points: 1 }, one: 0, two: 1, third: 1, decision: 0, self: false });
  assert.equal(result.json.items.find((i) => i.id === links).points, 5.5);
  assert.equal(result.json.items.find((i) => i.id === links).marked_by, "third");
  assert.equal(result.json.items.find((i) => i.id === free).points, 3.5);
  const signed = await server.get(`/api/v1/attempts/${id}/result/signed`, cand.bearer);
  assert.equal(signed.json.payload.marking.third, 1);
  for (const text of [result.text, signed.text]) assert.ok(!/marker-|SECRET-COMMENT|7\.125|7125/.test(text), "the candidate learns neither who marked nor what each gave");
  const verified = run(["verify", "-"], { input: signed.text });
  assert.equal(verified.code, 0, verified.out + verified.err);
  const log = assay("log", "check");
  assert.equal(log.code, 0, log.out + log.err);
  assert.equal(assay("doctor").code, 0);
});

test("taking back, until another has marked", async () => {
  const { id, links } = await sit(server, cand);
  await markOk(server, ada, id, links, { points: 1 });
  assert.equal((await server.request("DELETE", `/api/v1/marking/${id}/${links}`, undefined, ben.bearer)).status, 404);
  assert.equal((await server.request("DELETE", `/api/v1/marking/${id}/${links}`, undefined, ada.bearer)).status, 204);
  assert.equal(await waits(ada, id), 2);
  await markOk(server, ada, id, links, { points: 2 });
  await markOk(server, ada, id, links, { points: 9 });
  await markOk(server, ben, id, links, { points: 9 });
  assert.equal((await server.request("DELETE", `/api/v1/marking/${id}/${links}`, undefined, ada.bearer)).status, 409);
});

test("nobody marks their own answers, nor sees them here", async () => {
  const { id, links } = await sit(server, cyd);
  assert.equal(await waits(cyd, id), 0);
  assert.equal(await waits(ada, id), 2);
  assert.equal((await server.get(`/api/v1/marking/${id}/${links}`, cyd.bearer)).status, 404);
  assert.equal((await mark(server, cyd, id, links, { points: 10 })).status, 404);
  const shell = assay("mark", id, links, "--points", "10", "--by", "Marker-CYD");
  assert.equal(shell.code, 1);
  assert.match(shell.err, /nobody marks their own/);
});

test("what a mark must be", async () => {
  const { id, links, free } = await sit(server, cand);
  for (const body of [{}, { points: "1" }, { points: -1 }, { points: 10.5 }, { points: 0.0001 }, { points: 1, criteria: [1, 1, 1, 1] }, { criteria: [1, 1, 1] }, { criteria: [5, 0, 0, 0] },
    { criteria: [1, null, 1, 1] }, { points: 1, marker: "marker-ben" }])
    assert.equal((await mark(server, ada, id, links, body)).status, 400, JSON.stringify(body).slice(0, 80));
  for (const body of [{ criteria: Array(70).fill(1) }, { points: 1, comment: "x".repeat(5000) }]) assert.equal((await mark(server, ada, id, links, body)).status, 413);
  assert.equal((await mark(server, ada, id, free, { criteria: [1] })).status, 400);
  assert.equal((await mark(server, ada, id, "izzzz", { points: 1 })).status, 404);
  assert.equal((await mark(server, ada, "a".repeat(26), links, { points: 1 })).status, 404);
  assert.equal(await waits(ada, id), 2);
});

/* An independent count: kappa from the pairs themselves. */
function kappa(pairs, weigh) {
  const mean = (list) => list.reduce((s, v) => s + v, 0) / list.length;
  const observed = mean(pairs.map(([a, b]) => weigh(a, b)));
  const expected = mean(pairs.flatMap(([a]) => pairs.map(([, b]) => weigh(a, b))));
  return (observed - expected) / (1 - expected);
}

test("how well markers agree, on the page and in the shell", async () => {
  const pairs = [[0, 0], [4, 3], [4, 4], [2, 2.5], [1, 1], [3, 4], [0, 1], [2, 2]];
  const before = (await server.get("/api/v1/marking/agreement", ada.bearer)).json.lines.find((l) => l.item === "free" && l.markers?.[1] === "marker-ben")?.n ?? 0;
  for (const [a, b] of pairs) {
    const { id, links, free } = await sit(server, cand);
    for (const who of [ben, ada]) await markOk(server, who, id, links, { points: 5 });
    await markOk(server, ada, id, free, { points: a });
    await markOk(server, ben, id, free, { points: b });
  }
  const { lines } = (await server.get("/api/v1/marking/agreement", ada.bearer)).json;
  const line = lines.find((l) => l.exam === "essays/two" && l.item === "free" && l.markers?.join() === "marker-ada,marker-ben");
  assert.equal(line.n, before + pairs.length);
  const all = [...pairs, ...(before ? [[3, 4]] : [])]; // of the test above: 3 and 4
  const near = (got, want) => assert.ok(Math.abs(got - want) < 1e-9, `${got}, not ${want}`);
  near(line.kappa.value, kappa(all, (a, b) => (a === b ? 1 : 0)));
  near(line.weighted.value, kappa(all, (a, b) => 1 - ((a - b) / 4) ** 2));
  assert.equal(line.max, 4);
  assert.ok(line.weighted.low < line.weighted.value && line.weighted.value < line.weighted.high);
  assert.equal(line.matrix.counts.flat().reduce((s, n) => s + n, 0), line.n);
  const same = lines.find((l) => l.item === "links" && l.markers === null);
  assert.ok(same.n >= pairs.length);
  const shell = assay("mark", "--agreement");
  assert.equal(shell.code, 0, shell.err);
  assert.match(shell.out, /free: marker-ada, marker-ben/);
  assert.deepEqual(JSON.parse(assay("mark", "--agreement", "--json").out).lines, lines);
});

test("the shell knows the second marker", async () => {
  const { id, links, free } = await sit(server, cand);
  const list = JSON.parse(assay("mark", id, "--json").out).attempts[0].items;
  assert.ok(list.every((i) => i.markers === 2 && i.how === "not" && i.mark === null));
  assert.match(assay("mark", id, links, "--criteria", "4,3,2,1", "--by", "marker-ada").out, /2 answers of this attempt wait/);
  assert.match(JSON.stringify(JSON.parse(assay("mark", id, "--json").out)), /"marks":\[\]/, "nobody's marks are shown before all are there");
  assert.equal(assay("mark", id, links, "--points", "1", "--by", "marker-ada").code, 0, "the first may change theirs");
  assert.equal(JSON.parse(assay("mark", "--by", "marker-ada", "--json").out).attempts.find((a) => a.attempt === id).items.length, 1);
  assert.equal(assay("mark", id, links, "--points", "1.5", "--by", "marker-ben").code, 0);
  assert.equal(assay("mark", id, links, "--points", "1", "--by", "Marker-Ada").code, 1);
  for (const by of ["marker-ada", "on paper"]) assert.equal(assay("mark", id, free, "--points", "4", "--by", by).code, 0);
  const shown = JSON.parse(assay("mark", id, "--json").out).attempts[0].items.find((i) => i.item === links);
  assert.deepEqual([shown.how, shown.mark, shown.marks.map((m) => m.by)], ["two", 1.25, ["marker-ada", "marker-ada", "marker-ben"]]);
  assert.equal(assay("mark", id, links, "--points", "9", "--by", "marker-cyd").code, 1);
  const decided = assay("mark", id, links, "--points", "9", "--by", "marker-cyd", "--comment", "appeal", "--decide");
  assert.equal(decided.code, 0, decided.err);
  const { json } = await server.get(`/api/v1/attempts/${id}/result/signed`, cand.bearer);
  assert.equal(json.payload.number, 2);
  assert.equal(json.payload.marking.decision, 1);
  for (const wrong of [["mark", id, links], ["mark", id, links, "--by", "a"], ["mark", "--decide"], ["mark", id, links, "--by", "a", "--points", "1", "--criteria", "1"], ["mark", id, "--agreement"]])
    assert.equal(assay(...wrong).code, 2, wrong.join(" "));
  assert.equal(assay("log", "check").code, 0);
});

test("without accounts there is one person: one marker, and the result says so", async (t) => {
  const alone = await startFor(t, { banks: bankOfEssays(t) });
  const nobody = { bearer: {} };
  const one = await sit(alone, nobody, "essays/one");
  const two = await sit(alone, nobody, "essays/two");
  const { json } = await alone.get("/api/v1/marking");
  assert.deepEqual([json.waiting, json.nameless], [2, 2]);
  await markOk(alone, nobody, one.id, one.links, { points: 10 });
  await markOk(alone, nobody, one.id, one.free, { points: 4 });
  const result = await alone.get(`/api/v1/attempts/${one.id}/result`);
  assert.equal(result.json.marking.self, true);
  const refused = await mark(alone, nobody, two.id, two.links, { points: 10 });
  assert.equal(refused.status, 409);
  assert.match(refused.json.detail, /--by NAME/);
});

test("what a candidate writes does nothing to the terminal of who marks, and a name written otherwise is no second person", async () => {
  const { id, links } = await sit(server, cand, "essays/two", { links: "red \u001b[31m\u009b2J \u202eturned\tTAB\nline", free: "x" });
  const shown = assay("mark", id);
  assert.equal(shown.code, 0, shown.err);
  assert.doesNotMatch(shown.out, /[\u001b\u009b\u202e]/);
  assert.match(shown.out, /red \?\[31m\?2J \?turned\tTAB\nline/);
  assert.equal(assay("mark", id, links, "--points", "1", "--by", "Ada Lovelace", "--comment", "\u001b]0;x\u0007").code, 0);
  for (const by of ["ada  lovelace", "Ada\u00a0Lovelace", "Ada Love\u200blace"])
    assert.match(JSON.parse(assay("mark", id, "--by", by, "--json").out).attempts[0]?.items.map((i) => i.item).join() ?? "", new RegExp(`^(?!.*${links})`), by);
  for (const by of ["\u200b", "a\nb", "a\u001b[2J"]) assert.match(assay("mark", id, links, "--points", "1", "--by", by).err, /in one line/);
  assert.equal(assay("mark", id, links, "--points", "5", "--by", "on paper").code, 0);
  assert.equal(assay("mark", id, links, "--points", "3", "--by", "Third").code, 0);
  assert.doesNotMatch(assay("mark", id).out, /[\u001b\u0007]/);
});
