// docs/openapi.yaml, the server's own table of routes, its table of errors and its real replies say the same.
import { Validator } from "@seriousme/openapi-schema-validator";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { addUser, signIn } from "../lib/accounts.mjs";
import { copyOfFixture, set } from "../lib/banks.mjs";
import { bankWithCertificates, earn, ISSUER } from "../lib/certificates.mjs";
import { checked, codesSeen, description, documentedPath, resolve, seen } from "../lib/contract.mjs";
import { answerAll, begin, itemOf, ok, problem, rightResponse, save, submit, wrongResponse } from "../lib/exam.mjs";
import { beginTasks, startWithTasks } from "../lib/task-server.mjs";
import { tasksWithCertificate } from "../lib/certificates.mjs";
import { openTask, resultOfTasks, sumOf, write, beginTasks as beginNamed } from "../lib/tasks.mjs";
import { Terminal } from "../lib/terminal.mjs";
import { bankOfEssays, examiner, markOk, sit } from "../lib/marking.mjs";
import { anyResponse, openItems, root, run, startFor, temporaryFolder, until } from "../lib/server.mjs";

const METHODS = ["get", "post", "put", "delete", "patch"];
const routes = JSON.parse(run(["routes"]).out).map((r) => ({ ...r, path: r.path.replace("...}", "}") }));
const operations = Object.entries(description.paths).flatMap(([path, item]) =>
  METHODS.filter((m) => item[m]).map((m) => ({ path, method: m.toUpperCase(), operation: item[m], item })),
);

let server;
const cleanUps = [];
before(async () => {
  const t = { after: (f) => cleanUps.push(f) };
  const banks = copyOfFixture(t, { "exams/late.yml": set("report", "{show: questions, release: delayed, after: 7d, explanations: true}") });
  server = checked(await startFor(t, { banks: [banks, join(root, "tests/fixtures/tasks")], args: ["--metrics", "--no-rate-limits", "--public-url", "https://exam.example.org"] }));
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

test("the description is valid OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.equal(description.openapi, "3.1.0");
});

test("every route is documented, and every documented one is served", () => {
  const sorted = (list) => list.map(({ method, path }) => `${method} ${path}`).sort();
  assert.deepEqual(sorted(operations), sorted(routes));
  for (const { method, path, access } of routes) {
    const { operation } = operations.find((o) => o.method === method && o.path === path);
    const open = operation.security?.length === 1 && Object.keys(operation.security[0]).length === 0;
    if (access !== "anyone")
      assert.ok(!open && operation.responses["401"], `${method} ${path} needs a sign-in, and its description must say so`);
  }
});

test("every operation has a name, a summary, its parameters, and codes for its problems", () => {
  const ids = operations.map((o) => o.operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { method, path, operation, item } of operations) {
    const where = `${method} ${path}`;
    assert.ok(operation.operationId && operation.summary && operation.tags?.length, where);
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    assert.deepEqual(
      parameters
        .filter((p) => p.in === "path")
        .map((p) => p.name)
        .sort(),
      [...path.matchAll(/\{([a-z]+)\}/g)].map((m) => m[1]).sort(),
      where,
    );
    const { body_max } = routes.find((r) => r.method === method && r.path === path);
    assert.equal(!!operation.requestBody, body_max > 0, `${where} and its body`);
    for (const [status, response] of Object.entries(operation.responses)) {
      const codes = resolve(response)["x-codes"];
      if (Number(status) >= 400 && resolve(response).content?.["application/problem+json"])
        assert.ok(codes?.length, `${where} ${status} names no codes`);
    }
  }
});

test("every error code is documented with its status, and no other", () => {
  const source = readFileSync(join(root, "engine/base/err.c"), "utf8");
  const rows = [...source.matchAll(/\{"([a-z-]+)", "[^"]+", (\d+), \d\}/g)]
    .map((m) => ({ code: m[1], status: Number(m[2]) }))
    .filter((r) => r.code !== "none");
  assert.ok(rows.length > 25);
  const { code } = description.components.schemas.Problem.properties;
  assert.deepEqual([...code.enum].sort(), rows.map((r) => r.code).sort());
  for (const row of rows) assert.ok(code.description.includes(`\`${row.code}\``), `${row.code} is not explained`);
  const listed = new Set(description["x-common-codes"]);
  for (const { operation, method, path } of operations)
    for (const [status, response] of Object.entries(operation.responses))
      for (const name of resolve(response)["x-codes"] ?? []) {
        listed.add(name);
        assert.equal(rows.find((r) => r.code === name)?.status, Number(status), `${method} ${path}: ${name} under ${status}`);
      }
  // Refusals that no address of this server gives: a signature that does not match is the subject of a reply, not its problem.
  assert.deepEqual(
    rows.map((r) => r.code).filter((name) => !listed.has(name)),
    ["signature"],
  );
});

test("no schema is left that nothing refers to", () => {
  const text = JSON.stringify(description);
  for (const [kind, parts] of Object.entries(description.components))
    for (const name of Object.keys(parts))
      if (kind !== "securitySchemes") assert.ok(text.includes(`"#/components/${kind}/${name}"`), `${kind}/${name}`);
});

test("real replies of every operation are as described", async (t) => {
  ok(await server.get("/api/v1/session"));
  ok(await server.get("/api/v1/health"));
  assert.equal((await server.get("/metrics")).status, 200);
  for (const path of ["/.well-known/did.json", "/.well-known/assay-trust.json", "/status/1", "/status/1-suspension", "/verify.html"])
    assert.equal((await server.get(path)).status, 200, path);
  assert.equal((await server.get("/status/1", { Accept: "application/ld+json, application/json" })).json.issuer, "did:web:exam.example.org");
  problem(await server.get("/status/2"), 404, "not-found");
  await until(async () => (await server.get("/log/checkpoint")).status === 200, "the first checkpoint");
  const size = (await server.get("/log/checkpoint")).text.split("\n")[1];
  for (const path of [`0/000.p/${size}`, `entries/000.p/${size}`]) assert.equal((await server.get(`/log/tile/${path}`)).status, 200, path);
  problem(await server.get("/log/tile/9/000"), 404, "not-found");
  assert.equal((await server.post("/add-checkpoint", "old 0", { "Content-Type": "text/plain" })).status, 400);
  ok(await server.get("/api/v1/exams"));
  for (const exam of ["all", "essay", "late", "retakes", "secret", "sections", "short"])
    ok(await server.get(`/api/v1/exams/fixture/${exam}`));

  const attempt = await begin(server, "all");
  const url = `/api/v1/attempts/${attempt.id}`;
  const picture = openItems(attempt)
    .find((i) => i.image)
    ?.image.match(/\/media\/[0-9a-f]+[.]svg/)[0];
  assert.equal((await server.get(picture)).status, 200);
  for (const item of openItems(attempt))
    ok(
      await save(server, attempt, item, item.n % 3 ? rightResponse(item) : anyResponse(item, 1), {
        flagged: item.n === 2,
        confidence: 75,
        spent_ms: 1000,
      }),
    );
  const [item] = openItems(attempt);
  ok(await server.put(`${url}/notes/${item.id}`, { note: { text: "note", struck: [], highlights: [] } }));
  assert.equal((await server.post(`${url}/expectation`, { goal: "learn", expected_share: 0.5, years: 2 })).status, 204);
  ok(await server.post(`${url}/claim`, {}));
  ok(await server.get(`${url}/clock`));
  ok(await server.post(`${url}/move`, { item: item.id }));
  ok(await server.get(`${url}/docs`));
  ok(await server.get(`${url}/docs/colours`));
  assert.ok(ok(await server.get(`${url}/docs/search?q=sky`)).hits.length > 0);
  await submit(server, attempt.id);
  ok(await server.get(`${url}/result`));
  const signed = await server.get(`${url}/result/signed`);
  ok(await server.post("/api/v1/verify", signed.text));

  const sections = await begin(server, "sections");
  ok(await server.post(`/api/v1/attempts/${sections.id}/section`, {}));
  ok(await server.get(`/api/v1/attempts/${sections.id}`));
  const study = await begin(server, "all", "study");
  for (const i of openItems(study)) ok(await save(server, study, i, i.n % 2 ? rightResponse(i) : wrongResponse(i)));
  ok(await server.get(`/api/v1/attempts/${study.id}`));
  await submit(server, study.id);

  const essay = await begin(server, "essay");
  await answerAll(server, essay);
  await submit(server, essay.id);
  assert.equal((await server.get(`/api/v1/attempts/${essay.id}/result`)).status, 202);
  ok(await server.get(`/api/v1/attempts/${essay.id}`));
  for (const exam of ["secret", "retakes", "late"]) {
    const other = await begin(server, exam);
    await answerAll(server, other, rightResponse);
    await submit(server, other.id);
    await server.get(`/api/v1/attempts/${other.id}/result`);
  }
  ok(await server.get("/api/v1/attempts"));
  ok(await server.get("/api/v1/progress"));
  ok(await server.get("/api/v1/exams"));
  t.diagnostic(`${seen.size} kinds of replies held against their schemas`);
});

test("a witness answers as described", async (t) => {
  const logs = join(temporaryFolder(t), "logs");
  writeFileSync(logs, JSON.parse(run(["log", "show", "--json", "--data", server.data]).out).key);
  const witness = checked(await startFor(t, { args: ["--witness", logs] }));
  const ask = (body) => witness.post("/add-checkpoint", body, { "Content-Type": "text/plain" });
  const request = run(["log", "request", "--data", server.data]).out;
  assert.equal((await ask(request)).status, 200);
  assert.equal((await ask(request)).status, 409);
  assert.equal((await server.post("/add-checkpoint", request, { "Content-Type": "text/plain" })).status, 404);
});

test("replies about hands-on tasks are as described", async () => {
  const attempt = ok(await server.post("/api/v1/attempts", { exam: "hands-on/tasks", mode: "study" }), 201);
  const item = openItems(attempt).find((i) => i.stem.includes("greeting.txt"));
  const url = `/api/v1/attempts/${attempt.id}/tasks/${item.id}`;
  assert.equal(ok(await server.get(url)).state, "closed");
  assert.equal(ok(await server.post(`${url}/open`, {})).state, "open");
  assert.equal(ok(await server.post(`${url}/reset`, {})).resets, 1);
  assert.equal(ok(await server.post(`${url}/hint`, {})).hints.length, 1);
  const path = "/home/candidate/greeting.txt";
  ok(await server.put(`${url}/file`, { path, text: "hello world\n" }));
  ok(await server.post(`${url}/upload`, { path: "/home/candidate/other", base64: "AAEC" }));
  assert.equal(ok(await server.get(`${url}/file?path=${path}`)).text, "hello world\n");
  assert.equal(ok(await server.get(`${url}/files?path=/home/candidate`)).entries.length, 2);
  assert.equal((await server.get(`${url}/download?path=/home/candidate/other`)).text, "\0\x01\x02");
  assert.equal(ok(await server.post(`${url}/check`, {})).checks.length, 2);
  assert.match(ok(await server.post(`${url}/solution`, {})).solution, /hello world/);
  ok(await server.get(`/api/v1/attempts/${attempt.id}`));
  ok(await server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, { seq: 1, response: { done: true } }));
  await submit(server, attempt.id);
  const result = await until(async () => {
    const reply = await server.get(`/api/v1/attempts/${attempt.id}/result`);
    return reply.status === 200 && reply.json;
  }, "the tasks to be graded");
  assert.ok(result.items.find((i) => i.id === item.id).task.helped);
  problem(await server.post(`${url}/open`, {}), 409, "attempt-ended");
});

test("terminals and their recordings, as described", async (t) => {
  const tasks = checked(await startWithTasks(t));
  const attempt = await beginTasks(tasks);
  const base = `/api/v1/attempts/${attempt.id}/tasks/${attempt.tasks[0].id}`;
  problem(await tasks.get(`${base}/terminal`), 400, "usage");
  const terminal = await Terminal.open(tasks, attempt.id, attempt.tasks[0].id);
  seen.add("GET /api/v1/attempts/{attempt}/tasks/{item}/terminal 101");
  await terminal.until(() => terminal.text.includes("$ "), "a prompt");
  await submit(tasks, attempt.id);
  await terminal.closed;
  assert.equal(ok(await tasks.get(`${base}/recordings`)).recordings.length, 1);
  assert.equal((await tasks.get(`${base}/recordings/1`)).status, 200);
});

test("certificates, for their holders and for everybody, as described", async (t) => {
  const tasks = checked(await startWithTasks(t, { banks: tasksWithCertificate(t) }));
  const running = await beginNamed(tasks);
  const { sum } = running.tasks;
  await openTask(tasks, sum);
  await write(tasks, sum, "/home/candidate/sum", sumOf(sum));
  const terminal = await Terminal.open(tasks, running.id, sum.id);
  await terminal.until(() => terminal.text.includes("$ "), "a prompt");
  await submit(tasks, running.id);
  const { certificate } = await resultOfTasks(tasks, running);
  const url = `/api/v1/certificates/${certificate.id}`;
  assert.equal(ok(await tasks.get("/api/v1/certificates")).certificates.length, 1);
  ok(await tasks.get(url));
  ok(await tasks.request("PATCH", url, { shared: true, replay_shared: true }));
  problem(await tasks.request("PATCH", url, { shared: "yes" }), 400, "invalid");
  const page = ok(await tasks.get(`/api/v1/credentials/${certificate.id}`));
  assert.equal(page.replay.length, 1);
  assert.equal((await tasks.get(page.replay[0].href)).status, 200);
  assert.equal((await tasks.get(`/credentials/${certificate.id}`)).status, 200);
  await until(async () => (await tasks.get(`/credentials/${certificate.id}/log-proof`)).status === 200, "the log to be signed");
  ok(await tasks.get(`/credentials/${certificate.id}/bundle.json`));
  const named = ok(await tasks.post(`${url}/name`, { name: "Ada Lovelace" }));
  problem(await tasks.post(`${url}/name`, { name: "Ada" }), 409, "conflict");
  assert.equal((await tasks.request("DELETE", `/api/v1/certificates/${named.id}`)).status, 204);
  problem(await tasks.get(`/credentials/${named.id}`), 404, "not-found");
});

test("problems with members for programs", async () => {
  const attempt = await begin(server, "all");
  assert.equal(
    problem(await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" }), 409, "attempt-running").attempt,
    attempt.id,
  );
  const item = itemOf(attempt, "single-1");
  const put = (seq) => server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, { seq, response: null });
  ok(await put(3));
  assert.equal(problem(await put(2), 409, "stale-seq").seq, 3);
  const late = await begin(server, "late");
  await submit(server, late.id);
  const refused = problem(await server.get(`/api/v1/attempts/${late.id}/result`), 403, "not-released");
  assert.ok(Date.parse(refused.release_at) > Date.now());
  problem(await server.get("/api/v1/exams", { Authorization: "Bearer nobody" }), 401, "unauthenticated");
});

test("signing in and out, as described", async () => {
  const ada = await addUser(server, "ada");
  problem(await server.get("/api/v1/exams"), 401, "unauthenticated");
  problem(await server.post("/api/v1/session", { name: "ada", password: "not the password" }), 401, "wrong-credentials");
  const { headers } = await signIn(server, ada);
  ok(await server.get("/api/v1/session", headers));
  assert.equal((await server.request("DELETE", "/api/v1/session", undefined, headers)).status, 204);
});

test("pictures of certificates, as described", async (t) => {
  const server = checked(await startFor(t, { banks: bankWithCertificates(t), args: ["--public-url", ISSUER, "--no-rate-limits"] }));
  const { id } = await earn(server, "secret");
  for (const path of ["badge.png", "badge.svg", "certificate.pdf?paper=letter", "embed"]) assert.equal((await server.get(`/credentials/${id}/${path}`)).status, 200);
  problem(await server.get(`/credentials/${id}/certificate.pdf?paper=a5`), 400, "usage");
  problem(await server.get("/credentials/none/badge.png"), 404, "not-found");
});

test("marks by people, as described", async (t) => {
  const server = checked(await startFor(t, { banks: bankOfEssays(t), args: ["--no-rate-limits"] }));
  const candidate = await addUser(server, "zora");
  const [ada, ben] = [await examiner(server, "ada"), await examiner(server, "ben")];
  const { id, links, free } = await sit(server, candidate);
  ok(await server.get("/api/v1/marking", ada.bearer));
  ok(await server.get(`/api/v1/marking/${id}/${links}`, ada.bearer));
  ok(await server.get(`/api/v1/marking/${id}/${free}`, ada.bearer));
  await markOk(server, ada, id, links, { criteria: [1, 1, 1, 1], comment: "" });
  assert.equal((await server.request("DELETE", `/api/v1/marking/${id}/${links}`, undefined, ada.bearer)).status, 204);
  for (const who of [ada, ben]) for (const item of [links, free]) await markOk(server, who, id, item, { points: item === links && who === ben ? 3 : 2 });
  ok(await server.get(`/api/v1/attempts/${id}/result`, candidate.bearer));
  assert.ok(ok(await server.get("/api/v1/marking/agreement", ada.bearer)).lines.length > 0);
  problem(await server.get("/api/v1/marking", candidate.bearer), 403, "forbidden");
  problem(await server.get(`/api/v1/marking/${id}/${links}`, ada.bearer), 409, "conflict");
});

test("no documented success is left that no real reply was held against", () => {
  const here = operations.filter((o) => !o.operation.tags.some((tag) => ["author", "reports"].includes(tag))); // those are in tests of their own
  const wanted = here.flatMap(({ method, path, operation }) =>
    Object.keys(operation.responses)
      .filter((s) => Number(s) < 400)
      .map((s) => `${method} ${path} ${s}`),
  );
  assert.deepEqual(
    wanted.filter((w) => !seen.has(w)),
    [],
  );
  assert.ok(codesSeen.size >= 5);
  assert.equal(documentedPath("/api/v1/attempts/x/docs/search"), "/api/v1/attempts/{attempt}/docs/search");
});
