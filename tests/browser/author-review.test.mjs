// Review on the authoring page: by keyboard alone, blind with a disagreement, decisions, the bank at a glance; axe in both themes, wide and narrow.
// SHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { exam, question, startAuthor, writeBank } from "../lib/author.mjs";
import { run } from "../lib/server.mjs";
import { axe, launch, person } from "./browser.mjs";

const browser = await launch(after);
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const set = (text, status) => text.replace(/^id: (.*)$/m, `id: $1\nstatus: ${status}`);
const titled = (id, title, status) => set(question(id), status).replace(/^(---\n[^]*?---\n)/, `$1# ${title}\n`);
const files = {
  "bank.yml": "id: birds\ntitle: Birds of the north\nreview: {required: true, approvals: 1}\n",
  "questions/kiwi.md": titled("kiwi", "The kiwi", "draft"),
  "questions/swift.md": titled("swift", "The swift", "review"),
  "questions/crane.md": titled("crane", "The crane", "review").replace("- [x] crane", "- [x] right"),
  "questions/essay.md": "---\nid: essay\ntype: essay\nstatus: review\n---\n# Why birds fly\nWhy do birds fly?\n\n### Rubric\n\n| Criterion | Points | Full marks when |\n|---|---|---|\n| Lift | 1 | it is named |\n",
  "questions/owl.md": titled("owl", "The owl", "active"),
  "exams/practice.yml": exam,
};
const record = (dir, id) => readFileSync(join(dir, `reviews/${id}.yml`), "utf8");

async function scene(t, by, dir = writeBank(t, files), options = {}) {
  const server = await startAuthor(t, null, { dir, args: ["--by", by] });
  const context = await person(t, browser, server, options);
  const page = await context.newPage();
  await page.goto("/author");
  return { server, page, dir, context };
}
const openReview = async (page, title) => {
  if (title) await page.getByRole("treeitem", { name: title }).first().click();
  await page.getByRole("tab", { name: "Review", exact: true }).click();
  await page.locator(".review").waitFor();
};

test("a question goes its way: submitted by one, read blind and disputed by another, approved by a third", async (t) => {
  const { page, dir, server } = await scene(t, "Ana");
  await openReview(page, "The kiwi");
  const pane = page.locator(".review");
  await pane.getByRole("heading", { name: "The kiwi" }).waitFor();
  assert.equal(await pane.getByRole("button", { name: "Approve" }).count(), 0, "nothing to approve in a draft");
  await pane.getByRole("button", { name: "Submit for review" }).click();
  await pane.locator(".review-facts").getByText("In review").waitFor();
  await pane.getByText("You submitted this text; somebody else approves it.").waitFor();
  assert.equal(await pane.getByRole("button", { name: "Approve" }).count(), 0);
  assert.match(readFileSync(join(dir, "questions/kiwi.md"), "utf8"), /status: review/);
  await page.locator(".cm-content").getByText("status: review").waitFor(); /* the open text follows */
  await pane.getByRole("button", { name: "Return to the author" }).click();
  await pane.getByText("Say why.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "TEXTAREA");
  await server.stop();

  const ben = await scene(t, "Ben", dir);
  await openReview(ben.page);
  await ben.page.getByRole("button", { name: /^Read blind/ }).click();
  const dialog = ben.page.getByRole("dialog", { name: "Read blind" });
  await dialog.getByText("0 read, 4 to go").waitFor();
  for (const id of ["crane", "essay"]) {
    assert.equal(await dialog.getByText(/Because|It is\.|Lift/).count(), 0, `nothing of the key of ${id}`);
    await dialog.getByRole("button", { name: "Later" }).click();
    await dialog.getByRole("heading", { name: "Question 1" }).waitFor();
    await dialog.locator(id === "crane" ? '[data-kind="essay"]' : '[data-kind="single"]').waitFor();
  }
  await dialog.getByRole("radio", { name: "wrong" }).check();
  await dialog.getByRole("button", { name: "Answer", exact: true }).click();
  await dialog.getByText("You disagree with the key. The author will see your answer.").waitFor();
  await dialog.getByText("Because kiwi says so.").waitFor();
  assert.match(record(dir, "kiwi"), /by: "Ben", did: answered,.*response: "wrong", agrees: false/);
  await dialog.getByLabel("A comment for the author, if you like").fill("Wrong is a word, too");
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByText("1 read, 3 to go").waitFor();
  assert.match(record(dir, "kiwi"), /did: commented.*Wrong is a word, too/);
  await ben.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await ben.page.getByRole("button", { name: "The bank", exact: true }).click();
  const first = ben.page.locator(".review-table tbody tr").first();
  await first.getByText("A blind reader disagrees with the key").waitFor();
  await first.getByRole("button", { name: "The kiwi" }).click();
  await ben.page.locator(".review-question").getByText("1 blind reader answered something else").waitFor();
  await ben.server.stop();

  const cleo = await scene(t, "Cleo", dir);
  await openReview(cleo.page, "The kiwi");
  const decide = cleo.page.locator(".review");
  await decide.getByText("Wrong is a word, too").waitFor();
  await decide.getByRole("button", { name: "Approve" }).click();
  await decide.getByText("A reader disagrees with the key: say why it is right.").waitFor();
  await decide.getByRole("textbox").fill("Read the question again");
  await decide.getByRole("button", { name: "Approve" }).click();
  await decide.locator(".review-facts").getByText("Approved").waitFor();
  await decide.getByText("Read the question again").waitFor();
  await decide.getByRole("button", { name: "Put into exams" }).click();
  await decide.locator(".review-facts").getByText("Active").waitFor();
  assert.match(readFileSync(join(dir, "questions/kiwi.md"), "utf8"), /status: active/);
  assert.equal(run(["bank", "check", dir, "--json"]).out.includes('"review-missing"'), true, "the owl still lacks approvals");
});

test("an unsaved text is saved before it is decided about; a change makes an approval stale", async (t) => {
  const { page, dir } = await scene(t, "Ben");
  run(["bank", "status", dir, "owl", "approved", "--by", "Cleo"]);
  await openReview(page, "The owl");
  await page.locator(".review-facts").getByText("1 of 1").waitFor();
  await page.locator(".cm-content").getByText("Because owl says so.").click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Really.");
  await page.locator(".review").getByText("Save yours first").waitFor();
  await page.locator(".review").getByRole("button", { name: "Save" }).click();
  await page.locator(".review").getByText("It has changed since it was approved.").waitFor();
  await page.locator(".review-facts").getByText("0 of 1").waitFor();
  await page.locator(".review").getByText("an earlier text").waitFor();
  await page.locator(".review").getByRole("button", { name: "Approve" }).click();
  await page.locator(".review-facts").getByText("1 of 1").waitFor();
});

test("by keyboard alone: an essay is answered, judged, and the reader comes to the end", async (t) => {
  const dir = writeBank(t, { ...files, "questions/swift.md": titled("swift", "The swift", "draft"), "questions/crane.md": titled("crane", "The crane", "draft") });
  const { page } = await scene(t, "Ben", dir);
  const tabTo = async (name) => {
    for (let i = 0; i < 80; i++) {
      if (await page.evaluate((n) => (document.activeElement.textContent || document.activeElement.getAttribute("aria-label") || "").trim().startsWith(n), name)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not come to ${name}`);
  };
  await page.getByRole("tab", { name: "Problems" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator(".review").waitFor();
  await tabTo("Read blind");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Read blind" });
  await dialog.locator('[data-kind="essay"] textarea').focus();
  await page.keyboard.type("Because of lift.");
  await tabTo("Answer");
  await page.keyboard.press("Enter");
  await dialog.getByText("Your answer is kept. Compare it with the rubric.").waitFor();
  await dialog.getByText("it is named").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Next" }).isDisabled(), true, "an essay is judged first");
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("blind-verdict")), "the verdict has the focus");
  await tabTo("No");
  await page.keyboard.press("Enter");
  await dialog.getByText("You disagree with the key.").waitFor();
  assert.match(record(dir, "essay"), /did: answered.*"Because of lift\."}\n.*did: judged.*agrees: false/);
  await tabTo("Next");
  await page.keyboard.press("Enter");
  await dialog.getByText("You have read all there is.").waitFor();
  await tabTo("Close");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.textContent.trim().startsWith("Read blind")); /* the focus comes back */
});

for (const [name, options] of [
  ["1280 light", { viewport: { width: 1280, height: 900 }, colorScheme: "light" }],
  ["1280 dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
  ["390 light", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
  ["390 dark German", { viewport: { width: 390, height: 844 }, colorScheme: "dark", locale: "de-DE" }],
])
  test(`axe has nothing to report, ${name}`, async (t) => {
    const dir = writeBank(t, files);
    const german = name.includes("German");
    const state = JSON.parse(run(["bank", "status", dir, "swift", "--json"]).out);
    const next = JSON.parse(run(["bank", "review", dir, "swift", "--json", "--by", "Dora"]).out).question;
    run(["bank", "review", dir, "swift", "--json", "--by", "Dora", "--answer", "null", "--seed", String(next.seed), "--text", state.review.text]);
    run(["bank", "status", dir, "swift", "--by", "Ana", "--reason", "Dora may be right: every bird here is swift in some way."]);
    const { page } = await scene(t, "Ben", dir, options);
    const look = async (what) => {
      assert.deepEqual(await axe(page), [], what);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what}: nothing is scrolled sideways`);
      if (shots) await page.screenshot({ path: join(shots, `review-${what}-${name.replaceAll(" ", "-")}.png`) });
    };
    const tab = page.getByRole("tab", { name: german ? "Begutachtung" : "Review", exact: true });
    await page.getByRole("treeitem", { name: "The swift" }).first().click();
    await tab.click();
    await page.locator(".history-entry").first().waitFor();
    await look("question");
    await page.locator(".segments button").last().click();
    await page.locator(".review-table").waitFor();
    await look("bank");
    await page.locator(".review-bar .button").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio").first().waitFor();
    await look("blind");
    await dialog.getByRole("radio", { name: "left" }).check();
    await dialog.locator(".blind-actions .button").first().click();
    await dialog.locator(".blind-verdict").waitFor();
    await look("told");
  });
