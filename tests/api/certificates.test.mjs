// Certificates from end to end: earned, shown, named, shared, revoked, renewed, corrected, withdrawn; and what others get to see of them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import canonicalize from "canonicalize";
import { addUser } from "../lib/accounts.mjs";
import { Terminal } from "../lib/terminal.mjs";
import { beginTasks, openTask, resultOfTasks, submitTasks, sumOf, write } from "../lib/tasks.mjs";
import { bankWithCertificates, change, earn, evidenceOf, fail, ISSUER, measured, rename, show, sit, tasksWithCertificate, wallet } from "../lib/certificates.mjs";
import { checked } from "../lib/contract.mjs";
import { answerAll, begin, ok, problem, resultOf, submit } from "../lib/exam.mjs";
import { openItems, run, Server, startFor, until } from "../lib/server.mjs";

const start = async (t, options = {}) =>
  checked(await startFor(t, { banks: bankWithCertificates(t), ...options, args: ["--public-url", ISSUER, "--no-rate-limits", ...(options.args ?? [])] }));
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const cli = (server, ...args) => run([...args, "--data", server.data]);
const bitOf = (list, index) => list.length > index / 8 && (list[Math.floor(index / 8)] >> (7 - (index % 8))) & 1;

test("a passed exam gives a certificate that states what was measured, by which rules, and what it is about", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  const { credential } = c;
  assert.deepEqual([c.state, c.shared, c.name, c.exam], ["valid", false, null, "fixture/numbers"]);
  assert.equal(credential.id, `${ISSUER}/credentials/${c.id}`);
  assert.deepEqual([credential.issuer.id, credential.credentialStatus.type], ["did:web:exam.example.org", "BitstringStatusListEntry"]);
  const m = measured(credential);
  assert.equal(m.total, String(c.result.score.value));
  assert.ok(Number(m.chance) > 0.9 && Number(m.chance) < 1, "nobody is certain");
  assert.deepEqual(Object.keys(m).filter((k) => k.startsWith("domain-")), ["domain-one", "domain-one-error", "domain-two", "domain-two-error"]);
  const words = credential.credentialSubject.achievement.criteria.narrative;
  for (const part of [/at least 720 on a scale from 100 to 1000/, /at most 60 minutes/, /reference pages/, /Not supervised/, /The renewal/])
    assert.match(words, part);
  assert.doesNotMatch(words, /\bsupervised by|proctored/i);
  const issued = Date.parse(c.valid_from);
  assert.equal(new Date(c.valid_until).getUTCFullYear() - new Date(c.valid_from).getUTCFullYear(), 2);
  assert.ok(Math.abs(Date.parse(c.result.ended_at) - issued) < 1000);
  const [signed] = evidenceOf(credential, "result");
  const hash = Buffer.from(signed.id.replace("ni:///sha-256;", ""), "base64url").toString("hex");
  assert.equal(hash, c.result.signed.sha256, "the evidence is the result that the candidate has");
  assert.match(evidenceOf(credential, "log")[0].identifier, /^\d+$/);
  assert.ok(!JSON.stringify(credential).includes("local"), "no account's name in clear");
  for (const key of ["seq", "response", "stem"]) assert.ok(!JSON.stringify(credential).includes(`"${key}"`));
});

test("what the exam does not report, the certificate does not say", async (t) => {
  const server = await start(t);
  const secret = await earn(server, "secret");
  assert.deepEqual(measured(secret.credential), { outcome: "Completed" });
  assert.doesNotMatch(JSON.stringify(secret.credential.credentialSubject), /requiredValue|valueMax/);
  assert.equal(secret.valid_until, null);
  assert.equal(secret.renew, null);
  const bands = await earn(server, "bands");
  assert.deepEqual(measured(bands.credential), { outcome: "Completed", "domain-one": "strong", "domain-two": "strong" });
  const far = await earn(server, "far");
  assert.deepEqual(Object.keys(measured(far.credential)), ["outcome", "total", "total-error", "chance"]);
});

test("study sessions, failed exams and exams without a certificate give none", async (t) => {
  const server = await start(t);
  const study = await begin(server, "numbers", "study");
  await answerAll(server, study);
  await submit(server, study.id);
  assert.equal((await resultOf(server, study.id)).certificate, undefined);
  const failed = await fail(server, "numbers");
  assert.equal((await resultOf(server, failed.id)).certificate, undefined);
  const plain = await sit(server, "all");
  assert.equal((await resultOf(server, plain.id)).certificate, undefined);
  assert.deepEqual(await wallet(server), { certificates: [], reminders: [] });
});

test("nobody sees what is not shared; an id alone is no permission", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  const bob = await addUser(server, "bob");
  const eve = await addUser(server, "eve", ["--role", "examiner"]);
  const { id } = await earn(server, "numbers", ada.bearer);
  const addresses = (c) => ["", "/bundle.json", "/log-proof", "/replay/i1/1"].map((part) => `/credentials/${c}${part}`).concat(`/api/v1/credentials/${c}`);
  const unknown = "00000000-0000-4000-8000-000000000000";
  for (const headers of [{}, bob.bearer])
    for (const [i, address] of addresses(id).entries()) {
      const there = await server.get(address, headers);
      const not = await server.get(addresses(unknown)[i], headers);
      problem(there, 404, "not-found");
      assert.deepEqual([there.text, [...there.headers].map(([k]) => k)], [not.text, [...not.headers].map(([k]) => k)], "the same answer as for none");
    }
  for (const reply of [
    await server.get(`/api/v1/certificates/${id}`, bob.bearer),
    await change(server, id, { shared: true }, bob.bearer),
    await rename(server, id, "Bob", bob.bearer),
    await server.request("DELETE", `/api/v1/certificates/${id}`, undefined, bob.bearer),
  ])
    problem(reply, 404, "not-found");
  assert.equal((await wallet(server, bob.bearer)).certificates.length, 0);
  problem(await server.get("/api/v1/certificates"), 401, "unauthenticated");
  const own = await server.get(`/credentials/${id}`, ada.bearer);
  assert.equal(own.status, 200);
  assert.equal(own.headers.get("access-control-allow-origin"), null, "a page elsewhere cannot read it");
  assert.equal((await server.get(`/credentials/${id}`, eve.bearer)).status, 200, "examiners see all");
  assert.equal(ok(await server.get(`/api/v1/credentials/${id}`, eve.bearer)).holder_view, false);

  assert.equal(ok(await change(server, id, { shared: true }, ada.bearer)).shared, true);
  const shared = await server.get(`/credentials/${id}`);
  assert.deepEqual([shared.status, shared.headers.get("content-type"), shared.headers.get("access-control-allow-origin")], [200, "application/vc", "*"]);
  assert.equal(shared.text, canonicalize(JSON.parse(shared.text)), "canonical, as it was signed");
  const page = ok(await server.get(`/api/v1/credentials/${id}`));
  assert.deepEqual([page.state, page.holder_view, page.replay, page.superseded_by, page.issuer.name], ["valid", false, null, null, "exam.example.org"]);
  ok(await change(server, id, { shared: false }, ada.bearer));
  problem(await server.get(`/credentials/${id}`), 404, "not-found");
});

test("the holder is a salted hash of the account, and a name only if they choose one", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  const first = await earn(server, "numbers", ada.bearer);
  const [hashed] = first.credential.credentialSubject.identifier;
  assert.equal(hashed.identityHash, `sha256$${sha256(`ada${hashed.salt}`)}`);
  assert.equal(first.credential.credentialSubject.identifier.length, 1);
  ok(await change(server, first.id, { shared: true, hidden: false }, ada.bearer));

  for (const name of ["", " Ada", "Ada ", "A\u202eda", "A\u0000da", "A\nda", "A\u200bda", "\u2066Ada\u2069", "123", "e".repeat(101), "Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"])
    problem(await rename(server, first.id, name, ada.bearer), 400, "invalid");
  problem(await rename(server, first.id, "x".repeat(201), ada.bearer), 413, "too-large");
  for (const name of [7, true, {}, ["Ada"]]) problem(await rename(server, first.id, name, ada.bearer), 400, "invalid");
  for (const body of [undefined, {}, { nom: "Ada" }, { name: "Ada", nom: "Ada" }])
    problem(await server.post(`/api/v1/certificates/${first.id}/name`, body, ada.bearer), 400, "invalid");
  problem(await change(server, first.id, undefined, ada.bearer), 415, "unsupported");
  for (const body of [{ shared: 1 }, { public: true }, { shared: "true" }]) problem(await change(server, first.id, body, ada.bearer), 400, "invalid");

  const second = ok(await rename(server, first.id, "Ada Love\u0301lace", ada.bearer));
  assert.deepEqual([second.name, second.supersedes, second.shared, second.state], ["Ada Lov\u00e9lace", first.id, true, "valid"]);
  assert.deepEqual(second.credential.credentialSubject.identifier[1], { type: "IdentityObject", hashed: false, identityHash: "Ada Lov\u00e9lace", identityType: "name" });
  assert.deepEqual([second.valid_from, second.valid_until, second.attempt], [first.valid_from, first.valid_until, first.attempt]);
  assert.notEqual(second.credential.credentialSubject.identifier[0].salt, hashed.salt, "two certificates cannot be told to be of one person by the salt");
  const old = await show(server, first.id, ada.bearer);
  assert.deepEqual([old.state, old.superseded_by, old.reason], ["superseded", second.id, null]);
  const page = ok(await server.get(`/api/v1/credentials/${first.id}`));
  assert.deepEqual([page.state, page.superseded_by], ["superseded", second.id]);
  problem(await rename(server, first.id, "Ada", ada.bearer), 409, "conflict");
  problem(await rename(server, second.id, "Ada Lov\u00e9lace", ada.bearer), 409, "conflict");
  const names = ["李小龍", "محمد علی", "Ελένη", "Нина Симоновић", "ಕುವೆಂಪು", "Siobhán Ní Dhuibhir-O’Neill 3rd", "👩‍🔬 Dr. Grace"];
  let current = second;
  for (const name of names) {
    current = ok(await rename(server, current.id, name, ada.bearer));
    assert.equal(current.name, name.normalize("NFC"));
  }
  assert.equal((await server.get(`/credentials/${current.id}`)).status, 200);
  const nameless = ok(await rename(server, current.id, null, ada.bearer));
  for (const id of [first.id, second.id, current.id]) problem(await server.get(`/credentials/${id}`), 404, "not-found");
  assert.equal((await server.get(`/credentials/${nameless.id}`)).status, 200, "a name that is taken off is taken off of what is shared");
  assert.equal(nameless.credential.credentialSubject.identifier.length, 1);
  assert.equal((await wallet(server, ada.bearer)).certificates.filter((c) => c.state === "valid").length, 1);
});

test("what is not shared any more was not shared before, either", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  const first = await earn(server, "numbers", ada.bearer);
  ok(await change(server, first.id, { shared: true }, ada.bearer));
  const second = ok(await rename(server, first.id, "Ada", ada.bearer));
  const third = ok(await rename(server, second.id, "Ada Lovelace", ada.bearer));
  const status = async () => Promise.all([first, second, third].map(async (c) => (await server.get(`/credentials/${c.id}/badge.svg`)).status));
  assert.deepEqual(await status(), [200, 200, 200]);
  ok(await change(server, third.id, { shared: false }, ada.bearer));
  assert.deepEqual(await status(), [404, 404, 404], "its predecessors say the same of the same person");
  ok(await change(server, third.id, { shared: true }, ada.bearer));
  assert.deepEqual(await status(), [404, 404, 200], "an older one is shared only when its holder says so of it");
});

test("what people do with it: links, LinkedIn, a line for a CV", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  assert.equal(c.links.verify, `${ISSUER}/verify/${c.id}`);
  const linkedin = new URL(c.links.linkedin);
  const query = Object.fromEntries(linkedin.searchParams);
  const from = new Date(c.valid_from);
  assert.deepEqual(query, {
    startTask: "CERTIFICATION_NAME",
    name: "An exam with numbers",
    organizationName: "exam.example.org",
    issueYear: String(from.getUTCFullYear()),
    issueMonth: String(from.getUTCMonth() + 1),
    expirationYear: String(from.getUTCFullYear() + 2),
    expirationMonth: String(from.getUTCMonth() + 1),
    certUrl: `${ISSUER}/verify/${c.id}`,
    certId: c.id,
  });
  assert.match(c.line, /^An exam with numbers, exam\.example\.org, \d+ [A-Z][a-z]+ 20\d\d, valid until .*\/verify\//);
  const secret = await earn(server, "secret");
  assert.ok(!("expirationYear" in Object.fromEntries(new URL(secret.links.linkedin).searchParams)), "what is empty is left out");

  const alone = await startFor(t, { banks: bankWithCertificates(t) });
  const local = await earn(alone, "numbers");
  assert.match(local.credential.id, /^urn:uuid:/);
  assert.match(local.credential.issuer.id, /^did:key:z6Mk/);
  assert.equal(local.links.verify, `/verify/${local.id}`);
  assert.ok(!local.links.linkedin.includes("certUrl"));
  assert.match(local.line, new RegExp(`certificate ${local.id}$`));
});

test("the operator revokes, suspends and resumes beside the server; the status list says so at once", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  const { statusListIndex, statusListCredential } = c.credential.credentialStatus;
  const listed = async () => {
    const list = JSON.parse((await server.get(new URL(statusListCredential).pathname)).text);
    const { gunzipSync } = await import("node:zlib");
    return bitOf(gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), "base64url")), Number(statusListIndex));
  };
  assert.equal(await listed(), 0);
  const revoke = (...args) => cli(server, "revoke", c.id, ...args);
  for (const args of [[], ["--resume", "--reason", "x"], ["--suspend", "--resume"], ["--reason", "a\u202eb"], ["--reason", ""]])
    assert.notEqual(revoke(...args).code, 0, args.join(" "));
  assert.notEqual(cli(server, "revoke", "nothing", "--reason", "x").code, 0);
  assert.equal(revoke("--resume").code, 1, "it is valid");
  assert.equal(revoke("--suspend", "--reason", "Looked into").code, 0);
  await until(async () => (await listed()) === 1, "the list to say so");
  assert.deepEqual([(await show(server, c.id)).state, (await show(server, c.id)).reason], ["suspended", "Looked into"]);
  assert.equal(revoke("--suspend", "--reason", "Again").code, 1);
  const named = ok(await rename(server, c.id, "Ada"));
  assert.equal(named.state, "suspended", "another name does not end a suspension");
  const again = (...args) => cli(server, "revoke", named.id, ...args);
  assert.equal(again("--resume").code, 0);
  assert.equal((await show(server, named.id)).state, "valid");
  assert.equal(again("--reason", "Somebody else sat the exam").code, 0);
  const gone = await show(server, named.id);
  assert.deepEqual([gone.state, gone.reason], ["revoked", "Somebody else sat the exam"]);
  assert.equal(again("--reason", "Twice").code, 1);
  assert.equal(again("--resume").code, 1, "for good");
  problem(await rename(server, named.id, "Bob"), 409, "conflict");
  assert.equal((await resultOf(server, c.attempt)).certificate.state, "revoked");
  const list = JSON.parse(cli(server, "certificate", "list", "--json").out);
  assert.deepEqual(list.certificates.map((x) => x.state), ["superseded", "revoked"]);
  assert.match(cli(server, "certificate", "list").out, /revoked.*Somebody else/);
});

test("the operator lists, shows and corrects a name", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  await addUser(server, "bob");
  const c = await earn(server, "numbers", ada.bearer);
  assert.equal(JSON.parse(cli(server, "certificate", "show", c.id, "--json").out).id, c.credential.id);
  assert.equal(JSON.parse(cli(server, "certificate", "list", "--json", "--account", "bob").out).certificates.length, 0);
  for (const args of [["reissue", c.id], ["reissue", c.id, "--name", "a", "--no-name"], ["list", c.id], ["show"], ["fly"], ["show", c.id, "--name", "x"]])
    assert.equal(cli(server, "certificate", ...args).code, 2, args.join(" "));
  assert.equal(cli(server, "certificate", "reissue", c.id, "--name", "A\u202eB").code, 1);
  const done = cli(server, "certificate", "reissue", c.id, "--name", "Ada Lovelace");
  assert.equal(done.code, 0, done.err);
  const id = done.out.match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0];
  const now = await show(server, id, ada.bearer);
  assert.deepEqual([now.name, now.supersedes, now.credential.id], ["Ada Lovelace", c.id, `${ISSUER}/credentials/${id}`]);
});

test("withdrawn by the holder: name, bytes and sharing are gone, the status list says revoked, the log stays", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  const named = ok(await rename(server, c.id, "Ada Lovelace"));
  ok(await change(server, named.id, { shared: true }));
  const before = JSON.parse(cli(server, "certificate", "list", "--json").out).certificates;
  const reply = await server.request("DELETE", `/api/v1/certificates/${named.id}`);
  assert.equal(reply.status, 204);
  for (const id of [named.id, c.id]) {
    problem(await server.get(`/credentials/${id}`), 404, "not-found");
    problem(await server.get(`/api/v1/certificates/${id}`), 404, "not-found");
  }
  problem(await server.request("DELETE", `/api/v1/certificates/${named.id}`), 404, "not-found");
  assert.equal((await wallet(server)).certificates.length, 0);
  assert.equal((await resultOf(server, c.attempt)).certificate, undefined);
  const after = JSON.parse(cli(server, "certificate", "list", "--json").out).certificates;
  assert.deepEqual(after.map((x) => [x.state, x.name, x.log_index, x.sha256]), before.map((x) => ["withdrawn", null, x.log_index, x.sha256]));
  assert.notEqual(cli(server, "certificate", "show", named.id).code, 0);
  const other = await earn(server, "secret");
  assert.equal(cli(server, "revoke", other.id, "--reason", "Enough").code, 0);
  const audit = cli(server, "log", "check");
  assert.equal(audit.code, 0, audit.out + audit.err);
  assert.match(audit.out, /2 withdrawn/);
});

test("renewal: from the expiry or from the pass, in its window only; the old one stays valid", async (t) => {
  const server = await start(t);
  const { bearer } = await addUser(server, "ada");
  const refused = async (exam, code) => problem(await server.post("/api/v1/attempts", { exam: `fixture/${exam}`, mode: "exam" }, bearer), 403, code);
  const nobody = await refused("renewal", "not-offered");
  assert.match(nobody.detail, /renews a certificate, and you have none/);
  const first = await earn(server, "numbers", bearer);
  assert.equal(first.renew.state, "open");
  const { reminders } = await wallet(server, bearer);
  assert.deepEqual(reminders.map((r) => [r.certificate, r.exam]), [[first.id, "fixture/renewal"]]);
  assert.match(reminders[0].text, /"An exam with numbers" runs out on .*renewal exam/);
  const failed = await fail(server, "renewal", bearer);
  assert.equal((await resultOf(server, failed.id, bearer)).certificate, undefined);
  const renewal = await sit(server, "renewal", bearer);
  const { certificate } = await resultOf(server, renewal.id, bearer);
  const next = await show(server, certificate.id, bearer);
  const years = (time) => new Date(time).getUTCFullYear();
  assert.deepEqual([next.exam, next.title, years(next.valid_until) - years(first.valid_until)], ["fixture/numbers", "An exam with numbers", 2]);
  assert.match(next.credential.credentialSubject.achievement.criteria.narrative, /renews an earlier one, by this shorter exam/);
  const old = await show(server, first.id, bearer);
  assert.deepEqual([old.state, old.renewed_by, old.renew], ["valid", next.id, null]);
  await refused("renewal", "retake");

  const far = await earn(server, "far", bearer);
  assert.equal(far.renew.state, "later");
  const early = await refused("late-renewal", "retake");
  assert.match(early.detail, /too early to renew/);
  assert.equal(early.next_at, far.renew.opens_at);

  const bands = await earn(server, "bands", bearer);
  const locked = await refused("bands", "retake");
  assert.match(locked.detail, /passed already/);
  const bandsRenewal = await sit(server, "bands-renewal", bearer);
  const renewed = await show(server, (await resultOf(server, bandsRenewal.id, bearer)).certificate.id, bearer);
  assert.ok(Date.parse(renewed.valid_until) - Date.parse(bands.valid_until) < 60000, "from the pass: hardly later than the first");
  const later = await refused("bands", "retake");
  assert.ok(later.next_at > locked.next_at, "the renewal counts for the lock");
});

test("the one local person may take a renewal at any time, and it renews what it may", async (t) => {
  const server = await start(t);
  const nothing = await sit(server, "renewal");
  assert.equal((await resultOf(server, nothing.id)).certificate, undefined);
  const far = await earn(server, "far");
  const early = await sit(server, "late-renewal");
  assert.equal((await resultOf(server, early.id)).certificate, undefined, "outside its window it renews nothing");
  assert.equal((await show(server, far.id)).renewed_by, null);
});

test("corrected marks: passed after all, another score, not passed any more", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "essay");
  await answerAll(server, attempt);
  await submit(server, attempt.id);
  const essay = openItems(attempt).find((i) => i.kind === "essay");
  const mark = (points) => {
    const done = run(["mark", attempt.id, essay.id, "--points", points, "--by", "Grace", "--data", server.data]);
    assert.equal(done.code, 0, done.err);
  };
  const certificate = async () => (await resultOf(server, attempt.id)).certificate;
  mark("0");
  assert.equal(await certificate(), undefined);
  mark("1");
  const first = await show(server, (await certificate()).id);
  assert.equal(measured(first.credential).total, "100");
  const named = ok(await rename(server, first.id, "Ada"));
  ok(await change(server, named.id, { shared: true }));
  mark("0.75");
  const second = await show(server, (await certificate()).id);
  assert.deepEqual([second.supersedes, second.name, second.shared], [named.id, "Ada", true]);
  assert.ok(Number(measured(second.credential).total) < 100);
  mark("0.75");
  assert.equal((await certificate()).id, second.id, "the same score again changes nothing");
  const renewal = await sit(server, "renewal");
  const renewed = (await resultOf(server, renewal.id)).certificate.id;
  mark("0");
  const gone = await show(server, second.id);
  assert.deepEqual([gone.state, gone.reason], ["revoked", "The result was corrected, and does not pass any more."]);
  assert.equal((await show(server, renewed)).state, "revoked", "what was renewed on its strength goes with it");
  mark("1");
  const back = await show(server, (await certificate()).id);
  assert.deepEqual([back.state, back.supersedes], ["valid", second.id]);
  assert.equal(cli(server, "revoke", back.id, "--reason", "Enough").code, 0);
  mark("0.9");
  assert.deepEqual(await certificate(), { id: back.id, state: "revoked" }, "what the operator revoked stays so");
});

test("hands-on work: its share, its snapshots as evidence, and recordings only if the holder agrees", async (t) => {
  const server = checked(await startFor(t, { banks: tasksWithCertificate(t), args: ["--public-url", ISSUER, "--no-rate-limits"] }));
  const { bearer } = await addUser(server, "ada");
  const running = await beginTasks(server, { headers: bearer });
  const { sum } = running.tasks;
  await openTask(server, sum, bearer);
  await write(server, sum, "/home/candidate/sum", sumOf(sum), bearer);
  const terminal = await Terminal.open(server, running.id, sum.id, { headers: bearer });
  await terminal.until(() => terminal.text.includes("$ "), "a prompt");
  await submitTasks(server, running);
  const result = await resultOfTasks(server, running);
  const { id } = result.certificate;
  const { credential } = await show(server, id, bearer);
  const m = measured(credential);
  assert.deepEqual([m["by-hand"], m["by-hand-score"]], ["100", "22.2"]);
  const [task, ...others] = evidenceOf(credential, "task");
  assert.equal(others.length, 0, "what was not opened is no evidence");
  const marked = result.items.find((i) => i.id === sum.id);
  assert.equal(Buffer.from(task.id.slice("ni:///sha-256;".length), "base64url").toString("hex"), marked.task.snapshot_sha256);
  for (const part of [marked.task.grader_sha256, `${marked.checks.length} of ${marked.checks.length} checks passed`]) assert.ok(task.narrative.includes(part), task.narrative);
  assert.match(credential.credentialSubject.achievement.criteria.narrative, /3 of them hands-on tasks in a real shell/);

  const replay = `/credentials/${id}/replay/${sum.id}/1`;
  ok(await change(server, id, { shared: true }, bearer));
  assert.equal(ok(await server.get(`/api/v1/credentials/${id}`)).replay, null);
  problem(await server.get(replay), 404, "not-found");
  assert.equal((await server.get(replay, bearer)).status, 200, "its holder sees it");
  ok(await change(server, id, { replay_shared: true }, bearer));
  const { replay: list } = ok(await server.get(`/api/v1/credentials/${id}`));
  assert.deepEqual(list.map((r) => [r.task, r.shell, r.href]), [[sum.id, 1, replay]]);
  const cast = await server.get(replay);
  assert.deepEqual([cast.status, cast.headers.get("content-type")], [200, "application/x-asciicast"]);
  assert.equal(JSON.parse(cast.text.split("\n")[0]).version, 2);
  for (const other of [`/credentials/${id}/replay/${sum.id}/2`, `/credentials/${id}/replay/${sum.id}/9`, `/credentials/${id}/replay/izzzz/1`])
    problem(await server.get(other), 404, "not-found");
  ok(await change(server, id, { shared: false }, bearer));
  problem(await server.get(replay), 404, "not-found");
});

test("a report that is released later: its certificate, and what the rules say, come with it", async (t) => {
  const server = await start(t);
  const { bearer } = await addUser(server, "ada");
  const attempt = await sit(server, "delayed", bearer);
  problem(await server.get(`/api/v1/attempts/${attempt.id}/result`, bearer), 403, "not-released");
  assert.equal((await wallet(server, bearer)).certificates.length, 0);
  assert.equal(JSON.parse(cli(server, "certificate", "list", "--json").out).certificates.length, 0);
  const passed = problem(await server.post("/api/v1/attempts", { exam: "fixture/delayed", mode: "exam" }, bearer), 403, "retake");
  assert.doesNotMatch(passed.detail, /passed/);
  assert.ok(Date.parse(passed.next_at) - Date.now() < 8 * 86400e3, "the release, not the end of the lock");
});

test("after a restart everything is as it was; the bundle has it all", async (t) => {
  const server = await start(t);
  const c = await earn(server, "numbers");
  const text = (await server.get(`/credentials/${c.id}`)).text;
  const bundle = await until(async () => {
    const b = ok(await server.get(`/credentials/${c.id}/bundle.json`));
    return b.logProof && b;
  }, "the log to be signed");
  assert.deepEqual(Object.keys(bundle).sort(), ["bundle", "credential", "didDocument", "logKey", "logProof", "made", "statusList"]);
  assert.deepEqual([bundle.bundle, bundle.credential, bundle.didDocument.id], ["assay-bundle/v1", c.credential, c.credential.issuer.id]);
  assert.match((await server.get(`/credentials/${c.id}/log-proof`)).text, /^c2sp\.org\/tlog-proof@v1\n/);
  await server.stop();
  const next = await Server.start({ banks: bankWithCertificates(t), data: server.data, args: ["--public-url", ISSUER] });
  t.after(() => next.stop());
  assert.equal((await next.get(`/credentials/${c.id}`)).text, text, "the same bytes");
  assert.equal((await wallet(next)).certificates[0].id, c.id);
});
