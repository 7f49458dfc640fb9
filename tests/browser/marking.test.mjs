// Marking: the queue and the rubric by keyboard alone, taking back, points by mouse, how well markers agree; with axe, on a phone, in German.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { bankOfEssays, examiner, markOk, sit } from "../lib/marking.mjs";
import { startFor } from "../lib/server.mjs";
import { axe, launch, person } from "./browser.mjs";

const browser = await launch(after);

async function shot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
}

async function scene(t, names = ["ada"], options = {}) {
  const server = await startFor(t, { banks: bankOfEssays(t), args: ["--no-rate-limits"] });
  const cand = await addUser(server, "zora");
  const markers = [];
  for (const name of names) markers.push(await examiner(server, name));
  const context = await person(t, browser, server, options);
  const page = await context.newPage();
  return { server, cand, markers, page };
}

async function signIn(page, who, to = "/marking") {
  await page.goto(`/sign-in?return=${encodeURIComponent(to)}`);
  await page.locator("form input").first().fill(who.name);
  await page.locator("input[type=password]").fill(who.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((u) => u.pathname === to);
}

const stored = async (server, cand, id) => (await server.get(`/api/v1/attempts/${id}/result`, cand.bearer)).json;

test("by keyboard alone: points, a comment, the next answer, taking back", async (t) => {
  const { server, cand, markers: [ada], page } = await scene(t);
  const one = await sit(server, cand, "essays/one");
  await signIn(page, ada);
  await page.getByRole("heading", { name: "A hard link" }).waitFor();
  assert.equal(await page.getByText("zora").count(), 0);
  await page.getByRole("button", { name: /^Start: A hard link/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /A hard link/ }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the focus is where the answer begins");
  for (const digit of "4320") await page.keyboard.press(digit);
  await page.locator(".marking-sum", { hasText: "9 of 10 points" }).waitFor();
  await page.keyboard.press("c");
  await page.keyboard.type("clear, 2 limits missing u");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Saved: 9 of 10.").first().waitFor();
  await page.getByRole("heading", { name: "All marked" }).waitFor();
  await page.getByRole("button", { name: "Take back" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /A hard link/ }).waitFor();
  assert.equal(await page.getByLabel("Comment").inputValue(), "clear, 2 limits missing u");
  /* With Tab and arrows, as any form; the exact field for what has no button. */
  await page.locator('[data-line="3"] input[type=radio]').first().focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".marking-sum", { hasText: "9.5 of 10 points" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("0.25");
  await page.locator(".marking-sum", { hasText: "9.25 of 10 points" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Saved: 9.25 of 10.").first().waitFor();
  await page.getByRole("button", { name: "Back to the list" }).last().click();
  await page.getByRole("button", { name: /^Start: What went well/ }).click();
  await page.getByRole("heading", { level: 1, name: /What went well/ }).waitFor();
  await page.keyboard.press("5"); // more than it is worth
  await page.keyboard.press("Control+Enter");
  await page.locator(".marking-panel .marking-error", { hasText: "Line 1 has no points yet." }).waitFor();
  await page.keyboard.press("4");
  await page.keyboard.press("Control+Enter");
  await page.getByText("This mark stands.").waitFor();
  const result = await stored(server, cand, one.id);
  assert.equal(result.items.find((i) => i.id === one.links).points, 9.25);
  assert.deepEqual([result.marking.one, result.marking.self], [2, false]);
});

test("with the mouse, one after the other; what somebody else marked meanwhile is passed over", async (t) => {
  const { server, cand, markers: [ada, ben], page } = await scene(t, ["ada", "ben"]);
  const first = await sit(server, cand, "essays/one");
  const second = await sit(server, cand, "essays/one");
  await signIn(page, ada);
  await page.getByRole("button", { name: "Mark all 4, one after the other" }).click();
  await page.getByText("1 of 4").waitFor();
  await page.getByText("Marked as a whole: four points").waitFor(); // a rubric without points by line
  await page.locator('[data-line="0"] label', { hasText: /^3$/ }).click();
  await page.getByRole("button", { name: "Save, next answer" }).click();
  await page.getByText("Saved: 3 of 4.").first().waitFor();
  await page.getByText("2 of 4").waitFor();
  await page.getByRole("button", { name: "Later" }).click();
  await page.getByRole("heading", { level: 1, name: /A hard link/ }).waitFor();
  for (const [line, points] of [[0, "2"], [1, "3"], [2, "1"], [3, "0.5"]]) await page.locator(`[data-line="${line}"] label`, { hasText: new RegExp(`^${points}$`) }).click();
  /* Ben is faster with this one. */
  await markOk(server, ben, first.id, first.links, { points: 1 });
  await page.keyboard.press("Control+Enter");
  await page.getByText("This answer was marked meanwhile").waitFor();
  await page.getByRole("heading", { level: 1, name: /A hard link/ }).waitFor();
  for (const digit of "0000") await page.keyboard.press(digit);
  await page.keyboard.press("Control+Enter");
  await page.getByText("Saved: 0 of 10.").first().waitFor();
  await page.getByRole("heading", { level: 1, name: /What went well/ }).waitFor();
  const result = await stored(server, cand, first.id);
  assert.equal(result.items.find((i) => i.id === first.links).points, 1);
  assert.equal((await server.get("/api/v1/marking", ada.bearer)).json.waiting, 1);
  assert.ok(second.id);
});

test("two markers, a third, the figures, and what the candidate reads", async (t) => {
  const { server, cand, markers: [ada, ben, cyd], page } = await scene(t, ["ada", "ben", "cyd"]);
  const marks = [[10, 9], [7, 7], [3, 4], [8, 7.5], [5, 5], [2, 2.5], [9, 3]];
  let last;
  for (const [a, b] of marks) {
    last = await sit(server, cand);
    await markOk(server, ada, last.id, last.links, { points: a });
    await markOk(server, ben, last.id, last.links, { points: b });
    await markOk(server, ada, last.id, last.free, { points: a > 5 ? 4 : 2 });
    await markOk(server, ben, last.id, last.free, { points: a > 6 ? 4 : 2 });
  }
  await signIn(page, cyd);
  await page.getByText("two markers").first().waitFor();
  await page.getByText("1 answer waits").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "marking-queue");
  await page.getByRole("button", { name: /^Start/ }).click();
  await page.getByRole("heading", { level: 1, name: /A hard link/ }).waitFor();
  assert.equal(await page.getByText(/ada|ben|zora/).count(), 0, "the third knows neither whose it is nor who has marked");
  for (const digit of "4") await page.keyboard.press(digit);
  assert.deepEqual(await axe(page), []);
  await shot(page, "marking-bench");
  for (const digit of "221") await page.keyboard.press(digit);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "All marked" }).waitFor();

  await page.getByRole("link", { name: "Agreement" }).click();
  await page.getByRole("heading", { name: "Weighted kappa" }).waitFor();
  await page.locator(".plot svg").waitFor();
  await page.getByText("14 answers are few").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "marking-agreement");
  const about = page.locator(".agree-choice select").last();
  await about.selectOption({ label: "free: ada and ben" });
  await page.locator(".agree-text", { hasText: "In points." }).waitFor();
  assert.deepEqual(await page.locator(".agree-matrix tbody td").allInnerTexts(), ["3", "0", "0", "4"]);
  await page.locator(".plot-table summary").click();
  assert.equal(await page.locator(".plot-table tbody tr").count(), 4);

  const context = await person(t, browser, server);
  const other = await context.newPage();
  await signIn(other, cand, "/exams/essays/two");
  await other.getByText("Essays are marked by two people").waitFor();
  await other.goto(`/attempts/${last.id}/result`);
  await other.getByRole("heading", { name: "Marked by people" }).waitFor();
  await other.getByText("1 of 2 was marked by two people who were too far apart").waitFor();
  assert.equal(await other.getByRole("link", { name: "Marking" }).count(), 0, "candidates have no way there");
  assert.deepEqual(await axe(other), []);
  await shot(other, "marking-result");
});

for (const [name, options] of [
  ["on a phone", { viewport: { width: 390, height: 800 } }],
  ["in the dark", { colorScheme: "dark" }],
  ["on a phone in the dark, in German", { viewport: { width: 390, height: 800 }, colorScheme: "dark", locale: "de-DE" }],
]) {
  test(`axe finds nothing ${name}, and nothing is wider than the page`, async (t) => {
    const { server, cand, markers: [ada, ben], page } = await scene(t, ["ada", "ben"], options);
    for (const [a, b] of [[10, 9], [7, 7], [3, 4], [6, 6]]) {
      const { id, links, free } = await sit(server, cand);
      for (const [who, points] of [[ada, a], [ben, b]]) {
        await markOk(server, who, id, links, { points });
        await markOk(server, who, id, free, { points: 2 });
      }
    }
    await sit(server, cand);
    const fits = async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), "it scrolls sideways");
    await signIn(page, ada);
    await page.locator(".marking-group").first().waitFor();
    assert.deepEqual(await axe(page), []);
    await fits();
    await shot(page, `marking-queue ${name}`);
    await page.locator(".marking-group .button").first().click();
    await page.locator(".marking-panel").waitFor();
    await page.keyboard.press("4");
    assert.deepEqual(await axe(page), []);
    await fits();
    await shot(page, `marking-bench ${name}`);
    await page.goto("/marking/agreement");
    await page.locator(".agree-matrix").waitFor();
    assert.deepEqual(await axe(page), []);
    await fits();
    await shot(page, `marking-agreement ${name}`);
  });
}

test("who is alone on a server marks one-marker exams, and reads why two need names", async (t) => {
  const server = await startFor(t, { banks: bankOfEssays(t) });
  const nobody = { bearer: {} };
  await sit(server, nobody, "essays/two");
  await sit(server, nobody, "essays/one");
  const context = await person(t, browser, server);
  const page = await context.newPage();
  await page.goto("/marking");
  await page.getByText("the operator enters what each marker gives, with assay mark --by NAME").waitFor();
  await page.getByRole("button", { name: /^Start: What went well/ }).waitFor();
  assert.equal(await page.locator(".marking-group").count(), 2);
});
