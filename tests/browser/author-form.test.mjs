// The form of the authoring page: the same text as in the editor, in both directions; bytes that it does not change stay; by mouse and by keyboard.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { exam, many, question } from "../lib/author.mjs";
import { until } from "../lib/server.mjs";
import { authorPage, field, fixture, openForm, pane, savedText, writeAll } from "./author.mjs";
import { axe, launch } from "./browser.mjs";

const browser = await launch(after);
const one = "questions/one.md";
const two = "questions/two.md";

test("what is changed in the form is changed in the text, and nothing else", async (t) => {
  const strange = many.replace("## Third\nThree?", "## Third\n\n\nThree?   \n<!-- kept -->").replace("### Explanation\nb", "###   Explanation  \nb");
  const { server, page } = await authorPage(t, browser, { files: { "questions/many.md": strange, "exams/practice.yml": exam }, path: "questions/many.md" });
  await openForm(page, "Second");
  await field(page, "Title").fill("The second");
  await field(page, "Question").fill("Two, really?");
  await field(page, "Option 2").fill("certainly not");
  await field(page, "Why, for yes").fill("Because.");
  await page.getByRole("button", { name: "Add an option" }).click();
  await page.keyboard.type("perhaps");
  await page.getByRole("radio", { name: "3", exact: true }).check();
  const wanted = strange.replace("## Second {#second}\nTwo?\n\n- [x] yes\n- [ ] no", "## The second {#second}\n```yaml item\ndifficulty: 3\n```\nTwo, really?\n\n- [x] yes\n  > Because.\n- [ ] certainly not\n- [ ] perhaps");
  assert.equal(await savedText(page, server, "questions/many.md", (x) => x === wanted), wanted);
});

test("what is typed right before saving is saved", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  await field(page, "Question").fill("At once");
  await page.keyboard.press("Control+s");
  await until(() => /\nAt once\n/.test(server.read(one)), "the text");
});

async function openFormAlone(page) {
  await pane(page, "Form");
  await field(page, "Question").waitFor();
}

test("what is changed in the editor, or in the folder, is in the form", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  assert.equal(await field(page, "Question").inputValue(), "Which word is **right**?");
  await pane(page, "Write");
  await writeAll(page, question("one").replace("Which word", "Which of them"));
  await pane(page, "Form");
  await until(async () => (await field(page, "Question").inputValue()) === "Which of them is **right**?", "the new text");
  await page.keyboard.press("Control+s");
  await until(() => /Which of them/.test(server.read(one)), "the saved text");
  server.write(one, server.read(one).replace("- [ ] left", "- [ ] outside"));
  await until(async () => (await field(page, "Option 3").inputValue()) === "outside", "the change from outside");
});

test("by keyboard alone: another order, out, back again", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  await field(page, "Option 1").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await until(async () => (await field(page, "Option 2").inputValue()) === "right", "it moved");
  await until(async () => (await page.evaluate(() => document.activeElement.value)) === "right", "the focus stays in it");
  await page.getByRole("button", { name: "Move up: left" }).focus();
  await page.keyboard.press("Enter");
  await until(async () => (await field(page, "Option 2").inputValue()) === "left", "it moved by its button");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^Move up: left/);
  await page.getByRole("button", { name: "Remove: wrong" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Removed: wrong").first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Undo");
  await savedText(page, server, one, (x) => !x.includes("[ ] wrong"));
  await page.keyboard.press("Enter");
  const text = await savedText(page, server, one, (x) => x.includes("[ ] wrong"));
  assert.equal(text, question("one").replace("- [x] right\n  > It is.\n- [ ] wrong\n- [ ] left", "- [ ] wrong\n- [ ] left\n- [x] right\n  > It is."));
});

test("dragging puts a row into another place", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one, viewport: { width: 1280, height: 1600 } });
  await openFormAlone(page);
  const rows = page.locator(".form .row-entry", { has: page.locator(".option-row") });
  await rows.nth(0).locator(".row-handle").dragTo(rows.nth(2));
  const text = await savedText(page, server, one, (x) => x.indexOf("[x] right") > x.indexOf("[ ] left"));
  assert.match(text, /- \[ \] wrong\n- \[ \] left\n- \[x\] right\n {2}> It is\.\n/);
});

test("a mistake stands beside its field", async (t) => {
  const { page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  await field(page, "Option 2").fill("");
  const row = page.locator(".row-entry", { has: page.getByLabel("Option 2", { exact: true }) });
  await row.locator(".field-errors .is-error").waitFor();
  assert.equal(await field(page, "Option 2").getAttribute("aria-invalid"), "true");
  await field(page, "Option 2").fill("back");
  await until(async () => (await row.locator(".field-errors").count()) === 0, "it is right again");
  await field(page, "Explanation").fill("");
  const part = page.locator(".form-field", { has: page.getByLabel("Explanation", { exact: true }) });
  await part.locator(".field-errors").waitFor();
});

/* Each kind: opened, nothing changed; then one thing is. */
const kinds = [
  [one, "First single", async (page) => field(page, "Option 3").fill("The letter D"), "- [ ] The letter C", "- [ ] The letter D"],
  [one, "Two of three", async (page) => page.getByRole("checkbox", { name: "Right: 3", exact: true }).check(), "- [ ] 3\n- [x] 4", "- [x] 3\n- [x] 4"],
  [one, "A true statement", async (page) => page.getByRole("radio", { name: "Right: False" }).check(), "- [x] True\n- [ ] False", "- [ ] True\n- [x] False"],
  [one, "A grid", async (page) => page.getByRole("radiogroup", { name: "Right column for The number 3" }).getByLabel("Yes").check(), "| The number 3 | | x |", "| The number 3 | x | |"],
  [one, "An order", async (page) => page.locator(".form").getByRole("button", { name: "Move down: one" }).click(), "1. one\n2. two", "1. two\n2. one"],
  [one, "Pairs", async (page) => field(page, "Right side 2").fill("zwei"), "- 2 => two", "- 2 => zwei"],
  [two, "A number", async (page) => field(page, "Tolerance").first().fill("1"), "= 1 KiB", "= 1 KiB +- 1 KiB"],
  [two, "A short text", async (page) => field(page, "Percent").fill("25"), "~ ls : 50%", "~ ls : 25%"],
  [two, "A cloze", async (page) => page.getByRole("group", { name: "List of blank 2" }).getByRole("radio", { name: "Right: black" }).check(), "{{~red|=green|~black}}", "{{~red|~green|=black}}"],
  [two, "A hotspot", async (page) => { await field(page, "Bottom, area 1").fill("80"); await page.keyboard.press("Tab"); }, "at: [10, 10, 90, 90]", "at: [10, 10, 90, 80]"],
  [two, "A sum with parameters", async (page) => field(page, "Program (Lua)").fill("return { a = 1, b = 2, sum = 3 }"), "local a = rand(10, 99)\nlocal b = rand(10, 99)\nreturn { a = a, b = b, sum = a + b }", "return { a = 1, b = 2, sum = 3 }"],
];

test("every kind has its fields; one change is one change in the text", async (t) => {
  const { server, page } = await authorPage(t, browser, { dir: fixture(t), path: one });
  for (const [path, title, change, from, to] of kinds) {
    await page.goto(`/author?file=${encodeURIComponent(path)}`);
    const before = server.read(path);
    await openForm(page, title);
    await change(page);
    const wanted = before.replace(from, to);
    assert.notEqual(wanted, before, title);
    assert.equal(await savedText(page, server, path, (x) => x !== before), wanted, title);
  }
});

test("another kind keeps what fits, and asks before it drops anything", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  await field(page, "Kind").selectOption({ label: "Several answers" });
  await page.getByRole("checkbox", { name: "Right: left" }).check();
  await savedText(page, server, one, (x) => /- \[x\] left/.test(x));
  await field(page, "Kind").selectOption({ label: "Essay" });
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  assert.equal(await field(page, "Kind").inputValue(), "multiple");
  await field(page, "Kind").selectOption({ label: "Order" });
  await field(page, "Step 1").waitFor();
  const text = await savedText(page, server, one, (x) => /type: ordering/.test(x));
  assert.match(text, /1\. right\n {3}> It is\.\n2\. wrong\n3\. left\n\n### Explanation/);
  await field(page, "Kind").selectOption({ label: "Text with blanks" });
  await page.getByRole("dialog").getByRole("button", { name: "Change the kind" }).click();
  const stem = field(page, "Question");
  await stem.focus();
  await stem.evaluate((box) => box.setSelectionRange(0, 5));
  await page.getByRole("button", { name: "Make a blank" }).click();
  const cloze = await savedText(page, server, one, (x) => /\{\{/.test(x));
  assert.match(cloze, /type: cloze/);
  assert.match(cloze, /\n\{\{Which\}\} word is \*\*right\*\*\?\n/);
  assert.doesNotMatch(cloze, /wrong|1\. /);
});

test("buttons format; a picture that is pasted into a text is in the bank", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { [one]: question("one"), "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  const stem = field(page, "Question");
  await stem.fill("make it so");
  await stem.evaluate((box) => box.setSelectionRange(0, 4));
  await page.locator(".form").getByRole("button", { name: "Strong" }).first().click();
  assert.equal(await stem.inputValue(), "**make** it so");
  await stem.evaluate((box) => box.setSelectionRange(box.value.length, box.value.length));
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await stem.evaluate((box, base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], "shot.png", { type: "image/png" }));
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, png);
  await until(async () => /!\[what it shows\]\(\.\.\/media\/shot\.png\)/.test(await stem.inputValue()), "the picture in the text");
  await page.locator('.preview .stem img[src^="/media/"]').waitFor();
  await until(async () => page.locator(".preview .stem img").evaluate((img) => img.complete && img.naturalWidth === 1), "the picture in the preview, before anything is saved");
  await savedText(page, server, one, (x) => x.includes("media/shot.png"));
});

test("regions of a picture: drawn, moved and resized by mouse and by keys", async (t) => {
  const { server, page } = await authorPage(t, browser, { dir: fixture(t), path: two });
  await openForm(page, "A hotspot");
  const frame = page.getByRole("application", { name: /Picture with its areas, 200 by 100/ });
  await frame.scrollIntoViewIfNeeded();
  const box = await frame.locator("svg").boundingBox();
  const at = (x, y) => [box.x + (x / 200) * box.width, box.y + (y / 100) * box.height];
  await page.getByRole("button", { name: "Circle", exact: true }).click();
  await page.mouse.move(...at(100, 50));
  await page.mouse.down();
  await page.mouse.move(...at(104, 50));
  await page.mouse.move(...at(108, 50));
  await page.mouse.up();
  await field(page, "Name of area 3").fill("The gap");
  const drawn = await savedText(page, server, two, (x) => x.includes("The gap"));
  assert.match(drawn, /\n {2}- \{id: left, label: "The left box", shape: rect, at: \[10, 10, 90, 90\], correct: true\}\n/, "the others keep their bytes");
  assert.match(drawn, /\n {2}- \{id: area-3, label: "The gap", shape: circle, at: \[(99|100|101), (49|50|51), (7|8|9)\]\}\n/);

  await frame.focus();
  for (const key of ["Shift+ArrowLeft", "Shift+ArrowLeft", "Control+Shift+ArrowRight"]) await page.keyboard.press(key);
  const moved = await savedText(page, server, two, (x) => x !== drawn);
  const numbers = (text) => text.match(/circle, at: \[(\d+), (\d+), (\d+)\]/).slice(1).map(Number);
  const [before, now] = [numbers(drawn), numbers(moved)];
  assert.deepEqual([now[0] - before[0], now[1] - before[1], now[2] - before[2]], [-2, 0, 1]);
  await page.keyboard.press("Delete");
  await savedText(page, server, two, (x) => !x.includes("The gap"));
});

test("a number that is none says so at its field, and the question stays one with a number", async (t) => {
  const text = question("one").replace(/- \[x\][^]*- \[ \] left/, "= 11");
  const { server, page } = await authorPage(t, browser, { files: { [one]: text, "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  await page.locator(".form").getByLabel("Number", { exact: true }).first().fill("twelve");
  await page.locator(".form").getByText("'twelve' is not a number that can be checked").waitFor();
  assert.equal(await field(page, "Kind").inputValue(), "numeric");
  assert.equal(await savedText(page, server, one, (x) => x.includes("twelve")), text.replace("id: one\n", "id: one\ntype: numeric\n").replace("= 11", "= twelve"));
});

const KINDS = ["One answer", "Several answers", "True or false", "Order", "Pairs", "Table of statements", "Number", "Short text", "Text with blanks", "Place in a picture", "Essay"];

test("a new question is begun from the form, and written in the form", async (t) => {
  const { server, page } = await authorPage(t, browser, { files: { "questions/many.md": many, "exams/practice.yml": exam }, path: "questions/many.md" });
  const dialog = page.getByRole("dialog");
  await pane(page, "Form");
  for (const kind of KINDS) {
    await page.locator(".form").getByRole("button", { name: "New question" }).click();
    await dialog.getByRole("radio", { name: new RegExp(`^${kind}`) }).check();
    await dialog.getByLabel("Title").fill(`My ${kind}`);
    await dialog.getByLabel("Where").selectOption("");
    await dialog.getByRole("button", { name: "Create" }).click();
    await until(async () => (await field(page, "Title").inputValue().catch(() => "")) === `My ${kind}`, `the form of ${kind}`);
    assert.equal(await field(page, "Kind").locator("option:checked").textContent(), kind);
  }
  assert.equal((await server.tree()).counts.questions, 3 + KINDS.length);
  await page.locator(".form").getByRole("button", { name: "New question" }).click();
  await dialog.getByLabel("Title").fill("Fourth");
  await dialog.getByLabel("Where").selectOption("questions/many.md");
  await dialog.getByRole("button", { name: "Create" }).click();
  await until(async () => (await field(page, "Title").inputValue().catch(() => "")) === "Fourth", "its form");
  const text = await savedText(page, server, "questions/many.md", (x) => x.includes("{#fourth}"));
  assert.ok(text.startsWith(many.trimEnd()));
});

test("what has no fields is shown as it is, with the way to the editor", async (t) => {
  const text = `${question("one").replace("- [x] right\n  > It is.\n- [ ] wrong\n- [ ] left", "= 5").replace("- words(7)", "See *words*, and\nmore of them.")}`;
  const { server, page } = await authorPage(t, browser, { files: { [one]: text, "exams/practice.yml": exam }, path: one });
  await openFormAlone(page);
  await page.getByText("This is written in a way that has no fields here.").waitFor();
  await field(page, "Question").fill("New");
  const saved = await savedText(page, server, one, (x) => x.includes("New"));
  assert.equal(saved, text.replace("Which word is **right**?", "New"));
  await page.getByRole("button", { name: "To the editor" }).click();
  await page.locator(".cm-content").first().waitFor();
});

const looks = [
  ["light, wide", { colorScheme: "light" }],
  ["dark, wide", { colorScheme: "dark" }],
  ["light, 390 px", { colorScheme: "light", viewport: { width: 390, height: 844 } }],
  ["dark, 390 px", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
];
for (const [label, options] of looks) {
  test(`axe finds nothing in the form: ${label}`, async (t) => {
    const { page } = await authorPage(t, browser, { dir: fixture(t), path: one, reducedMotion: "reduce", ...options });
    const findings = [];
    for (const [path, title] of kinds) {
      await page.goto(`/author?file=${encodeURIComponent(path)}`);
      await openForm(page, title);
      findings.push(...(await axe(page)).map((f) => `${title}: ${f}`));
      const wide = await page.locator(".form").evaluate((f) => f.scrollWidth - f.clientWidth);
      if (wide > 0) findings.push(`${title}: ${wide} px too wide`);
    }
    await page.locator(".form").getByRole("button", { name: "New question" }).click();
    findings.push(...(await axe(page)).map((f) => `new question: ${f}`));
    assert.deepEqual(findings, []);
  });
}
