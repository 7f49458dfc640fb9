// The authoring page's interface: files, problems, previews. Everything is a plain file; what changed outside is never overwritten.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { seen } from "../lib/contract.mjs";
import { exam, many, question, startAuthor, writeBank } from "../lib/author.mjs";
import { Raw } from "../lib/raw.mjs";
import { assay, run, startFor, temporaryFolder, until } from "../lib/server.mjs";

const routes = JSON.parse(run(["routes"]).out).filter((r) => r.access === "author");
const basic = { "questions/one.md": question("one"), "questions/many.md": many, "exams/practice.yml": exam };

test("an ordinary server has no author's addresses", async (t) => {
  const server = await startFor(t);
  assert.ok(routes.length >= 10, "the table lists them");
  for (const { method, path } of routes) {
    const reply = await server.request(method, path.replace(/\{\w+\}/g, "x"), method === "POST" || method === "PUT" ? {} : undefined);
    assert.equal(reply.status, 404, `${method} ${path}`);
    assert.equal(reply.json.code, "not-found");
  }
});

test("only on a loopback address; only a folder", (t) => {
  const dir = temporaryFolder(t);
  const open = run(["author", dir, "--listen", "0.0.0.0:0", "--data", join(dir, "data")]);
  assert.equal(open.code, 2);
  assert.match(open.err, /loopback/);
  assert.match(run(["author", join(dir, "missing")]).err, /assay bank new/);
  assert.equal(run(["author"]).code, 2);
  writeFileSync(join(dir, "file"), "x");
  assert.equal(run(["author", join(dir, "file")]).code, 3);
});

test("it prints the page's link, and the page is there", async (t) => {
  const dir = writeBank(t, basic);
  const child = spawn(assay, ["author", dir, "--listen", "127.0.0.1:0", "--data", join(temporaryFolder(t), "data")], { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  const [, url] = await until(() => said.match(/^Write here: (http:\/\/127\.0\.0\.1:\d+\/author)$/m), "the link");
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
});

test("the tree: files with their kinds and versions, questions with their places, exams, problems", async (t) => {
  const server = await startAuthor(t, { ...basic, "questions/broken.md": "What?\n\n- [ ] a\n- [ ] b\n", "notes.txt": "x", ".git/config": "x" });
  const tree = await server.tree();
  assert.equal(tree.bank.id, "bank");
  assert.equal(tree.dir, "bank");
  assert.deepEqual(
    tree.files.map((f) => [f.path, f.kind]),
    [
      ["exams/practice.yml", "exam"],
      ["questions/broken.md", "question"],
      ["questions/many.md", "question"],
      ["questions/one.md", "question"],
    ],
  );
  assert.ok(tree.files.every((f) => /^[0-9a-f]{64}$/.test(f.version)));
  const items = tree.files[2].items;
  assert.deepEqual(items.map((i) => i.id), ["first", "second", "third"]);
  assert.deepEqual(items[0], { id: "first", title: "First", kind: "single", line: 6, end_line: 13, objective: "general", status: "active", parametrised: false, ok: true, review: null });
  assert.equal(tree.files[1].items[0].ok, false, "a broken question stays in the tree");
  assert.equal(tree.exams[0].path, "exams/practice.yml");
  assert.equal(tree.counts.questions, 4);
  const problem = tree.problems.find((p) => p.severity === "error");
  assert.equal(problem.path, "questions/broken.md");
  assert.equal(problem.code, "no-key");
  assert.ok(problem.line >= 1 && problem.end_column >= problem.column);
});

test("an empty folder is where a bank begins", async (t) => {
  const server = await startAuthor(t, {});
  assert.equal((await server.tree()).problems[0].code, "no-questions");
  const saved = await server.save("questions/one.md", question("one"), null);
  assert.equal(saved.status, 200);
  assert.equal(server.read("questions/one.md"), question("one"));
  assert.equal((await server.tree()).counts.errors, 0);
});

test("saving keeps to the version that was read; a change outside is shown, not overwritten", async (t) => {
  const server = await startAuthor(t, basic);
  const { text, version } = await server.file("questions/one.md");
  assert.equal(text, question("one"));
  const saved = await server.save("questions/one.md", question("one", "better"), version);
  assert.equal(saved.status, 200);
  assert.match(server.read("questions/one.md"), /better/);
  assert.deepEqual(saved.json.problems.filter((p) => p.severity === "error"), []);

  server.write("questions/one.md", question("one", "theirs"));
  const refused = await server.save("questions/one.md", question("one", "mine"), saved.json.version);
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, "conflict");
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  assert.equal(refused.json.theirs.text, question("one", "theirs"));
  assert.equal(server.read("questions/one.md"), question("one", "theirs"), "theirs is untouched");
  const after = await server.save("questions/one.md", question("one", "both"), refused.json.theirs.version);
  assert.equal(after.status, 200);

  rmSync(join(server.dir, "questions/one.md"));
  const gone = await server.save("questions/one.md", "x", after.json.version);
  assert.equal(gone.status, 409);
  assert.equal(gone.json.theirs, null);
  const taken = await server.save("questions/many.md", "x", null);
  assert.equal(taken.status, 409, "a new file does not replace one that is there");
  assert.equal(taken.json.theirs.text, many);
  assert.deepEqual(readdirSync(server.dir).filter((n) => n.startsWith(".")), [], "nothing is left behind");
});

test("a removed file comes back", async (t) => {
  const server = await startAuthor(t, basic);
  const { version } = await server.file("questions/one.md");
  assert.equal((await server.remove("questions/one.md", "0".repeat(64))).status, 409);
  const removed = await server.remove("questions/one.md", version);
  assert.equal(removed.status, 200);
  assert.ok(!existsSync(join(server.dir, "questions/one.md")));
  const back = await server.author("undo", { token: removed.json.undo });
  assert.deepEqual(back.json, { path: "questions/one.md", version });
  assert.equal(server.read("questions/one.md"), question("one"));
  assert.equal((await server.author("undo", { token: removed.json.undo })).status, 404, "once");
  assert.equal((await server.author("undo", { token: "../../../etc/passwd" })).status, 404);

  const again = await server.remove("questions/one.md", version);
  server.write("questions/one.md", "taken");
  assert.equal((await server.author("undo", { token: again.json.undo })).status, 409);
  assert.equal(server.read("questions/one.md"), "taken");
});

test("paths stay in the bank", async (t) => {
  const server = await startAuthor(t, basic);
  const outside = join(temporaryFolder(t), "secret.md");
  writeFileSync(outside, "secret");
  symlinkSync(outside, join(server.dir, "questions/link.md"));
  mkdirSync(join(server.dir, "cases"));
  symlinkSync(join(outside, ".."), join(server.dir, "cases/away"));
  const hostile = [
    "../secret.md", "questions/../../x.md", "/etc/passwd", "questions//x.md", "questions/./x.md", ".git/config", "questions/.hidden.md",
    "", "questions", "questions/", "other/x.md", "x.md", "questions/a\nb.md", `questions/${"x".repeat(600)}.md`, "bank.yml/x", "questions/\u0001.md",
  ];
  for (const path of hostile) {
    const get = await server.get(`/api/v1/author/file?path=${encodeURIComponent(path)}`);
    assert.equal(get.status, 400, `read ${JSON.stringify(path)}`);
    const put = await server.save(path, "x", null);
    assert.equal(put.status, 400, `write ${JSON.stringify(path)}`);
  }
  for (const path of ["questions/link.md", "cases/away/secret.md"]) {
    assert.ok((await server.get(`/api/v1/author/file?path=${encodeURIComponent(path)}`)).status >= 400, path);
    assert.ok((await server.save(path, "x", null)).status >= 400, path);
    assert.ok((await server.remove(path, "0".repeat(64))).status >= 400, path);
  }
  assert.equal((await server.get("/api/v1/author/file")).status, 400);
});

test("problems of an unsaved text, with what would put them right", async (t) => {
  const server = await startAuthor(t, basic);
  const text = "---\nobjectiv: general\n---\nWhat is this?\n\n- [x] a\n- [ ] b\n- [ ] c\n";
  const { json } = await server.author("check", { path: "questions/new.md", text });
  const problem = json.problems.find((p) => p.code === "unknown-field");
  assert.equal(problem.path, "questions/new.md");
  assert.deepEqual([problem.line, problem.column, problem.end_column], [2, 1, 9]);
  assert.match(problem.hint, /did you mean 'objective'/);
  assert.deepEqual(problem.fixes[0].edits, [{ line: 2, column: 1, end_line: 2, end_column: 9, text: "objective" }]);
  const explain = json.problems.find((p) => p.code === "no-explanation" && p.path === "questions/new.md");
  if (explain) assert.match(explain.fixes[0].edits[0].text, /### Explanation/);
  assert.ok(!existsSync(join(server.dir, "questions/new.md")));
  assert.equal((await server.author("check", { path: "questions/new.md" })).status, 400);
});

test("a bank with very many problems: all of the file that is edited, the errors of the others, and how many there are", async (t) => {
  const few = "What?\n\n- [ ] a\n- [ ] b\n";
  const bare = (id) => `## ${id} {#${id}}\nWhat is ${id}?\n\n- [x] a\n- [ ] b ${id}\n`;
  const several = (name, n) => Array.from({ length: n }, (_, i) => bare(`${name}-${i}`)).join("\n");
  const [first, own] = [several("a", 700), several("own", 650)];
  const server = await startAuthor(t, { ...basic, "questions/a.md": first, "questions/own.md": own, "questions/z.md": few });
  const others = (json) => json.problems.filter((p) => p.path !== "questions/own.md");
  const told = (json) => {
    assert.ok(json.counts.warnings >= 1350 && json.counts.errors === 1, JSON.stringify(json.counts));
    assert.equal(others(json).length, 500);
    assert.deepEqual(json.problems.filter((p) => p.severity === "error").map((p) => p.path), ["questions/z.md"]);
  };
  const { json } = await server.author("check", { path: "questions/own.md", text: own });
  told(json);
  const mine = json.problems.length - 500;
  assert.ok(mine >= 650, `${mine} of its own`);
  const tree = await server.tree();
  assert.equal(tree.problems.length, 500);
  assert.equal(tree.problems.filter((p) => p.severity === "error").length, 1);
  const { version } = await server.file("questions/own.md");
  const saved = (await server.save("questions/own.md", own.replace("What is own-0?", "Which is own-0?"), version)).json;
  told(saved);
  assert.equal(saved.problems.length, 500 + mine);
});

test("a mistake in one question is shown at its place and blocks nothing", async (t) => {
  const server = await startAuthor(t, basic);
  const text = many.replace("- [x] yes\n- [ ] no\n\n### Explanation\nb", "- [ ] yes\n- [ ] no\n\n### Explanation\nb");
  const { json } = await server.author("preview", { path: "questions/many.md", text, item: null, seeds: [] });
  assert.deepEqual(json.items.map((i) => i.id), ["first", "second", "third"]);
  assert.equal(json.items[1].view, null);
  assert.equal(json.items[1].problems.find((p) => p.severity === "error").code, "no-key");
  assert.equal(json.items[0].view.kind, "single");
  assert.equal(json.items[2].view.stem, "<p>Three?</p>");
  const { version } = await server.file("questions/many.md");
  assert.equal((await server.save("questions/many.md", text, version)).status, 200, "it can be saved");
  await until(async () => (await server.get("/api/v1/exams")).json.exams.length, "the exam");
});

test("a preview has the shapes of a form and of study mode", async (t) => {
  const server = await startAuthor(t, basic);
  const { json } = await server.author("preview", { path: "questions/one.md", text: question("one"), item: "one", seeds: [1, 2] });
  assert.equal(json.items.length, 2);
  const [first] = json.items;
  assert.equal(first.seed, 1);
  const right = first.view.options.find((o) => o.html === "right");
  assert.deepEqual(first.key, { choose: [right.id] });
  assert.equal(first.feedback.options[right.id], "<p>It is.</p>".replace(/<\/?p>/g, ""));
  assert.equal(first.feedback.explanation, "<p>Because one says so.</p>");
  assert.equal(first.feedback.outcome, undefined);
  const answered = await server.author("preview", { path: "questions/one.md", text: question("one"), item: "one", seeds: [1], response: first.key });
  assert.equal(answered.json.items[0].feedback.outcome, "right", "ids stay the same for a seed");
  assert.equal((await server.author("preview", { path: "questions/one.md", text: question("one"), item: "two" })).status, 404);
  assert.equal((await server.author("preview", { path: "questions/one.md", text: "x", seeds: Array(51).fill(1) })).status, 413);
  const page = await server.author("preview", { path: "cases/shop.md", text: "# The shop\n\nIt sells **books**." });
  assert.equal(page.json.page.title, "The shop");
  assert.match(page.json.page.html, /<strong>books/);
});

const drawn = `---
id: sum
type: numeric
---
\`\`\`lua params
local a = rand(2, 90)
return {a = a, b = a + 1}
\`\`\`
What is @{a} plus 1?

= @{b}
`;

test("a parametrised question runs only when draws are asked for", async (t) => {
  const server = await startAuthor(t, basic);
  const ask = async (seeds, text = drawn) => (await server.author("preview", { path: "questions/sum.md", text, item: "sum", seeds })).json.items;
  const [plain] = await ask([]);
  assert.equal(plain.view, null);
  assert.equal(plain.needs_seed, true);
  const seeds = Array.from({ length: 50 }, (_, i) => i + 1);
  const items = await ask(seeds);
  assert.equal(items.length, 50);
  for (const item of items) {
    const [, a] = item.view.stem.match(/What is (\d+) plus 1/);
    assert.equal(item.key.value, String(Number(a) + 1));
    assert.equal(String(item.values.a), a, "what was drawn is told beside it");
  }
  assert.ok(new Set(items.map((i) => i.view.stem)).size > 5);
  assert.deepEqual((await ask([7]))[0], items[6], "a seed always draws the same");
  const [failed] = await ask([1], drawn.replace("local a", "local a = nil + 1; local"));
  assert.equal(failed.view, null);
  assert.equal(failed.problems.at(-1).code, "program");
  const [endless] = await ask([1], drawn.replace("local a", "while true do end local"));
  assert.equal(endless.view, null);
});

test("changes are told, ours and those from outside", async (t) => {
  const server = await startAuthor(t, basic);
  const { change } = await server.tree();
  const waiting = server.get(`/api/v1/author/change?since=${change}`);
  server.write("questions/one.md", question("one", "outside"));
  const told = (await waiting).json;
  assert.ok(told.change > change);
  assert.deepEqual(told.paths, ["questions/one.md"]);
  const { version } = await server.file("questions/many.md");
  await server.save("questions/many.md", `${many}\n`, version);
  assert.deepEqual((await server.get(`/api/v1/author/change?since=${told.change}`)).json.paths, ["questions/many.md"]);
  rmSync(join(server.dir, "questions/one.md"));
  const gone = await until(async () => {
    const { json } = await server.get(`/api/v1/author/change?since=${told.change}`);
    return json.paths.includes("questions/one.md") && json;
  }, "the removal");
  assert.ok(gone);
  assert.equal((await server.get("/api/v1/author/change?since=0")).json.paths.length, 3, "an old page is told of everything");
  assert.equal((await server.get("/api/v1/author/change?since=x")).status, 400);
});

test("questions of a file can be put in another order", async (t) => {
  const server = await startAuthor(t, basic);
  const { version } = await server.file("questions/many.md");
  const order = (items, base = version) => server.author("order", { path: "questions/many.md", base, items });
  assert.equal((await order(["third", "first"])).status, 400);
  assert.equal((await order(["third", "first", "first"])).status, 400);
  assert.equal((await order(["third", "first", "second"], "0".repeat(64))).status, 409);
  const moved = await order(["third", "first", "second"]);
  assert.equal(moved.status, 200);
  const text = server.read("questions/many.md");
  assert.deepEqual(text.match(/^## .*$/gm), ["## Third", "## First {#first}", "## Second {#second}"]);
  assert.ok(text.startsWith("---\nobjective: general\n---\n# Three\n"));
  assert.equal((await server.tree()).counts.errors, 0);
});

test("a text that is not saved is put in another order, and says where its questions are", async (t) => {
  const server = await startAuthor(t, basic);
  const text = `${many}\n## Fourth\nFour?\n\n- [ ] yes\n- [ ] no\n`;
  const { json: checked } = await server.author("check", { path: "questions/many.md", text });
  assert.deepEqual(checked.items.map((i) => [i.id, i.ok]), [["first", true], ["second", true], ["third", true], ["fourth", false]]);
  assert.equal(text.split("\n")[checked.items[3].line - 1], "## Fourth");
  const moved = await server.author("order", { path: "questions/many.md", text, items: ["fourth", "first", "second", "third"] });
  assert.equal(moved.status, 200);
  assert.deepEqual(moved.json.text.match(/^## .*$/gm), ["## Fourth", "## First {#first}", "## Second {#second}", "## Third"]);
  assert.equal(server.read("questions/many.md"), many, "nothing is saved");
  assert.equal((await server.author("order", { path: "questions/many.md", text, items: ["first", "second", "third"] })).status, 400);
  assert.equal((await server.get("/api/v1/session")).json.author, true);
});

test("a pasted picture lands in media and is shown at once", async (t) => {
  const server = await startAuthor(t, basic);
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const put = (name, base64 = png) => server.author("media", { name, base64 });
  assert.equal((await put("Screen Shot.png")).json.path, "media/screen-shot.png");
  assert.equal((await put("Screen Shot.png")).json.path, "media/screen-shot.png", "the same picture once");
  writeFileSync(join(server.dir, "media/taken.png"), "another");
  assert.equal((await put("taken.jpg")).json.path, "media/taken-2.png", "what is there stays");
  assert.equal((await put("../../x.png")).json.path, "media/x.png");
  assert.equal((await put("x.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script/></svg>").toString("base64"))).status, 400);
  assert.equal((await put("x.png", "!!")).status, 400);
  const text = question("one").replace("Which", "![a dot](../media/screen-shot.png)\n\nWhich");
  const { json } = await server.author("preview", { path: "questions/one.md", text });
  const [, src] = json.items[0].view.stem.match(/src="(\/media\/[^"]+)"/);
  const picture = await server.get(src);
  assert.equal(picture.status, 200);
  assert.equal(picture.headers.get("content-type"), "image/png");
});

test("other origins and other names are refused, for reading too", async (t) => {
  const server = await startAuthor(t, basic);
  for (const { method, path } of routes) {
    const target = path.replace(/\{\w+\}/g, "x");
    const body = method === "POST" || method === "PUT" ? "{}" : undefined;
    const headers = body ? { "Content-Type": "application/json" } : {};
    const foreign = await server.request(method, target, body, { ...headers, Origin: "http://evil.example" });
    assert.equal(foreign.status, 403, `${method} ${path}`);
    const site = await server.request(method, target, body, { ...headers, "Sec-Fetch-Site": "cross-site" });
    assert.equal(site.status, 403, `${method} ${path}`);
    const bytes = body ?? "";
    const raw = new Raw(server);
    await raw.connected;
    raw.send(`${method} ${target} HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n${bytes}`);
    assert.match(await raw.ended, /^HTTP\/1\.1 421 /, `${method} ${path}`);
  }
  const browser = await server.author("check", { path: "questions/one.md", text: "x" });
  assert.equal(browser.status, 200, "a program needs no token");
  const noToken = await server.post("/api/v1/author/check", { path: "questions/one.md", text: "x" }, { Origin: server.url });
  assert.equal(noToken.status, 403, "a browser does");
});

test("an author sits what they have written", async (t) => {
  const server = await startAuthor(t, basic);
  const { json: attempt } = await server.post("/api/v1/attempts", { exam: "bank/practice", mode: "study" });
  assert.equal(attempt.sections[0].items.length, 3);
  const one = await server.post("/api/v1/attempts", { exam: "bank/practice", mode: "study", focus: { item: "second" } });
  assert.equal(one.json.sections[0].items.length, 1);
  assert.equal(one.json.sections[0].items[0].stem, "<p>Two?</p>");
  assert.equal((await server.post("/api/v1/attempts", { exam: "bank/practice", mode: "study", focus: { item: "nobody" } })).status, 404);
  const ordinary = await startFor(t, { banks: server.dir });
  assert.equal((await ordinary.post("/api/v1/attempts", { exam: "bank/practice", mode: "study", focus: { item: "second" } })).status, 403);
});

test("an author works on a task that is not proved yet", async (t) => {
  const server = await startAuthor(t, basic);
  assert.equal(run(["task", "new", join(server.dir, "tasks/hello")]).code, 0);
  const tree = await server.tree();
  assert.equal(tree.files.find((f) => f.path === "tasks/hello/task.md").items[0].kind, "task");
  assert.deepEqual(tree.problems.filter((p) => p.code === "no-proof").map((p) => p.severity), ["warning"]);
  const begun = await until(async () => {
    const reply = await server.post("/api/v1/attempts", { exam: "bank/practice", mode: "study", focus: { item: "hello" } });
    return reply.status === 201 && reply.json;
  }, "the task to be offered");
  assert.equal(begun.sections[0].items[0].kind, "task");
  const { json } = await server.author("preview", { path: "tasks/hello/task.md", text: server.read("tasks/hello/task.md") });
  assert.ok(json.items[0].view.task.checklist.length);
});

test("forms and Markdown edit the same text", async (t) => {
  const server = await startAuthor(t, basic);
  const path = "questions/one.md";
  const parse = async (text, item = null, at = path) => (await server.author("parse", { path: at, text, item })).json;
  const write = async (text, model, item = null, at = path) => server.author("write", { path: at, text, item, model });
  const text = question("one");
  const { model, range, places } = await parse(text);
  assert.deepEqual(range, { line: 4, end_line: 14 });
  assert.deepEqual(
    places.map((p) => [p.field, p.index, p.line, p.end_line]),
    [["id", null, 2, 2], ["stem", null, 4, 4], ["options", 0, 6, 7], ["options", 1, 8, 8], ["options", 2, 9, 9], ["explanation", null, 11, 12], ["references", null, 13, 14]],
  );
  assert.equal(model.id, "one");
  assert.equal(model.type, "single");
  assert.equal(model.stem, "Which word is **right**?");
  assert.deepEqual(model.options[0], { text: "right", right: true, why: "It is.", pin: false, match: null });
  assert.equal(model.explanation, "Because one says so.");
  assert.deepEqual(model.references, ["words(7)"]);
  assert.equal((await write(text, model)).json.text, text, "nothing changed, nothing is written anew");
  assert.equal((await write(text, {})).json.text, text);

  const changed = structuredClone(model);
  changed.stem = "Which word\nis it?";
  changed.options[2] = { text: "none of these\nor two lines", right: true, why: "Two\nreasons.", pin: true };
  changed.difficulty = 3;
  changed.explanation = null;
  changed.hints = ["Think.", "Think again."];
  const { json } = await write(text, changed);
  const again = (await parse(json.text)).model;
  assert.equal(again.type, "multiple");
  assert.equal(again.stem, "Which word\nis it?");
  assert.deepEqual(again.options[2], { text: "none of these\nor two lines", right: true, why: "Two\nreasons.", pin: true, match: null });
  assert.equal(again.difficulty, "3");
  assert.equal(again.explanation, null);
  assert.deepEqual(again.hints, ["Think.", "Think again."]);
  assert.deepEqual(again.references, ["words(7)"]);
  const { json: checked } = await server.author("check", { path, text: json.text });
  assert.deepEqual(checked.problems.filter((p) => p.severity === "error"), [], json.text);

  const second = (await parse(many, "second", "questions/many.md")).model;
  second.title = "The second";
  second.family = "pair";
  const { json: renamed } = await write(many, second, "second", "questions/many.md");
  assert.match(renamed.text, /## The second \{#second\}\n```yaml item\nfamily: pair\n```\nTwo\?/);
  assert.equal(renamed.text.replace("## The second {#second}\n```yaml item\nfamily: pair\n```\n", "## Second {#second}\n"), many);
  const third = (await parse(many, "third", "questions/many.md")).model;
  third.title = "Last";
  assert.match((await write(many, third, "third", "questions/many.md")).json.text, /## Last \{#third\}/, "a new title keeps the id");

  const pairs = "---\nid: p\n---\nMatch.\n\n- a => 1\n- b => 2\n- => 3\n";
  const matching = (await parse(pairs)).model;
  assert.equal(matching.type, "matching");
  assert.deepEqual(matching.options.map((o) => [o.text, o.match]), [["a", "1"], ["b", "2"], [null, "3"]]);
  matching.options[1].match = "22";
  assert.equal((await write(pairs, matching)).json.text, pairs.replace("b => 2", "b => 22"));

  const typed = "---\nid: n\n---\nHow much?\n\n= 3 +- 1\n= [1, 2]\n";
  const numeric = (await parse(typed)).model;
  assert.equal(numeric.type, "numeric");
  assert.deepEqual(numeric.answers, ["3 +- 1", "[1, 2]"]);
  numeric.answers = ["4"];
  assert.equal((await write(typed, numeric)).json.text, typed.replace("= 3 +- 1\n= [1, 2]", "= 4"));

  const empty = (await write("New.\n", { id: "new-one", title: "New", stem: "Is it?", type: "single", options: [{ text: "yes", right: true }, { text: "no" }], explanation: "It is." })).json;
  const made = (await parse(empty.text)).model;
  assert.deepEqual([made.id, made.title, made.stem, made.options.length, made.explanation], ["new-one", "New", "Is it?", 2, "It is."], empty.text);
  for (const wrong of [{ stem: 5 }, { options: [1] }, { title: "a\nb" }, { id: "Not an id" }, { answers: [{}] }])
    assert.equal((await write(many, wrong, "first", "questions/many.md")).status, 400, JSON.stringify(wrong));
  assert.equal((await server.author("parse", { path, text: many })).status, 400, "which of them?");
});

test("another id, everywhere", async (t) => {
  const server = await startAuthor(t, {
    ...basic,
    "cases/shop.md": "# The shop\n\nIt sells books.\n",
    "questions/one.md": question("one").replace("id: one", "id: one\ncase: shop"),
    "questions/two.md": question("two").replace("id: two", "id: two\nfamily: one"),
    "questions/plain.md": question("x").replace("id: x", "difficulty: 2"),
  });
  const rename = (from, to) => server.author("rename", { from, to });
  assert.deepEqual((await rename("one", "uno")).json.paths.sort(), ["questions/one.md", "questions/two.md"]);
  assert.match(server.read("questions/one.md"), /^---\nid: uno\ncase: shop\n/);
  assert.match(server.read("questions/two.md"), /family: uno/);
  assert.deepEqual((await rename("shop", "market")).json.paths.sort(), ["cases/market.md", "questions/one.md"]);
  assert.match(server.read("questions/one.md"), /case: market/);
  assert.deepEqual((await rename("third", "last")).json.paths, ["questions/many.md"]);
  assert.match(server.read("questions/many.md"), /## Third \{#last\}/);
  assert.deepEqual((await rename("plain", "simple")).json.paths, ["questions/simple.md"]);
  assert.deepEqual((await rename("practice", "final")).json.paths, ["exams/final.yml"]);
  assert.match(server.read("exams/final.yml"), /^id: final$/m);
  assert.deepEqual((await rename("questions/two.md", "questions/part/two.md")).json.paths, ["questions/part/two.md"]);
  assert.equal((await rename("nobody", "x")).status, 404);
  assert.equal((await rename("uno", "two")).status, 409);
  assert.equal((await rename("uno", "Not an id")).status, 400);
  assert.equal((await rename("questions/one.md", "../one.md")).status, 400);
  assert.deepEqual((await server.tree()).problems.filter((p) => p.severity === "error"), []);
});

test("a blueprint says what is missing; a sample form has its keys", async (t) => {
  const server = await startAuthor(t, { ...basic, "bank.yml": "id: demo\ntitle: Demo\ndomains: {general: General, storage: Storage}\n" });
  const ask = async (text) => (await server.author("feasible", { path: "exams/practice.yml", text })).json;
  const fine = await ask(exam);
  assert.equal(fine.feasible, true, JSON.stringify(fine));
  assert.equal(fine.sample.length, 3);
  assert.equal(fine.sample[0].domain, "General");
  const lacking = await ask(exam.replace("items: 3", "items: 4\ndomains: {general: 25, storage: 75}"));
  assert.equal(lacking.feasible, false);
  assert.equal(lacking.says[0], "Storage needs 3 more items");
  assert.deepEqual(lacking.domains[1], { id: "storage", title: "Storage", need_min: 3, need_max: 3, have: 0 });
  assert.equal(lacking.sample, null);
  const broken = await ask("items: [");
  assert.equal(broken.feasible, false);
  assert.ok(broken.problems.length);
  assert.equal((await server.author("feasible", { path: "questions/one.md", text: "x" })).status, 400);

  const sample = async (seed) => (await server.author("sample", { exam: "practice", seed })).json;
  const first = await sample(1);
  assert.equal(first.items.length, 3);
  assert.ok(first.items.every((i) => i.key.choose.length === 1 && i.view.stem));
  assert.deepEqual(await sample(1), first);
  const unsaved = async (text) => server.author("sample", { path: "exams/practice.yml", text, seed: 1 });
  assert.deepEqual((await unsaved(exam)).json, first);
  assert.equal((await unsaved(exam.replace("items: 3", "items: 2"))).json.items.length, 2);
  assert.equal((await unsaved("items: [")).status, 400);
  assert.equal((await server.author("sample", { exam: "practice", path: "exams/practice.yml", text: exam, seed: 1 })).status, 400);
  assert.equal((await server.author("sample", { exam: "nothing", seed: 1 })).status, 404);
});

test("a task is proved as a job", async (t) => {
  const server = await startAuthor(t, basic);
  assert.equal(run(["task", "new", join(server.dir, "tasks/hello")]).code, 0);
  assert.equal((await server.post("/api/v1/author/tasks/nothing/run", { what: "proof" })).status, 404);
  assert.equal((await server.post("/api/v1/author/tasks/hello/run", { what: "dance" })).status, 400);
  const begun = await server.post("/api/v1/author/tasks/hello/run", { what: "proof" });
  assert.equal(begun.status, 202);
  const job = await until(async () => {
    const { json } = await server.get(`/api/v1/author/jobs/${begun.json.job}`);
    return json.state !== "running" && json;
  }, "the proof", 120000);
  assert.equal(job.state, "done", JSON.stringify(job));
  assert.equal(job.proved, true, JSON.stringify(job));
  assert.deepEqual([job.done, job.total, job.says], [6, 6, []]);
  assert.deepEqual([...new Set(job.table.map((r) => r.kind))].sort(), ["alt", "solution", "untouched", "wrong"]);
  assert.ok(job.table.every((r) => r.ok), JSON.stringify(job.table));
  assert.ok(existsSync(join(server.dir, "tasks/hello/proof.json")));
  assert.equal((await server.get("/api/v1/author/jobs/nothing")).status, 404);
});

test("a new task from the template; a box on it as it stands, scripts and grader as the folder has them", async (t) => {
  const server = await startAuthor(t, {});
  const job = async (body) => {
    const begun = await server.post("/api/v1/author/tasks/hello/run", body);
    assert.equal(begun.status, 202, JSON.stringify(begun.json));
    return until(async () => {
      const { json } = await server.get(`/api/v1/author/jobs/${begun.json.job}`);
      return json.state !== "running" && json;
    }, "the job", 120000);
  };
  assert.equal((await server.post("/api/v1/author/tasks/Not%20one/run", { what: "new" })).status, 400);
  assert.equal((await job({ what: "new" })).state, "done");
  assert.ok(existsSync(join(server.dir, "tasks/hello/grader.lua")));
  assert.equal((await server.post("/api/v1/author/tasks/hello/run", { what: "new" })).status, 409);

  /* No exam, no question: the workbench is always there, and begins with what was saved last. */
  const bank = (await server.tree()).bank.id;
  const begin = (item, exam = `${bank}/workbench`, mode = "study") => server.post("/api/v1/attempts", { exam, mode, ...(item && { focus: { item } }) });
  assert.equal((await begin(null)).status, 404);
  assert.equal((await begin(null, undefined, "exam")).status, 404);
  assert.equal((await server.get(`/api/v1/exams/${bank}/workbench`)).status, 404);
  assert.deepEqual((await server.get("/api/v1/exams")).json.exams, []);
  server.write("tasks/hello/task.md", server.read("tasks/hello/task.md").replace("# Archive the logs", "# Pack the logs"));
  const begun = await begin("hello");
  assert.equal(begun.status, 201, JSON.stringify(begun.json));
  const { id } = begun.json, [item] = begun.json.sections[0].items;
  assert.equal(item.title ?? item.task.title ?? "Pack the logs", "Pack the logs");

  const box = `/api/v1/author/boxes/${id}/${item.id}`;
  const run = (variant) => server.post(`${box}/run`, { variant });
  const grade = async () => (await server.post(`${box}/grade`, {})).json;
  const outcomes = (g) => g.checks.map((c) => `${c.id} ${c.outcome}`);
  for (const variant of ["untouched", "../../../etc", "alt/../solution", "wrong/", "alt", ""]) assert.equal((await run(variant)).status, 400, variant);
  assert.equal((await run("alt/nothing")).status, 404);
  assert.deepEqual(outcomes(await grade()), ["archive fail", "content fail", "private fail"], "the box was opened for it");
  const done = await run("wrong/readable");
  assert.equal(done.status, 200, JSON.stringify(done.json));
  assert.equal(done.json.ok, true);
  assert.deepEqual(outcomes(await grade()), ["archive pass", "content pass", "private fail"]);
  server.write("tasks/hello/alt/pipe/run.sh", "#!/bin/sh\necho one; printf 'two\\377\\033[31m\\n' >&2; chmod 600 ~/logs.tar.gz; exit 3\n");
  const broken = await run("alt/pipe");
  assert.deepEqual({ ...broken.json, ms: 0 }, { ok: false, ended: "exit code 3", output: "one\ntwo\ufffd[31m\n", ms: 0 });
  assert.equal((await grade()).points, 4);
  server.write("tasks/hello/grader.lua", "check('only', 2, 'It is there', function()\n  expect(false, 'No')\nend)\nerror('late')\n");
  const said = await grade();
  assert.match(said.error ?? said.checks[0].message, /grader\.lua:4/);
  assert.equal((await server.post(`/api/v1/author/boxes/${id}/nothing/grade`, {})).status, 404);
  assert.equal((await server.post(`/api/v1/author/boxes/nothing/${item.id}/run`, { variant: "solution" })).status, 404);
  assert.equal((await server.post(`/api/v1/attempts/${id}/submit`, {})).status, 200);
  assert.equal((await run("solution")).status, 409);

  /* The session outlives the server. */
  const second = (await begin("hello")).json.id;
  await server.stop();
  const later = await startAuthor(t, null, { dir: server.dir, data: server.data });
  assert.equal((await later.get(`/api/v1/attempts/${second}`)).json.sections[0].items.length, 1);
});

test("no address of the interface is left that no real reply was held against", () => {
  const wanted = routes.filter(({ path }) => !path.includes("/review/")).map(({ method, path }) => `${method} ${path}`); /* those: review.test.mjs */
  assert.deepEqual(wanted.filter((w) => ![...seen].some((s) => s.startsWith(`${w} 2`))), []);
});
