// Reports of problems from the result to the corrected result: a candidate reports by keyboard, an author works the queue, an operator scores past exams
// anew. With axe in both themes, wide and at 390 px. SHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { sit } from "../lib/certificates.mjs";
import { authorId, itemOf, ok, resultOf, rightResponse, wrongResponse } from "../lib/exam.mjs";
import { choose, correctKey, sitSaying, wrongBank } from "../lib/rescoring.mjs";
import { startFor } from "../lib/server.mjs";
import { answer, axe, launch, person } from "./browser.mjs";

const browser = await launch(after);
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const HOSTILE = `Two plus two is <b onclick="alert(1)">four</b> & not "three".`;

async function signedIn(t, server, user, path, options) {
  const context = await person(t, browser, server, options);
  const page = await context.newPage();
  await page.goto(`/sign-in?return=${encodeURIComponent(path)}`);
  await page.getByLabel("Name", { exact: true }).fill(user.name);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  return page;
}

/** Nothing for axe, nothing to be scrolled sideways, in both themes, wide and narrow. */
async function inspect(page, name) {
  for (const width of [1280, 390])
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await axe(page), [], `${name} ${width} ${colorScheme}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${name} at ${width} px is ${over} px too wide`);
      if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** Presses Tab until the focus is on what `name` says. */
async function tabTo(page, name, most = 150) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((n) => new RegExp(n).test(document.activeElement?.textContent ?? "") || new RegExp(n).test(document.activeElement?.getAttribute("aria-label") ?? ""), name)) return;
  }
  assert.fail(`the focus never came to ${name}`);
}

test("a report, the queue, a correction, and what the candidate sees of it", async (t) => {
  const bank = wrongBank(t);
  const server = await startFor(t, { banks: bank, args: ["--no-rate-limits"] });
  const ada = await addUser(server, "ada");
  const author = await addUser(server, "Ruth", ["--role", "author"]);
  const operator = await addUser(server, "Otto", ["--role", "operator"]);
  for (let p = 0; p < 6; p++) {
    const { bearer } = await addUser(server, `candidate-${p}`);
    await sit(server, "strict", bearer, (i) => (authorId(i) === "single-2" ? choose(i, p < 3 ? "3" : "4") : openItemsRank(i) >= 3 * p ? wrongResponse(i) : rightResponse(i)));
  }
  const attempt = await sitSaying(server, "strict", "4", ada.bearer);
  const { items } = await resultOf(server, attempt.id, ada.bearer);
  const n = items.find((i) => i.id === itemOf(attempt, "single-2").id).n;

  /* The candidate: by keyboard alone. */
  const result = `/attempts/${attempt.id}/result`;
  const page = await signedIn(t, server, ada, result);
  await page.getByRole("heading", { level: 1, name: /Not passed|did not pass|fail/i }).first().waitFor();
  await page.locator(".result-item").nth(n - 1).locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.locator(".result-item").nth(n - 1).getByRole("button", { name: "Report a problem" }).waitFor();
  await tabTo(page, "Report a problem");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Report a problem with this question" });
  await dialog.getByRole("radio").first().waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Send" }).isDisabled());
  await dialog.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type(HOSTILE);
  await inspect(page, "report-dialog");
  await tabTo(page, "^Send$");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent.trim()), "Report a problem", "the focus is back");
  await page.reload();
  const own = page.locator('[data-own-report="open"]');
  await own.getByText(HOSTILE).waitFor();
  assert.equal(await page.locator(".own-reports b").count(), 0, "text stays text");

  /* The author. */
  const desk = await signedIn(t, server, author, "/reports");
  await desk.getByRole("link", { name: /Second single/ }).waitFor();
  assert.equal(await desk.getByRole("navigation").getByRole("link", { name: "Reports" }).getAttribute("aria-current"), "page");
  await inspect(desk, "reports-list");
  await desk.getByRole("link", { name: /Second single/ }).focus();
  await desk.keyboard.press("Enter");
  await desk.getByRole("heading", { level: 1, name: "Second single" }).waitFor();
  await desk.getByText(HOSTILE).waitFor();
  await desk.locator("[data-figures]").first().waitFor();
  assert.equal(await desk.locator("[data-figures]").first().getAttribute("data-figures"), "7");
  assert.equal(await desk.locator("[data-rescore]").count(), 0, "scoring anew is for operators");
  assert.doesNotMatch(await desk.locator("main").innerText(), /ada|candidate-/);
  await desk.getByRole("button", { name: "I do" }).click();
  await desk.getByRole("radio", { name: "Accepted" }).check({ force: true });
  await desk.getByLabel("Comment").fill("The key is wrong: I mend it.");
  await inspect(desk, "reports-detail");
  await desk.getByRole("button", { name: "Save" }).click();
  await desk.locator('[data-entry="comment"]').getByText("The key is wrong: I mend it.").waitFor();
  await correctKey(server, bank, author.bearer);
  await desk.reload();
  await desk.getByText("As it was when it was reported").click();
  await desk.getByRole("heading", { name: "As it was before" }).waitFor();

  /* The operator. */
  const office = await signedIn(t, server, operator, "/reports?bank=fixture&item=single-2");
  const part = office.locator("[data-rescore]");
  await part.getByLabel("Reason").fill("The key of this question was wrong.");
  await part.getByRole("button", { name: "See what would change" }).click();
  const preview = part.locator("[data-preview]");
  await preview.waitFor();
  assert.match(await preview.innerText(), /Newly passed\s*2/);
  await preview.getByText(/one by one/).click();
  await inspect(office, "reports-rescore");
  await part.getByLabel("Reason").fill("The key was wrong.");
  await preview.waitFor({ state: "detached" }); /* another correction, another picture */
  await part.getByRole("button", { name: "See what would change" }).click();
  await part.getByRole("button", { name: "Score anew now" }).click();
  await part.locator('[data-running="done"]').waitFor();
  await part.locator(".corrections").getByText("The key was wrong.").waitFor();
  await office.getByLabel("Answer to those who reported it").fill("You are right. Your exam was scored anew.");
  await office.getByRole("radio", { name: "Fixed" }).check({ force: true });
  await office.getByText("This decides 1 open report").waitFor();
  await office.getByRole("button", { name: "Save" }).click();
  await office.locator('[data-entry="answer"]').waitFor();
  await office.goto("/reports");
  await office.getByText("Nothing here.").waitFor();
  await office.getByRole("radio", { name: /^All/ }).check({ force: true });
  await office.getByRole("link", { name: /Second single/ }).waitFor();

  /* The candidate again. */
  await page.reload();
  const note = page.locator("[data-corrected]");
  await note.getByText("The key was wrong.").waitFor();
  assert.match(await note.innerText(), new RegExp(`Question ${n}:[\\s\\S]*Your points: 0 before, 1 now`));
  await page.getByText("You are right. Your exam was scored anew.").waitFor();
  await inspect(page, "result-corrected");
  await page.locator(".result-item").nth(n - 1).locator("summary").click();
  await page.locator(".result-item").nth(n - 1).getByRole("button", { name: "Report a problem" }).click();
  await dialog.getByText("the question was corrected").waitFor();
  assert.equal(await dialog.getByRole("button", { name: /Send|Change/ }).count(), 0, "it is decided");
});

/* A rank for each question, so that people differ. */
const RANKS = ["single-1", "multiple-1", "truth-1", "grid-1", "ordering-1", "numeric-1", "text-1", "hotspot-1", "matching-1", "cloze-1", "params-1", "case-1", "case-2"];
const openItemsRank = (i) => Math.max(0, RANKS.indexOf(authorId(i)));

test("an exam that shows no questions: by its number; in German", async (t) => {
  const server = await startFor(t, { banks: wrongBank(t), args: ["--no-rate-limits"] });
  const context = await person(t, browser, server, { locale: "de-DE" });
  const page = await context.newPage();
  const attempt = await sitSaying(server, "silent", "4");
  await page.goto(`/attempts/${attempt.id}/result`);
  await page.getByRole("button", { name: "Ein Problem melden" }).click();
  const dialog = page.getByRole("dialog", { name: "Ein Problem mit dieser Frage melden" });
  await dialog.getByLabel("Nummer der Frage in der Prüfung").fill("99");
  await dialog.getByLabel("Sie ist veraltet").check();
  assert.ok(await dialog.getByRole("button", { name: "Senden" }).isDisabled());
  await dialog.getByLabel("Nummer der Frage in der Prüfung").fill("3");
  await dialog.getByRole("button", { name: "Senden" }).click();
  await page.locator('[data-own-report="open"]').getByText("Frage 3:").waitFor();
  await page.getByRole("button", { name: "Ein Problem melden" }).click();
  await dialog.getByLabel("Nummer der Frage in der Prüfung").fill("3");
  await dialog.getByLabel("Nummer der Frage in der Prüfung").blur();
  await dialog.getByRole("button", { name: "Zurückziehen" }).click();
  await page.locator("[data-own-report]").waitFor({ state: "detached" });
  await page.goto("/reports");
  await page.getByRole("heading", { level: 1, name: "Gemeldete Fragen" }).waitFor();
});

test("from the feedback of a study session, and from its report", async (t) => {
  const server = await startFor(t, { banks: wrongBank(t), args: ["--no-rate-limits"] });
  const context = await person(t, browser, server);
  const page = await context.newPage();
  const study = ok(await server.post("/api/v1/attempts", { exam: "fixture/strict", mode: "study" }), 201);
  await page.goto(`/attempts/${study.id}`);
  await answer(page);
  await page.getByRole("button", { name: "Check" }).click();
  await page.locator(".study-outcome").getByRole("button", { name: "Report a problem" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Something did not work").check();
  await dialog.getByRole("button", { name: "Send" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(ok(await server.get(`/api/v1/attempts/${study.id}/problems`)).problems.length, 1);
  ok(await server.post(`/api/v1/attempts/${study.id}/submit`, {}));
  await page.goto(`/attempts/${study.id}/result`);
  await page.locator('[data-own-report="open"]').waitFor();
  await page.locator(".result-item summary").first().click();
  await page.getByRole("button", { name: "Report a problem" }).first().waitFor();
});
