// Study sessions: choose, answer, check, read why, go on; and what comes of it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { answer, api, begin, items, launch, question, scene } from "./browser.mjs";

const browser = await launch(after);

test("a whole session, with an explanation after each answer", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/exams/fixture/all");
  await page.getByRole("link", { name: "Study instead" }).click();
  await page.getByRole("heading", { level: 1, name: "Study" }).waitFor();
  await page.getByRole("radio", { name: "20", exact: true }).check();
  await page.getByRole("button", { name: "Start studying" }).click();
  await question(page, 1);
  const attempt = (await api(server, "/api/v1/attempts")).attempts[0];
  assert.equal(attempt.mode, "study");

  for (let n = 1; n <= attempt.items; n++) {
    await question(page, n);
    assert.equal(await page.getByText("EXPLANATION-TEXT").count(), 0, "nothing is told before the answer");
    await answer(page);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("group", { name: "How it was marked" }).getByText("EXPLANATION-TEXT").waitFor();
    await page.getByRole("button", { name: n < attempt.items ? "Next question" : "Finish" }).click();
  }
  await page.getByRole("button", { name: "End and see the result" }).click();
  await page.getByRole("heading", { level: 1, name: "Your study session" }).waitFor();
  const detail = await api(server, "/api/v1/exams/fixture/all");
  assert.ok(detail.study.missed > 0);

  /* What was missed can be studied on its own. */
  await page.goto("/study/fixture/all?pool=missed");
  await page.getByRole("radio", { name: /^What I got wrong/, checked: true }).waitFor();
  await page.getByRole("button", { name: "Start studying" }).click();
  await question(page, 1);
});

test("an answer can be given again after the explanation", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server, "fixture/all", "study");
  const single = items(attempt).find((i) => i.kind === "single" && /two plus two/.test(i.stem));
  await page.goto(`/attempts/${attempt.id}#${single.n}`);
  await question(page, single.n);
  await page.getByRole("radio", { name: "3" }).check();
  await page.getByRole("button", { name: "Check" }).click();
  const outcome = page.getByRole("group", { name: "How it was marked" });
  await outcome.getByRole("heading", { name: /^Wrong/ }).waitFor();
  await page.getByText("Wrong, and you chose it").waitFor();
  await page.getByText("Right, but you did not choose it").waitFor();
  await page.getByRole("button", { name: "Answer again" }).click();
  await page.getByRole("radio", { name: "4" }).check();
  await page.getByRole("button", { name: "Check" }).click();
  await outcome.getByRole("heading", { name: /^Right/ }).waitFor();
});

test("a session can be left and continued", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server, "fixture/all", "study");
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  await answer(page);
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("EXPLANATION-TEXT").waitFor();
  await page.goto("/");
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 2);
  await page.getByText(/of 1 right so far/).waitFor();
});

test("a session of one area", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/study/fixture/all?domains=two");
  await page.getByRole("checkbox", { name: /Domain two/, checked: true }).waitFor();
  await page.getByRole("button", { name: "Start studying" }).click();
  await question(page, 1);
  const attempt = (await api(server, "/api/v1/attempts")).attempts[0];
  const detail = await api(server, "/api/v1/exams/fixture/all");
  assert.equal(attempt.items, Math.min(10, detail.study.by_domain.two.total));
});
