// Writing a hands-on task in the page: from the template to a proof, in real boxes, by mouse and by keyboard.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startAuthor } from "../lib/author.mjs";
import { run as assay, until } from "../lib/server.mjs";
import { axe, launch, person } from "./browser.mjs";

const browser = await launch(after);
const LONG_MS = 120_000;

async function open(t, options = {}, task = true) {
  const server = await startAuthor(t, {});
  if (task) assert.equal(assay(["task", "new", join(server.dir, "tasks/archive-logs")]).code, 0);
  const context = await person(t, browser, server, { expected: /WebSocket connection to/, ...options });
  context.setDefaultTimeout(LONG_MS);
  await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  const page = await context.newPage();
  await page.goto("/author");
  return { server, page };
}
const file = async (page, name) => page.locator(".ta").getByRole("button", { name, exact: true }).click();
const part = (page, name) => page.locator(".ta").getByRole("tab", { name, exact: true }).click();
const openTask = async (page) => {
  await page.getByRole("treeitem", { name: /archive-logs|Archive the logs/ }).first().click();
  const inside = page.getByRole("treeitem", { name: /^task\.md/ });
  if (await inside.count()) await inside.first().click();
  await page.getByRole("tab", { name: "Box & proof" }).click();
  await page.locator(".ta").waitFor();
};
/* Replaces the whole text of the editor, as pasting does. */
async function write(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.locator(".cm-content").evaluate((editor, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
/* The text of the editor can be reached by the keyboard, which axe does not see through its shadow root. */
const found = async (page) => (await axe(page)).filter((line) => !/^scrollable-region-focusable: .*\.cm-scroller/.test(line));
const points = (page, n) => page.locator(`.ta [data-points="${n}"]`).waitFor();
const outcome = (page, check) => page.locator(`.ta [data-check="${check}"]`).getAttribute("data-outcome");

test("a new task from the template, without an exam or a question: box, scripts, grader, fresh box", async (t) => {
  const { server, page } = await open(t, {}, false);
  await page.getByRole("button", { name: "New", exact: true }).first().click();
  await page.getByRole("dialog").getByLabel("Hands-on task").check();
  await page.getByRole("dialog").getByLabel("Title").fill("Archive logs");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.locator(".ta h2", { hasText: "Archive the logs" }).waitFor();
  assert.ok(existsSync(join(server.dir, "tasks/archive-logs/task.md")));
  await page.locator('[data-proof="no-proof"]').waitFor();

  await part(page, "Box");
  await page.getByRole("button", { name: "Open a box" }).click();
  await page.locator('[data-shell-status="connected"]').waitFor();
  await page.getByRole("combobox", { name: "Way" }).selectOption("wrong/readable");
  await page.getByRole("button", { name: "Run it here" }).click();
  await page.locator('[data-ran="wrong/readable"][data-ok="true"]').waitFor();
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  await points(page, 3);
  assert.equal(await outcome(page, "private"), "fail");
  await page.getByText("Its mode is 0644").waitFor();

  /* The shell is the candidates' own, in the same box. */
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.type("chmod 600 ~/logs.tar.gz; echo do''ne\r");
  await until(async () => /done/.test((await page.locator('[data-shell="1"] .xterm-rows > div').allTextContents()).join("")), "the command to have run");
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  await points(page, 4);

  /* The grader as it is saved now, its mistake with a way to the line. */
  await part(page, "Files");
  await file(page, "grader.lua");
  await write(page, 'check("only", 2, "Something", function()\n  expect(missing.thing, "No")\nend)\n');
  await part(page, "Box");
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  await page.locator('.ta [data-check="only"]').waitFor();
  assert.equal(await outcome(page, "only"), "ungraded");
  assert.match(server.read("tasks/archive-logs/grader.lua"), /missing\.thing/, "what was open was saved first");
  await page.getByRole("button", { name: /Show line 2/ }).click();
  await page.locator(".cm-activeLine", { hasText: "missing.thing" }).waitFor();

  /* What the box was made from has changed. */
  await part(page, "Files");
  await file(page, "setup.sh");
  await write(page, "#!/bin/sh\nset -e\necho made >/srv/made\n");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await part(page, "Box");
  await page.getByText(/A fresh one has the changes/).waitFor();
  await page.getByRole("button", { name: "Fresh box" }).click();
  await page.getByText(/A fresh one has the changes/).waitFor({ state: "detached" });
  await page.locator('[data-shell-status="connected"]').waitFor();
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.type("cat /srv/made\r");
  await until(async () => /made(?!\$)/.test((await page.locator('[data-shell="1"] .xterm-rows > div').allTextContents()).slice(1).join("")), "the new setup");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("button", { name: "Open a box" }).waitFor();
});

test("variants are added, a proof shows where one is not what it says, and is current when it is mended", async (t) => {
  const { server, page } = await open(t);
  await openTask(page);
  await part(page, "Proof");
  await page.getByRole("button", { name: "Prove", exact: true }).click();
  await page.locator('[data-proved="true"]').waitFor();
  await page.locator('[data-proof="proved"]').waitFor();
  assert.equal(await page.locator(".ta-table tbody tr").count(), 6);

  await part(page, "Files");
  await page.getByRole("button", { name: "Add a wrong variant" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What goes wrong").fill("Only one log");
  await dialog.getByText("Makes wrong/only-one-log/run.sh").waitFor();
  await dialog.getByLabel("private").check();
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.locator(".cm-content", { hasText: "umask 077" }).waitFor();
  assert.equal(server.read("tasks/archive-logs/wrong/only-one-log/expect.yml"), "fails: [private]\n");
  await write(page, "#!/bin/sh\numask 077\ntar -czf ~/logs.tar.gz -C /srv/logs app.log\n");
  await page.locator('[data-proof="old-proof"]').waitFor();
  await page.getByRole("button", { name: "Add another right way" }).click();
  await dialog.getByLabel("The way").fill("Twice");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.locator(".cm-content", { hasText: "umask 077" }).waitFor();

  await part(page, "Proof");
  await page.getByRole("button", { name: "Save and prove" }).click();
  await page.locator('[data-proved="false"]').waitFor();
  const row = page.locator('[data-variant="wrong/only-one-log"]');
  assert.deepEqual(await row.locator("[data-right]").evaluateAll((cells) => cells.map((c) => c.dataset.right)), ["true", "false", "false"]);
  await row.getByText("had to be: Passed").waitFor();
  await row.getByText("had to be: Failed").waitFor();
  await page.getByText(/web\.log is not in the archive/).first().waitFor();
  assert.equal(await page.locator('[data-variant="alt/twice"] [data-right="true"]').count(), 3);
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "task-not-proved.png") });

  await part(page, "Files");
  await page.locator(".ta-ways li", { hasText: "only-one-log" }).getByRole("button", { name: "expect.yml" }).click();
  await page.locator(".cm-content", { hasText: "fails: [private]" }).waitFor();
  await write(page, "fails: [content]\n");
  await part(page, "Proof");
  await page.getByRole("button", { name: "Save and prove" }).click();
  await page.locator('[data-proved="true"]').waitFor();
  await page.locator('[data-proof="proved"]').waitFor();
  assert.match(server.read("tasks/archive-logs/proof.json"), /wrong\/only-one-log/);

  /* The table is there again when somebody comes back later, from proof.json. */
  await page.reload();
  await openTask(page);
  await part(page, "Proof");
  await page.locator('[data-variant="wrong/only-one-log"]').waitFor();
});

test("by keyboard alone: a box, a script, the grader, and out of the terminal again", async (t) => {
  const { page } = await open(t);
  await openTask(page);
  const press = async (name) => {
    await page.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  await page.locator(".ta").getByRole("tab", { name: "Files" }).focus();
  await page.keyboard.press("ArrowRight");
  await press("Open a box");
  await page.locator('[data-shell-status="connected"]').waitFor();
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.press("Control+F6");
  await until(() => page.evaluate(() => document.activeElement?.getAttribute("role") === "tab"), "the focus to leave the terminal");
  await page.getByRole("combobox", { name: "Way" }).focus();
  await page.keyboard.type("alt");
  await press("Run it here");
  await page.locator('[data-ran="alt/pipe"][data-ok="true"]').waitFor();
  await press("Grade");
  await points(page, 4);
});

for (const [name, options, names] of [
  ["light, 1280", {}, ["Box & proof", "Box", "Open a box", "Proof", "Prove"]],
  ["dark, 390, German", { viewport: { width: 390, height: 844 }, colorScheme: "dark", locale: "de-DE" }, ["Box & Nachweis", "Box", "Box öffnen", "Nachweis", "Nachweisen"]],
])
  test(`nothing for axe to find: ${name}`, async (t) => {
    const { server, page } = await open(t, options);
    server.write("tasks/archive-logs/wrong/readable/expect.yml", "fails: [content]\n");
    const [pane, box, openBox, proof, prove] = names;
    await page.getByRole("treeitem", { name: /archive-logs|Archive the logs/ }).first().click();
    const inside = page.getByRole("treeitem", { name: /^task\.md/ });
    if (await inside.count()) await inside.first().click();
    await page.getByRole("tab", { name: pane }).click();
    await page.locator(".ta-files").first().waitFor();
    const shot = async (what) => process.env.SHOTS && page.screenshot({ path: join(process.env.SHOTS, `task-${what}-${name.replace(/\W+/g, "-")}.png`) });
    assert.deepEqual(await found(page), []);
    await shot("files");
    await part(page, box);
    await page.getByRole("button", { name: openBox }).click();
    await page.locator('[data-shell-status="connected"]').waitFor();
    await page.locator(".ta-run button").click();
    await page.locator("[data-ran]").waitFor();
    await page.locator(".ta-tools > .button").first().click();
    await page.locator("[data-points]").waitFor();
    assert.deepEqual(await found(page), []);
    await shot("box");
    await part(page, proof);
    await page.getByRole("button", { name: prove, exact: true }).click();
    await page.locator('[data-proved="false"]').waitFor();
    assert.deepEqual(await found(page), []);
    await shot("proof");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
  });
