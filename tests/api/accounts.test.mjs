// Accounts: signing in and out, cookies and tokens, tokens of forms, rates, roles, and whose attempt is whose.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addUser, bearerOf, password, signIn } from "../lib/accounts.mjs";
import { checked } from "../lib/contract.mjs";
import { begin, itemOf, ok, problem, resultOf, rightResponse, save, show, submit } from "../lib/exam.mjs";
import { requestWith } from "../lib/raw.mjs";
import { run, Server, startFor, temporaryFolder, until } from "../lib/server.mjs";

const start = async (t, options) => checked(await startFor(t, options));
const user = (server, ...args) => run(["user", ...args, "--data", server.data], { input: "" });

test("without accounts there is one local person; with the first one everybody signs in", async (t) => {
  const server = await start(t);
  const local = ok(await server.get("/api/v1/session"));
  assert.deepEqual([local.accounts, local.account.name, local.account.role], [false, "local", "operator"]);
  const attempt = await begin(server, "all");
  const ada = await addUser(server, "ada");
  for (const path of ["/api/v1/exams", "/api/v1/attempts", `/api/v1/attempts/${attempt.id}`, "/api/v1/progress"])
    problem(await server.get(path), 401, "unauthenticated");
  problem(await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" }), 401, "unauthenticated");
  const nobody = ok(await server.get("/api/v1/session"));
  assert.deepEqual([nobody.accounts, nobody.account, nobody.csrf], [true, null, null]);
  ok(await server.get("/api/v1/exams", ada.bearer));
  problem(await server.get(`/api/v1/attempts/${attempt.id}`, ada.bearer), 404, "not-found");
});

test("signing in, and what a wrong password tells", async (t) => {
  const server = await start(t, { args: ["--no-rate-limits"] });
  const ada = await addUser(server, "ada");
  const wrong = await Promise.all(
    [
      { name: "ada", password: "something else" },
      { name: "nobody", password: ada.password },
      { name: "local", password: ada.password },
      { name: "", password: "" },
      { name: "ada", password: "" },
    ].map((body) => server.post("/api/v1/session", body)),
  );
  for (const reply of wrong) problem(reply, 401, "wrong-credentials");
  assert.equal(new Set(wrong.map((r) => r.text)).size, 1, "they all say the same");
  for (const body of [{}, { name: "ada" }, { name: 5, password: ada.password }, { name: "ada", password: null }])
    problem(await server.post("/api/v1/session", body), 400, "invalid");
  problem(await server.post("/api/v1/session", { name: "a".repeat(65), password: "x" }), 413, "too-large");
  problem(await server.post("/api/v1/session", { name: "ada", password: "x".repeat(257) }), 413, "too-large");

  const reply = await server.post("/api/v1/session", { name: "ada", password: ada.password }, { Origin: server.url });
  assert.equal(ok(reply).account.name, "ada");
  const cookie = reply.headers.get("set-cookie");
  assert.match(cookie, /^__Host-assay=[A-Za-z0-9_-]{43}; /);
  for (const attribute of ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"]) assert.ok(cookie.includes(`; ${attribute}`), attribute);
  assert.ok(!/Domain/i.test(cookie));
  assert.ok(!reply.text.includes(cookie.split("=")[1].split(";")[0]), "the cookie is not in the body");
});

test("a browser's changes need the session's token and our origin", async (t) => {
  const server = await start(t);
  const { cookie, csrf, headers } = await signIn(server, await addUser(server, "ada"));
  const begin = (h) => server.post("/api/v1/attempts", { exam: "fixture/short", mode: "exam" }, h);
  ok(await server.get("/api/v1/exams", { Cookie: cookie })); // reading needs none
  for (const h of [
    { Cookie: cookie },
    { Cookie: cookie, Origin: server.url },
    { Cookie: cookie, "X-CSRF-Token": "x" },
    { Cookie: cookie, "X-CSRF-Token": `${csrf}x` },
    { Cookie: cookie, "X-CSRF-Token": csrf.toLowerCase() },
    { ...headers, Origin: "http://evil.example" },
    { ...headers, Origin: "null" },
    { ...headers, "Sec-Fetch-Site": "cross-site" },
    { ...headers, "Sec-Fetch-Site": "same-site" },
  ])
    problem(await begin(h), 403, "csrf");
  ok(await begin({ ...headers, "Sec-Fetch-Site": "same-origin" }), 201);
  // Signing in from elsewhere is refused too: nobody is to be signed in as somebody else without knowing it.
  problem(await server.post("/api/v1/session", { name: "ada", password: password("ada") }, { Origin: "http://evil.example" }), 403, "csrf");
  const other = await signIn(server, { name: "ada", password: password("ada") });
  assert.notEqual(other.csrf, csrf, "each session has its own token");
  problem(await begin({ ...headers, "X-CSRF-Token": other.csrf }), 403, "csrf");
});

test("signing out ends the session on the server", async (t) => {
  const server = await start(t);
  const { cookie, headers } = await signIn(server, await addUser(server, "ada"));
  const reply = await server.request("DELETE", "/api/v1/session", undefined, headers);
  assert.equal(reply.status, 204);
  assert.match(reply.headers.get("set-cookie"), /^__Host-assay=; .*Max-Age=0/);
  problem(await server.get("/api/v1/exams", { Cookie: cookie }), 401, "unauthenticated");
  assert.equal(ok(await server.get("/api/v1/session", { Cookie: cookie })).account, null);
});

test("cookies and tokens that are nobody's", async (t) => {
  const server = await start(t);
  const { bearer, ...ada } = await addUser(server, "ada");
  const { cookie } = await signIn(server, ada);
  ok(await server.get("/api/v1/exams", bearer));
  const value = cookie.split("=")[1];
  const forged = [
    value.slice(0, -1) + (value.endsWith("A") ? "B" : "A"),
    "",
    "x",
    "A".repeat(43),
    "A".repeat(5000),
    "'; DROP TABLE session; --",
  ];
  for (const f of forged) problem(await server.get("/api/v1/exams", { Cookie: `__Host-assay=${f}` }), 401, "unauthenticated");
  for (const f of forged) problem(await server.get("/api/v1/exams", { Authorization: `Bearer ${f}` }), 401, "unauthenticated");
  problem(await server.get("/api/v1/exams", { Authorization: `Bearer ${value}` }), 401, "unauthenticated"); // a cookie is not a token
  problem(await server.get("/api/v1/exams", { Cookie: `__Host-assay=${bearer.Authorization.slice(7)}` }), 401, "unauthenticated"); // nor the other way round
  problem(await server.get("/api/v1/exams", { Authorization: "Basic YWRhOng=" }), 401, "unauthenticated");
});

test("a token acts for its account, and needs no token of forms", async (t) => {
  const server = await start(t);
  const { bearer } = await addUser(server, "ada");
  const attempt = await begin(server, "all", "exam", {}, bearer);
  assert.equal((await show(server, attempt.id, bearer)).id, attempt.id);
  assert.equal(ok(await server.get("/api/v1/session", bearer)).account.name, "ada");
  const second = bearerOf(server, "ada");
  assert.notDeepEqual(second, bearer);
  ok(await server.get("/api/v1/exams", second));
  ok(await server.get("/api/v1/exams", bearer));
});

test("a disabled account is out within a second, a new password ends sessions", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  const ben = await addUser(server, "ben");
  const session = await signIn(server, ada);
  const out = (headers, what) => until(async () => (await server.get("/api/v1/exams", headers)).status === 401, what, 4000);

  assert.equal(run(["user", "passwd", "ada", "--data", server.data], { input: "quite another password\n" }).code, 0);
  await out({ Cookie: session.cookie }, "the session to end");
  problem(await server.post("/api/v1/session", { name: "ada", password: ada.password }), 401, "wrong-credentials");
  const again = await signIn(server, { name: "ada", password: "quite another password" });

  assert.equal(user(server, "disable", "ada").code, 0);
  await out({ Cookie: again.cookie }, "the session to end");
  await out(ada.bearer, "the token to end");
  problem(await server.post("/api/v1/session", { name: "ada", password: "quite another password" }), 401, "wrong-credentials");
  ok(await server.get("/api/v1/exams", ben.bearer)); // nobody else is hurt
  assert.equal(user(server, "enable", "ada").code, 0);
  await signIn(server, { name: "ada", password: "quite another password" });
});

test("the commands refuse what is not right", async (t) => {
  // Where there is nothing to look at, that is said as such.
  for (const args of [["user", "list"], ["mark"], ["doctor"], ["backup", "/nothing/copy"], ["restore", "/nothing"]])
    assert.equal(run([...args, "--data", "/nothing/here"]).code, 3, args.join(" "));
  const server = await start(t);
  await addUser(server, "ada");
  const add = (name, input, ...args) => run(["user", "add", name, "--data", server.data, ...args], { input });
  assert.equal(add("ada", "another long password\n").code, 1);
  assert.match(add("ada", "another long password\n").err, /ada/);
  for (const [name, input, ...args] of [
    ["short", "elevenbytes\n"],
    ["none", ""],
    ["", "another long password\n"],
    ["ctl\x01", "another long password\n"],
    ["x".repeat(65), "another long password\n"],
    ["role", "another long password\n", "--role", "king"],
    ["extra", "another long password\n", "--extra-time", "-5"],
  ])
    assert.notEqual(add(name, input, ...args).code, 0, name);
  for (const args of [["disable", "nobody"], ["token", "nobody"], ["extra-time", "nobody", "25"], ["frobnicate", "ada"], []])
    assert.notEqual(user(server, ...args).code, 0, args.join(" "));
  const listed = JSON.parse(user(server, "list", "--json").out).accounts;
  assert.deepEqual(
    listed.map((a) => a.name).filter((n) => n !== "local"),
    ["ada"],
  );
  assert.ok(!JSON.stringify(listed).includes("argon2"), "no password, not even hashed");
});

test("extra time is applied to every clock of the exam", async (t) => {
  const server = await start(t);
  const { bearer } = await addUser(server, "ada", ["--extra-time", "25"]);
  const all = await begin(server, "all", "exam", {}, bearer);
  assert.ok(Math.abs(all.clock.left_ms - 75 * 60_000) < 5000, `${all.clock.left_ms}`);
  assert.equal(all.clock.extra_time_ms, 15 * 60_000);
  const sections = await begin(server, "sections", "exam", {}, bearer);
  assert.ok(Math.abs(sections.clock.section_left_ms - 25 * 60_000) < 5000);
  await submit(server, all.id, bearer);
  assert.equal((await resultOf(server, all.id, bearer)).time.extra_ms, 15 * 60_000);
});

test("one person's attempt does not stand in another's way", async (t) => {
  const server = await start(t);
  const { bearer: ada } = await addUser(server, "ada");
  const { bearer: ben } = await addUser(server, "ben");
  const hers = await begin(server, "all", "exam", {}, ada);
  const his = await begin(server, "all", "exam", {}, ben);
  const item = itemOf(hers, "single-1");
  ok(await save(server, hers, item, rightResponse(item), {}, ada));
  assert.equal(itemOf(await show(server, his.id, ben), "single-1").response, null);
  const cross = await server.put(`/api/v1/attempts/${his.id}/responses/${item.id}`, { seq: 1, response: null }, ada);
  problem(cross, 404, "not-found");
  assert.deepEqual(
    ok(await server.get("/api/v1/attempts", ben)).attempts.map((a) => a.id),
    [his.id],
  );
});

/** Sends `n` requests at once, so that the speed of the machine gives no tokens back between them; counts the statuses. */
async function atOnce(n, send) {
  const counts = {};
  for (const { status } of await Promise.all(Array.from({ length: n }, (_, i) => send(i)))) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Of 25 at once about ten are let through: a slow machine may earn a few more. */
function tenOf25(counts) {
  assert.equal((counts[401] ?? 0) + (counts[429] ?? 0), 25, JSON.stringify(counts));
  assert.ok(counts[401] >= 10 && counts[401] <= 15, JSON.stringify(counts));
}

test("ten wrong passwords a minute from one address, and no more; right ones cost nothing", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  for (let i = 0; i < 15; i++) await signIn(server, ada);
  let refused;
  tenOf25(
    await atOnce(25, async (i) => {
      const reply = await server.post("/api/v1/session", { name: `x${i}`, password: "y" });
      if (reply.status === 429) refused = reply;
      return reply;
    }),
  );
  problem(refused, 429, "rate-limit");
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  ok(await server.get("/api/v1/exams", ada.bearer)); // who is in is not disturbed
});

test("behind a proxy the address that it names is what counts", async (t) => {
  const server = await start(t, { args: ["--forwarded"] });
  await addUser(server, "ada");
  const fail = (from) => server.post("/api/v1/session", { name: "ada", password: "y" }, { "X-Forwarded-For": from });
  tenOf25(await atOnce(25, (i) => fail(`198.51.100.${i}, 203.0.113.7`)));
  problem(await fail("203.0.113.8"), 401, "wrong-credentials");
  tenOf25(await atOnce(25, (i) => fail(`2001:db8:0:1::${i}`))); // one customer's network
  problem(await fail("2001:db8:0:2::1"), 401, "wrong-credentials");
  tenOf25(await atOnce(25, () => fail("not an address"))); // then the proxy's own counts
});

test("thirty beginnings a minute for one account", async (t) => {
  const server = await start(t);
  const counts = await atOnce(60, () => server.post("/api/v1/attempts", { exam: "fixture/retakes", mode: "exam" }));
  assert.equal(counts[201], 1, JSON.stringify(counts)); // one runs; the others are told so, or are too many
  assert.equal(counts[201] + counts[409] + counts[429], 60, JSON.stringify(counts));
  assert.ok(counts[429] >= 10 && counts[409] >= 29, JSON.stringify(counts));
});

test("an address that others can reach needs accounts", async (t) => {
  const data = `${temporaryFolder(t)}/data`;
  await assert.rejects(startFor(t, { data, listen: "0.0.0.0:0" }), /needs accounts: assay user add/);
  assert.equal(run(["user", "add", "ada", "--data", data], { input: "a long enough password\n" }).code, 0);
  const server = await startFor(t, { data, listen: "0.0.0.0:0" });
  server.url = server.url.replace("0.0.0.0", "127.0.0.1");
  problem(await server.get("/api/v1/exams"), 401, "unauthenticated");
});

test("a name given by --host is ours, others are not", async (t) => {
  const server = await start(t, { args: ["--host", "exam.example.org", "--host", "Second.Example"] });
  for (const host of ["exam.example.org", "EXAM.example.org:443", "second.example"])
    ok(await requestWith(server, "GET", "/api/v1/exams", { Host: host }));
  problem(await requestWith(server, "GET", "/api/v1/exams", { Host: "exam.example.org.evil.example" }), 421, "unknown-host");
});

test("a second server on the same folder is refused", async (t) => {
  const server = await start(t);
  await assert.rejects(Server.start({ data: server.data, banks: [] }), /another server/);
  ok(await server.get("/api/v1/health"));
});
