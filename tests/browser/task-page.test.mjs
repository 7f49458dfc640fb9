// The page of a hands-on task against a stand-in for its box (tasks-mock.mjs): terminal, editor, study mode, results, recordings.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { axe, begin, launch, person, saved } from "./browser.mjs";
import { startFor, until } from "../lib/server.mjs";
import { checks, connected, files, screen, shows, status, TaskMock } from "./tasks-mock.mjs";

const browser = await launch(after);
const server = await startFor({ after });

/** An attempt whose first question is the task, and the page that shows it. */
async function scene(t, { mode = "exam", open = true, mock = new TaskMock(mode), context: options = {} } = {}) {
  let attempt = null;
  t.after(() => attempt && server.post(`/api/v1/attempts/${attempt.id}/submit`, {}));
  const context = await person(t, browser, server, options);
  await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  await mock.attach(context);
  const page = await context.newPage();
  attempt = await begin(server, "fixture/all", mode, mode === "study" ? { focus: { items: 3 } } : {});
  await page.goto(`/attempts/${attempt.id}`);
  await page.locator('[data-task-state="closed"]').waitFor();
  if (open) {
    await page.getByRole("button", { name: "Open the shell" }).click();
    await connected(page);
  }
  return { context, page, mock, attempt };
}

test("a shell is opened by a button, which says what goes on; only then its library is loaded", async (t) => {
  const mock = new TaskMock();
  let ready;
  mock.gate = new Promise((done) => (ready = done));
  const { page } = await scene(t, { mock, open: false });
  const loaded = () => page.evaluate(() => performance.getEntriesByType("resource").map((e) => e.name).filter((n) => /terminals-|files-/.test(n)).length);
  assert.equal(await loaded(), 0);
  await page.getByRole("button", { name: "Open the shell" }).click();
  await page.getByText("Your machine is being prepared").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Open the shell" }).isDisabled(), true);
  ready();
  await connected(page);
  await shows(page, "candidate@box:~$");
  assert.equal(await loaded(), 1);
  const url = new URL(mock.socket().url);
  assert.match(url.search, /^\?shell=1&rows=\d+&cols=\d+&lease=\d+$/);
  await page.keyboard.type("whoami\r");
  await until(() => mock.socket().input === "whoami\r", "what was typed");
  await shows(page, "candidate@box:~$ whoami");
  await page.getByRole("button", { name: "Question 1: hands-on, opened" }).or(page.getByRole("button", { name: /^All questions/ })).first().waitFor();
});

test("a setup that fails is told, and can be tried again", async (t) => {
  const { page, mock } = await scene(t, { open: false });
  mock.broken = [503, "busy"];
  await page.getByRole("button", { name: "Open the shell" }).click();
  await page.getByText("The server is busy.").waitFor();
  mock.broken = null;
  await page.getByRole("button", { name: "Open the shell" }).click();
  await connected(page);
});

test("output without end: no more under way than the window, and the page stays alive", async (t) => {
  const { page, mock } = await scene(t);
  const socket = mock.socket();
  const piece = Buffer.from("y\r\n".repeat(3000));
  let sent = 0;
  let most = 0;
  const pump = () => {
    while (socket.credit >= piece.length && sent < 6_000_000) {
      socket.print(piece);
      socket.credit -= piece.length;
      sent += piece.length;
      most = Math.max(most, 100_000 - socket.credit);
    }
  };
  socket.onCredit = pump;
  pump();
  /* While it runs the page does other things. */
  const boxes = page.locator(".task-checklist input");
  await boxes.nth(0).check();
  await page.getByText("1 of 3 ticked").waitFor();
  await until(() => sent >= 6_000_000, "all of it to be taken", 120_000);
  assert.ok(most <= 100_000 + 100, `${most} bytes under way`);
  socket.onCredit = undefined;
  socket.print("THE END");
  await shows(page, "THE END");
});

test("a lost connection comes back by itself, with what the screen showed", async (t) => {
  const { page, mock } = await scene(t);
  mock.socket().print("old output\r\n");
  await shows(page, "old output");
  mock.refuse = true;
  await mock.socket().ws.close({ code: 1011 });
  await status(page, "reconnecting");
  mock.refuse = false;
  mock.greeting = "replayed \x1b[6n\x1b[c$ ";
  await connected(page);
  await shows(page, "replayed");
  assert.equal(await screen(page).filter({ hasText: "old output" }).count(), 0);
  /* The terminal answers no question that is only shown again. */
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.type("x");
  await until(() => mock.socket().input !== "", "a key");
  assert.equal(mock.socket().input, "x");
});

test("the network goes and comes: the terminal says so and returns", async (t) => {
  const { page, mock, context } = await scene(t);
  mock.refuse = true;
  await context.setOffline(true);
  await mock.socket().ws.close({ code: 1011 });
  await status(page, "reconnecting");
  mock.refuse = false;
  await context.setOffline(false);
  await connected(page);
  assert.ok(mock.sockets.length >= 2);
});

test("used elsewhere, ended, restored: each is told, and goes on by a button", async (t) => {
  const { page, mock } = await scene(t);
  mock.socket().notice("superseded");
  await mock.socket().ws.close({ code: 1000 });
  await page.getByText("This shell is in use in another window").waitFor();
  await page.getByRole("button", { name: "Use it here" }).click();
  await connected(page);
  mock.socket().notice("exited", { status: 0 });
  await page.getByText("The shell has ended").waitFor();
  await page.getByRole("button", { name: "Start it again" }).click();
  await connected(page);
  mock.notice = "The box was lost, and at 2026-01-02T03:04:05Z it was opened again from its last snapshot.";
  mock.socket().notice("lost");
  await mock.socket().ws.close({ code: 1000 });
  await page.getByText("The machine was restored from its last snapshot").first().waitFor();
  await page.getByRole("button", { name: "Understood" }).click();
});

test("several shells as tabs, each with its own screen", async (t) => {
  const { page, mock } = await scene(t);
  await page.getByRole("button", { name: "Another shell" }).click();
  await until(() => mock.socket(2), "the second shell");
  await connected(page);
  mock.socket(2).print("SECOND");
  await shows(page, "SECOND", 2);
  await page.keyboard.type("a");
  await until(() => mock.socket(2).input === "a", "a key in the second");
  await page.getByRole("tab", { name: "Shell 2" }).press("ArrowLeft");
  await page.getByRole("tab", { name: "Shell 1", selected: true }).waitFor();
  await shows(page, "candidate@box");
  for (let n = 3; n <= 8; n++) await page.getByRole("button", { name: "Another shell" }).click();
  assert.equal(await page.getByRole("button", { name: "Another shell" }).isDisabled(), true);
  await until(() => new Set(mock.sockets.map((s) => s.shell)).size === 8, "eight shells");
});

test("the keyboard gets in and, by a key that is told, out again", async (t) => {
  const { page, mock } = await scene(t);
  const focus = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  assert.equal(await focus(), "Terminal, shell 1", "after opening it has the focus");
  const told = await page.evaluate(() => document.getElementById(document.activeElement.getAttribute("aria-describedby"))?.textContent);
  assert.match(told, /Ctrl\+F6/);
  await page.keyboard.press("Tab");
  await until(() => mock.socket().input === "\t", "Tab goes to the shell");
  for (const way of ["Control+F6", "Control+Shift+Escape"]) {
    await page.locator('[data-shell="1"] textarea').focus();
    await page.keyboard.press(way);
    assert.equal(await focus(), "Shell 1", way);
  }
  /* From there Tab reaches the tools, and after the terminal's field what comes behind it. */
  await page.keyboard.press("Tab");
  assert.equal(await focus(), "Another shell");
  assert.equal(mock.socket().input, "\t");
});

test("the whole way by keyboard alone: open, type, leave, edit, save, tick, mark as done", async (t) => {
  const { page, mock } = await scene(t, { open: false });
  const name = () => page.evaluate(() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    return e?.getAttribute("aria-label") ?? e?.labels?.[0]?.textContent ?? e?.textContent ?? "";
  });
  /** Tab, or Shift+Tab, until the control with this name has the focus. */
  const to = async (wanted, key = "Tab") => {
    const passed = [];
    for (let n = 0; n < 80; n++) {
      await page.keyboard.press(key);
      const now = (await name()).trim();
      if (wanted.test(now)) return;
      passed.push(now.slice(0, 40));
    }
    assert.fail(`${wanted} is not reached: ${passed.join(" | ")}`);
  };
  await to(/^Open the shell$/);
  await page.keyboard.press("Enter");
  await connected(page);
  await until(async () => (await name()) === "Terminal, shell 1", "the focus in the terminal");
  await page.keyboard.type("id\r");
  await until(() => mock.socket().input === "id\r", "what was typed");
  await page.keyboard.press("Control+F6");
  await to(/^Shell$/, "Shift+Tab"); /* the tab of the machine; the one that is chosen takes the focus */
  await page.keyboard.press("ArrowRight");
  await page.getByRole("navigation", { name: "Folders and files" }).waitFor();
  await to(/^Open a path/);
  await page.keyboard.type("notes.txt");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: /^Editor/ }).waitFor();
  await to(/^Editor: /);
  await page.keyboard.type("x");
  await page.keyboard.press("Control+S");
  await until(() => mock.files.get("/home/candidate/notes.txt").startsWith("x"), "the file to be saved");
  await to(/^The script runs/, "Shift+Tab");
  await page.keyboard.press("Space");
  await page.getByText("1 of 3 ticked").waitFor();
  await to(/^I am done/);
  await page.keyboard.press("Space");
  await until(() => mock.done === true, "the mark");
  await to(/^Next/);
});

test("search, size of letters, screen reader: found, kept, read along", async (t) => {
  const { page, mock } = await scene(t);
  mock.socket().print("needle one\r\nneedle two\r\n");
  await shows(page, "needle two");
  const tools = page.getByRole("group", { name: "Terminal", exact: true });
  await tools.getByRole("button", { name: /^Search/ }).click();
  await page.getByRole("searchbox", { name: /^Search/ }).fill("needle");
  await page.locator(".shell-find").getByText(/of 2|2 matches/).waitFor();
  await page.getByRole("button", { name: "Next match" }).click();
  await page.locator(".shell-find").getByText(/[12] of 2/).waitFor();
  await page.getByRole("searchbox", { name: /^Search/ }).press("Escape");
  const size = () => page.locator(".xterm-rows").first().evaluate((e) => getComputedStyle(e).fontSize);
  const before = await size();
  await tools.getByRole("button", { name: "Larger letters" }).click();
  await until(async () => (await size()) !== before, "larger letters");
  await tools.getByRole("button", { name: "Screen reader support" }).click();
  await page.locator(".xterm-accessibility").waitFor({ state: "attached" });
  await page.locator(".xterm-accessibility-tree").filter({ hasText: "needle two" }).waitFor({ state: "attached" });
  await page.reload();
  await page.locator(".xterm-accessibility").waitFor({ state: "attached" });
  assert.notEqual(await size(), before);
});

test("copy and paste: a paste is text and nothing else", async (t) => {
  const mock = new TaskMock();
  const { page, context } = await scene(t, { mock });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const socket = mock.socket();
  await page.evaluate(() => navigator.clipboard.writeText("one\x1b[201~\x03two\r\nthree"));
  await page.locator('[data-shell="1"] textarea').focus();
  await page.keyboard.press("Control+Shift+V");
  await until(() => socket.input !== "", "the paste");
  assert.equal(socket.input, "one[201~two\rthree");
  socket.input = "";
  socket.print("\x1b[?2004h");
  await page.getByRole("button", { name: /^Paste/ }).click();
  await until(() => socket.input.endsWith("\x1b[201~"), "a bracketed paste");
  assert.equal(socket.input, "\x1b[200~one[201~two\rthree\x1b[201~");
  /* Copying: a word is selected by a double click. */
  socket.print("\r\n\x1b[2J\x1b[HUNMISTAKABLE");
  await shows(page, "UNMISTAKABLE");
  const box = await screen(page).boundingBox();
  await page.mouse.dblclick(box.x + 20, box.y + 6);
  await page.keyboard.press("Control+Shift+C");
  await until(() => page.evaluate(async () => (await navigator.clipboard.readText()) === "UNMISTAKABLE"), "the copy");
});

test("output cannot do more than show text: no title, no link, no clipboard", async (t) => {
  const { page, mock, context } = await scene(t);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  const title = await page.title();
  mock.socket().print("\x1b]0;EVIL\x07\x1b]2;EVIL\x07\x1b]8;;https://evil.example/\x1b\\click\x1b]8;;\x1b\\ \x1b]52;c;ZXZpbA==\x07\x1b[21t\x1bP$qm\x1b\\END");
  await shows(page, "click END");
  assert.equal(await page.title(), title);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "mine");
  const box = await screen(page).boundingBox();
  const opened = [];
  context.on("page", (p) => opened.push(p.url()));
  await page.mouse.click(box.x + 160, box.y + 6, { modifiers: ["Control"] });
  await page.mouse.click(box.x + 160, box.y + 6);
  assert.deepEqual(opened, []);
  assert.equal(mock.socket().input, "", "and it answers nothing");
});

test("files: browse, edit, save; what changed meanwhile is not overwritten unasked", async (t) => {
  const { page, mock } = await scene(t);
  await files(page);
  await page.getByRole("button", { name: "notes.txt" }).click();
  const editor = page.getByRole("textbox", { name: "Editor: /home/candidate/notes.txt" });
  await editor.waitFor();
  await editor.press("Control+Home");
  await page.keyboard.type("new ");
  await page.getByRole("tab", { name: "/home/candidate/notes.txt, not saved" }).waitFor();
  await page.keyboard.press("Control+S");
  await until(() => mock.files.get("/home/candidate/notes.txt").startsWith("new first"), "the file to be saved");
  await page.getByRole("tab", { name: "/home/candidate/notes.txt", exact: true }).waitFor();

  mock.files.set("/home/candidate/notes.txt", "theirs\n");
  await editor.focus();
  await page.keyboard.type("mine ");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("notes.txt was changed meanwhile.").waitFor();
  assert.equal(mock.files.get("/home/candidate/notes.txt"), "theirs\n");
  await page.getByRole("button", { name: "Overwrite with mine" }).click();
  await until(() => mock.files.get("/home/candidate/notes.txt").includes("mine"), "mine");
  mock.files.set("/home/candidate/notes.txt", "theirs again\n");
  await editor.focus();
  await page.keyboard.type("lost ");
  await page.keyboard.press("Control+S");
  await page.getByRole("button", { name: "Take theirs, lose mine" }).click();
  await editor.filter({ hasText: "theirs again" }).waitFor();
  assert.equal(mock.files.get("/home/candidate/notes.txt"), "theirs again\n");
});

test("files: a new one by its path; unsaved work is warned about before it is lost", async (t) => {
  const { page, mock, attempt } = await scene(t);
  await files(page);
  await page.getByRole("textbox", { name: "Open a path" }).fill("new/deep.sh");
  await page.keyboard.press("Enter");
  await page.getByText("New file: /home/candidate/new/deep.sh").waitFor();
  await page.getByRole("textbox", { name: "Editor: /home/candidate/new/deep.sh" }).focus();
  await page.keyboard.type("echo hello");
  /* Another question and back: nothing is lost. */
  await page.getByRole("button", { name: /^Next/ }).click();
  await page.getByRole("heading", { level: 1, name: /^Question 2/ }).waitFor();
  const warned = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  assert.equal((await warned).type(), "beforeunload");
  await (await warned).dismiss();
  await page.getByRole("button", { name: "Previous" }).click();
  await files(page);
  await page.getByRole("textbox", { name: "Editor: /home/candidate/new/deep.sh" }).filter({ hasText: "echo hello" }).waitFor();
  await page.getByRole("button", { name: "Close deep.sh" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep editing" }).click();
  await page.evaluate((id) => { history.pushState(null, "", `/attempts/${id}/review`); dispatchEvent(new PopStateEvent("popstate")); }, attempt.id);
  await page.getByRole("button", { name: "Finish the exam" }).click();
  await page.getByText("1 file in the editor is not saved in the machine.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Not yet" }).click();
  await page.getByRole("button", { name: "Back to the questions" }).click();
  await files(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await until(() => mock.files.get("/home/candidate/new/deep.sh") === "echo hello", "the new file");
});

test("the editor does not hold the keyboard either", async (t) => {
  const { page } = await scene(t);
  await files(page);
  await page.getByRole("button", { name: "notes.txt" }).click();
  const editor = page.getByRole("textbox", { name: /^Editor/ });
  await editor.focus();
  await page.keyboard.press("Tab");
  assert.equal(await editor.evaluate((e) => e.getRootNode().activeElement === e), false);
  await editor.focus();
  await page.keyboard.press("Control+m");
  await page.keyboard.press("Tab");
  await page.getByRole("tab", { name: /notes\.txt, not saved/ }).waitFor();
});

test("ticks stay in the browser, the task is marked as done, and starting over asks first", async (t) => {
  const { page, mock } = await scene(t);
  const boxes = page.locator(".task-checklist input");
  await boxes.nth(1).check();
  await page.getByRole("checkbox", { name: /^I am done/ }).check();
  await saved(page);
  assert.equal(mock.done, true);
  await page.reload();
  await connected(page);
  assert.equal(await boxes.nth(1).isChecked(), true);
  assert.equal(await page.getByRole("checkbox", { name: /^I am done/ }).isChecked(), true);
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep my work" }).click();
  assert.equal(mock.resets, 0);
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Throw it away" }).click();
  await until(() => mock.resets === 1, "the reset");
  await connected(page);
  assert.ok(mock.sockets.length >= 2);
});

test("the documentation stands beside the terminal, opened from the task", async (t) => {
  const { page } = await scene(t);
  await page.getByRole("button", { name: "Numbers" }).click();
  await page.getByText("A kibibyte has 1024 bytes.").waitFor();
  await shows(page, "candidate@box");
  await page.getByRole("button", { name: "Close the documentation" }).click();
  await page.getByText("What is asked").waitFor();
});

test("study: checks while one works, hints step by step, the solution after a question", async (t) => {
  const { page, mock } = await scene(t, { mode: "study" });
  await page.getByRole("button", { name: "Check my work" }).click();
  for (const c of checks) {
    const line = page.locator(`[data-check="${c.id}"][data-outcome="${c.outcome}"]`);
    await line.getByText({ pass: "Passed", fail: "Failed", ungraded: "Not graded" }[c.outcome]).waitFor();
    if (c.outcome !== "pass") await line.getByText(c.message).waitFor();
  }
  await page.getByText("1 of 6 points").waitFor();
  await page.getByRole("button", { name: "Show a hint (2 left)" }).click();
  await page.getByText("Run it by hand first").waitFor();
  await page.getByRole("button", { name: "Show the last hint" }).click();
  await page.getByText("umask").waitFor();
  await page.getByRole("button", { name: "Give up and see a solution" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Not yet" }).click();
  assert.equal(mock.gaveUp, false);
  await page.getByRole("button", { name: "Give up and see a solution" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Show the solution" }).click();
  await page.getByText("umask 077").waitFor();
  await files(page);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Upload a file to /home/candidate" }).click()]);
  await chooser.setFiles({ name: "up.txt", mimeType: "text/plain", buffer: Buffer.from("uploaded") });
  await until(() => mock.files.get("/home/candidate/up.txt") === "uploaded", "the upload");
  await page.getByRole("button", { name: /^Next question/ }).click();
  await page.getByRole("heading", { level: 1, name: /^Question 2/ }).waitFor();
});

test("exam: no checks, no hints, no upload", async (t) => {
  const { page } = await scene(t);
  await files(page);
  for (const name of [/^Check my work/, /hint/, /^Give up/, /^Upload/]) assert.equal(await page.getByRole("button", { name }).count(), 0, String(name));
});

/* ---- results ---- */

async function finished(t, change) {
  const context = await person(t, browser, server);
  const page = await context.newPage();
  const attempt = await begin(server);
  await server.post(`/api/v1/attempts/${attempt.id}/submit`, {});
  const mock = new TaskMock();
  await mock.attach(context);
  await context.route(/\/attempts\/[^/]+\/result$/, async (route) => {
    if (!route.request().url().includes("/api/")) return route.continue();
    return change(route, mock);
  });
  return { page, mock, attempt };
}

async function resultWithTask(route) {
  const response = await route.fetch();
  const json = await response.json();
  const entry = json.items.find((i) => i.item);
  Object.assign(entry, { title: "Rescue the backup", outcome: "partial", points: 1, max: 6, checks });
  Object.assign(entry.item, { kind: "task", stem: "<p>TASK-STEM</p>", options: undefined, case: undefined });
  entry.feedback = { ...entry.feedback, key: null };
  json.hands_on = { share: 0.4, points: 1, max: 6, items: 1 };
  return route.fulfill({ response, json });
}

test("while graders work the page shows the queue, then the report with checks and the share measured by doing", async (t) => {
  let round = 0;
  const steps = [
    { state: "grading", tasks: [{ item: "a", state: "queued", ahead: 3 }, { item: "b", state: "running", ahead: 0 }] },
    { state: "grading", tasks: [{ item: "a", state: "review", ahead: 0 }, { item: "b", state: "done", ahead: 0 }] },
  ];
  let go = () => {};
  const { page, attempt } = await finished(t, async (route) => {
    if (round < steps.length) {
      const json = steps[round];
      if (round > 0) await new Promise((done) => (go = done));
      round++;
      return route.fulfill({ status: 202, json });
    }
    return resultWithTask(route);
  });
  await page.goto(`/attempts/${attempt.id}/result`);
  await page.getByText("waiting, 3 before it").waitFor();
  await page.getByText("being graded", { exact: true }).waitFor();
  await until(() => (go(), page.getByText("being reviewed by a person").isVisible()), "the review");
  await page.getByText("it does not count against you").waitFor();
  await page.getByRole("img", { name: "Measured by doing" }).waitFor();
  await page.getByText("40% of the points were measured by doing: 1 hands-on task, 1 of 6 points.").waitFor();
  await page.locator(".result-item", { hasText: "Rescue the backup" }).locator("summary").click();
  await page.getByText("etc/hostname is not in the archive <b>x</b>").waitFor();
  await page.getByRole("link", { name: "Watch the recording" }).waitFor();
});

const head = JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1700000000 });
const event = (at, data) => JSON.stringify([at, "o", data]);

test("a recording is played, moved in and read as text; a hostile one does nothing", async (t) => {
  const { page, mock, attempt } = await finished(t, resultWithTask);
  mock.recordings = [
    { shell: 1, started_at: "2026-01-02T03:04:05Z", duration_ms: 9000, bytes: 100, sha256: "ab".repeat(32) },
    { shell: 2, started_at: "2026-01-02T03:04:05Z", duration_ms: 9000, bytes: 100, sha256: null },
  ];
  mock.casts.set(1, [head, event(0.1, "$ first\r\n"), "{broken", event(4, "\x1b]0;EVIL\x07\x1b]8;;https://evil.example\x07link\x1b]8;;\x07\x1b[31m second\x1b[0m\r\n"), event(9, "third <img src=x onerror=alert(1)>\r\n")].join("\n"));
  mock.casts.set(2, "not a recording");
  await page.goto(`/attempts/${attempt.id}/replay/i1`);
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.getByText("1 line of the recording could not be read").waitFor();
  const title = await page.title();
  const rows = page.locator(".replay-screen .xterm-rows");
  await page.getByRole("combobox", { name: "Speed" }).selectOption("8");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await rows.filter({ hasText: "third" }).waitFor();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.getByRole("slider", { name: "Position" }).fill("20");
  await until(async () => !(await rows.textContent()).includes("third"), "going back");
  await rows.filter({ hasText: "first" }).waitFor();
  await page.getByText("As text").click();
  const transcript = page.locator("[data-transcript]");
  await transcript.waitFor();
  assert.equal(await transcript.textContent(), "$ first\nlink second\nthird <img src=x onerror=alert(1)>");
  assert.equal(await page.title(), title);
  await page.getByRole("radio", { name: "Shell 2" }).check();
  await page.getByText("This is not a recording.").waitFor();
});

/* ---- looks: nothing for axe to report, nothing too wide; SHOTS=FOLDER keeps pictures ---- */

const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const output = "\x1b[1;32mcandidate@box\x1b[0m:\x1b[1;34m~\x1b[0m$ ls -l --color /srv\r\ntotal 12\r\ndrwxr-xr-x 2 root root 4096 Nov 27 09:12 \x1b[1;34mbackup\x1b[0m\r\n-rwxr-xr-x 1 root root  211 Nov 27 09:12 \x1b[1;32mrun.sh\x1b[0m\r\nlrwxrwxrwx 1 root root   11 Nov 27 09:12 \x1b[1;36mlatest\x1b[0m -> /srv/backup\r\n\x1b[1;32mcandidate@box\x1b[0m:\x1b[1;34m~\x1b[0m$ sudo /usr/local/bin/backup.sh\r\n\x1b[31mtar: /srv/backup/etc.tar.gz: Cannot open: Permission denied\x1b[0m\r\n\x1b[33mwarning:\x1b[0m exiting with status 2\r\n\x1b[1;32mcandidate@box\x1b[0m:\x1b[1;34m~\x1b[0m$ ";

const looks = [
  ["light, wide", { colorScheme: "light" }],
  ["dark, wide", { colorScheme: "dark" }],
  ["light, 390 px", { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true }],
  ["dark, 390 px", { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true }],
  ["400 % zoom", { viewport: { width: 320, height: 256 } }],
  ["forced colours", { forcedColors: "active", reducedMotion: "reduce" }],
];

for (const [label, options] of looks) {
  test(`looks: ${label}`, async (t) => {
    const findings = [];
    const name = label.replace(/\W+/g, "-");
    const look = async (page, what) => {
      if (shots) await page.screenshot({ path: join(shots, `${what}-${name}.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      findings.push(...[...(await axe(page)), ...(wide > 0 ? [`${wide} px too wide`] : [])].map((f) => `${what}: ${f}`));
    };
    const mock = new TaskMock("study");
    mock.greeting = output;
    const { page, context } = await scene(t, { mode: "study", mock, open: false, context: options });
    await look(page, "task-closed");
    const pane = (title) => page.locator(".task-panes").getByRole("tab", { name: title });
    const narrow = await pane("Shell").isVisible();
    if (narrow) await pane("Shell").click();
    await page.getByRole("button", { name: "Open the shell" }).click();
    await connected(page);
    await shows(page, "exiting with status 2");
    await look(page, "task-shell");
    await page.getByRole("button", { name: "Screen reader support" }).click();
    await page.getByRole("button", { name: /^Search/ }).click();
    await look(page, "task-shell-tools");
    mock.socket().notice("superseded");
    await page.getByRole("button", { name: "Use it here" }).waitFor();
    await look(page, "task-superseded");
    if (narrow) await pane("Files").click();
    else await files(page);
    await page.getByRole("button", { name: "notes.txt" }).click();
    await page.getByRole("textbox", { name: /^Editor/ }).waitFor();
    await look(page, "task-files");
    if (narrow) await pane("Task").click();
    await page.locator(".task-checklist input").first().check();
    await page.getByRole("button", { name: "Check my work" }).click();
    await page.locator("[data-check=service]").waitFor();
    await page.getByRole("button", { name: /^Show a hint/ }).click();
    await page.getByText("Run it by hand first").waitFor();
    await look(page, "task-checks");
    await page.getByRole("button", { name: "Numbers" }).click();
    await page.getByText("A kibibyte has 1024 bytes.").waitFor();
    await look(page, "task-docs");
    if (narrow) await pane("Shell").click();
    await page.getByRole("button", { name: "Start over" }).first().click();
    await look(page, "task-reset");
    await page.getByRole("button", { name: "Keep my work" }).click();

    /* The result and a recording, shown for an attempt that has ended. */
    const attempt = page.url().match(/attempts\/([^/#]+)/)[1];
    await server.post(`/api/v1/attempts/${attempt}/submit`, {});
    let waiting = true;
    await context.route(/\/api\/v1\/attempts\/[^/]+\/result$/, (route) => {
      const tasks = [{ item: "a", state: "queued", ahead: 2 }, { item: "b", state: "running" }, { item: "c", state: "done" }, { item: "d", state: "review" }];
      return waiting ? route.fulfill({ status: 202, json: { state: "grading", tasks } }) : resultWithTask(route);
    });
    await page.goto(`/attempts/${attempt}/result`);
    await page.getByText("being reviewed by a person").waitFor();
    await look(page, "result-grading");
    waiting = false;
    await page.getByRole("heading", { name: "Measured by doing" }).waitFor();
    await page.locator(".result-item", { hasText: "Rescue the backup" }).locator("summary").click();
    await page.locator("[data-check=service]").waitFor();
    await look(page, "result-task");
    mock.recordings = [{ shell: 1, started_at: "2026-01-02T03:04:05Z", duration_ms: 9000, bytes: 100, sha256: "ab".repeat(32) }];
    mock.casts.set(1, [head, event(0.1, output)].join("\n"));
    await page.goto(`/attempts/${attempt}/replay/i1`);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.locator(".replay-screen").scrollIntoViewIfNeeded(); /* what is out of sight is not drawn */
    await page.locator(".replay-screen .xterm-rows").filter({ hasText: "exiting with status 2" }).waitFor();
    await page.getByText("As text").click();
    await page.locator("[data-transcript]").waitFor();
    await look(page, "replay");
    assert.deepEqual(findings, []);
  });
}
