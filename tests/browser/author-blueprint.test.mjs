// The blueprint editor: an exam as a form over its YAML, with live feasibility, by mouse and by keyboard, in both themes, small and large.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { many, question, startAuthor } from "../lib/author.mjs";
import { until } from "../lib/server.mjs";
import { axe, launch, person } from "./browser.mjs";

const browser = await launch(after);

const exam = `# The exam of the course.
id: practice                # never changes
title: Practice
items: 3                    # all there are
duration: 10m
modes: [exam, study]
scoring: {method: percent, cut: 60}   # as agreed
report: questions
`;
const bank = {
  "bank.yml": "id: demo\ntitle: Demo\ndomains: {general: General, storage: Storage}\n",
  "questions/many.md": many,
  "questions/one.md": question("one").replace("id: one", "id: one\nobjective: general"),
  "exams/practice.yml": exam,
  "exams/renewal.yml": "id: renewal\ntitle: The renewal\nkind: renewal\nitems: 2\n",
};

async function open(t, options = {}, files = bank) {
  const server = await startAuthor(t, files);
  const context = await person(t, browser, server, options);
  await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  const page = await context.newPage();
  await page.goto("/author");
  return { server, page };
}
async function blueprint(page, name = "Practice", pane = "Blueprint") {
  await page.getByRole("treeitem", { name }).click();
  await page.getByRole("tab", { name: pane }).click();
  await page.locator("[data-feasible]").waitFor();
}
const verdict = (page, value) => page.locator(`[data-feasible="${value}"]`).waitFor();
const onDisk = async (page, server, path = "exams/practice.yml") => {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("All saved").waitFor();
  return server.read(path);
};
const group = async (page, name) => {
  const details = page.locator("details.bp-group", { has: page.getByRole("heading", { name, exact: true }) });
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  return details;
};

test("the form changes what it shows, and nothing else of the text", async (t) => {
  const { server, page } = await open(t);
  await blueprint(page);
  await verdict(page, "true");
  const form = page.locator(".bp");
  await form.getByLabel("Title", { exact: true }).fill("The final exam");
  await form.getByLabel("Questions", { exact: true }).fill("2");
  await form.getByLabel("Cut score, percent").fill("75");
  await form.getByLabel("Not scored").fill("1");
  await form.getByRole("combobox", { name: "Unit of “Time”" }).selectOption("hours");
  const sitting = await group(page, "While it is taken");
  await sitting.getByLabel("Documentation").selectOption("Open book");
  await sitting.getByLabel("Options in random order").uncheck();
  const later = await group(page, "Retakes, certificate, dates");
  await later.getByLabel("Wait after a failure").pressSequentially("14d, 60d");
  await later.getByLabel("A certificate for those who pass").check();
  await later.getByLabel("Renewed by").selectOption("The renewal");
  await later.getByLabel("Offered from").fill("2026-02-01");
  const report = await group(page, "Report");
  await report.getByLabel("With keys and explanations").check();
  await report.getByLabel("Shown").selectOption("Later");
  await verdict(page, "true");
  const text = await onDisk(page, server);
  assert.equal(text, `# The exam of the course.
id: practice                # never changes
title: The final exam
items: 2                    # all there are
unscored: 1
duration: 10h
modes: [exam, study]
scoring: {method: percent, cut: 75}   # as agreed
shuffle: {items: true, options: false}
docs: open
report: {show: questions, explanations: true, release: delayed, after: 7d}
retake: {waits: [14d, 60d]}
certificate: {valid: 24mo, renew: {exam: renewal, window: 6mo, extends: expiry}}
effective: {from: 2026-02-01}
`);
  assert.equal((await server.tree()).counts.errors, 0);

  /* And back to where it began. */
  await sitting.getByLabel("Documentation").selectOption("Closed book");
  await sitting.getByLabel("Options in random order").check();
  await later.getByLabel("Wait after a failure").fill("");
  await later.getByLabel("A certificate for those who pass").uncheck();
  await later.getByLabel("Offered from").fill("");
  await report.getByLabel("With keys and explanations").uncheck();
  await report.getByLabel("Shown").selectOption("At once");
  await form.getByLabel("Not scored").fill("");
  await form.getByLabel("Title", { exact: true }).fill("Practice");
  await form.getByLabel("Questions", { exact: true }).fill("3");
  await form.getByLabel("Cut score, percent").fill("60");
  await form.getByRole("combobox", { name: "Unit of “Time”" }).selectOption("minutes");
  assert.equal(await onDisk(page, server), exam.replace("report: questions", "report: {show: questions}"));
});

test("what domains need is shown while one types, and nothing jumps; what is missing is written from there", async (t) => {
  const { server, page } = await open(t);
  await blueprint(page);
  const form = page.locator(".bp");
  await form.getByLabel("Weigh the domains").check();
  await page.locator('[data-domain="storage"]').getByText(/needed, 0 there/).waitFor();
  await verdict(page, "false");
  await page.locator(".bp-verdict", { hasText: "Storage needs 1 more item" }).waitFor();
  const place = async () => (await form.getByLabel("Weight of General", { exact: true }).boundingBox()).y;
  const stayed = async () => assert.ok(Math.abs((await place()) - before) < 1, "the page stayed where it was");
  await form.getByLabel("Weight of Storage", { exact: true }).focus();
  const before = await place();
  await form.getByLabel("Weight of Storage", { exact: true }).fill("200");
  await page.locator(".bp-verdict", { hasText: "Storage needs 2 more item" }).waitFor();
  await stayed();
  await form.getByLabel("How Storage is weighed").selectOption("None");
  await verdict(page, "true");
  await stayed();
  await form.getByLabel("How Storage is weighed").selectOption("Range");
  await form.getByLabel("Storage, at least, percent").fill("30");
  await form.getByLabel("Storage, at most, percent").fill("40");
  await form.getByLabel("How General is weighed").selectOption("The rest");
  const slider = form.getByRole("slider");
  assert.equal(await slider.count(), 0);
  assert.match(await onDisk(page, server), /\ndomains: \{general: rest, storage: 30-40\}\n/);
  await form.getByLabel("How General is weighed").selectOption("Weight");
  await slider.first().focus();
  for (let i = 0; i < 55; i++) await page.keyboard.press("ArrowRight");
  await until(async () => (await form.getByLabel("Weight of General", { exact: true }).inputValue()) === "65", "the slider to move the weight");

  await form.getByLabel("Storage, at least, percent").fill("34");
  await page.locator('[data-domain="storage"]').getByRole("button", { name: /^Needs/ }).click();
  await until(() => existsSync(join(server.dir, "questions/storage.md")), "the question's file");
  assert.match(server.read("questions/storage.md"), /^objective: storage$/m);
  await page.getByRole("treeitem", { name: "Practice" }).click();
  await page.getByRole("tab", { name: "Blueprint" }).click();
  await page.locator('[data-domain="storage"]').getByText(/, 1 there/).waitFor();
});

test("a format that is shipped, fitted to the bank, is one step to undo", async (t) => {
  const { server, page } = await open(t, {}, { ...bank, "bank.yml": "id: demo\ntitle: Demo\ndomains: {general: General, storage: Storage, nets: Nets, shells: Shells}\n" });
  await blueprint(page);
  await page.getByRole("button", { name: "Begin with a format" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Microsoft Azure, role-based", exact: true }).click();
  await page.locator(".bp-note", { hasText: "Format as of 2026-11, unofficial." }).waitFor();
  await verdict(page, "false");
  const text = await onDisk(page, server);
  assert.match(text, /^id: practice$/m);
  assert.match(text, /^title: Practice$/m);
  assert.match(text, /^domains: \{general: 20-25, storage: 25-30, nets: 20-25, shells: rest\}$/m);
  assert.doesNotMatch(text, /^kind:|renew:/m);
  assert.match(text, /^note: "Format as of/m);
  assert.equal((await server.tree()).problems.filter((p) => p.severity === "error" && p.path === "exams/practice.yml").map((p) => p.code).filter((c) => c !== "exam-impossible").join(), "");
  await page.getByRole("tab", { name: "Write" }).click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+z");
  await until(async () => (await onDisk(page, server)) === exam, "the text from before");
});

test("sections by keyboard alone: added, filled in, moved, removed", async (t) => {
  const { server, page } = await open(t);
  await blueprint(page);
  const sections = await group(page, "Sections");
  const press = async (name) => {
    await sections.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  const type = async (label, text, nth = 0) => {
    await sections.getByLabel(label, { exact: true }).nth(nth).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(text);
  };
  await press("Add a section");
  await sections.getByText("The sections hold 3 of 3 questions.").waitFor();
  await type("Questions", "2");
  await type("Title", "Knowledge of words");
  await press("Add a break");
  await press("Add a section");
  await sections.getByText("The sections hold 3 of 3 questions.").waitFor();
  await type("Title", "Cases", 1);
  await sections.getByLabel("One may go back to earlier questions").nth(1).focus();
  await page.keyboard.press("Space");
  await verdict(page, "true");
  const added = `sections:\n  - {items: 2, title: Knowledge of words}\n  - {break: 10m, clock: running}\n  - {items: 1, title: Cases, return: false}\n`;
  assert.equal(await onDisk(page, server), exam.replace("scoring:", `${added}scoring:`));
  await press("Move “Cases” up");
  await press("Move “Cases” up");
  await page.getByText("An exam neither begins nor ends with a break").first().waitFor();
  await press("Remove “Break”");
  await verdict(page, "true");
  assert.match(await onDisk(page, server), /sections:\n {2}- \{items: 1, title: Cases, return: false\}\n {2}- \{items: 2, title: Knowledge of words\}\nscoring/);
});

test("mistakes are where they belong; YAML that cannot be read leads to its line", async (t) => {
  const { page } = await open(t);
  await blueprint(page);
  await page.locator(".bp").getByLabel("Cut score, percent").fill("700");
  const scoring = await group(page, "Scoring");
  await scoring.locator(".bp-complaints").getByText(/cut/).waitFor();
  await page.locator(".bp").getByLabel("Cut score, percent").fill("70");
  await scoring.locator(".bp-complaints").waitFor({ state: "detached" });
  await page.getByRole("tab", { name: "Write" }).click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("domains: [a");
  await page.getByRole("tab", { name: "Blueprint" }).click();
  await page.getByText(/is not YAML that can be read/).waitFor();
  await page.getByRole("button", { name: "Show it in the text" }).click();
  await page.locator(".cm-content").waitFor();
});

for (const [name, options, tab] of [
  ["light, 1280", {}, "Blueprint"],
  ["dark, 1280", { colorScheme: "dark" }, "Blueprint"],
  ["light, 390", { viewport: { width: 390, height: 844 } }, "Blueprint"],
  ["dark, 390, German", { viewport: { width: 390, height: 844 }, colorScheme: "dark", locale: "de-DE" }, "Prüfungsplan"],
])
  test(`nothing for axe to find: ${name}`, async (t) => {
    const { page } = await open(t, options);
    await blueprint(page, "Practice", tab);
    await page.evaluate(() => document.querySelectorAll("details.bp-group").forEach((d) => (d.open = true)));
    await page.locator(".bp-sections .button").first().click();
    await page.locator(".bp-domains input[type=checkbox]").first().check();
    await verdict(page, "false");
    assert.deepEqual(await axe(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `blueprint-${name.replace(/\W+/g, "-")}.png`), fullPage: true });
  });

