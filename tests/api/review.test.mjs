// Review: statuses, records, blind readers and decisions, in the terminal and through an author's server.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { seen } from "../lib/contract.mjs";
import { exam, question, startAuthor, writeBank } from "../lib/author.mjs";
import { assay, run, startFor, temporaryFolder, until } from "../lib/server.mjs";

const manifest = "id: demo\ntitle: Demo\nreview: {required: true, approvals: 1}\n";
const set = (text, status) => text.replace(/^id: (.*)$/m, `id: $1\nstatus: ${status}`);
const files = {
  "bank.yml": manifest,
  "questions/one.md": set(question("one"), "draft"),
  "questions/two.md": set(question("two"), "review"),
  "exams/practice.yml": exam.replace("items: 3", "items: 1"),
};
const record = (dir, id) => readFileSync(join(dir, `reviews/${id}.yml`), "utf8");
const status = (dir, id) => readFileSync(join(dir, `questions/${id}.md`), "utf8").match(/status: (\w+)/)?.[1];
const decide = (dir, id, to, by, ...more) => run(["bank", "status", dir, id, to, "--by", by, ...more]);
const state = (dir, id) => JSON.parse(run(["bank", "status", dir, id, "--json"]).out);
const as = async (t, dir, name, use) => {
  const server = await startAuthor(t, null, { dir, args: ["--by", name] });
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
};
const right = (view) => ({ choose: [view.options.find((o) => o.html.includes("two") || o.html.includes("right")).id] });
const wrong = (view) => ({ choose: [view.options.find((o) => o.html.includes("wrong")).id] });

test("a question's way: draft, review, approved, active, retired, and active again", (t) => {
  const dir = writeBank(t, files);
  const errors = () => JSON.parse(run(["bank", "check", dir, "--json"]).out).diagnostics.filter((d) => d.level === "error").map((d) => d.code);
  assert.match(run(["bank", "status", dir]).out, /draft +1\nreview +1\n/);
  assert.deepEqual(errors(), ["exam-impossible"]);
  assert.match(decide(dir, "one", "active", "Ana").err, /lacks approvals/);
  assert.match(decide(dir, "one", "approved", "Ben").err, /submit it/);
  assert.equal(decide(dir, "one", "review", "Ana").code, 0);
  assert.equal(status(dir, "one"), "review");
  assert.match(decide(dir, "one", "review", "Ana").err, /in review already/);
  const own = decide(dir, "one", "approved", "ana");
  assert.equal(own.code, 1);
  assert.match(own.err, /somebody else approves it/);
  assert.equal(decide(dir, "one", "draft", "Ben").code, 1, "returning it needs a reason");
  assert.equal(decide(dir, "one", "approved", "Ben").code, 0);
  assert.equal(status(dir, "one"), "approved");
  assert.deepEqual(errors(), ["exam-impossible"], "approved is not yet active");
  assert.equal(decide(dir, "one", "active", "Ana").code, 0);
  assert.deepEqual(errors(), []);
  assert.equal(decide(dir, "one", "retired", "Ana").code, 1, "retiring needs a reason");
  assert.equal(decide(dir, "one", "retired", "Ana", "--reason", "version 9 is gone").code, 0);
  assert.deepEqual(errors(), ["exam-impossible"], "a retired question leaves new forms");
  assert.equal(decide(dir, "one", "active", "Ana").code, 0, "its approvals are as they were");
  assert.deepEqual(errors(), []);
  const lines = record(dir, "one").trim().split("\n").slice(2);
  assert.deepEqual(lines.map((l) => l.match(/did: (\w+)/)[1]), ["submitted", "approved", "activated", "retired", "activated"]);
  assert.match(run(["bank", "status", dir, "one"]).out, /Ana {2}retired\n {4}comment: version 9 is gone/);
  assert.equal(decide(dir, "one", "blessed", "Ana").code, 2);
  assert.equal(decide(dir, "nobody", "review", "Ana").code, 1);
  assert.equal(run(["bank", "status"]).code, 2);
  assert.equal(run(["bank", "status", join(dir, "missing")]).code, 1);
  assert.match(run(["bank", "status", "--help"]).out, /retired/);
});

test("a change of wording makes an approval stale, another layout does not", (t) => {
  const dir = writeBank(t, files);
  for (const [to, by] of [["review", "Ana"], ["approved", "Ben"], ["active", "Ana"]]) assert.equal(decide(dir, "one", to, by).code, 0);
  const path = join(dir, "questions/one.md");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("Because one says so.", "Because\n  one says so.").replace("status: active", "status: active\ndifficulty: 4"));
  assert.equal(run(["bank", "fmt", dir]).code, 0);
  assert.equal(state(dir, "one").review.approvals, 1);
  mkdirSync(join(dir, "questions/other"));
  renameSync(path, join(dir, "questions/other/uno.md"));
  assert.equal(state(dir, "one").review.approvals, 1, "moved to another file");
  writeFileSync(join(dir, "questions/other/uno.md"), text.replace("Which word", "Which of these words"));
  const { review } = state(dir, "one");
  assert.deepEqual([review.approvals, review.stale], [0, true]);
  const check = run(["bank", "check", dir]);
  assert.equal(check.code, 1);
  assert.match(check.out, /error\[review-missing\]: one is active, and 0 of 1 approvals/);
  assert.match(check.out, /changed since it was approved/);
  assert.match(run(["bank", "status", dir]).out, /one +active +0 of 1 approvals, 0 blind readers, changed since it was approved/);
  assert.equal(decide(dir, "one", "approved", "Ben").code, 0, "where it stands it is approved again");
  assert.equal(run(["bank", "check", dir]).code, 0);
  assert.equal(run(["bank", "rename", dir, "one", "uno"]).code, 0);
  assert.ok(existsSync(join(dir, "reviews/uno.yml")) && !existsSync(join(dir, "reviews/one.yml")));
  assert.equal(state(dir, "uno").review.approvals, 1);
});

test("without review: in bank.yml nothing is different", (t) => {
  const dir = writeBank(t, { ...files, "bank.yml": "id: demo\ntitle: Demo\n", "questions/one.md": question("one"), "reviews/one.yml": "nonsense: [" });
  assert.equal(run(["bank", "check", dir]).code, 0);
  assert.equal(run(["bank", "diff", dir, dir]).code, 0);
});

test("a blind reader in the terminal: the key only after the answer is on record", async (t) => {
  const dir = writeBank(t, files);
  const child = spawn(assay, ["bank", "review", dir, "--by", "Cleo"], { stdio: ["pipe", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (d) => (out += d));
  const seen = (pattern) =>
    new Promise((done) => {
      const look = () => pattern.test(out) && (child.stdout.off("data", look), done());
      child.stdout.on("data", look);
      look();
    });
  await seen(/One letter/);
  assert.match(out, /Which word is two|Which word is right/);
  assert.doesNotMatch(out, /Because two says so|It is\.|Hint|References/);
  const letter = out.match(/([abc])\) left/)[1];
  assert.ok(!existsSync(join(dir, "reviews/two.yml")));
  child.stdin.write(`${letter}\n`);
  await seen(/comment for the author/);
  assert.match(out, /You disagree with the key\.[^]*= right[^]*Because two says so/);
  assert.match(record(dir, "two"), /by: "Cleo", did: answered, text: "[0-9a-f]{64}", response: "left", agrees: false/);
  child.stdin.end("the word is ambiguous\n");
  assert.equal(await new Promise((done) => child.on("close", done)), 0);
  assert.match(out, /Cleo has read all that is in review/);
  assert.match(record(dir, "two"), /did: commented.*ambiguous/);
  assert.match(run(["bank", "status", dir]).out, /\ntwo +review +0 of 1 approvals, 1 blind reader, 1 DISAGREES/);
  assert.match(decide(dir, "two", "approved", "Ben").err, /despite/);
  assert.equal(decide(dir, "two", "approved", "Ben", "--despite", "Cleo misread it").code, 0);
  assert.equal(status(dir, "two"), "approved");
  assert.match(run(["bank", "review", dir, "two", "--by", "Cleo"]).err, /has answered two already/);
});

test("a question does nothing to the terminal of who reads it", (t) => {
  const bad = "\u001b[31mA\u009b2JB\u202eC";
  const dir = writeBank(t, { ...files, "questions/two.md": files["questions/two.md"].replace("Which word", `${bad} Which word`).replace("] wrong", `] wrong ${bad}`) });
  const shown = spawnSync(assay, ["bank", "review", dir, "--by", "Cleo"], { input: "?\n\n", encoding: "utf8" });
  assert.match(shown.stdout, /Which word/);
  assert.doesNotMatch(shown.stdout, /[\u001b\u009b\u202e]/);
});

test("two spellings of a name are no two people", (t) => {
  const dir = writeBank(t, files);
  assert.equal(decide(dir, "one", "review", "Ana Lima").code, 0);
  for (const name of ["ANA LIMA", "Ana  Lima", "Ana\u200b Lima", "Ana\u00a0Lima"]) assert.match(decide(dir, "one", "approved", name).err, /submitted this text/, JSON.stringify(name));
  assert.match(decide(dir, "one", "approved", "\u200b").err, /a name has/);
  assert.equal(decide(dir, "one", "approved", "Ben").code, 0);
});

test("every kind is asked and answered in the terminal", (t) => {
  const fields = (extra) => `---\nstatus: review\n${extra}---\n`;
  const cases = {
    multiple: [fields("shuffle: false\n") + "Which two?\n\n- [x] aa\n- [x] bb\n- [ ] cc\n", "a b\n"],
    truefalse: [fields("type: true-false\n") + "So?\n\n- [x] True\n- [ ] False\n", "a\n"],
    numeric: [fields("") + "How much?\n\n= 10 GiB\n", "10 GiB\n"],
    text: [fields("") + "Which command?\n\n= ls -l\n", "ls  -l\n"],
    grid: [fields("shuffle: false\n") + "Which?\n\n| S | Yes | No |\n|---|---|---|\n| A | x | |\n| B | | x |\n", "1a 2b\n"],
    cloze: [fields("type: cloze\n") + "Run {{terraform}} then.\n", "terraform\n"],
    params: [fields("") + "```lua params\nreturn { a = 4 }\n```\nWhat is @{a}?\n\n= @{a}\n", "4\n"],
  };
  for (const [name, [text, input]] of Object.entries(cases)) {
    const dir = writeBank(t, { "questions/q.md": text });
    const r = spawnSync(assay, ["bank", "review", dir, "--by", "Cleo"], { input: `${input}\n`, encoding: "utf8" });
    assert.equal(r.status, 0, `${name}: ${r.stderr}`);
    assert.match(r.stdout, /You agree with the key/, `${name}:\n${r.stdout}`);
    assert.match(record(dir, "q"), /agrees: true/, name);
  }
  const essay = writeBank(t, { "questions/q.md": fields("type: essay\n") + "Why?\n\n### Rubric\n\n| Criterion | Points | Full marks when |\n|---|---|---|\n| a | 1 | b |\n" });
  const r = spawnSync(assay, ["bank", "review", essay, "--by", "Cleo"], { input: "Because.\nTwice.\n.\nn\n\n", encoding: "utf8" });
  assert.match(r.stdout, /Rubric:/);
  assert.match(record(essay, "q"), /did: answered,.*response: "Because\.\\nTwice\."}\n.*did: judged,.*agrees: false/);
  assert.equal(state(essay, "q").review.disagrees, 1);
  const unsure = writeBank(t, { "questions/q.md": cases.text[0] });
  spawnSync(assay, ["bank", "review", unsure, "--by", "Cleo"], { input: "?\n\n" });
  assert.match(record(unsure, "q"), /response: "", agrees: false/);
});

test("programs read blind with --json", (t) => {
  const dir = writeBank(t, files);
  const next = JSON.parse(run(["bank", "review", dir, "--json", "--by", "Cleo"]).out);
  assert.deepEqual([next.left, next.done, next.question.item], [1, 0, "two"]);
  assert.ok(!JSON.stringify(next).includes("Because"));
  const { seed, text, view } = next.question;
  const answer = (response, ...more) => run(["bank", "review", dir, "two", "--json", "--by", "Cleo", "--answer", JSON.stringify(response), "--seed", String(seed), "--text", text, ...more]);
  assert.equal(answer({ text: "x" }).code, 1, "an answer of another shape");
  const said = JSON.parse(answer(right(view)).out);
  assert.equal(said.agrees, true);
  assert.deepEqual(said.key, right(view));
  assert.deepEqual(JSON.parse(answer(right(view)).out).agrees, true, "the same answer again is the one on record");
  assert.equal(answer(wrong(view)).code, 1);
  assert.equal(record(dir, "two").match(/answered/g).length, 1);
  assert.equal(JSON.parse(run(["bank", "review", dir, "--json", "--by", "Cleo"]).out).question, null);
  assert.equal(run(["bank", "review", dir, "--json", "--answer", "{}"]).code, 2);
});

test("an author's server: who works there, and what the tree says", async (t) => {
  const dir = writeBank(t, files);
  await as(t, dir, "Ana", async (s) => {
    const tree = await s.tree();
    assert.equal(tree.you, "Ana");
    assert.deepEqual(tree.review, { required: true, approvals: 1 });
    const one = tree.files.flatMap((f) => f.items).find((i) => i.id === "one");
    assert.deepEqual([one.status, one.review.approvals, one.review.needed, one.review.last], ["draft", 0, 1, null]);
  });
  execFileSync("git", ["init", "-q", dir]);
  execFileSync("git", ["-C", dir, "config", "user.name", "Gita Müller"]);
  const plain = await startAuthor(t, null, { dir });
  assert.equal((await plain.tree()).you, "Gita Müller");
  await plain.stop();
  assert.equal(run(["author", dir, "--by", "a\nb"]).code, 2);
});

test("the author's interface: nothing of the key before an answer is stored", async (t) => {
  const dir = writeBank(t, files);
  await as(t, dir, "Ana", async (ana) => {
    const before = (await ana.get("/api/v1/author/review/one")).json;
    assert.deepEqual(before.may.sort(), ["commented", "retired", "submitted"]);
    const submitted = await ana.author("review/record", { item: "one", text: before.review.text, did: "submitted" });
    assert.equal(submitted.status, 200);
    assert.equal(submitted.json.status, "review");
    assert.ok(!submitted.json.may.includes("approved"));
    assert.equal((await ana.author("review/record", { item: "one", text: before.review.text, did: "approved" })).status, 403);
    const next = (await ana.author("review/next", {})).json;
    assert.equal(next.question.item, "two", "not the one she submitted");
    assert.equal((await ana.author("review/next", { item: "one" })).status, 403);
  });
  await as(t, dir, "Ben", async (ben) => {
    const { question: q, left } = (await ben.author("review/next", { skip: ["two"] })).json;
    assert.deepEqual([q.item, left], ["one", 2]);
    for (const secret of ["Because one says so", "It is", "words(7)", '"key"', '"feedback"']) assert.ok(!JSON.stringify(q).includes(secret), secret);
    const body = { item: "one", text: q.text, seed: q.seed, response: wrong(q.view) };
    assert.equal((await ben.author("review/answer", { ...body, response: { choose: ["oxxx"] } })).status, 422);
    assert.equal((await ben.author("review/answer", { ...body, text: "0".repeat(64) })).status, 409);
    assert.ok(!record(dir, "one").includes("answered"));
    const said = await ben.author("review/answer", body);
    assert.deepEqual([said.status, said.json.agrees, said.json.left, said.json.done], [200, false, 1, 1]);
    assert.equal(said.json.feedback.outcome, "wrong");
    assert.match(said.json.feedback.explanation, /Because one says so/);
    assert.match(record(dir, "one"), /by: "Ben", did: answered/);
    assert.equal((await ben.author("review/answer", { ...body, response: right(q.view) })).status, 409);
    const tree = (await ben.tree()).files.flatMap((f) => f.items).find((i) => i.id === "one");
    assert.deepEqual([tree.review.disagrees, tree.review.answered, tree.review.submitted_by], [1, true, "Ana"]);
    const decision = { item: "one", text: q.text, did: "approved" };
    assert.equal((await ben.author("review/record", decision)).status, 409);
    assert.equal((await ben.author("review/record", { ...decision, did: "returned" })).status, 400);
    assert.equal((await ben.author("review/record", { ...decision, did: "answered" })).status, 409 - 9);
    const approved = (await ben.author("review/record", { ...decision, despite: "I took it for the other one" })).json;
    assert.deepEqual([approved.status, approved.review.approvals, approved.review.disagrees], ["approved", 1, 0]);
    assert.equal((await ben.author("review/record", { ...decision, did: "activated" })).json.status, "active");
  });
  assert.equal(run(["bank", "check", dir]).code, 0);
});

test("fmt makes no approval of a question with parameters stale; white space in its code does", (t) => {
  const text = "---\nstatus: active\n---\n\n\n# Sums\n\n```lua params\nreturn {a = [[1  \n\n\n2]], b = 3}\n```\n\n\nWhat does this  \nprint?\n\n\n```\n@{a}  \n\n\nx\n```\n\n= @{b}\n\n\n\n";
  const dir = writeBank(t, { ...files, "questions/sums.md": text });
  for (const [to, by] of [["review", "Ana"], ["approved", "Ben"]]) assert.equal(decide(dir, "sums", to, by).code, 0);
  const path = join(dir, "questions/sums.md"), before = readFileSync(path, "utf8");
  assert.match(run(["bank", "fmt", dir]).out, /questions\/sums\.md: formatted/);
  assert.notEqual(readFileSync(path, "utf8"), before);
  assert.equal(state(dir, "sums").review.approvals, 1);
  for (const [from, to] of [["\n\n\nx", "\n\nx"], ["1  \n", "1\n"]]) {
    const formatted = readFileSync(path, "utf8");
    assert.ok(formatted.includes(from), formatted);
    writeFileSync(path, formatted.replace(from, to));
    assert.equal(state(dir, "sums").review.approvals, 0, from);
    writeFileSync(path, formatted);
  }
  assert.equal(state(dir, "sums").review.approvals, 1);
});

test("its author may study a question whatever its status; candidates may not", async (t) => {
  const dir = writeBank(t, { ...files, "questions/owl.md": question("owl") });
  await as(t, dir, "Ana", async (ana) => {
    const one = await ana.post("/api/v1/attempts", { exam: "demo/practice", mode: "study", focus: { item: "one" } });
    assert.equal(one.status, 201, one.text);
    assert.equal((await ana.post("/api/v1/attempts", { exam: "demo/practice", mode: "study", focus: { domains: ["general"] } })).json.sections.flatMap((s) => s.items).length, 1, "the owl alone");
  });
});

test("what formats, shows and compares asks for no approvals", (t) => {
  const dir = writeBank(t, { ...files, "questions/owl.md": question("owl").replace("### References", "\n\n\n### References") });
  assert.equal(run(["bank", "check", dir]).code, 1);
  assert.match(run(["bank", "show", dir, "owl"]).out, /Because owl says so/);
  assert.match(run(["bank", "fmt", dir]).out, /questions\/owl\.md: formatted/);
  const out = join(temporaryFolder(t), "out");
  assert.equal(run(["bank", "export", "--to", "native", dir, out]).code, 0);
  assert.match(readFileSync(join(out, "questions/owl.md"), "utf8"), /Because owl says so/);
  const other = join(temporaryFolder(t), "other");
  cpSync(dir, other, { recursive: true });
  writeFileSync(join(other, "questions/owl.md"), question("owl").replace("Which word", "What word"));
  assert.match(run(["bank", "diff", dir, other]).out, /~ question owl: stem/);
});

test("several at once: nothing that was acknowledged is lost", async (t) => {
  const dir = writeBank(t, files);
  await as(t, dir, "Ana", async (ana) => {
    const { review } = (await ana.get("/api/v1/author/review/two")).json;
    const all = [...Array(12).keys()].map((i) => ana.author("review/record", { item: "two", text: review.text, did: "commented", comment: `n${i}.` }));
    const shell = [...Array(6).keys()].map((i) => new Promise((done) => spawn(assay, ["bank", "status", dir, "two", "--by", "Ben", "--reason", `s${i}.`], { stdio: "ignore" }).on("close", done)));
    for (const r of await Promise.all(all)) assert.equal(r.status, 200, JSON.stringify(r.json));
    assert.deepEqual(await Promise.all(shell), Array(6).fill(0));
  });
  const text = record(dir, "two");
  for (let i = 0; i < 12; i++) assert.ok(text.includes(`"n${i}."`), `n${i}`);
  for (let i = 0; i < 6; i++) assert.ok(text.includes(`"s${i}."`), `s${i}`);
});

test("version control merges what two people put on record", (t) => {
  const a = writeBank(t, files);
  const git = (dir, ...args) => execFileSync("git", ["-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { stdio: "pipe" });
  git(a, "init", "-q", "-b", "main");
  git(a, "add", "-A");
  git(a, "commit", "-qm", "one");
  const b = join(temporaryFolder(t), "b");
  execFileSync("git", ["clone", "-q", a, b], { stdio: "pipe" });
  for (const [dir, by] of [[a, "Ana"], [b, "Ben"]])
    for (let i = 0; i < 2; i++) {
      assert.equal(run(["bank", "status", dir, "two", "--by", by, "--reason", `${by} ${i}`]).code, 0);
      git(dir, "add", "-A");
      git(dir, "commit", "-qm", by);
    }
  git(a, "pull", "-q", "--no-rebase", "--no-edit", b, "main");
  assert.equal(state(a, "two").entries.length, 4);
});

test("a signed release has the records; what they say is on no exam's version", (t) => {
  const dir = writeBank(t, files);
  for (const [to, by] of [["review", "Ana"], ["approved", "Ben"], ["active", "Ana"]]) assert.equal(decide(dir, "one", to, by).code, 0);
  const before = join(temporaryFolder(t), "before");
  cpSync(dir, before, { recursive: true });
  assert.equal(run(["bank", "status", dir, "one", "--by", "Ana", "--reason", "seen"]).code, 0);
  assert.deepEqual(run(["bank", "diff", before, dir]), { code: 0, out: "", err: "" });
  const key = join(temporaryFolder(t), "ana");
  run(["bank", "trust", "key", key, "--plain"]);
  const sign = spawnSync(assay, ["bank", "sign", dir, "--key", key], { encoding: "utf8", input: "\n" });
  if (sign.status !== 0) assert.fail(sign.stderr);
  const { files: listed } = JSON.parse(readFileSync(join(dir, "release.json"), "utf8"));
  assert.ok(listed.some((f) => f.path === "reviews/one.yml"));
  assert.equal(run(["bank", "status", dir, "one", "--by", "Ben", "--reason", "later"]).code, 0);
  assert.match(run(["bank", "verify", dir]).err + run(["bank", "verify", dir]).out, /reviews\/one\.yml/);
});

test("a running server offers what has just been approved", async (t) => {
  const dir = writeBank(t, files);
  const server = await startFor(t, { banks: [dir] });
  const begin = () => server.post("/api/v1/attempts", { exam: "demo/practice", mode: "study" });
  assert.notEqual((await begin()).status, 201);
  for (const [to, by] of [["review", "Ana"], ["approved", "Ben"], ["active", "Ana"]]) assert.equal(decide(dir, "one", to, by).code, 0);
  await until(async () => (await begin()).status === 201, "an approved question is on the exam");
});

test("hostile records: everything is said, nothing falls over", (t) => {
  const hostile = {
    "reviews/one.yml": "record: [[[[[[[[[[[[[[",
    "reviews/two.yml": `record:\n- {at: "2026-11-27T17:00:00Z", by: "\\e[31mAna", did: commented, comment: "x"}\n`,
    "reviews/..yml": "x",
    "reviews/gone.yml": "record:\n",
    "reviews/folder.yml/x": "x",
    "reviews/big.yml": `record:\n${"#".repeat(300000)}\n`,
  };
  const dir = writeBank(t, { ...files, ...hostile, "questions/big.md": question("big") });
  const { out, code } = run(["bank", "check", dir]);
  assert.equal(code, 1);
  for (const what of ["reviews/one.yml", "reviews/two.yml:2", "reviews/folder.yml", "reviews/big.yml"]) assert.ok(out.includes(what), what);
  assert.match(decide(dir, "one", "review", "Ana").err, /reviews\/one\.yml/);
  assert.equal(readFileSync(join(dir, "reviews/one.yml"), "utf8"), hostile["reviews/one.yml"], "what cannot be read is not written over");
  rmSync(join(dir, "reviews"), { recursive: true });
  writeFileSync(join(dir, "reviews"), "a file");
  assert.match(run(["bank", "check", dir]).out, /reviews: error\[unreadable\]/);
  assert.notEqual(decide(dir, "one", "review", "Ana").code, 0);
});

test("no address of review is left that no real reply was held against", () => {
  const wanted = JSON.parse(run(["routes"]).out).filter(({ path }) => path.includes("/author/review/"));
  assert.equal(wanted.length, 4);
  for (const { method, path } of wanted) assert.ok([...seen].some((s) => s.startsWith(`${method} ${path} 2`)), `${method} ${path}`);
});
