// The pages and their files as the server hands them out, and the documents beside an exam.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checked } from "../lib/contract.mjs";
import { begin, ok, problem, show, submit } from "../lib/exam.mjs";
import { requestWith } from "../lib/raw.mjs";
import { startFor } from "../lib/server.mjs";

let server;
const cleanUps = [];
before(async () => {
  server = checked(await startFor({ after: (f) => cleanUps.push(f) }));
});
after(async () => {
  for (const f of cleanUps.reverse()) await f();
});

const addresses = async () => {
  const { text } = await server.get("/");
  const found = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((m) => m[1]);
  assert.ok(
    found.some((a) => a.endsWith(".js")) && found.some((a) => a.endsWith(".css")),
    `the shell names its script and style: ${found}`,
  );
  return found;
};

test("every address of the client gets the shell, with a strict policy and no inline script", async () => {
  const shell = await server.get("/");
  for (const path of [
    "/exams/fixture/all",
    "/attempts/x",
    "/attempts/x/review",
    "/attempts/x/result",
    "/study/fixture/all",
    "/history",
    "/scoring",
    "/sign-in",
  ]) {
    const page = await server.get(path);
    assert.equal(page.status, 200, path);
    assert.equal(page.text, shell.text, path);
  }
  const policy = shell.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, /base-uri 'none'/);
  assert.ok(!/<script(?![^>]*\bsrc=)[^>]*>/.test(shell.text) && !/<style|\son[a-z]+=|style="/.test(shell.text), "nothing inline");
  for (const name of ["x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"])
    assert.ok(shell.headers.get(name), name);
  assert.equal((await server.get("/nothing-here")).status, 404);
});

test("files with a hash in their name are cached for ever, the shell is asked for again", async () => {
  const shell = await server.get("/");
  assert.equal(shell.headers.get("cache-control"), "no-cache");
  const etag = shell.headers.get("etag");
  const again = await server.get("/", { "If-None-Match": etag });
  assert.deepEqual([again.status, again.text], [304, ""]);
  assert.equal((await server.get("/", { "If-None-Match": '"other"' })).status, 200);
  for (const address of (await addresses()).filter((a) => /\.(js|css)$/.test(a))) {
    const file = await server.get(address);
    assert.equal(file.status, 200, address);
    assert.match(file.headers.get("cache-control"), /max-age=31536000, immutable/, address);
  }
});

test("pages and files leave the connection open for the next one", async () => {
  for (const path of ["/", "/history", (await addresses())[0], "/assets/nothing.js", "/api/v1/exams"]) {
    const reply = await server.get(path);
    assert.notEqual(reply.headers.get("connection"), "close", path);
  }
});

test("compressed variants are the same file", async () => {
  const script = (await addresses()).find((a) => a.endsWith(".js"));
  const lengths = {};
  for (const encoding of ["identity", "gzip", "br"]) {
    const reply = await requestWith(server, "GET", script, { "Accept-Encoding": encoding });
    assert.equal(reply.headers.get("content-encoding") ?? "identity", encoding);
    assert.equal(reply.headers.get("vary"), "Accept-Encoding");
    lengths[encoding] = Number(reply.headers.get("content-length"));
  }
  assert.ok(lengths.br < lengths.gzip && lengths.gzip < lengths.identity, JSON.stringify(lengths));
  const plain = (await server.get(script, { "Accept-Encoding": "identity" })).text;
  for (const encoding of ["gzip", "br", "gzip, br", "gzip;q=1, br;q=0"])
    assert.equal((await server.get(script, { "Accept-Encoding": encoding })).text, plain, encoding);
});

test("documents are open where the exam says so, and while it runs", async () => {
  const open = await begin(server, "all");
  const closed = await begin(server, "secret");
  const url = (attempt) => `/api/v1/attempts/${attempt.id}/docs`;
  assert.deepEqual(
    ok(await server.get(url(open))).docs.map((d) => d.id),
    ["colours", "numbers"],
  );
  assert.match(ok(await server.get(`${url(open)}/numbers`)).html, /1024 bytes/);
  problem(await server.get(`${url(open)}/nothing`), 404, "not-found");
  const hits = async (q) => ok(await server.get(`${url(open)}/search?q=${encodeURIComponent(q)}`)).hits.map((h) => h.id);
  assert.deepEqual(await hits("kibibyte"), ["numbers"]);
  assert.deepEqual(await hits("SKY blue"), ["colours"]);
  assert.deepEqual(await hits("kibibyte sky"), [], "every word must occur");
  assert.equal((await show(server, closed.id)).docs, undefined);
  for (const path of ["", "/numbers", "/search?q=sky"]) problem(await server.get(url(closed) + path), 403, "forbidden");
  await submit(server, open.id);
  for (const path of ["", "/numbers", "/search?q=sky"]) problem(await server.get(url(open) + path), 403, "forbidden");
});

test("metrics are off unless asked for", async (t) => {
  problem(await server.get("/metrics"), 404, "not-found");
  const open = checked(await startFor(t, { args: ["--metrics"] }));
  const { text } = await open.get("/metrics");
  for (const name of ["assay_requests_total", "assay_changes_total", "assay_connections", "assay_writable"])
    assert.match(text, new RegExp(`^${name} \\d+$`, "m"));
});
