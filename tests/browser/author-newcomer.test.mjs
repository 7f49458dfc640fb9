// The newcomer: somebody who has never seen the format makes an exam in the page. An empty folder, three questions of different kinds in forms, a
// look at each as candidates will see it, a mistake that is shown and mended, the exam in the blueprint editor, and then the exam is sat to
// its result. By what is written on the page alone; nothing but plain sentences is typed. Then the same with the keyboard alone.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startAuthor } from "../lib/author.mjs";
import { launch, person } from "./browser.mjs";

const browser = await launch(after);

async function begin(t) {
  const server = await startAuthor(t, {});
  const context = await person(t, browser, server);
  await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  const page = await context.newPage();
  await page.goto("/author");
  return { server, page };
}

/* The words of a list's entry that has these among them. */
const entry = async (list, name) => (await list.locator("option", { hasText: name }).first().textContent()).trim();

/* The two ways to use the page. Both find things by what is written on them. */
const mouse = {
  press: (thing) => thing.click(),
  choose: async (list, name) => list.selectOption({ label: await entry(list, name) }),
  async type(field, words) {
    await field.click();
    await field.fill(words);
  },
  tick: (box) => box.click(),
};
/* By Tab alone to where one wants to be, as somebody without a mouse goes: it must be reachable, and seen to have the focus. */
async function tabTo(page, thing) {
  await thing.waitFor();
  for (let i = 0; i < 250; i++) {
    if (await thing.evaluate((e) => e === document.activeElement || (e.getRootNode() instanceof ShadowRoot && e.getRootNode().activeElement === e))) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the Tab key does not reach ${thing}`);
}
const keyboard = (page) => ({
  async press(thing) {
    if ((await thing.getAttribute("role")) === "tab") {
      const list = page.getByRole("tablist").filter({ has: thing });
      await tabTo(page, list.locator('[tabindex="0"]'));
      for (let i = 0; i < 8 && (await thing.getAttribute("aria-selected")) !== "true"; i++) await page.keyboard.press("ArrowRight");
      return;
    }
    await tabTo(page, thing);
    await page.keyboard.press("Enter");
  },
  async choose(list, name) {
    const words = await entry(list, name);
    await tabTo(page, list);
    const chosen = () => list.evaluate((s) => s.selectedOptions[0]?.textContent.trim());
    await page.keyboard.press("Home");
    for (let i = 0; i < 40 && (await chosen()) !== words; i++) await page.keyboard.press("ArrowDown");
    assert.equal(await chosen(), words);
  },
  async type(field, words) {
    await tabTo(page, field);
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.type(words);
  },
  async tick(box) {
    if ((await box.getAttribute("type")) === "radio") {
      const name = await box.getAttribute("name");
      const group = page.locator(`input[type="radio"][name="${name}"]`);
      const there = (await group.evaluateAll((all) => all.findIndex((r) => r.checked))) >= 0;
      await tabTo(page, there ? page.locator(`input[type="radio"][name="${name}"]:checked`) : group.first());
      if (!there) await page.keyboard.press("Space");
      for (let i = 0; i < 12 && !(await box.isChecked()); i++) await page.keyboard.press("ArrowDown");
      return assert.ok(await box.isChecked());
    }
    await tabTo(page, box);
    await page.keyboard.press("Space");
  },
});

const saved = async (page) => page.getByRole("status").getByText("All saved").waitFor();
const errors = (page, n) => page.getByRole("button", { name: n === 1 ? "1 error" : `${n} errors` }).waitFor();

async function newThing(page, hand, { thing, kind, title }) {
  await hand.press(page.getByRole("button", { name: "New", exact: true }));
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  if (thing) await hand.tick(dialog.getByRole("radio", { name: thing, exact: true }));
  if (kind) await hand.tick(dialog.getByRole("radio", { name: new RegExp(`^${kind}`) }));
  await hand.type(dialog.getByLabel("Title"), title);
  await hand.press(dialog.getByRole("button", { name: "Create" }));
  await dialog.waitFor({ state: "hidden" });
}

async function makeTheExam(page, hand) {
  const form = page.getByRole("tabpanel", { name: "Form" });
  const preview = page.getByRole("tabpanel", { name: "Preview" });
  const tab = (name) => hand.press(page.getByRole("tab", { name, exact: true }));
  const save = async () => {
    await hand.press(page.getByRole("button", { name: "Save", exact: true }));
    await saved(page);
  };
  const afterwards = async (why) => {
    await hand.type(form.getByRole("textbox", { name: "Explanation" }), why);
    await hand.type(form.getByRole("textbox", { name: "Reference 1" }), "Atlas of Europe");
  };

  /* One right option; looked at and answered as a candidate would. */
  await newThing(page, hand, { kind: "One answer", title: "Capital of France" });
  await tab("Form");
  await hand.type(form.getByRole("textbox", { name: "Question", exact: true }), "Which city is the capital of France?");
  await hand.type(form.getByRole("textbox", { name: "Option 1" }), "Paris");
  await hand.type(form.getByRole("textbox", { name: "Option 2" }), "Lyon");
  await hand.type(form.getByRole("textbox", { name: "Option 3" }), "Marseille");
  await hand.type(form.getByRole("textbox", { name: "Why, for Paris" }), "It has been since 987.");
  await hand.type(form.getByRole("textbox", { name: "Why, for Lyon" }), "It is the third city.");
  await afterwards("Paris is where parliament and president sit.");
  await preview.getByText("Which city is the capital of France?").waitFor();
  await hand.tick(preview.getByRole("radio", { name: /Lyon/ }));
  await hand.press(preview.getByRole("button", { name: "Check" }));
  await preview.getByText("It is the third city.").waitFor();
  await preview.getByText("Paris is where parliament and president sit.").waitFor();
  /* The mistake: a fourth option is begun and left empty. The page says so, and is content when it is mended. */
  await hand.press(form.getByRole("button", { name: "Add an option" }));
  await errors(page, 1);
  await tab("Problems");
  await page.getByRole("tabpanel", { name: "Problems" }).getByText("this entry has no text").first().waitFor();
  await hand.type(form.getByRole("textbox", { name: "Option 4", exact: true }), "Toulouse");
  await errors(page, 0);
  await tab("Preview");
  await save();

  /* A number. */
  await newThing(page, hand, { kind: "Number", title: "Bridges" });
  await tab("Form");
  await hand.type(form.getByRole("textbox", { name: "Question", exact: true }), "How many bridges cross the river in the old town?");
  await hand.type(form.getByRole("textbox", { name: "Number", exact: true }), "12");
  await hand.type(form.getByRole("textbox", { name: "Unit" }), "");
  await afterwards("The map shows twelve.");
  await save();

  /* Pairs. */
  await newThing(page, hand, { kind: "Pairs", title: "Rivers" });
  await tab("Form");
  await hand.type(form.getByRole("textbox", { name: "Question", exact: true }), "Which river flows through which city?");
  for (const [n, [left, right]] of [["Paris", "Seine"], ["Lyon", "Rhone"], ["Nantes", "Loire"]].entries()) {
    await hand.type(form.getByRole("textbox", { name: `Left side ${n + 1}` }), left);
    await hand.type(form.getByRole("textbox", { name: `Right side ${n + 1}` }), right);
  }
  await afterwards("Each of them is named in the atlas.");
  await tab("Preview");
  await preview.getByRole("combobox", { name: /Nantes/ }).waitFor();
  await save();

  /* The exam. */
  await newThing(page, hand, { thing: "Exam", title: "First steps" });
  await tab("Blueprint");
  const plan = page.getByRole("tabpanel", { name: "Blueprint" });
  await plan.getByText("Forms can be drawn from this bank").waitFor();
  await hand.type(plan.getByLabel("Questions", { exact: true }), "4");
  await plan.locator('[data-feasible="false"]').waitFor();
  await hand.type(plan.getByLabel("Questions", { exact: true }), "3");
  await plan.getByText("Forms can be drawn from this bank").waitFor();
  await hand.type(plan.getByLabel("Description"), "Three questions about France.");
  await hand.type(plan.getByLabel("Cut score, percent"), "60");
  await save();
  await errors(page, 0);
}

async function answerAll(page, hand) {
  for (let n = 1; n <= 3; n++) {
    await page.getByRole("heading", { level: 1, name: `Question ${n} of 3` }).waitFor();
    const item = page.getByRole("main");
    if (await item.getByText("Which city is the capital").isVisible()) await hand.tick(item.getByRole("radio", { name: /Paris/ }));
    else if (await item.getByText("How many bridges").isVisible()) await hand.type(item.getByRole("textbox").first(), "12");
    else for (const [city, river] of [["Paris", "Seine"], ["Lyon", "Rhone"], ["Nantes", "Loire"]]) await hand.choose(item.getByRole("combobox", { name: new RegExp(city) }), river);
    await page.locator('[data-saving="saved"]', { hasText: /Saved \d\d:\d\d:\d\d/ }).waitFor();
    if (n < 3) await hand.press(page.getByRole("button", { name: /^Next/ }));
  }
}

async function sitIt(server, page, hand) {
  await hand.press(page.getByRole("button", { name: "Try it out" }));
  await hand.press(page.getByRole("dialog").getByRole("button", { name: "Sit this exam: First steps" }));
  await page.getByRole("heading", { name: "First steps" }).waitFor();
  await hand.press(page.getByRole("button", { name: "Start the exam" }));
  const skip = page.getByRole("button", { name: "Skip" });
  await skip.or(page.getByRole("button", { name: "Start now" })).first().waitFor();
  if (await skip.isVisible()) await hand.press(skip);
  await hand.press(page.getByRole("button", { name: "Start now" }));
  await answerAll(page, hand);
  await hand.press(page.getByRole("button", { name: /^Review/ }).or(page.getByRole("link", { name: /^Review/ })).last());
  await page.getByRole("heading", { name: "Review before you finish" }).waitFor();
  await hand.press(page.getByRole("button", { name: "Finish the exam" }));
  await hand.press(page.getByRole("dialog").getByRole("button", { name: /^Finish/ }));
  await page.waitForURL(/\/result$/);
  await page.getByText("Passed").first().waitFor();
  const attempt = page.url().match(/attempts\/([^/]+)/)[1];
  const { json } = await server.get(`/api/v1/attempts/${attempt}/result`);
  assert.deepEqual([json.verdict, json.counts.right], ["pass", 3], "every key is what its author meant");
}

test("from an empty folder to the result of one's own exam, with the mouse", async (t) => {
  const { server, page } = await begin(t);
  await page.getByText("The folder has no questions yet.").waitFor();
  await makeTheExam(page, mouse);
  assert.deepEqual(readdirSync(join(server.dir, "questions")).sort(), ["bridges.md", "capital-of-france.md", "rivers.md"]);
  assert.deepEqual((await server.tree()).problems, [], "nothing is left to say about it");
  await sitIt(server, page, mouse);
});

test("the same with the keyboard alone", async (t) => {
  const { server, page } = await begin(t);
  const hand = keyboard(page);
  await page.getByText("The folder has no questions yet.").waitFor();
  await makeTheExam(page, hand);
  assert.deepEqual((await server.tree()).problems, []);
  await sitIt(server, page, hand);
});
