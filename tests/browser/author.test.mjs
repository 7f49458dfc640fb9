// The authoring page, in the browser against `assay author`: everything by keyboard, nothing of anybody's is lost.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { exam, many, question, startAuthor } from "../lib/author.mjs";
import { run, startFor, until } from "../lib/server.mjs";
import { axe, launch, person } from "./browser.mjs";

const browser = await launch(after);
const basic = {
  "bank.yml": "id: demo\ntitle: Demo\ndomains:\n  general: General\n  words: {title: Words, objectives: {right: The right words}}\n",
  "questions/one.md": question("one"),
  "questions/many.md": many,
  "exams/practice.yml": exam,
  "cases/shop.md": "# The shop\n\nIt sells books.\n",
};
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async function desk(t, files = basic, { path = "/author", ...options } = {}) {
  const server = await startAuthor(t, files);
  const context = await person(t, browser, server, options);
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole("tree").waitFor();
  return { server, context, page };
}
const row = (page, name) => page.getByRole("treeitem", { name });
const editor = (page) => page.locator(".cm-content");
const unsaved = (page, n = 1) => page.getByText(n === 1 ? "1 file not saved" : `${n} files not saved`, { exact: true }).waitFor();
const allSaved = (page) => page.getByText("All saved", { exact: true }).waitFor();
const noErrors = (page) => page.locator(".desk-problems:not(.is-error)").waitFor();
const has = (page, words) => editor(page).getByText(words).first().waitFor();

async function openFile(page, name) {
  await row(page, name).click();
  await page.getByRole("treeitem", { name, selected: true }).waitFor(); /* until then the editor is that of the file before */
  await editor(page).waitFor();
}
/** Puts the cursor at the end of the text. */
async function toEnd(page) {
  await editor(page).focus();
  await page.keyboard.press("Control+End");
}

test("on an ordinary server the page says that nobody writes there", async (t) => {
  const server = await startFor(t);
  const page = await (await person(t, browser, server)).newPage();
  await page.goto("/author");
  await page.getByText("There is no author here").waitFor();
  assert.equal(await page.getByRole("link", { name: "Write", exact: true }).count(), 0);
});

test("a question is found, changed and saved by keyboard alone", async (t) => {
  const { server, page } = await desk(t);
  await page.keyboard.press("F6");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  assert.equal(await page.evaluate(() => document.activeElement.querySelector(".row-label").textContent), "Questions");
  await page.keyboard.press("o"); /* the first that begins with it */
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^one/);
  await page.keyboard.press("Enter");
  await editor(page).waitFor();
  await page.locator(".cm-focused").waitFor();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("- more words(7)\n");
  await unsaved(page);
  assert.equal(server.read("questions/one.md"), question("one"), "nothing is saved by itself");
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.equal(server.read("questions/one.md"), `${question("one")}- more words(7)\n`);
  await page.keyboard.press("Tab"); /* leaves the editor */
  assert.equal(await page.evaluate(() => document.activeElement.closest(".editor")), null);
});

test("the tree goes up, down, in and out, by files and by topics, and finds", async (t) => {
  const { page } = await desk(t);
  await row(page, "Questions").focus();
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    assert.match(await page.evaluate(() => document.activeElement.textContent), expected, key);
  };
  await press("ArrowDown", /^many\.md/);
  await press("ArrowRight", /^First/);
  await press("ArrowDown", /^Second/);
  await press("ArrowLeft", /^many\.md/);
  await press("ArrowLeft", /^many\.md/);
  assert.equal(await row(page, /^many\.md/).getAttribute("aria-expanded"), "false");
  await press("ArrowRight", /^many\.md/);
  assert.equal(await row(page, /^First/).getAttribute("aria-level"), "3");
  await page.getByRole("radio", { name: "Topics" }).check();
  await row(page, "General").waitFor();
  await row(page, "The right words").waitFor();
  await page.getByRole("searchbox").fill("second single");
  await page.getByText("1 question found").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await has(page, "## Second");
  assert.match(page.url(), /file=questions%2Fmany\.md/);
  await page.reload();
  await has(page, "## Second");
});

test("mistakes are marked where they are and mended by mouse and by keyboard; they block nothing", async (t) => {
  const wrong = many.replace("## Second {#second}\n", "## Second {#second}\n```yaml item\ndifficult: 2\n```\n");
  const { server, page } = await desk(t, { ...basic, "questions/many.md": wrong });
  await page.getByText("1 error", { exact: true }).first().waitFor();
  await row(page, /^many\.md/).click();
  await editor(page).getByText("## Second").click();
  await page.keyboard.press("End");
  await until(async () => (await page.keyboard.press("F8"), page.locator(".write-below", { hasText: "did you mean 'difficulty'" }).isVisible()), "the mistake");
  await page.locator(".cm-lintRange-error", { hasText: "difficult" }).waitFor();
  await page.locator(".write-below", { hasText: "did you mean 'difficulty'" }).waitFor();
  await row(page, /^Second/).getByText("1 error").waitFor({ state: "attached" });
  await page.keyboard.press("Control+.");
  await has(page, "difficulty: 2");
  await noErrors(page);
  await page.keyboard.press("Control+z");
  await page.locator(".cm-lintRange-error").waitFor();
  await page.locator(".cm-lintRange-error").hover();
  await page.getByRole("button", { name: "Write 'difficulty'" }).first().click();
  await noErrors(page);
  await page.keyboard.press("Control+z");
  await page.getByRole("tab", { name: "Problems" }).click();
  await page.locator(".problem", { hasText: "difficult" }).getByRole("button", { name: "Write 'difficulty'" }).click();
  await noErrors(page);
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.match(server.read("questions/many.md"), /difficulty: 2/);

  /* A broken question is saved like any other, and the exam goes on without it. */
  await toEnd(page);
  await page.keyboard.type("\n## Fourth\nFour?\n\n- [ ] yes\n- [ ] no\n");
  await row(page, /^Fourth/).getByText("1 error").waitFor({ state: "attached" });
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.match(server.read("questions/many.md"), /## Fourth/);
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Sit this exam: Practice" }).click();
  await page.getByRole("button", { name: "Start the exam" }).waitFor();
  await page.getByRole("link", { name: "Write" }).click();
  await has(page, "Fourth");
});

test("problems are gone through in the whole bank, forwards and backwards", async (t) => {
  const { page } = await desk(t, { ...basic, "questions/a.md": "---\nid: a\n---\nWhat?\n\n- [ ] x\n- [ ] y\n", "questions/z.md": "---\nid: z\nobjectiv: general\n---\nWhat?\n\n- [x] x\n- [ ] y\n" });
  await page.getByText("2 errors", { exact: true }).first().waitFor();
  const path = () => page.locator(".editor").getAttribute("data-editor");
  const list = page.locator(".problem");
  await page.getByRole("tab", { name: "Problems" }).click();
  await list.first().waitFor();
  const n = await list.count();
  const seen = [];
  for (let i = 0; i < n; i++) {
    await page.keyboard.press("F8");
    await until(async () => (await page.locator("[data-announcer=polite]").textContent()).startsWith(`Problem ${i + 1} of ${n}`), `problem ${i + 1}`);
    seen.push(await path());
  }
  assert.deepEqual([...new Set(seen)].sort(), [...new Set(await page.locator(".problems-file").allTextContents())].sort(), "in every file that has any");
  await page.keyboard.press("F8");
  await until(async () => (await path()) === seen[0], "around");
  await page.keyboard.press("Shift+F8");
  await until(async () => (await path()) === seen.at(-1), "backwards");
});

test("of very many problems the page has those of the open file, and says how many there are", async (t) => {
  const bare = (id) => `## ${id} {#${id}}\nWhat is ${id}?\n\n- [x] a\n- [ ] b ${id}\n`;
  const several = (name) => "---\nobjective: general\n---\n" + Array.from({ length: 400 }, (_, i) => bare(`${name}-${i}`)).join("\n");
  const { server, page } = await desk(t, { ...basic, "questions/a.md": several("a"), "questions/z.md": several("z") }, { path: "/author?file=questions/z.md" });
  const { counts } = await server.tree();
  assert.ok(counts.warnings > 700 && !counts.errors, JSON.stringify(counts));
  await page.getByRole("button", { name: `${counts.warnings.toLocaleString("en")} warnings` }).waitFor();
  await page.locator(".cm-lintRange-warning").first().waitFor();
  await page.locator(".desk-problems").click();
  await page.locator(".problems-file").first().getByText("questions/z.md").waitFor();
  await page.locator(".problems").getByText(`And ${(counts.warnings - 500).toLocaleString("en")} more.`).waitFor();
});

test("unsaved text outlives a reload, and can be discarded", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  await toEnd(page);
  await page.keyboard.type("- kept");
  await unsaved(page);
  await until(() => page.evaluate(() => Object.keys(localStorage).some((k) => k.startsWith("assay.author.draft"))), "the copy");
  await page.reload();
  await page.getByText(/Unsaved text of .* is back/).waitFor();
  await has(page, "- kept");
  await unsaved(page);
  await page.getByRole("button", { name: "Discard it" }).click();
  await allSaved(page);
  assert.equal(await editor(page).getByText("- kept").count(), 0);
  await page.reload();
  await has(page, "Which word");
  await allSaved(page);

  /* What the folder got in the meantime is merged in. */
  await toEnd(page);
  await page.keyboard.type("- kept");
  await unsaved(page);
  await until(() => page.evaluate(() => Object.values(localStorage).some((v) => v.includes("- kept"))), "the copy");
  await page.goto("about:blank");
  server.write("questions/one.md", question("one").replace("- [ ] left", "- [ ] other"));
  await page.goto("/author?file=questions/one.md");
  await has(page, "- kept");
  await has(page, "- [ ] other");
});

test("a file that is changed outside is read again when it is clean, merged when it is not", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  server.write("questions/one.md", question("one", "outside"));
  await has(page, "outside");
  await allSaved(page);

  await toEnd(page);
  await page.keyboard.type("- mine(1)\n");
  await unsaved(page);
  server.write("questions/one.md", question("one", "again"));
  await page.getByText("That is merged into your unsaved text").waitFor();
  await has(page, "Which word is **again**?");
  await has(page, "- mine(1)");
  await page.locator(".message", { hasText: "line 4" }).waitFor();
  await unsaved(page);
  assert.equal(server.read("questions/one.md"), question("one", "again"), "nothing is written");
  await editor(page).focus();
  await page.keyboard.press("Control+z");
  assert.equal(await editor(page).getByText("again").count(), 0, "a merge is one step to undo");
  await page.keyboard.press("Control+y");
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.equal(server.read("questions/one.md"), `${question("one", "again")}- mine(1)\n`);
});

test("a conflict is shown side by side, and each place is chosen", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  await editor(page).getByText("Which word").click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Mine.");
  await toEnd(page);
  await page.keyboard.type("- mine(1)\n");
  await unsaved(page);
  server.write("questions/one.md", question("one").replace("**right**?", "**right**? Theirs.").replace("- words(7)\n", "- words(7)\n- theirs(1)\n"));
  await page.getByRole("heading", { name: /was changed outside, and so was it here/ }).waitFor();
  await page.keyboard.press("Control+s");
  assert.match(server.read("questions/one.md"), /Theirs/, "theirs stays");
  const use = page.getByRole("button", { name: "Go on with this" });
  assert.ok(await use.isDisabled());
  assert.deepEqual(await axe(page), []);
  const first = page.getByRole("group", { name: "Place 1 of 2" });
  await first.getByText("Which word is **right**? Mine.").waitFor();
  await first.getByText("Which word is **right**? Theirs.").waitFor();
  await first.getByRole("radio", { name: "Mine" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("group", { name: "Place 2 of 2" }).getByRole("radio", { name: "Both" }).check();
  await use.click();
  await has(page, "Mine.");
  await unsaved(page);
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.equal(server.read("questions/one.md"), `${question("one").replace("**right**?", "**right**? Mine.")}- mine(1)\n- theirs(1)\n`);
});

test("a save that meets another version goes the same way", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  await toEnd(page);
  await page.keyboard.type("- mine(1)\n");
  await unsaved(page);
  /* The page does not hear of it. */
  await page.route("**/api/v1/author/change*", () => {});
  await until(() => page.evaluate(() => performance.getEntriesByType("resource").length > 0), "the page");
  server.write("questions/one.md", question("one").replace("- words(7)\n", "- words(7)\n- theirs(1)\n"));
  await page.keyboard.press("Control+s");
  await page.getByRole("heading", { name: /was changed outside/ }).waitFor();
  await page.getByRole("button", { name: "Theirs everywhere" }).click();
  await page.getByRole("button", { name: "Go on with this" }).click();
  await allSaved(page);
  await has(page, "- theirs(1)");
  assert.match(server.read("questions/one.md"), /theirs/);
});

test("a file that is removed outside: its text stays until it is put away", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  await toEnd(page);
  await page.keyboard.type("- mine(1)\n");
  rmSync(join(server.dir, "questions/one.md"));
  await page.getByText("was removed outside; your unsaved text is still here").waitFor();
  await page.getByRole("button", { name: "Save it again" }).click();
  await allSaved(page);
  assert.match(server.read("questions/one.md"), /mine\(1\)/);
  rmSync(join(server.dir, "questions/one.md"));
  await page.getByText("was removed outside.", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Close it" }).click();
  await page.getByText("Choose a question or a file").waitFor();
  assert.ok(!existsSync(join(server.dir, "questions/one.md")));
});

test("questions are moved by keys and by dragging, and saved when the author says so", async (t) => {
  const { server, page } = await desk(t);
  await row(page, /^Third/).click();
  await has(page, "## Third");
  await row(page, /^Third/).focus();
  await page.keyboard.press("Alt+ArrowUp");
  const titles = () => page.getByRole("treeitem", { level: 3 }).locator(".row-label").allTextContents();
  await until(async () => (await titles()).join() === "First,Third,Second", "up");
  await until(() => page.evaluate(() => document.activeElement.textContent.startsWith("Third")), "the focus stays with it");
  await page.keyboard.press("Alt+ArrowUp");
  await until(async () => (await titles()).join() === "Third,First,Second", "up again");
  assert.equal(server.read("questions/many.md"), many, "not saved yet");
  await row(page, /^Second/).dragTo(row(page, /^Third/), { targetPosition: { x: 60, y: 3 } });
  await until(async () => (await titles()).join() === "Second,Third,First", "dragged");
  await page.getByRole("button", { name: "Move down" }).click();
  await until(async () => (await titles()).join() === "Third,Second,First", "by button");
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.deepEqual(server.read("questions/many.md").match(/^## .*$/gm), ["## Third", "## Second {#second}", "## First {#first}"]);
});

test("a picture is pasted: it lands in the bank, and its description is selected", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  await editor(page).getByText("Which word").click();
  await page.keyboard.press("Home");
  const give = (kind) => editor(page).evaluate((e, { kind: event, png }) => {
    const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], event === "paste" ? "My Shot.png" : "Dropped.png", { type: "image/png" }));
    const box = e.getBoundingClientRect();
    const init = { bubbles: true, cancelable: true, composed: true };
    e.dispatchEvent(event === "paste" ? new ClipboardEvent("paste", { ...init, clipboardData: data }) : new DragEvent("drop", { ...init, dataTransfer: data, clientX: box.x + 40, clientY: box.y + 10 }));
  }, { kind, png: PNG });
  await give("paste");
  await has(page, "![What the picture shows](../media/my-shot.png)");
  assert.ok(existsSync(join(server.dir, "media/my-shot.png")));
  await page.keyboard.type("A dot");
  await has(page, "![A dot](../media/my-shot.png)");
  const shown = page.getByRole("tabpanel", { name: "Preview" }).getByRole("img", { name: "A dot" });
  await until(() => shown.evaluate((i) => i.complete && i.naturalWidth === 1), "the picture in the preview");
  await give("drop");
  await has(page, "(../media/dropped.png)");
  await row(page, "dropped.png").click();
  const picture = page.getByRole("img", { name: "The picture media/dropped.png" });
  await until(() => picture.evaluate((i) => i.complete && i.naturalWidth === 1), "the picture");
});

test("new things begin right: every kind of question, an exam, a case, a page", async (t) => {
  const { server, page } = await desk(t, { "bank.yml": basic["bank.yml"], "questions/many.md": many });
  const make = async (what, title, more = async () => {}) => {
    await page.getByRole("button", { name: "New", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: what, exact: true }).check();
    await dialog.getByLabel("Title").fill(title);
    await more(dialog);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
  };
  const kinds = await (async () => {
    await page.getByRole("button", { name: "New", exact: true }).click();
    const values = await page.locator(".kind-card input").evaluateAll((all) => all.map((o) => o.value));
    await page.keyboard.press("Escape");
    return values;
  })();
  assert.ok(kinds.length >= 12 && kinds.includes("hotspot") && kinds.includes("parametrised"));
  for (const kind of kinds) {
    await make("Question", `New ${kind}`, async (dialog) => {
      await dialog.locator(`.kind-card input[value="${kind}"]`).check();
      await dialog.getByLabel("Where").selectOption("");
    });
    await until(() => existsSync(join(server.dir, `questions/new-${kind}.md`)), kind);
    await make("Question", `Also ${kind}`, async (dialog) => {
      await dialog.locator(`.kind-card input[value="${kind}"]`).check();
      await dialog.getByLabel("Where").selectOption("questions/many.md");
    });
  }
  await make("Exam", "Final: one");
  await make("Case", "The shop");
  await make("Page of documentation", "Words");
  await page.keyboard.press("Control+Shift+s");
  await allSaved(page);
  const tree = await server.tree();
  assert.deepEqual(tree.problems.filter((p) => !/^(unused-|similar)/.test(p.code) && !(p.path === "questions/many.md" && p.line < 32)), [], "nothing to be said about any of them");
  assert.equal(tree.files.flatMap((f) => f.items).length, 3 + 2 * kinds.length);
  assert.deepEqual(tree.exams.map((e) => e.title), ["Final: one"]);
  assert.ok(existsSync(join(server.dir, "cases/the-shop.md")) && existsSync(join(server.dir, "docs/words.md")));
  const { json } = await server.author("feasible", { path: "exams/final-one.yml", text: server.read("exams/final-one.yml") });
  assert.equal(json.feasible, true, JSON.stringify(json));
});

test("a removed file comes back with what was not saved in it", async (t) => {
  const { server, page } = await desk(t, { ...basic, "questions/two.md": question("two") });
  await page.route(/author\/file\?path=questions%2Ftwo/, async (r) => { await new Promise((done) => setTimeout(done, 300)); await r.continue(); });
  await openFile(page, /^one/);
  await openFile(page, /^two/);
  await toEnd(page);
  await page.keyboard.type("- unsaved(1)");
  await unsaved(page);
  await row(page, /^two/).focus();
  await page.keyboard.press("Delete");
  await page.getByText("questions/two.md is removed.").waitFor();
  assert.ok(!existsSync(join(server.dir, "questions/two.md")));
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, /^two/).waitFor();
  assert.match(server.read("questions/two.md"), /id: two/);
  await has(page, "- unsaved(1)");
  await page.keyboard.press("Control+s");
  await allSaved(page);
});

test("renaming, removing and bringing back", async (t) => {
  const { server, page } = await desk(t, { ...basic, "questions/two.md": question("two").replace("id: two", "id: two\nfamily: one\ncase: shop") });
  await openFile(page, /^one/);
  await row(page, /^one/).focus();
  await page.keyboard.press("F2");
  await page.getByRole("dialog").getByLabel("Id").fill("uno");
  await page.keyboard.press("Enter");
  await row(page, /^uno/).waitFor();
  assert.match(server.read("questions/one.md"), /id: uno/);
  assert.match(server.read("questions/two.md"), /family: uno/);
  await has(page, "id: uno");
  await row(page, /^uno/).focus();
  await page.keyboard.press("F2");
  await page.getByRole("dialog").getByLabel("File").fill("questions/../x.md");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").locator(".notice-bad").waitFor();
  await page.getByRole("dialog").getByLabel("File").fill("questions/part/uno.md");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(existsSync(join(server.dir, "questions/part/uno.md")) && !existsSync(join(server.dir, "questions/one.md")));
  await has(page, "id: uno");

  await row(page, "shop").focus();
  await page.keyboard.press("F2");
  await page.getByRole("dialog").getByLabel("Id").fill("market");
  await page.keyboard.press("Enter");
  await until(() => existsSync(join(server.dir, "cases/market.md")) && /case: market/.test(server.read("questions/two.md")), "the case");
  await row(page, "market").waitFor();

  await row(page, /^Second/).click();
  await row(page, /^Second/).focus();
  await page.keyboard.press("Delete");
  await row(page, /^Second/).waitFor({ state: "detached" });
  assert.equal(server.read("questions/many.md"), many, "a question is taken out of the text, not yet of the file");
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, /^Second/).waitFor();
  await allSaved(page);
});

test("a question is studied alone, as candidates see it, and back", async (t) => {
  const { page } = await desk(t);
  await openFile(page, /^one/);
  await editor(page).getByText("Which word").click();
  await page.keyboard.press("Home");
  await page.keyboard.type("Well: ");
  await unsaved(page);
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Study one alone" }).click();
  await page.waitForURL(/\/attempts\//);
  await page.locator(".exam-question").getByText("Well: Which word is").waitFor();
  await page.goBack();
  await has(page, "Well: Which word");
  await allSaved(page);
});

test("a task's folder in the tree opens the task, by mouse and by keys", async (t) => {
  const server = await startAuthor(t, basic);
  assert.equal(run(["task", "new", join(server.dir, "tasks/archive")]).code, 0);
  const page = await (await person(t, browser, server)).newPage();
  await page.goto("/author");
  const folder = row(page, /^archive/);
  const expanded = async (is) => until(async () => (await folder.getAttribute("aria-expanded")) === `${is}`, `the folder to be ${is ? "open" : "closed"}`);
  await folder.click();
  await page.getByRole("tab", { name: "Box & proof" }).waitFor();
  await page.locator(".desk-path", { hasText: "tasks/archive/task.md" }).waitFor();
  await expanded(true);
  await folder.click();
  await expanded(false);
  await openFile(page, /^one/);
  await page.locator(".desk-path", { hasText: "questions/one.md" }).waitFor();
  await folder.focus();
  await page.keyboard.press("Enter");
  await page.locator(".desk-path", { hasText: "tasks/archive/task.md" }).waitFor();
  await expanded(true);
});

test("an editor that is open speaks the language that is chosen", async (t) => {
  const { page } = await desk(t);
  await openFile(page, /^one/);
  await page.getByRole("textbox", { name: "Text of questions/one.md" }).waitFor();
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("textbox", { name: "Text von questions/one.md" }).waitFor();
});

test("the edges are moved by keys and by dragging, and stay", async (t) => {
  const { page } = await desk(t);
  const width = () => page.locator(".desk-left").evaluate((e) => e.getBoundingClientRect().width);
  const first = await width();
  await page.getByRole("separator", { name: "Width of the tree" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await until(async () => (await width()) > first + 20, "wider");
  const box = await page.getByRole("separator", { name: "Width of the tree" }).boundingBox();
  await page.mouse.move(box.x + 5, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + 200, { steps: 4 });
  await page.mouse.up();
  await until(async () => (await width()) < first, "narrower");
  const last = await width();
  await page.reload();
  await page.getByRole("tree").waitFor();
  assert.equal(Math.round(await width()), Math.round(last));
});

test("lines that end as on Windows go on doing so", async (t) => {
  const text = question("one").replace(/\n/g, "\r\n");
  const { server, page } = await desk(t, { ...basic, "questions/one.md": text });
  await openFile(page, /^one/);
  await allSaved(page);
  await toEnd(page);
  await page.keyboard.type("- more(1)\n");
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.equal(server.read("questions/one.md"), `${text}- more(1)\r\n`);
});

test("the server goes away and comes back: writing goes on", async (t) => {
  const { server, page } = await desk(t);
  await openFile(page, /^one/);
  await page.route("**/api/v1/author/**", (route) => route.abort());
  await page.route("**/api/v1/author", (route) => route.abort());
  await toEnd(page);
  await page.keyboard.type("- mine(1)\n");
  await page.keyboard.press("Control+s");
  await page.locator(".message").waitFor();
  await page.unroute("**/api/v1/author/**");
  await page.unroute("**/api/v1/author");
  await unsaved(page);
  await page.keyboard.press("Control+s");
  await allSaved(page);
  assert.match(server.read("questions/one.md"), /mine/);
});

for (const [name, options] of [["1280", {}], ["1280 dark", { colorScheme: "dark" }], ["390", { viewport: { width: 390, height: 844 } }], ["390 dark, in German", { viewport: { width: 390, height: 844 }, colorScheme: "dark", locale: "de-DE" }], ["forced colours", { forcedColors: "active" }]]) {
  test(`axe has nothing to say: ${name}`, async (t) => {
    const { page } = await desk(t, { ...basic, "questions/many.md": many.replace("- [x] yes", "- [ ] yes"), "questions/part/draft.md": question("draft").replace("id: draft", "id: draft\nstatus: draft\nobjectiv: x") }, options);
    const shots = process.env.SHOTS;
    if (shots) mkdirSync(shots, { recursive: true });
    const look = async (what) => {
      if (shots) await page.screenshot({ path: join(shots, `author-${name.replace(/\W+/g, "-")}-${what}.png`) });
      assert.deepEqual(await axe(page), [], what);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${what}: ${wide} px too wide`);
    };
    await look("begin");
    await row(page, /^draft|^Draft/).first().click();
    await editor(page).waitFor();
    await page.locator(".cm-lintRange-error").first().waitFor();
    await look("text");
    await page.keyboard.press("F8");
    await look("problem");
    const narrow = name.startsWith("390");
    if (narrow) await page.getByRole("tab", { name: /Problems|Probleme/ }).click();
    await look("problems");
    if (narrow) await page.getByRole("tab", { name: /Files|Dateien/ }).click();
    await page.getByRole("button", { name: /^(New|Neu)$/ }).click();
    await look("new");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Try it out|Ausprobieren/ }).click();
    await look("try");
    await page.keyboard.press("Escape");
  });
}

test("nothing of the page is loaded by others, and its words stay with it", async (t) => {
  const server = await startFor(t);
  const page = await (await person(t, browser, server)).newPage();
  const loaded = [];
  page.on("request", (r) => loaded.push(new URL(r.url()).pathname));
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.ok(loaded.length > 3);
  assert.deepEqual(loaded.filter((p) => /author/.test(p)), []);
});
