// Sections, breaks, no way back, and the end of the time.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { answer, api, begin, items, launch, question, saved, scene } from "./browser.mjs";
import { addUser } from "../lib/accounts.mjs";
import { until } from "../lib/server.mjs";

const browser = await launch(after);

test("no way back, then a break, then the second section", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/exams/fixture/sections");
  await page.getByRole("heading", { name: "No way back in some sections" }).waitFor();
  const attempt = await begin(server, "fixture/sections");
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  assert.equal(await page.getByRole("button", { name: "Previous" }).count(), 0);

  await answer(page);
  await page.getByRole("button", { name: /^Next/ }).click();
  await question(page, 2);
  /* Leaving a question without an answer is asked about. */
  await page.getByRole("button", { name: /^Next/ }).click();
  await page.getByRole("dialog").getByText("There is no way back to this question.").waitFor();
  await page.getByRole("button", { name: "Stay here" }).click();
  await question(page, 2);
  await page.getByRole("button", { name: /^Next/ }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await question(page, 3);
  assert.equal(await page.getByRole("button", { name: /^Question 1: answered, closed/ }).isDisabled(), true);
  await until(async () => (await api(server, `/api/v1/attempts/${attempt.id}`)).cursor === 2, "the server to close what was passed");

  await page.reload();
  await question(page, 3);
  await answer(page);
  await page.getByRole("button", { name: /^Next/ }).click();
  await question(page, 4);
  await answer(page);
  await saved(page);
  await page.getByRole("article").getByRole("button", { name: "Review and finish" }).click();
  await page.getByRole("heading", { name: "Review: First section" }).waitFor();
  await page.getByRole("button", { name: "Finish this section" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Finish this section" }).click();

  await page.getByRole("heading", { level: 1, name: "Break" }).waitFor();
  await page.getByText("Next: Second section, 3 questions.").waitFor();
  await page.getByRole("timer").waitFor();
  await page.getByRole("button", { name: "Continue now" }).click();
  await question(page, 5);
  await answer(page);
  await page.getByRole("button", { name: /^Next/ }).click();
  await question(page, 6);
  await page.getByRole("button", { name: "Previous" }).click();
  await question(page, 5);
  await saved(page);
  await page.getByRole("complementary").or(page.locator(".exam-side")).getByRole("button", { name: "Review and finish" }).first().click();
  await page.getByRole("button", { name: "Finish the exam" }).click();
  await page.getByRole("dialog").getByText("2 questions have no answer.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Finish the exam" }).click();
  await page.getByRole("heading", { level: 1, name: /assed$/ }).waitFor();
  const result = await api(server, `/api/v1/attempts/${attempt.id}/result`);
  assert.equal(result.counts.unanswered, 3);
});

test("an exam ends by itself, and the page goes on to the result", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/exams/fixture/short");
  const attempt = await begin(server, "fixture/short");
  await page.goto(`/attempts/${attempt.id}`);
  await page.getByRole("heading", { level: 1, name: /^Question 1 of|assed$/ }).first().waitFor();
  await page.waitForURL(/result/);
  await page.getByText("time was up").waitFor();
});

test("the warnings of the clock are announced politely, also when it is hidden", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server);
  let left = 301_000;
  const soon = (body) => ({ ...body, left_ms: left });
  await page.route("**/claim", async (route) => {
    const reply = await route.fetch();
    const body = await reply.json();
    await route.fulfill({ response: reply, json: { ...body, attempt: { ...body.attempt, clock: soon(body.attempt.clock) } } });
  });
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  await page.getByRole("button", { name: "Hide" }).click();
  await page.locator('[data-announcer="polite"]', { hasText: "5 minutes left" }).waitFor();
  await page.locator(".clock-warning", { hasText: "5 minutes left" }).waitFor();
  left = 0;
});

test("a report that is released later says when", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server, "fixture/late");
  await server.post(`/api/v1/attempts/${attempt.id}/submit`, {});
  await page.goto(`/attempts/${attempt.id}/result`);
  await page.getByRole("heading", { name: "The result is not released yet" }).waitFor();
  await page.getByText(/It will be released on/).waitFor();
});

test("an exam that says only pass or fail shows no more", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server, "fixture/secret");
  await server.post(`/api/v1/attempts/${attempt.id}/submit`, {});
  await page.goto(`/attempts/${attempt.id}/result`);
  await page.getByRole("heading", { level: 1, name: "Not passed" }).waitFor();
  await page.getByText("This exam reports no score.").waitFor();
  assert.equal(await page.locator(".result-item, .plot").count(), 0);
});

test("a result that waits for a person's mark says so", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server, "fixture/essay");
  const essay = items(attempt).find((i) => i.kind === "essay");
  assert.ok(essay);
  await page.goto(`/attempts/${attempt.id}#${essay.n}`);
  await question(page, essay.n);
  await page.getByLabel("Your answer").fill("Because one that cannot says nothing.");
  await page.getByText("6 words.").waitFor();
  await saved(page);
  await server.post(`/api/v1/attempts/${attempt.id}/submit`, {});
  await page.goto(`/attempts/${attempt.id}/result`);
  await page.getByRole("heading", { name: "Being marked" }).waitFor();
});

test("waits between tries are advice where they are not enforced, and a wall where they are", async (t) => {
  const { server, page } = await scene(t, browser);
  const done = await begin(server, "fixture/retakes");
  await server.post(`/api/v1/attempts/${done.id}/submit`, {});
  await page.goto("/exams/fixture/retakes");
  await page.getByText(/^The real exam would make you wait until/).waitFor();
  await page.getByRole("button", { name: "Start the exam" }).click();
  await page.getByRole("button", { name: "Start now" }).click();
  await question(page, 1);

  const user = await addUser(server, "ada");
  const theirs = await server.post("/api/v1/attempts", { exam: "fixture/retakes", mode: "exam" }, user.bearer);
  await server.post(`/api/v1/attempts/${theirs.json.id}/submit`, {}, user.bearer);
  await page.goto("/sign-in?return=/exams/fixture/retakes");
  await page.getByLabel("Name", { exact: true }).fill(user.name);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText(/^Your next attempt is possible from/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Start the exam" }).isDisabled(), true);
});
