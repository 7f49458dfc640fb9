// A whole exam, from the catalogue to the result, by hand; and the tools around a question.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { answer, api, begin, items, kindOf, launch, next, question, saved, scene, startByHand } from "./browser.mjs";
import { until } from "../lib/server.mjs";

const browser = await launch(after);

test("from the catalogue through every kind of question to the result", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/");
  await page.getByRole("link", { name: "Everything", exact: true }).click();
  await page.getByRole("heading", { name: "The rules" }).waitFor();
  await page.getByText("Scores run from 100 to 1,000; you pass with 720 or more.").waitFor();
  await page.getByRole("button", { name: "Start the exam" }).click();

  await page.getByRole("heading", { name: "Before your first attempt" }).waitFor();
  await page.getByRole("radio", { name: "Learn something new" }).check();
  await page.getByRole("slider").fill("90");
  await page.getByLabel("Years of experience").fill("3");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Start now" }).click();
  await question(page, 1);
  const id = page.url().match(/attempts\/([^/#]+)/)[1];

  const kinds = new Set();
  for (let n = 1; n <= 15; n++) {
    await question(page, n);
    kinds.add(await answer(page));
    await page.getByRole("radio", { name: /^(Certain|Unsure)/ }).nth(n % 2).check();
    if (n < 15) await next(page);
  }
  assert.ok(kinds.size >= 9, [...kinds].join());
  await page.getByRole("article").getByRole("button", { name: "Review and finish" }).click();
  await page.getByText("All 15 questions are answered.").waitFor();
  await saved(page);

  /* What the page says is saved is what the server has. */
  const attempt = await api(server, `/api/v1/attempts/${id}`);
  for (const item of items(attempt)) {
    assert.ok(item.response, `question ${item.n} (${item.kind})`);
    assert.ok([50, 95].includes(item.confidence), `confidence of question ${item.n}`);
    assert.ok(item.spent_ms > 0);
  }
  assert.deepEqual(attempt.expectation, { goal: "learn", expected_share: 0.9, years: 3 });

  await page.getByRole("button", { name: "Finish the exam" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Finish the exam" }).click();
  await page.getByRole("heading", { level: 1, name: /^(Passed|Not passed)$/ }).waitFor();
  assert.match(page.url(), new RegExp(`/attempts/${id}/result$`));

  await page.getByRole("img", { name: "Score on the scale" }).waitFor();
  await page.getByRole("img", { name: "By area" }).waitFor();
  await page.getByRole("img", { name: "Time per question" }).waitFor();
  await page.getByRole("img", { name: "Confidence against correctness" }).waitFor();
  await page.getByText(/You expected 90/).waitFor();
  const result = await api(server, `/api/v1/attempts/${id}/result`);
  await page.getByText(new RegExp(`Score ${Math.round(result.score.value)}, give or take`)).waitFor();

  const entries = page.locator(".result-item");
  assert.equal(await entries.count(), result.items.filter((i) => i.item).length);
  await entries.first().locator("summary").click();
  await entries.first().getByText("EXPLANATION-TEXT").waitFor();

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the signed result" }).click();
  assert.ok(await (await download).path());

  /* An attempt that has ended is not opened again. */
  await page.goto(`/attempts/${id}`);
  await page.waitForURL(new RegExp(`/attempts/${id}/result$`));
  await page.goto("/history");
  await page.getByRole("link", { name: "Everything" }).waitFor();
});

test("flag, strike out, note, highlight, clear; all of it is there on another computer", async (t) => {
  const { server, context, page } = await scene(t, browser);
  const id = await startByHand(page);
  while (!["single", "multiple"].includes(await kindOf(page))) await next(page);
  const n = Number(page.url().split("#")[1]);

  await page.getByRole("button", { name: "Flag", exact: true }).click();
  await page.getByRole("button", { name: "Strike out answer B" }).click();
  await page.getByRole("button", { name: /^Notes/ }).click();
  await page.getByLabel("Your notes on this question").fill("think again");
  await page.locator(".stem p").first().evaluate((p) => {
    const range = document.createRange();
    range.setStart(p.firstChild, 0);
    range.setEnd(p.firstChild, 5);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  });
  await page.getByRole("button", { name: "Highlight" }).click();
  await answer(page);
  await page.getByRole("button", { name: "Clear my answer" }).click();

  const look = async () => items(await api(server, `/api/v1/attempts/${id}`)).find((i) => i.n === n);
  await until(async () => {
    const item = await look();
    return item.flagged && item.response === null && item.seq >= 2 && item.note?.text === "think again" && item.note.struck.length === 1 && item.note.highlights.length === 1;
  }, "everything to be saved");
  /* Counted from the beginning of the case, if the question has one. */
  const [mark] = (await look()).note.highlights;
  assert.equal(mark.end - mark.start, 5);

  const other = await context.browser().newContext({ baseURL: server.url });
  t.after(() => other.close());
  const there = await other.newPage();
  await there.goto(`/attempts/${id}#${n}`);
  await question(there, n);
  await there.getByRole("button", { name: "Flag", exact: true, pressed: true }).waitFor();
  await there.getByRole("button", { name: "Strike out answer B", pressed: true }).waitFor();
  assert.equal(await there.getByLabel("Your notes on this question").inputValue(), "think again");
  assert.equal(await there.evaluate(() => [...CSS.highlights.get("assay")].map(String).join()), (await there.locator(".stem p").first().textContent()).slice(0, 5));
});

test("no more answers than asked for can be chosen", async (t) => {
  const { server, page } = await scene(t, browser);
  const id = await startByHand(page);
  while ((await kindOf(page)) !== "multiple") await next(page);
  const boxes = page.locator(".item").getByRole("checkbox");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await boxes.nth(2).click();
  await page.locator(".hint-warn", { hasText: "Only 2 answers can be chosen" }).waitFor();
  assert.equal(await boxes.nth(2).isChecked(), false);
  await until(async () => items(await api(server, `/api/v1/attempts/${id}`)).find((i) => i.kind === "multiple").response?.choose.length === 2, "two to be saved");
});

test("what is not a number is not sent, and the page says why", async (t) => {
  const { server, page } = await scene(t, browser);
  const id = await startByHand(page);
  while (!((await kindOf(page)) === "numeric" && (await page.getByRole("combobox", { name: "Unit" }).count()))) await next(page);
  const field = page.getByLabel("Your number");
  await field.fill("1,5");
  await field.blur();
  await page.getByRole("alert").filter({ hasText: "decimal point" }).waitFor();
  await field.fill("1.5");
  await field.blur();
  await page.getByRole("alert").filter({ hasText: "Pick a unit" }).waitFor();
  await page.getByRole("combobox", { name: "Unit" }).selectOption({ index: 1 });
  await saved(page);
  const item = items(await api(server, `/api/v1/attempts/${id}`)).find((i) => i.kind === "numeric" && i.units?.length);
  assert.equal(item.response.value, "1.5");
});

test("the documentation stands beside the question and can be searched", async (t) => {
  const { page } = await scene(t, browser);
  await startByHand(page);
  await page.getByRole("button", { name: "Documentation" }).click();
  const docs = page.getByRole("complementary", { name: "Documentation" });
  await docs.getByText("2 pages", { exact: true }).waitFor();
  await docs.getByRole("searchbox").fill("kibibyte");
  await docs.getByText("1 page found").waitFor();
  await docs.getByRole("button", { name: "Numbers" }).click();
  await docs.getByText("A kibibyte has 1024 bytes.").waitFor();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await docs.getByRole("button", { name: "Close the documentation" }).click();
  await docs.waitFor({ state: "detached" });
});

test("the clock can be hidden, and stays so", async (t) => {
  const { page } = await scene(t, browser);
  await startByHand(page);
  await page.getByRole("timer").waitFor();
  assert.match(await page.getByRole("timer").getAttribute("aria-label"), /^Time left: (1:00:00|59:\d\d)$/);
  await page.getByRole("button", { name: "Hide" }).click();
  await page.getByRole("timer").waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: "Show the time" }).click();
  await page.getByRole("timer").waitFor();
});

test("the language and the theme are remembered, also in the middle of an exam", async (t) => {
  const { page } = await scene(t, browser);
  await startByHand(page);
  await answer(page);
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { level: 1, name: /^Frage 1 von 15$/ }).waitFor();
  await page.getByText(/^Gespeichert \d\d:\d\d:\d\d$/).waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: /^Frage 1 von 15$/ }).waitFor();
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]), ["de", "dark"]);
});

test("a second attempt while one runs leads to the one that runs", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/exams/fixture/all");
  await page.getByRole("button", { name: "Start the exam" }).click();
  const running = await begin(server);
  await page.getByRole("button", { name: "Skip" }).click();
  await page.getByRole("button", { name: "Start now" }).click();
  await page.waitForURL(new RegExp(`/attempts/${running.id}`));
  await page.goto("/");
  await page.getByRole("link", { name: "Continue" }).waitFor();
});
