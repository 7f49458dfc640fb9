// Nothing acknowledged is lost, nothing is called saved that is not: offline and back, closed pages, a killed server, two tabs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { answer, api, begin, items, launch, next, person, question, saved, scene } from "./browser.mjs";
import { root, Server, startFor, temporaryFolder, until } from "../lib/server.mjs";

const browser = await launch(after);
const attemptOf = (server, id) => api(server, `/api/v1/attempts/${id}`);
const answered = async (server, id) => items(await attemptOf(server, id)).filter((i) => i.response).length;

/* How many answers the browser's own database holds. */
const stored = (page) =>
  page.evaluate(() => new Promise((done, fail) => {
    const open = indexedDB.open("assay");
    open.onerror = () => fail(open.error);
    open.onsuccess = () => {
      const all = open.result.transaction("waiting").objectStore("waiting").count();
      all.onsuccess = () => (open.result.close(), done(all.result));
    };
  }));

const count = (page, text) => page.locator(".palette-count", { hasText: text }).waitFor();

async function openExam(page, attempt) {
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
}

test("saved is said only after the server's answer", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  let let_through;
  const gate = new Promise((done) => (let_through = done));
  await page.route("**/responses/*", async (route) => {
    await gate;
    await route.continue();
  });
  await answer(page);
  await page.locator('[data-saving="saving"]').waitFor();
  assert.equal(await page.locator('[data-saving="saved"]').count(), 0);
  assert.equal(await answered(server, attempt.id), 0);
  let_through();
  await saved(page);
  const item = items(await attemptOf(server, attempt.id))[0];
  assert.ok(item.response);
  const shown = await page.locator('[data-saving="saved"]').textContent();
  const time = await page.evaluate((iso) => new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(new Date(iso)), item.saved_at);
  assert.match(shown, new RegExp(`Saved ${time}`), "the time is the server's");
});

test("offline: answers wait, the page says so, and they arrive once each on return", async (t) => {
  const { server, context, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  const sent = [];
  page.on("response", (r) => {
    if (/\/responses\//.test(r.url())) sent.push(`${r.request().url().split("/").pop()} ${r.request().postDataJSON().seq} ${r.status()}`);
  });
  await answer(page);
  await saved(page);

  await context.setOffline(true);
  await page.locator('[data-banner="offline"]').waitFor();
  for (let n = 2; n <= 6; n++) {
    await next(page);
    await question(page, n);
    await answer(page);
  }
  await page.getByText("5 answers not saved yet").waitFor();
  await page.getByText("5 answers wait in this browser").waitFor();
  assert.equal(await page.locator('[data-saving="saved"]').count(), 0);
  assert.equal(await answered(server, attempt.id), 1);

  await context.setOffline(false);
  await saved(page);
  await page.locator('[data-banner="offline"]').waitFor({ state: "detached" });
  const now = items(await attemptOf(server, attempt.id));
  assert.equal(now.filter((i) => i.response).length, 6);
  assert.equal(sent.length, new Set(sent).size, `nothing twice: ${sent}`);
  assert.ok(sent.every((s) => s.endsWith(" 200")), String(sent));
});

test("nothing can be handed in while an answer has not arrived", async (t) => {
  const { server, context, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  await page.goto(`/attempts/${attempt.id}/review`);
  await page.getByRole("button", { name: "Back to the questions" }).click();
  await question(page, 1);
  await context.setOffline(true);
  await answer(page);
  await page.getByText("1 answer not saved yet").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Review and finish" }).click();
  await page.getByRole("button", { name: "Finish the exam" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 answer has not reached the server yet").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Finish the exam" }).isDisabled(), true);
  await context.setOffline(false);
  await dialog.getByText("has not reached the server yet").waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Finish the exam" }).click();
  await page.waitForURL(/result/);
});

test("answers survive a page that was closed before they could be sent", async (t) => {
  const data = join(temporaryFolder(t), "data");
  const banks = join(root, "tests/fixtures/bank");
  let server = await Server.start({ data, banks });
  t.after(() => server.stop());
  const context = await person(t, browser, server);
  const page = await context.newPage();
  const attempt = await begin(server);
  await openExam(page, attempt);
  await server.kill();
  await answer(page);
  await next(page);
  await answer(page);
  await page.getByText("2 answers not saved yet").waitFor();
  await until(async () => (await stored(page)) === 2, "both to be in the browser's database");
  await page.close();

  server = await Server.start({ data, banks, listen: new URL(server.url).host });
  assert.equal(await answered(server, attempt.id), 0);
  const again = await context.newPage();
  await openExam(again, attempt);
  await until(async () => (await answered(server, attempt.id)) === 2, "the waiting answers to arrive");
  await saved(again);
  await count(again, "2 of 15 answered");
});

test("a server that is killed and comes back: no answer is lost, the time is given back", async (t) => {
  const data = join(temporaryFolder(t), "data");
  const banks = join(root, "tests/fixtures/bank");
  let server = await Server.start({ data, banks });
  t.after(() => server.stop());
  const context = await person(t, browser, server);
  const page = await context.newPage();
  const attempt = await begin(server);
  await openExam(page, attempt);
  await answer(page);
  await saved(page);
  const address = new URL(server.url).host;
  await server.kill();
  await next(page);
  await answer(page);
  await page.getByText("1 answer not saved yet").waitFor();
  server = await Server.start({ data, banks, listen: address });
  await saved(page);
  assert.equal(await answered(server, attempt.id), 2);
  await page.locator('[data-banner]').waitFor({ state: "detached" });
});

test("a server that stores nothing more is told apart from one that is away", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  await page.route("**/responses/*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", headers: { "Retry-After": "1" }, body: JSON.stringify({ type: "about:blank", title: "x", status: 503, code: "read-only", detail: "x" }) }));
  await answer(page);
  await page.locator('[data-banner="read-only"]').waitFor();
  await page.unroute("**/responses/*");
  await saved(page);
});

test("two tabs: the newer one counts, the older one is told and can take the attempt back", async (t) => {
  const { server, context, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  await answer(page);
  await saved(page);

  const newer = await context.newPage();
  await openExam(newer, attempt);
  await page.getByRole("heading", { name: "This exam was opened somewhere else" }).waitFor();
  await next(newer);
  await answer(newer);
  await saved(newer);

  await page.getByRole("button", { name: "Continue here" }).click();
  await question(page, 1);
  await newer.getByRole("heading", { name: "This exam was opened somewhere else" }).waitFor();
  await count(page, "2 of 15 answered");
  await next(page);
  await next(page);
  await answer(page);
  await saved(page);
  assert.equal(await answered(server, attempt.id), 3);
});

test("two devices: the older one notices by its next change, and its answer is not lost", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server);
  /* A kind that takes a single click: the page changes right after it. */
  const single = items(attempt).find((i) => i.kind === "single");
  await page.goto(`/attempts/${attempt.id}#${single.n}`);
  await question(page, single.n);
  const claimed = await server.post(`/api/v1/attempts/${attempt.id}/claim`, {});
  assert.equal(claimed.status, 200);
  await answer(page);
  await page.getByRole("heading", { name: "This exam was opened somewhere else" }).waitFor();
  await page.getByText("1 answer from here is not saved yet").waitFor();
  assert.equal(await answered(server, attempt.id), 0);
  await page.getByRole("button", { name: "Continue here" }).click();
  await question(page, single.n);
  await saved(page);
  assert.equal(await answered(server, attempt.id), 1);
});

test("a newer answer from another device is kept, and the person is told", async (t) => {
  const { server, context, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  await context.setOffline(true);
  await answer(page);
  await page.getByText("1 answer not saved yet").waitFor();

  const first = items(attempt)[0];
  const claimed = (await server.post(`/api/v1/attempts/${attempt.id}/claim`, {})).json;
  const put = await server.put(`/api/v1/attempts/${attempt.id}/responses/${first.id}`, { seq: 2, response: null, flagged: true }, { "Assay-Lease": String(claimed.lease) });
  assert.equal(put.status, 200, put.text);

  await context.setOffline(false);
  await page.getByRole("button", { name: "Continue here" }).click();
  await page.getByText("Another device saved a newer answer for question 1").waitFor();
  const item = items(await attemptOf(server, attempt.id))[0];
  assert.deepEqual([item.seq, item.response, item.flagged], [2, null, true]);
  await page.getByRole("button", { name: "Understood" }).click();
  await answer(page);
  await saved(page);
  assert.ok(items(await attemptOf(server, attempt.id))[0].response, "and it can be answered again");
});

test("an attempt that ended elsewhere leads to the result", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server);
  await openExam(page, attempt);
  await server.post(`/api/v1/attempts/${attempt.id}/submit`, {});
  await answer(page);
  await page.waitForURL(/result/);
  await page.getByText("1 answer reached the server after the end").waitFor();
});

test("a browser without a database says that answers do not outlive the page", async (t) => {
  const server = await startFor(t);
  const context = await person(t, browser, server);
  await context.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { get() { throw new Error("blocked"); } }));
  const page = await context.newPage();
  const attempt = await begin(server);
  await openExam(page, attempt);
  await context.setOffline(true);
  await answer(page);
  await page.getByText("so leave it open").waitFor();
  await context.setOffline(false);
  await saved(page);
  assert.equal(await answered(server, attempt.id), 1);
});
