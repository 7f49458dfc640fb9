// Whole exams with the keyboard alone, and what a screen reader is told: no test in this file uses the mouse.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, begin, items, kindOf, launch, question, saved, scene } from "./browser.mjs";
import { until } from "../lib/server.mjs";

const browser = await launch(after);
const press = (page, ...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  return { tag: e.localName, type: e.type ?? "", name: e.getAttribute("aria-label") ?? e.textContent.trim(), inItem: !!e.closest(".item") };
});

/** Tabs on until the focus is on what is wanted. */
async function tabTo(page, wanted, most = 60) {
  for (let i = 0; i < most; i++) {
    const now = await focused(page);
    if (wanted(now)) return now;
    await page.keyboard.press("Tab");
  }
  assert.fail(`not reached by Tab: ${wanted}`);
}

/** Answers the question with keys only. */
async function answerByKeys(page) {
  const kind = await kindOf(page);
  switch (kind) {
    case "single":
    case "true-false":
      await press(page, "1", "ArrowDown");
      break;
    case "multiple":
      await press(page, "1", "2");
      break;
    case "grid":
      for (let row = 0; row < (await page.locator(".item tbody tr").count()); row++) {
        await tabTo(page, (f) => f.type === "radio" && f.inItem);
        await press(page, "Space", "Tab");
      }
      break;
    case "ordering":
      await tabTo(page, (f) => /^Move down/.test(f.name));
      await press(page, "Enter", "Enter");
      break;
    case "matching":
      for (let i = 0; i < (await page.locator(".item select").count()); i++) {
        await tabTo(page, (f) => f.tag === "select" && f.inItem);
        await press(page, "ArrowDown", "Tab");
      }
      break;
    case "numeric":
      await tabTo(page, (f) => f.tag === "input" && f.inItem);
      await page.keyboard.type("1.5");
      await page.keyboard.press("Tab");
      if ((await focused(page)).tag === "select") await press(page, "ArrowDown");
      break;
    case "text":
    case "essay":
      await tabTo(page, (f) => ["input", "textarea"].includes(f.tag) && f.inItem);
      await page.keyboard.type("ls -a");
      break;
    case "cloze":
      await tabTo(page, (f) => f.tag === "input" && f.inItem);
      await page.keyboard.type("blue");
      await tabTo(page, (f) => f.tag === "select" && f.inItem);
      await press(page, "ArrowDown");
      break;
    case "hotspot":
      await tabTo(page, (f) => /^Picture to mark/.test(f.name));
      await press(page, "ArrowLeft", "Shift+ArrowUp", "Enter");
      break;
    default:
      assert.fail(`no keys for ${kind}`);
  }
}

test("from the catalogue to the result without a mouse", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await tabTo(page, (f) => f.tag === "a" && f.name === "Everything");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "The rules" }).waitFor();
  await tabTo(page, (f) => f.name === "Start the exam");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, (f) => f.name === "Skip");
  await page.keyboard.press("Enter");
  await tabTo(page, (f) => f.name === "Start now");
  await page.keyboard.press("Enter");
  await question(page, 1);

  for (let n = 1; n <= 15; n++) {
    await question(page, n);
    await answerByKeys(page);
    /* Out of a field with Escape is not needed: Alt + Page Down works everywhere. */
    await page.keyboard.press("Alt+PageDown");
  }
  await page.getByRole("heading", { level: 1, name: "Review before you finish" }).waitFor();
  await page.getByText("All 15 questions are answered.").waitFor();
  await saved(page);
  await tabTo(page, (f) => f.name === "Finish the exam");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, (f) => f.name === "Finish the exam");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /assed$/ }).waitFor();
  const done = (await api(server, "/api/v1/attempts")).attempts[0];
  assert.equal(done.answered, 15);
});

test("every shortcut does what the help says", async (t) => {
  const { page, server } = await scene(t, browser);
  const attempt = await begin(server);
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  await press(page, "n");
  await question(page, 2);
  assert.match((await focused(page)).name, /^Question 2/, "the heading has the focus, so that it is read");
  await press(page, "p");
  await question(page, 1);
  await press(page, "f");
  await page.getByRole("button", { name: "Flag", exact: true, pressed: true }).waitFor();
  await page.locator('[data-announcer="polite"]', { hasText: "Flagged" }).waitFor();
  await press(page, "c");
  await page.getByRole("button", { name: "Show the time" }).waitFor();
  await press(page, "c");
  await page.getByRole("timer").waitFor();
  await press(page, "+");
  await page.waitForFunction(() => document.documentElement.dataset.zoom === "115");
  await press(page, "-");
  await page.waitForFunction(() => document.documentElement.dataset.zoom === "100");
  await press(page, "m");
  await page.getByLabel("Your notes on this question").waitFor();
  await page.waitForFunction(() => document.activeElement?.matches("textarea"));
  await page.keyboard.type("no next nor flag");
  assert.equal(await page.getByLabel("Your notes on this question").inputValue(), "no next nor flag", "letters in a field are letters");
  await question(page, 1);
  await press(page, "Shift+Tab");
  await press(page, "d");
  await page.getByRole("complementary", { name: "Documentation" }).waitFor();
  await tabTo(page, (f) => f.name === "Close the documentation");
  await press(page, "Enter");
  await press(page, "g");
  assert.match((await focused(page)).name, /^Question 1: .*flagged/);
  await press(page, "?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await press(page, "n");
  await question(page, 1);
  await press(page, "Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await press(page, "h");
  await page.getByRole("dialog", { name: "Highlight" }).waitFor();
  await tabTo(page, (f) => f.type === "checkbox");
  await press(page, "Space", "Escape");
  assert.ok((await page.evaluate(() => CSS.highlights.get("assay")?.size)) >= 1, "a range for each piece of the sentence");
  await press(page, "r");
  await page.getByRole("heading", { level: 1, name: "Review before you finish" }).waitFor();
});

test("single keys can be switched off", async (t) => {
  const { page, server } = await scene(t, browser);
  const attempt = await begin(server);
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  await press(page, "?");
  await tabTo(page, (f) => f.type === "checkbox");
  await press(page, "Space", "Escape");
  await press(page, "n", "f", "Alt+PageDown");
  await question(page, 2);
  await press(page, "Alt+PageUp");
  await question(page, 1);
  assert.equal(await page.getByRole("button", { name: "Flag", exact: true, pressed: false }).count(), 1);
});

const goTo = async (t, kind) => {
  const { page, server } = await scene(t, browser);
  const attempt = await begin(server);
  const item = items(attempt).find((i) => i.kind === kind);
  await page.goto(`/attempts/${attempt.id}#${item.n}`);
  await question(page, item.n);
  const response = () => api(server, `/api/v1/attempts/${attempt.id}`).then((a) => items(a).find((i) => i.id === item.id).response);
  return { page, item, response };
};

test("ordering: moves are announced, and the focus stays with the entry", async (t) => {
  const { page, item, response } = await goTo(t, "ordering");
  const first = item.options[0];
  await tabTo(page, (f) => /^Move down/.test(f.name));
  await press(page, "Enter");
  await page.locator('[data-announcer="polite"]', { hasText: /now 2 of 4$/ }).waitFor();
  await press(page, "Enter", "Enter");
  await page.locator('[data-announcer="polite"]', { hasText: /now 4 of 4$/ }).waitFor();
  assert.match((await focused(page)).name, /^Move up/, "at the end the other button takes over");
  await until(async () => (await response())?.order.at(-1) === first.id, "the order to be saved");
});

test("ordering: an untouched list is no answer until it is said to be one", async (t) => {
  const { page, item, response } = await goTo(t, "ordering");
  assert.equal(await response(), null);
  await tabTo(page, (f) => f.name === "This order is my answer");
  await press(page, "Enter");
  await until(async () => (await response())?.order.join() === item.options.map((o) => o.id).join(), "the order to be saved");
});

test("hotspot: the crosshair speaks, and the areas can be chosen by name", async (t) => {
  const { page, item, response } = await goTo(t, "hotspot");
  await tabTo(page, (f) => /^Picture to mark/.test(f.name));
  await press(page, "Shift+ArrowRight");
  const [x, y] = [Math.round(item.width / 2) + 1, Math.round(item.height / 2)];
  await page.locator('[data-announcer="polite"]', { hasText: `${x}, ${y}` }).waitFor();
  await press(page, "Enter");
  await page.locator('[data-announcer="polite"]', { hasText: `Marked at ${x}, ${y}` }).waitFor();
  await until(async () => JSON.stringify((await response())?.points) === JSON.stringify([[x, y]]), "the point to be saved");
  await press(page, "Delete");
  await until(async () => (await response()) === null, "the point to be cleared");
  await tabTo(page, (f) => f.tag === "summary");
  await press(page, "Enter");
  await tabTo(page, (f) => f.type === "checkbox");
  await press(page, "Space");
  const area = item.areas[0];
  await until(async () => JSON.stringify((await response())?.points) === JSON.stringify([[area.x, area.y]]), "the area to be saved");
});

test("answers can be struck out with the keyboard", async (t) => {
  const { page } = await goTo(t, "single");
  await press(page, "2", "x");
  await page.getByRole("button", { name: "Strike out answer B", pressed: true }).waitFor();
  await page.locator('[data-announcer="polite"]', { hasText: "Struck out" }).waitFor();
});

/* Of each kind: what its control is and what it is called, in the words of the fixture. */
const CONTROLS = {
  single: [["group", "Choose one answer."], ["radio", "4"], ["button", /^Strike out answer [ABC]: 4$/]],
  multiple: [["group", "Choose 2 answers."], ["checkbox", "4"], ["button", /^Strike out answer [ABC]: 4$/]],
  "true-false": [["group", "Choose one answer."], ["radio", "True"], ["radio", "False"]],
  grid: [["group", "Statements"], ["table", ""], ["columnheader", "Yes"], ["rowheader", "The number 8"], ["radio", "The number 8: Yes"]],
  ordering: [["group", "List to put in order"], ["list", ""], ["button", "Move up: two"], ["button", "Move down: four"], ["button", "This order is my answer"]],
  matching: [["group", "Pairs to match"], ["combobox", "1"], ["combobox", "3"], ["list", "Partners"]],
  numeric: [["textbox", "Your number", /^Digits, with a point/], ["combobox", "Unit"]],
  text: [["textbox", "Your answer"]],
  essay: [["textbox", "Your answer", /^0 words/]],
  cloze: [["textbox", "Blank 1"], ["combobox", "Blank 2"]],
  hotspot: [["application", "Picture to mark, 200 by 100 pixels", /arrow keys/], ["img", "Two boxes side by side, a left one and a right one"]],
};

/* Where a kind has several questions: which of them. */
const wanted = (item) => (item.kind === "numeric" ? item.units?.length > 0 : item.kind === "single" ? /two plus two/.test(item.stem) : true);

test("each kind of question has the roles, names and descriptions that a screen reader needs", async (t) => {
  const { page, server } = await scene(t, browser);
  const attempts = [await begin(server), await begin(server, "fixture/essay")];
  const left = new Map(Object.entries(CONTROLS));
  for (const attempt of attempts) {
    for (const item of items(attempt)) {
      if (!left.has(item.kind) || !wanted(item)) continue;
      await page.goto("about:blank");
      await page.goto(`/attempts/${attempt.id}#${item.n}`);
      await question(page, item.n);
      for (const [role, name, description] of left.get(item.kind)) {
        const control = page.locator(".item").getByRole(role, name === "" ? {} : { name, exact: true });
        await control.first().waitFor({ state: "attached" }).catch(() => assert.fail(`${item.kind}: no ${role} called ${name}`));
        if (!description) continue;
        const ids = await control.first().getAttribute("aria-describedby");
        const words = await page.evaluate((list) => (list ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" "), ids);
        assert.match(words, description, `${item.kind}: ${role} is described`);
      }
      left.delete(item.kind);
    }
  }
  assert.deepEqual([...left.keys()], [], "kinds without a question");
});

test("a choice too many is refused, and said", async (t) => {
  const { page } = await goTo(t, "multiple");
  await press(page, "1", "2", "3");
  await page.locator('[data-announcer="polite"]', { hasText: "Only 2 answers can be chosen" }).waitFor();
});
