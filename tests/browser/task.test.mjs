// A whole mixed exam in real boxes: questions, tasks through the terminal, the network cut and the server killed in the middle, handed in, graded,
// reported, watched again. And a task in study mode.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { Proxy } from "../lib/proxy.mjs";
import { root, Server, until } from "../lib/server.mjs";
import { startWithTasks } from "../lib/task-server.mjs";
import { answer, api, begin, items, kindOf, launch, next, person, question, saved } from "./browser.mjs";

const browser = await launch(after);
const LONG_MS = 120_000;

/** A page that reaches the server through a network that can be cut. */
async function scene(t) {
  const again = { server: null }; /* the one that was started in place of the first; ends before the boxes do */
  t.after(() => again.server?.stop());
  const server = await startWithTasks(t);
  const proxy = await Proxy.start(t, server.url);
  const context = await person(t, browser, { url: proxy.url }, { expected: /WebSocket connection to/ });
  context.setDefaultTimeout(LONG_MS);
  await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  return { server, again, proxy, page: await context.newPage() };
}

const status = (page, which) => page.locator(`[data-shell-status="${which}"]`).waitFor();
const screen = (page) => page.locator('[data-shell="1"] .xterm-rows');

/** Waits until the terminal shows something. Rows are joined, so lines that wrap are found, too. */
const shows = (page, pattern) =>
  until(async () => pattern.test((await screen(page).locator("> div").allTextContents()).join("").replaceAll("\u00a0", " ")), `${pattern} in the terminal`, LONG_MS);

async function openShell(page) {
  await page.getByRole("button", { name: "Open the shell" }).click();
  await status(page, "connected");
  await shows(page, /[$#] ?/);
}

/** Types a command, and waits until it has run: a mark that is put together only when it is executed. */
let mark = 0;
async function run(page, command) {
  mark++;
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.type(`${command}; echo ran-''${mark}\r`);
  await shows(page, new RegExp(`ran-${mark}(?!\\d)`));
}

test("a mixed exam from the description to the report, through a network cut and a killed server", async (t) => {
  const { server, again, proxy, page } = await scene(t);
  await page.goto("/exams/hands-on/mixed");
  await page.getByRole("heading", { name: "2 hands-on tasks" }).waitFor();
  await page.getByRole("button", { name: "Start the exam" }).click();
  await page.getByRole("button", { name: "Skip" }).click();
  await page.getByRole("button", { name: "Start now" }).click();
  await question(page, 1);
  const id = page.url().match(/attempts\/([^/#]+)/)[1];
  const form = items(await api(server, `/api/v1/attempts/${id}`));
  const tasks = form.filter((i) => i.kind === "task");
  assert.equal(tasks.length, 2);
  assert.equal(form.length, 5);

  let running = server;
  let seen = 0;
  for (let n = 1; n <= 5; n++) {
    await question(page, n);
    if ((await kindOf(page)) !== "task") await answer(page);
    else {
      seen++;
      await openShell(page);
      await run(page, "REMEMBERED=4711");
      if (seen === 1) {
        /* The network goes; what is typed meanwhile arrives when it is back. */
        proxy.cut();
        await status(page, "reconnecting");
        proxy.mend();
        await status(page, "connected");
      } else {
        /* The server dies; the box does not. */
        await running.kill();
        await status(page, "reconnecting");
        running = again.server = await Server.start({ data: server.data, banks: join(root, "tests/fixtures/tasks") });
        proxy.target = new URL(running.url);
        await status(page, "connected");
      }
      await run(page, "echo kept $REMEMBERED");
      await shows(page, /kept 4711/);
      await solve(page, tasks[seen - 1]);
      await page.getByRole("checkbox", { name: /^I am done/ }).check();
    }
    await saved(page);
    if (n < 5) await next(page);
  }

  await page.getByRole("article").getByRole("button", { name: "Review and finish" }).click();
  await page.getByText("All 5 questions are answered.").waitFor();
  assert.equal(await page.getByText("hands-on, done").count(), 2);
  await page.getByRole("button", { name: "Finish the exam" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Finish the exam" }).click();

  /* Graded while the page waits, then reported. */
  await page.getByRole("img", { name: "Measured by doing" }).waitFor({ timeout: LONG_MS });
  const result = await api(running, `/api/v1/attempts/${id}/result`);
  assert.equal(result.state, "final");
  assert.equal(result.hands_on.items, 2);
  for (const task of tasks) {
    const { checks, points, max } = result.items.find((i) => i.id === task.id);
    assert.ok(checks.length > 0);
    assert.equal(points, checks.reduce((sum, c) => sum + c.points, 0));
    assert.equal(max, checks.reduce((sum, c) => sum + c.max, 0));
    assert.deepEqual(checks.map((c) => [c.id, c.outcome]), expected(task));
    const entry = page.locator(".result-item").nth(task.n - 1);
    await entry.locator("summary").click();
    for (const c of checks) await entry.locator(`[data-check="${c.id}"][data-outcome="${c.outcome}"]`).getByText(c.title).waitFor();
  }

  /* What was done can be watched, and read. */
  await page.getByRole("link", { name: "Watch the recording" }).first().click();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.getByRole("slider", { name: "Position" }).press("End");
  const replayed = page.locator(".replay-screen .xterm-rows");
  await replayed.filter({ hasText: "kept 4711" }).waitFor();
  await page.getByText("As text").click();
  await page.locator("[data-transcript]").filter({ hasText: "kept 4711" }).waitFor();
});

/* Of a greeting only the first half is done. */
const kindOfTask = (task) => ["greeting.txt", "fixture.conf", "sum"].find((word) => task.stem.includes(word));

async function solve(page, task) {
  const numbers = (task.stem.match(/Add (\d+) and (\d+)/) ?? []).slice(1).map(Number);
  const commands = {
    "greeting.txt": "echo hello world >~/greeting.txt; chmod 644 ~/greeting.txt",
    "fixture.conf": "sed -i 's/^port=.*/port=8080/' /etc/fixture.conf; rm /var/tmp/fixture.stale",
    sum: `echo ${numbers[0] + numbers[1]} >~/sum`,
  };
  await run(page, commands[kindOfTask(task)]);
}

function expected(task) {
  return {
    "greeting.txt": [["content", "pass"], ["mode", "fail"]],
    "fixture.conf": [["port", "pass"], ["stale", "pass"], ["rest", "pass"]],
    sum: [["sum", "pass"]],
  }[kindOfTask(task)];
}

test("study: checked while one works, with the editor, a hint, and a fresh machine", async (t) => {
  const { server, page } = await scene(t);
  const attempt = await begin(server, "hands-on/tasks", "study");
  const task = items(attempt).find((i) => kindOfTask(i) === "greeting.txt");
  await page.goto(`/attempts/${attempt.id}#${task.n}`);
  await question(page, task.n);
  await openShell(page);

  await page.getByRole("button", { name: "Check my work" }).click();
  await page.locator('[data-check="content"][data-outcome="fail"]').getByText("There is no /home/candidate/greeting.txt").waitFor();

  /* Written in the editor, seen in the shell, and the other way round. */
  await page.locator(".bench-head").getByRole("tab", { name: "Files" }).click();
  await page.getByRole("textbox", { name: "Open a path" }).fill("greeting.txt");
  await page.keyboard.press("Enter");
  const editor = page.getByRole("textbox", { name: "Editor: /home/candidate/greeting.txt" });
  await editor.focus();
  await page.keyboard.type("hello\n");
  await page.keyboard.press("Control+S");
  await page.getByRole("tab", { name: "/home/candidate/greeting.txt", exact: true }).waitFor();
  await page.locator(".bench-head").getByRole("tab", { name: "Shell" }).click();
  await run(page, "cat greeting.txt; echo hello world >greeting.txt; chmod 600 greeting.txt");
  await page.locator(".bench-head").getByRole("tab", { name: "Files" }).click();
  await editor.focus();
  await page.keyboard.type("more");
  await page.keyboard.press("Control+S");
  await page.getByText("greeting.txt was changed meanwhile.").waitFor();
  await page.getByRole("button", { name: "Take theirs, lose mine" }).click();
  await editor.filter({ hasText: "hello world" }).waitFor();

  await page.getByRole("button", { name: "Check my work" }).click();
  await page.locator('[data-check="content"][data-outcome="pass"]').waitFor();
  await page.locator('[data-check="mode"][data-outcome="pass"]').waitFor();
  await page.getByText("3 of 3 points").waitFor();

  await page.getByRole("button", { name: /^Show a hint/ }).click();
  await page.getByText("A shell writes what").waitFor();
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Throw it away" }).click();
  await until(async () => (await api(server, `/api/v1/attempts/${attempt.id}/tasks/${task.id}`)).resets === 1, "a fresh machine", LONG_MS);
  await page.locator(".bench-head").getByRole("tab", { name: "Shell" }).click();
  await status(page, "connected");
  await run(page, "ls -A | grep -c greeting");
  await page.getByRole("button", { name: "Check my work" }).click();
  await page.locator('[data-check="content"][data-outcome="fail"]').waitFor();

  await page.getByRole("button", { name: "Give up and see a solution" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Show the solution" }).click();
  await page.getByText("umask 077").waitFor();
});

test("output without end is held back, and the page stays alive", async (t) => {
  const { server, page } = await scene(t);
  const attempt = await begin(server, "hands-on/tasks");
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  await openShell(page);
  await page.keyboard.type("yes\r");
  await shows(page, /y{10}/);
  const boxes = page.locator(".task-checklist input");
  await boxes.first().check();
  await page.getByText(/^1 of \d ticked/).waitFor();
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.press("Control+C");
  await run(page, "true");
});
