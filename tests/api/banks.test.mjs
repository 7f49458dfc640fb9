// Banks while the server runs: a change is noticed, attempts keep their version, and a broken bank does not take others down.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { change, copyOfFixture, fixture, set } from "../lib/banks.mjs";
import { checked } from "../lib/contract.mjs";
import { answerAll, begin, itemOf, ok, problem, resultOf, rightResponse, save, show, submit } from "../lib/exam.mjs";
import { openItems, root, run, Server, startFor, temporaryFolder, until } from "../lib/server.mjs";

const start = async (t, options) => checked(await startFor(t, options));
const versionOf = async (server, exam = "fixture/all") => (await server.get(`/api/v1/exams/${exam}`)).json?.bank_hash;
const changed = (server, before, exam) =>
  until(async () => {
    const now = await versionOf(server, exam);
    return now && now !== before && now;
  }, "the server to notice the change");
const listed = async (server) => ok(await server.get("/api/v1/exams")).exams.map((e) => e.id);

test("a changed bank is noticed; attempts keep their version, new ones get the new", async (t) => {
  const bank = copyOfFixture(t);
  const server = await start(t, { banks: bank });
  const before = await versionOf(server);
  const attempt = await begin(server, "all");
  assert.equal(attempt.bank.hash, before);
  change(bank, {
    "questions/one.md": (text) =>
      text
        .replace("What is two plus two?", "What is two plus two, said anew?")
        .replace(
          "- [x] 4\n- [ ] 3\n- [ ] 5\n\n### Explanation\nEXPLANATION-TEXT: counting on.",
          "- [ ] 4\n- [x] 3\n- [ ] 5\n\n### Explanation\nEXPLANATION-TEXT: counting on.",
        ),
    "exams/all.yml": set("title", "Everything, renewed"),
    "bank.yml": set("version", "1.1.0"),
  });
  const after = await changed(server, before);
  const kept = await show(server, attempt.id);
  assert.equal(kept.bank.hash, before);
  assert.equal(kept.title, "Everything");
  const item = itemOf(kept, "single-2");
  assert.ok(!item.stem.includes("anew"));
  ok(await save(server, attempt, item, rightResponse(item))); // "4", right in its version
  await submit(server, attempt.id);
  const result = await resultOf(server, attempt.id);
  assert.equal(result.scoring.bank_hash, before);
  assert.equal(result.items.find((i) => i.id === item.id).outcome, "right");

  const fresh = await begin(server, "all");
  assert.equal(fresh.bank.hash, after);
  assert.deepEqual([fresh.title, fresh.bank.version], ["Everything, renewed", "1.1.0"]);
  assert.ok(openItems(fresh).some((i) => i.stem.includes("anew")));
});

test("an attempt outlives its bank: question removed, exam removed, folder removed, server restarted", async (t) => {
  const bank = copyOfFixture(t);
  const data = join(temporaryFolder(t), "data");
  const server = await start(t, { banks: dirname(bank), data });
  const attempt = await begin(server, "all");
  change(bank, { "exams/all.yml": null, "questions/two.md": null, "exams/sections.yml": null });
  await until(async () => !(await listed(server)).includes("fixture/all"), "the exam to go");
  problem(await server.get("/api/v1/exams/fixture/all"), 404, "not-found");
  problem(await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" }), 404, "not-found");
  await answerAll(server, attempt);
  rmSync(bank, { recursive: true });
  await until(async () => (await listed(server)).length === 0, "the bank to go");
  await server.stop();

  const other = copyOfFixture(t, { "bank.yml": set("id", "other") });
  const again = checked(await Server.start({ data, banks: other }));
  t.after(() => again.stop());
  assert.deepEqual([...new Set((await listed(again)).map((id) => id.split("/")[0]))], ["other"]);
  const kept = await show(again, attempt.id);
  assert.ok(openItems(kept).every((i) => i.seq === 1));
  const picture = openItems(kept)
    .find((i) => i.image)
    .image.match(/\/media\/[^"]+/)[0];
  assert.equal((await again.get(picture)).status, 200, "its pictures are there too");
  await submit(again, attempt.id);
  assert.equal((await resultOf(again, attempt.id)).counts.right, 14);
});

test("a broken bank does not take others down, and comes back when it is mended", async (t) => {
  const banks = temporaryFolder(t);
  for (const name of ["good", "bad"]) {
    cpSync(fixture, join(banks, name), { recursive: true });
    change(join(banks, name), { "bank.yml": set("id", name) });
  }
  const server = await start(t, { banks });
  const goodBefore = await versionOf(server, "good/all"),
    badBefore = await versionOf(server, "bad/all");
  assert.ok(goodBefore && badBefore);
  writeFileSync(join(banks, "bad/bank.yml"), "id: [this, is: not\n\t\0 yaml");
  change(join(banks, "good"), { "bank.yml": set("version", "2.0.0") });
  await changed(server, goodBefore, "good/all");
  ok(await server.post("/api/v1/attempts", { exam: "good/all", mode: "exam" }), 201);
  assert.match(server.log, /bad/);
  const badNow = await versionOf(server, "bad/all");
  assert.ok(badNow === undefined || badNow === badBefore, "nothing half-read is offered");
  writeFileSync(
    join(banks, "bad/bank.yml"),
    "id: bad\ntitle: Mended\nversion: 3.0.0\nlicense: CC0-1.0\nlanguage: en\nauthors: [Me]\ndomains:\n  one: {title: One, objectives: {a: A, b: B}}\n  two: {title: Two, objectives: {c: C}}\n  three: {title: Three, objectives: {d: D}}\n",
  );
  await changed(server, badNow ?? "none", "bad/all");
  assert.equal(ok(await server.get("/api/v1/exams/bad/all")).bank.title, "Mended");
});

test("a wrong question is left out, the rest of the bank is offered", async (t) => {
  const bank = copyOfFixture(t, {
    "questions/wrong.md":
      "---\nobjective: one.a\n---\n## No key {#no-key}\nWhich?\n\n- [ ] A\n- [ ] B\n\n## Fine {#fine-1}\nOne and one?\n\n- [x] 2\n- [ ] 3\n- [ ] 4\n\n### Explanation\nx\n",
  });
  const server = await start(t, { banks: bank });
  const domains = ok(await server.get("/api/v1/exams/fixture/all")).domains;
  assert.equal(domains.find((d) => d.id === "one").items_in_bank, 8);
  const checkedBank = run(["bank", "check", bank, "--json"]);
  assert.equal(checkedBank.code, 1);
  assert.match(checkedBank.out, /no-key/);
  assert.match(server.log, /no-key|wrong\.md|1 error/);
});

test("an exam that cannot be drawn says why, and is not begun", async (t) => {
  const server = await start(t, { banks: copyOfFixture(t, { "exams/late.yml": set("items", "400") }) });
  const exam = ok(await server.get("/api/v1/exams/fixture/late"));
  assert.equal(exam.available, false);
  assert.ok(exam.unavailable_reason.length > 10, exam.unavailable_reason);
  const refused = await server.post("/api/v1/attempts", { exam: "fixture/late", mode: "exam" });
  assert.ok(refused.status >= 400 && refused.status < 500, refused.text);
  assert.ok((await listed(server)).includes("fixture/late"));
});

test("a preset is a format to copy, not an exam to sit, even where the bank has enough questions", async (t) => {
  const server = await start(t, { banks: copyOfFixture(t, { "exams/late.yml": (text) => `${text}kind: preset\n` }) });
  const exam = ok(await server.get("/api/v1/exams/fixture/late"));
  assert.equal(exam.kind, "preset");
  assert.equal(exam.available, false);
  problem(await server.post("/api/v1/attempts", { exam: "fixture/late", mode: "exam" }), 403, "not-offered");
});

test("an exam outside of its dates is not offered", async (t) => {
  const later = copyOfFixture(t, {
    "exams/late.yml": (text) => `${text}effective: {from: 2099-01-01}\n`,
    "exams/short.yml": (text) => `${text}effective: {until: 2001-01-01}\n`,
  });
  const server = await start(t, { banks: later });
  for (const exam of ["late", "short"]) {
    assert.equal(ok(await server.get(`/api/v1/exams/fixture/${exam}`)).available, false);
    problem(await server.post("/api/v1/attempts", { exam: `fixture/${exam}`, mode: "exam" }), 403, "not-offered");
  }
});

test("two banks with one id, folders that are no banks, and one that is not there", async (t) => {
  const banks = temporaryFolder(t);
  for (const name of ["a", "b"]) cpSync(fixture, join(banks, name), { recursive: true });
  mkdirSync(join(banks, "empty"));
  writeFileSync(join(banks, "README"), "no bank");
  const server = await start(t, { banks });
  assert.equal((await listed(server)).filter((id) => id === "fixture/all").length, 1, "one of the two is offered, and once");
  assert.match(server.log, /fixture/);
  ok(await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" }), 201);
});

test("the shipped banks are offered and every exam of theirs can be begun", async (t) => {
  const server = await start(t, { banks: join(fixture, "../../../banks"), args: ["--no-rate-limits"] });
  const exams = ok(await server.get("/api/v1/exams")).exams.filter((e) => !e.id.startsWith("formats/"));
  assert.ok(exams.length >= 9);
  for (const exam of exams) {
    assert.equal(exam.available, true, `${exam.id}: ${exam.unavailable_reason}`);
    for (const mode of exam.modes) ok(await server.post("/api/v1/attempts", { exam: exam.id, mode }), 201);
  }
});

test("the first bank of the tutorial is one file, checks without a word, and can be taken", async (t) => {
  const tutorial = readFileSync(join(root, "docs/authors/index.md"), "utf8");
  const block = (language) => tutorial.match(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``))[1];
  const bank = join(temporaryFolder(t), "birds");
  mkdirSync(join(bank, "exams"), { recursive: true });
  writeFileSync(join(bank, "questions.md"), block("markdown"));
  writeFileSync(join(bank, "exams/quiz.yml"), block("yaml"));
  assert.match(run(["bank", "check", bank]).out, /2 questions, 0 errors, 0 warnings/);
  const server = await start(t, { banks: bank });
  ok(await server.get("/api/v1/exams/birds/quiz"));
  const attempt = ok(await server.post("/api/v1/attempts", { exam: "birds/quiz", mode: "exam" }), 201);
  await submit(server, attempt.id);
  assert.equal((await resultOf(server, attempt.id)).verdict, "fail");
});
