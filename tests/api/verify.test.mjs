// Verifying: the tamper corpus on `assay verify` and on POST /api/v1/verify, which must agree; every byte of a certificate; fetching.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { bankWithCertificates, earn, ISSUER } from "../lib/certificates.mjs";
import { checked } from "../lib/contract.mjs";
import { ok } from "../lib/exam.mjs";
import { hex, Issuer, jcs, keyPair, prove } from "../lib/issuer.mjs";
import { assay, run, startFor, temporaryFolder, until } from "../lib/server.mjs";
import { makeCorpus } from "../lib/tamper.mjs";

const cleanUps = [];
const dir = temporaryFolder({ after: (f) => cleanUps.push(f) });
test.after(() => cleanUps.forEach((f) => f()));
let files = 0;
function fileWith(bytes) {
  const path = join(dir, `${files++}`);
  writeFileSync(path, bytes);
  return path;
}
function bakePdf(drawn, credential, seal) {
  const tool = join(dirname(assay), "tests/unit/credential/bake_filter");
  return execFileSync(tool, ["pdf", fileWith(drawn), fileWith(credential), fileWith(seal)], { maxBuffer: 1 << 24 });
}
const corpus = await makeCorpus({ bakePdf });
const EXIT = { valid: 0, invalid: 1, unknown: 3 };

function verify(bytes, { trust = corpus.trust, holder, nowMs } = {}) {
  const args = ["verify", "--json", "--offline"];
  if (trust) args.push("--trust", fileWith(JSON.stringify(trust)));
  if (holder !== undefined) args.push("--holder", holder);
  if (nowMs) args.push("--at", new Date(nowMs).toISOString());
  const { code, out, err } = run([...args, fileWith(bytes)]);
  assert.equal(err, "");
  return { code, report: JSON.parse(out) };
}

function holds(report, expect) {
  const outcome = { invalid: "fail", unknown: "unknown" };
  const shown = report.checks.map((c) => `${c.id} ${c.outcome} ${c.code}: ${c.reason}`).join("\n    ");
  assert.equal(report.verdict, expect.verdict, shown);
  if (!expect.check) return;
  const check = report.checks.find((c) => c.id === expect.check);
  assert.equal(check?.code, expect.code, shown);
  if (expect.code === "ok") assert.equal(check.outcome, "pass", shown);
  else if (outcome[expect.verdict]) assert.equal(check.outcome, outcome[expect.verdict], shown);
  assert.ok(check.reason.length > 10 && /^[^a-z].*[.!?]$/s.test(check.reason), `one sentence: ${check.reason}`);
}

test("the tamper corpus", { timeout: 300000 }, async (t) => {
  assert.ok(corpus.cases.length > 150, `${corpus.cases.length} cases`);
  const wrong = [];
  for (const c of corpus.cases) {
    try {
      const { code, report } = verify(c.bytes, c);
      assert.equal(code, EXIT[report.verdict]);
      holds(report, c.expect);
    } catch (e) {
      wrong.push(`${c.name}, expected ${JSON.stringify(c.expect)}: ${e.message}`);
    }
  }
  t.diagnostic(`${corpus.cases.length} cases`);
  assert.ok(!wrong.length, wrong.join("\n\n"));
});

/* ---- POST /api/v1/verify ---- */

const start = async (t, args = ["--public-url", ISSUER]) =>
  checked(await startFor(t, { banks: bankWithCertificates(t), args: [...args, "--no-rate-limits"] }));
const post = async (server, bytes, headers = { "Content-Type": "application/octet-stream" }) =>
  ok(await server.post("/api/v1/verify", new Uint8Array(bytes), headers));
const trustOf = async (server) => ok(await server.get("/.well-known/assay-trust.json"));
const brief = (report) => report.checks.map((c) => `${c.id} ${c.outcome} ${c.code}`);

/** An issuer that signs with the keys of a running server. */
async function issuerOf(server) {
  const seeds = JSON.parse(execFileSync(join(dirname(assay), "tests/unit/proctor/seed_filter"), [server.data]));
  const issuer = new Issuer();
  for (const [purpose, seed] of Object.entries(seeds)) issuer.keys[purpose] = keyPair(Buffer.from(seed, "hex"));
  const { origin } = (await trustOf(server)).issuers[0].log;
  Object.defineProperty(issuer, "origin", { value: origin });
  return issuer;
}

test("the server says of the corpus what the command says, with its own keys in place of pinned ones", { timeout: 300000 }, async (t) => {
  const server = await start(t);
  const issuer = await issuerOf(server);
  const own = await makeCorpus({ bakePdf, issuer });
  const trust = await trustOf(server);
  const wrong = [];
  let n = 0;
  for (const c of own.cases) {
    // What is said of another time, another trust or a holder, the server is not asked; and its lists are those that it keeps, not those that are packed.
    if (c.trust !== undefined || c.nowMs || c.holder !== undefined || c.bytes.length > 4 << 20) continue;
    n++;
    try {
      const report = await post(server, c.bytes);
      const command = verify(c.bytes, { trust }).report;
      if (c.expect.check !== "status") holds(report, c.expect.verdict === "invalid" ? c.expect : { ...c.expect, verdict: report.verdict });
      const others = (r) => brief(r).filter((line) => !line.startsWith("status "));
      assert.deepEqual(others(report), others(command));
      assert.equal(report.format, command.format);
      assert.deepEqual(report.credential, command.credential);
      assert.deepEqual(report.claims, command.claims);
    } catch (e) {
      wrong.push(`${c.name}, expected ${JSON.stringify(c.expect)}: ${e.message}`);
    }
  }
  assert.ok(n > 150, `${n} cases`);
  assert.ok(!wrong.length, wrong.join("\n\n"));
});

test("a certificate from its award to its end, as its server, a command with its bundle, and a stranger see it", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  const json = await server.get(`/credentials/${c.id}`);
  const bundleOf = async () => Buffer.from((await server.get(`/credentials/${c.id}/bundle.json`)).text);
  const trust = await trustOf(server);
  await until(async () => JSON.parse(await bundleOf()).logProof, "a signed checkpoint");
  const bundle = await bundleOf();

  const seen = await post(server, Buffer.from(json.text));
  assert.equal(seen.verdict, "valid", brief(seen).join());
  for (const id of ["document", "issuer", "proof-rdfc", "proof-jcs", "dates", "status", "log"])
    assert.equal(seen.checks.find((k) => k.id === id).outcome, "pass", id);
  assert.match(seen.checks.find((k) => k.id === "issuer").reason, /this server's own/);
  assert.equal(seen.claims.title, "An exam with numbers");
  assert.ok(seen.claims.says.length && seen.claims.does_not_say.length && seen.claims.score.length);
  assert.ok(seen.claims.says.some((s) => s.startsWith("It is valid until ")), "not that it is to be renewed: many cannot be");
  const packed = verify(bundle, { trust });
  assert.deepEqual([packed.code, ...brief(packed.report)], [0, ...brief(await post(server, bundle))]);
  const stranger = verify(bundle, { trust: null });
  assert.equal(stranger.code, 3);
  holds(stranger.report, { verdict: "unknown", check: "issuer", code: "key-not-trusted" });
  assert.equal(verify(Buffer.from(json.text), { trust }).code, 3, "alone and offline nobody knows whether it was revoked");

  const link = `${ISSUER}/verify/${c.id}#sha256=${hex(Buffer.from(json.text))}`;
  assert.equal((await post(server, Buffer.from(link))).verdict, "valid", "its holder, who may see it");
  holds(await post(server, Buffer.from(link.replace(/.$/, (d) => (d === "0" ? "1" : "0")))), { verdict: "invalid", check: "document", code: "hash-mismatch" });
  holds(await post(server, Buffer.from(`${ISSUER}/verify/none#sha256=${"0".repeat(64)}`)), { verdict: "unknown", check: "format", code: "not-fetched" });

  const revoke = (...more) => assert.equal(run(["revoke", c.id, "--data", server.data, ...more]).code, 0);
  revoke("--suspend", "--reason", "being looked at");
  holds(await post(server, bundle), { verdict: "invalid", check: "status", code: "suspended" });
  holds(verify(await bundleOf(), { trust }).report, { verdict: "invalid", check: "status", code: "revoked" });
  holds(verify(bundle, { trust }).report, { verdict: "valid", check: "status", code: "ok" }); // what it said when it was packed
  holds(verify(bundle, { trust, nowMs: Date.now() + 3 * 86400000 }).report, { verdict: "unknown", check: "status", code: "status-stale" });
  revoke("--resume");
  assert.equal((await post(server, bundle)).verdict, "valid");
  revoke("--reason", "copied answers");
  holds(await post(server, bundle), { verdict: "invalid", check: "status", code: "revoked" });
  assert.equal((await server.get(`/api/v1/credentials/${c.id}`)).json.report.verdict, "invalid", "the page about it says so, too");
});

test("a server without an address: its certificates name a key, and a trust file says whose it is", async (t) => {
  const server = await start(t, []);
  const c = await earn(server, "numbers");
  const bundle = Buffer.from((await server.get(`/credentials/${c.id}/bundle.json`)).text);
  const trust = await trustOf(server);
  assert.match(c.credential.issuer.id, /^did:key:z6Mk/);
  const pinned = verify(bundle, { trust });
  assert.equal(pinned.code, 0, brief(pinned.report).join());
  assert.equal(pinned.report.checks.find((k) => k.id === "status").outcome, "absent");
  holds(verify(bundle, { trust: null }).report, { verdict: "unknown", check: "issuer", code: "key-not-trusted" });
  assert.equal((await post(server, bundle)).verdict, "valid");
  const other = await start(t, []);
  holds(await post(other, bundle), { verdict: "unknown", check: "issuer", code: "key-not-trusted" });
});

test("the server never fetches, whatever it is given", async (t) => {
  const server = await start(t);
  let asked = 0;
  const trap = createServer((request, response) => (asked++, response.end("{}")));
  await new Promise((done) => trap.listen(0, "127.0.0.1", done));
  t.after(() => trap.close());
  const { port } = trap.address();
  for (const host of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`, `http://localhost:${port}`]) {
    const issuer = new Issuer(`did:web:localhost%3A${port}`);
    issuer.host = host;
    const c = await issuer.certificate();
    for (const bytes of [JSON.stringify(c), JSON.stringify(await issuer.bundle(c)), `${host}/verify/x#sha256=${"0".repeat(64)}`])
      assert.equal((await post(server, Buffer.from(bytes))).verdict, "unknown");
  }
  assert.equal(asked, 0);
});

test("who verifies a lot at once has to wait, and nobody else", async (t) => {
  const server = checked(await startFor(t, {}));
  const replies = await Promise.all(Array.from({ length: 140 }, () => server.post("/api/v1/verify", "{}")));
  const count = (status) => replies.filter((r) => r.status === status).length;
  assert.ok(count(200) >= 120 && count(429) > 0 && count(200) + count(429) === 140, `${count(200)} and ${count(429)}`);
  ok(await server.get("/api/v1/exams"));
});

/* ---- What the command fetches ---- */

/** A web server of an issuer on this machine; `paths` answer in place of what is there. */
async function web(t, { paths = {}, edit = () => {} } = {}) {
  const server = createServer((request, response) => {
    asked.push(request.url);
    const answer = paths[request.url] ?? documents[request.url];
    if (typeof answer === "function") return answer(response);
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(answer === undefined ? "" : typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  const asked = [];
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => (server.closeAllConnections(), server.close()));
  const { port } = server.address();
  const issuer = new Issuer(`did:web:localhost%3A${port}`);
  issuer.host = `https://localhost:${port}`;
  const credential = await prove(edited(issuer.unsigned(), edit), issuer.keys.credentials, issuer.method(), Date.now() - 60000);
  const uuid = credential.id.split("/").at(-1);
  const documents = {
    "/.well-known/did.json": issuer.didDocument(),
    "/.well-known/assay-trust.json": issuer.trust(),
    "/status/1": await issuer.statusList(),
    [`/credentials/${uuid}`]: credential,
    [`/credentials/${uuid}/log-proof`]: issuer.logProof(jcs(credential)),
  };
  const look = async (what = JSON.stringify(credential), ...args) => {
    const child = spawn(assay, ["verify", "--json", ...args, typeof what === "string" && what.includes("#sha256=") ? what : fileWith(what)], { env: { ...process.env, https_proxy: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9", ALL_PROXY: "http://127.0.0.1:9" } });
    let out = "";
    child.stdout.on("data", (d) => (out += d));
    child.stderr.pipe(process.stderr);
    const code = await new Promise((done) => child.on("close", (c, signal) => done(c ?? signal)));
    assert.ok([0, 1, 3].includes(code), `it ended with ${code}`);
    return { code, report: JSON.parse(out) };
  };
  return { issuer, credential, documents, asked, look, uuid, port };
}
const edited = (v, edit) => (edit(v), v);

test("keys, lists and proofs are fetched from the issuer's own address", async (t) => {
  const w = await web(t);
  const { code, report } = await w.look();
  assert.equal(code, 0, brief(report).join());
  assert.ok(report.checks.filter((c) => c.required).every((c) => c.outcome === "pass"));
  assert.equal(report.checks.find((c) => c.id === "log").outcome, "pass");
  const issuer = report.checks.find((c) => c.id === "issuer");
  assert.match(issuer.reason, /http:\/\/localhost:.*not encrypted: this machine/, "and it is said when that was not encrypted");
  assert.ok(issuer.as_of);
  assert.deepEqual([...new Set(w.asked)].sort(), Object.keys(w.documents).filter((p) => p !== `/credentials/${w.uuid}`).sort());
  const before = w.asked.length;
  assert.equal((await w.look(undefined, "--offline")).code, 3);
  assert.equal(w.asked.length, before, "offline means offline");
  const link = `https://localhost:${w.port}/verify/${w.uuid}#sha256=${hex(jcs(w.credential))}`;
  assert.equal((await w.look(link)).code, 0);
  holds((await w.look(link.replace(/.$/, (d) => (d === "0" ? "1" : "0")))).report, { verdict: "invalid", check: "document", code: "hash-mismatch" });
});

test("a list that cannot be had is unknown, never a pass", async (t) => {
  const redirect = (to) => (response) => response.writeHead(302, { Location: to }).end();
  const answers = {
    nothing: undefined,
    "an error": (r) => r.writeHead(500).end("oops"),
    "no JSON": "<html>sign in to this network</html>",
    "an address elsewhere": redirect("http://127.0.0.1:1/status/1"),
    "an address without encryption elsewhere": redirect("http://example.org/status/1"),
    "a file": redirect("file:///etc/passwd"),
    "itself, for ever": redirect("/status/1"),
    "too much": (r) => r.end(Buffer.alloc(9 << 20, 32)),
    "a connection that breaks": (r) => r.destroy(),
  };
  for (const [name, answer] of Object.entries(answers)) {
    const w = await web(t, { paths: { "/status/1": answer ?? ((r) => r.writeHead(404).end()) } });
    const { code, report } = await w.look();
    assert.equal(code, 3, `${name}: ${brief(report).join()}`);
    assert.equal(report.checks.find((c) => c.id === "status").code, "status-unreachable", name);
  }
  const moved = await web(t, { paths: { "/status/1": redirect("/moved") } });
  moved.documents["/moved"] = moved.documents["/status/1"];
  assert.equal((await moved.look()).code, 0, "another place on the same host is followed");
});

test("what a certificate names does not decide who is asked", async (t) => {
  const trap = await web(t);
  const w = await web(t, { edit: (d) => (d.credentialStatus.statusListCredential = `http://127.0.0.1:${trap.port}/status/1`) });
  const { code, report } = await w.look();
  assert.equal(code, 3);
  assert.equal(report.checks.find((c) => c.id === "status").code, "status-unreachable");
  assert.equal(trap.asked.length, 0);
  const forged = edited(structuredClone(w.credential), (d) => (d.name = "x"));
  const before = w.asked.length;
  assert.equal((await w.look(JSON.stringify(forged))).code, 1);
  assert.deepEqual(w.asked.slice(before), ["/.well-known/did.json"], "for what was changed nobody is asked but whose key it is");
});

test("keys at the issuer's address", async (t) => {
  const w = await web(t);
  const did = w.documents["/.well-known/did.json"];
  const eve = new Issuer(w.issuer.id);
  eve.host = w.issuer.host;
  holds((await w.look(JSON.stringify(await eve.certificate()))).report, { verdict: "invalid", check: "issuer", code: "key-not-found" });
  const pins = fileWith(JSON.stringify(w.issuer.trust()));
  const method = did.verificationMethod[0];
  const saying = async (edit) => {
    w.documents["/.well-known/did.json"] = edited(structuredClone(did), edit);
    return (await w.look(undefined, "--trust", pins)).report;
  };
  holds(await saying((d) => (d.verificationMethod[0].revoked = new Date(Date.now() - 3600000).toISOString())), { verdict: "invalid", check: "issuer", code: "key-compromised" });
  holds(await saying((d) => (d.verificationMethod[0].expires = new Date(Date.now() - 3600000).toISOString())), { verdict: "invalid", check: "issuer", code: "key-retired-after" });
  holds(await saying((d) => d.assertionMethod.shift()), { verdict: "invalid", check: "issuer", code: "key-not-trusted" });
  holds(await saying((d) => (d.verificationMethod[0].publicKeyMultibase = eve.keys.credentials.multibase)), { verdict: "invalid", check: "issuer", code: "did-mismatch" });
  assert.equal((await saying((d) => (d.id = "did:web:eve.example.org"))).verdict, "valid", "what is pinned needs no DID document");
  w.documents["/.well-known/did.json"] = edited(structuredClone(did), (d) => (d.id = "did:web:eve.example.org"));
  assert.equal((await w.look()).report.checks.find((c) => c.id === "issuer").outcome, "unknown", "somebody else's document says nothing");
  assert.ok(method.id);
});

/* ---- The command ---- */

test("several files, standard input, and what is not right on the command line", () => {
  const good = fileWith(JSON.stringify(corpus.base));
  const bad = fileWith(JSON.stringify(corpus.base).replace("742", "842"));
  const alone = fileWith(JSON.stringify(corpus.base.credential));
  const pins = ["--offline", "--trust", fileWith(JSON.stringify(corpus.trust))];
  const code = (...args) => run(["verify", ...args]).code;
  assert.deepEqual([code(...pins, good), code(...pins, alone), code(...pins, bad)], [0, 3, 1]);
  assert.deepEqual([code(...pins, good, alone), code(...pins, alone, bad, good), code(...pins, good, good)], [3, 1, 0]);
  assert.equal(code(...pins, good, join(dir, "none")), 3);
  assert.equal(run(["verify", ...pins, "-"], { input: JSON.stringify(corpus.base) }).code, 0);
  const list = JSON.parse(run(["verify", "--json", ...pins, good, bad]).out);
  assert.deepEqual(list.map((r) => [r.file, r.report.verdict]), [[good, "valid"], [bad, "invalid"]]);
  for (const args of [[], ["--nonsense", good], ["--at", "yesterday", good], ["--key", "x", good], ["--trust", good, good], ["--trust", join(dir, "none"), good]])
    assert.equal(code(...args), 2, args.join(" "));
  const text = run(["verify", ...pins, bad]).out;
  assert.match(text, /^FAIL +proof-jcs/m);
  assert.match(text, /NOT VALID/);
  assert.doesNotMatch(text, /It says/, "what does not hold is not repeated");
  assert.match(run(["verify", ...pins, good]).out, /\nVALID\.\n$/);
  const did = fileWith(JSON.stringify(corpus.issuer.didDocument()));
  assert.equal(code("--offline", "--trust", did, good), 0, "a DID document that somebody vouches for");
});

test("text of somebody else's does nothing to a terminal", async () => {
  const issuer = new Issuer("did:web:eve.example.org", "\u001b[2J\u009b31mEve\u202e\nVALID.");
  const { out } = run(["verify", "--offline", "--trust", fileWith(JSON.stringify(issuer.trust())), fileWith(JSON.stringify(await issuer.bundle(await issuer.certificate())))]);
  assert.doesNotMatch(out, /[\u001b\u009b\u202e]/);
  assert.equal(out.match(/^VALID\./gm).length, 1);
});

test("every byte of a certificate", { timeout: 300000 }, async (t) => {
  const server = await start(t);
  const issuer = await issuerOf(server);
  const bytes = jcs(await issuer.certificate());
  const step = Math.ceil(bytes.length / 400);
  for (let at = 0; at < bytes.length; at += step) {
    const changed = Buffer.from(bytes);
    changed[at] ^= at % 3 ? 0x01 : 0x20;
    const report = await post(server, changed);
    assert.equal(report.verdict, "invalid", `byte ${at}: ${brief(report).join()}`);
  }
});
