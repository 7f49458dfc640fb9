// The preview of the authoring page: the candidates' own component, live while somebody types, answerable; many draws at once; and sample forms of
// exams, on the screen and on paper.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { exam, many, question } from "../lib/author.mjs";
import { until } from "../lib/server.mjs";
import { authorPage, fixture, pane, writeAll } from "./author.mjs";
import { answer, axe, launch } from "./browser.mjs";

const browser = await launch(after);
const one = "questions/one.md";
const files = { [one]: question("one"), "questions/many.md": many, "exams/practice.yml": exam };
/* The editor is looked at where it is tested. */
const axePanes = async (page) => (await axe(page)).filter((f) => !/\.editor,/.test(f));
const preview = (page) => page.locator(".preview");

test("the preview follows the text, and stays with what was last right", async (t) => {
  const { page } = await authorPage(t, browser, { files, path: one });
  await preview(page).getByText("Which word is right?").waitFor();
  await preview(page).locator(".item").evaluate((e) => (e.dataset.same = "yes"));
  await writeAll(page, question("one").replace("Which word", "Which **other** word"));
  await preview(page).locator(".stem strong", { hasText: "other" }).waitFor();
  assert.equal(await preview(page).locator(".item").getAttribute("data-same"), "yes", "drawn into the same place");

  await writeAll(page, question("one").replace("- [x] right", "- [ ] right").replace("Which word", "Which broken word"));
  await preview(page).getByText("The text has a mistake just now.").waitFor();
  await preview(page).locator(".preview-problems", { hasText: /no option is marked|right/ }).waitFor();
  assert.ok(await preview(page).locator(".stem strong", { hasText: "other" }).isVisible(), "the last one that was right");
  await preview(page).locator(".preview-problems").getByRole("button", { name: /^Line \d+/ }).first().click();

  await writeAll(page, question("one").replace("Which word", "Which mended word"));
  await preview(page).getByText("Which mended word is right?").waitFor();
  assert.equal(await preview(page).getByText("The text has a mistake just now.").count(), 0);
});

test("it is answered as in study mode; the feedback follows the text", async (t) => {
  const { page } = await authorPage(t, browser, { files, path: one });
  await preview(page).getByRole("radio").nth(1).click();
  await preview(page).getByRole("button", { name: "Check" }).click();
  const outcome = preview(page).getByRole("group", { name: "How it was marked" });
  await outcome.getByText("Wrong").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.classList.contains("study-outcome")), true);
  await preview(page).getByText("It is.").waitFor();
  await writeAll(page, question("one").replace("Because one says so.", "Because of something new."));
  await outcome.getByText("Because of something new.").waitFor();
  await preview(page).getByRole("button", { name: "Answer again" }).click();
  await preview(page).getByRole("radio").first().click();
  await preview(page).getByRole("button", { name: "Check" }).click();
  await outcome.getByText("Right", { exact: true }).waitFor();
});

test("the key is shown when it is asked for", async (t) => {
  const { page } = await authorPage(t, browser, { files, path: one });
  await preview(page).getByText("Which word is right?").waitFor();
  assert.equal(await preview(page).getByText("It is.").count(), 0);
  await preview(page).getByRole("button", { name: "Key", exact: true }).click();
  await preview(page).getByText("It is.").waitFor();
  assert.equal(await preview(page).locator(".is-key").innerText().then((x) => /right/.test(x)), true);
  assert.equal(await preview(page).locator(".option-mark:visible").count(), 0, "nobody has answered");
  await preview(page).getByText("Because one says so.").waitFor();
});

test("every kind is answered and checked", async (t) => {
  const dir = fixture(t);
  const { page } = await authorPage(t, browser, { dir, path: one });
  const kinds = new Set();
  for (const path of [one, "questions/two.md", "questions/essay.md"]) {
    await page.goto(`/author?file=${encodeURIComponent(path)}`);
    const entries = preview(page).locator(".preview-entry");
    await entries.first().waitFor();
    /* Before the first heading the whole file is shown. */
    await until(async () => (await entries.count()) > (path.includes("essay") ? 0 : 3), "the questions of the file");
    for (const entry of await entries.all()) {
      await entry.locator(".item").waitFor();
      kinds.add(await answer({ locator: (s) => entry.locator(s) }));
      await entry.getByRole("button", { name: "Check" }).click();
      await entry.getByRole("group", { name: "How it was marked" }).waitFor();
    }
  }
  assert.deepEqual([...kinds].sort(), ["cloze", "essay", "grid", "hotspot", "matching", "multiple", "numeric", "ordering", "single", "text", "true-false"]);
});

test("a case stands beside its question; a case by itself is a page", async (t) => {
  const { page } = await authorPage(t, browser, { dir: fixture(t), path: "questions/two.md" });
  await preview(page).locator(".case").first().waitFor();
  await page.goto("/author?file=cases%2Fshop.md");
  await preview(page).locator(".preview-page h2").waitFor();
});

const drawn = `---
id: sum
---
\`\`\`lua params
local a = rand(1, 9)
if a % 3 == 0 then error("three does not go") end
return { a = a, more = a + 1 }
\`\`\`
What is @{a} plus 1?

= @{more}

### Explanation
One more.
### References
- words(7)
`;

test("many draws at once: their values side by side, those that fail stand out", async (t) => {
  const { page } = await authorPage(t, browser, { files: { "questions/sum.md": drawn.replace("a % 3 == 0", "a == 99"), "exams/practice.yml": exam.replace("3", "1") }, path: "questions/sum.md" });
  await preview(page).getByText(/^What is \d plus 1\?$/).waitFor();
  await preview(page).getByText("Draw with seed 1.").waitFor();
  await preview(page).getByRole("button", { name: "Another draw" }).click();
  await preview(page).getByText("Draw with seed 2.").waitFor();
  await preview(page).getByRole("button", { name: "Many draws" }).click();
  const rows = preview(page).locator(".draws-table tbody tr");
  await until(async () => (await rows.count()) === 12, "12 draws");
  for (const row of await rows.all()) {
    const [a, more, key] = await row.locator("td").allTextContents();
    assert.equal(Number(more), Number(a) + 1);
    assert.equal(key, more);
  }
  await preview(page).getByText("12 draws, and none fails.").waitFor();
  await preview(page).getByRole("button", { name: "12 more draws" }).click();
  await until(async () => (await rows.count()) === 24, "24 draws");

  await writeAll(page, drawn);
  await until(async () => (await preview(page).locator("tr.is-failed").count()) > 0, "those that fail");
  const failed = await preview(page).locator("tr.is-failed").count();
  await preview(page).getByText(failed === 1 ? "One of 24 draws fails." : `${failed} of 24 draws fail.`).waitFor();
  await preview(page).locator("tr.is-failed", { hasText: "three does not go" }).first().waitFor();
  await preview(page).getByRole("button", { name: "Questions" }).click();
  await preview(page).locator(".draws-cards .item").first().waitFor();
  assert.equal(await preview(page).locator(".draws-cards > .is-failed").count(), failed);
  await preview(page).locator(".draws-cards > :not(.is-failed)").first().getByRole("button", { name: /^Draw \d+$/ }).click();
  await preview(page).getByText(/^Draw with seed \d+\.$/).waitFor();
});

test("in another theme, and as wide as a phone", async (t) => {
  const { page } = await authorPage(t, browser, { files, path: one, colorScheme: "light", reducedMotion: "reduce" });
  const sheet = preview(page).locator(".preview-sheet");
  const ground = () => sheet.evaluate((e) => getComputedStyle(e).backgroundColor);
  await preview(page).getByText("Which word is right?").waitFor();
  const light = await ground();
  await preview(page).getByRole("button", { name: "Dark" }).click();
  await until(async () => (await ground()) !== light, "the dark sheet");
  assert.deepEqual(await axePanes(page), []);
  assert.notEqual(await page.locator(".desk-left").evaluate((e) => getComputedStyle(e).backgroundColor), await ground(), "only the preview");
  await preview(page).getByRole("button", { name: "Phone" }).click();
  const width = await sheet.evaluate((e) => e.getBoundingClientRect().width);
  assert.ok(width <= 391, `${width} px`);
  assert.deepEqual(await axePanes(page), []);
});

/* ---- Sample forms ---- */

test("a sample form of the text as it stands, another one, its keys", async (t) => {
  const { page, context } = await authorPage(t, browser, { dir: fixture(t), path: "exams/all.yml" });
  await pane(page, "Sample");
  const sample = page.locator(".sample");
  const stems = () => sample.locator(".paper-item .paper-head .button-link").allTextContents();
  await sample.locator(".paper-item").first().waitFor();
  const first = await stems();
  await sample.getByRole("button", { name: "Another form" }).click();
  await until(async () => JSON.stringify(await stems()) !== JSON.stringify(first), "another form");
  await sample.getByLabel("Seed").fill("1");
  await sample.getByLabel("Seed").press("Tab");
  await until(async () => JSON.stringify(await stems()) === JSON.stringify(first), "the same form for the same seed");
  assert.equal(Number(await sample.locator("tfoot td").first().textContent()), first.length);
  assert.equal(await sample.locator(".key-part").count(), 0);
  await sample.getByRole("button", { name: "With keys" }).click();
  await until(async () => (await sample.locator(".key-part").count()) === first.length, "a key for each");
  assert.deepEqual(await axePanes(page), []);

  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".desk-left").isVisible(), false);
  assert.equal(await page.locator(".cm-content").first().isVisible(), false);
  assert.equal(await sample.getByRole("button", { name: "Another form" }).isVisible(), false);
  assert.equal(await sample.locator(".key-part").first().isVisible(), true);
  assert.equal(await sample.locator(".paper-item").first().evaluate((e) => getComputedStyle(e).breakInside), "avoid");
  const pdf = await page.pdf({ format: "A4" });
  assert.ok((pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length > 1, "all of it is printed, not what fits the window");
  await context.close();
});

test("a blueprint that asks for too much says what is missing, and the last form stays", async (t) => {
  const { page } = await authorPage(t, browser, { files, path: "exams/practice.yml" });
  await pane(page, "Sample");
  const sample = page.locator(".sample");
  await until(async () => (await sample.locator(".paper-item").count()) === 3, "the form");
  await writeAll(page, exam.replace("items: 3", "items: 30"));
  await sample.getByText("No form can be drawn just now.").waitFor();
  await sample.locator(".notice li", { hasText: /\d/ }).first().waitFor();
  assert.equal(await sample.locator(".paper-item").count(), 3);
  await writeAll(page, exam.replace("items: 3", "items: 2"));
  await until(async () => (await sample.locator(".paper-item").count()) === 2, "a form of the unsaved text");
});

const looks = [
  ["light, wide", { colorScheme: "light" }],
  ["dark, wide", { colorScheme: "dark" }],
  ["light, 390 px", { colorScheme: "light", viewport: { width: 390, height: 844 } }],
  ["dark, 390 px", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["German", { locale: "de-DE" }],
];
for (const [label, options] of looks) {
  test(`axe finds nothing: ${label}`, async (t) => {
    const { page } = await authorPage(t, browser, { dir: fixture(t), path: one, reducedMotion: "reduce", ...options });
    const german = label === "German";
    const findings = [];
    for (const path of [one, "questions/two.md", "cases/shop.md", "exams/all.yml"]) {
      await page.goto(`/author?file=${encodeURIComponent(path)}`);
      await page.getByRole("tab", { name: path.startsWith("exams") ? (german ? "Muster" : "Sample") : german ? "Vorschau" : "Preview", exact: true }).click();
      await page.locator(".preview .item, .preview-page, .paper-item").first().waitFor();
      findings.push(...(await axePanes(page)).map((f) => `${path}: ${f}`));
      const wide = await page.locator(".preview, .sample").evaluate((f) => f.scrollWidth - f.clientWidth);
      if (wide > 0) findings.push(`${path}: ${wide} px too wide`);
    }
    assert.deepEqual(findings, []);
  });
}
