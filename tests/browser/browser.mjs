// What the browser tests share: the real program, Debian's Chromium, and hands for every kind of question.
//
// Nothing sleeps: pages are waited for by what they show, the server by until().
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, startFor } from "../lib/server.mjs";

const require = createRequire(join(root, "web/client/package.json"));
export const { chromium } = require("playwright-core");
export const axeSource = () => require("axe-core").source;

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const PATIENCE_MS = 60000; /* for a machine that does much else; nothing waits longer than it must */

/** A browser of its own for a test file; ends with it. Pass node:test's `after`. */
export async function launch(after) {
  const profile = mkdtempSync(join(tmpdir(), "assay-browser-"));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS, env: { ...process.env, HOME: profile }, timeout: 2 * PATIENCE_MS });
  after(async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return browser;
}

/** A fresh person: own storage, English unless told otherwise. What goes wrong in a page fails the test; `expected` are errors that should come. */
export async function person(t, browser, server, { expected, ...options } = {}) {
  const context = await browser.newContext({ baseURL: server.url, locale: "en-GB", viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const errors = [];
  context.on("page", (page) => {
    page.on("pageerror", (e) => errors.push(String(e)));
    page.on("console", (m) => {
      if (m.type() === "error" && !/Failed to load resource|net::ERR_/.test(m.text()) && !expected?.test(m.text())) errors.push(m.text());
    });
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, [], "errors in the page");
  });
  return context;
}

/** Server, person and an open page at once. */
export async function scene(t, browser, options = {}) {
  const server = await startFor(t, options.server ?? {});
  const context = await person(t, browser, server, options.context);
  return { server, context, page: await context.newPage() };
}

export async function begin(server, exam = "fixture/all", mode = "exam", more = {}) {
  const reply = await server.post("/api/v1/attempts", { exam, mode, ...more });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

export const api = async (server, path) => {
  const reply = await server.get(path);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
export const items = (attempt) => attempt.sections.flatMap((s) => s.items ?? []);

/** From the catalogue to the first question, as a person goes. */
export async function startByHand(page, exam = "Everything") {
  await page.goto("/");
  await page.getByRole("link", { name: exam, exact: true }).click();
  await page.getByRole("button", { name: "Start the exam" }).click();
  const skip = page.getByRole("button", { name: "Skip" });
  await skip.or(page.getByRole("button", { name: "Start now" })).first().waitFor();
  if (await skip.isVisible()) await skip.click();
  await page.getByRole("button", { name: "Start now" }).click();
  await page.getByRole("heading", { level: 1, name: /^Question 1 of/ }).waitFor();
  return page.url().match(/attempts\/([^/#]+)/)[1];
}

export const saved = (page) => page.locator('[data-saving="saved"]', { hasText: /Saved \d\d:\d\d:\d\d/ }).waitFor();
export const question = (page, n) => page.getByRole("heading", { level: 1, name: new RegExp(`^Question ${n} of`) }).waitFor();
export const kindOf = (page) => page.locator(".item").getAttribute("data-kind");
export const next = (page) => page.getByRole("button", { name: /^Next/ }).click();

/** Answers the question on the page with the mouse, whatever kind it is. */
export async function answer(page) {
  const item = page.locator(".item");
  const kind = await kindOf(page);
  switch (kind) {
    case "single":
    case "true-false":
      /* click, not check: where the answer makes the page change at once, there is nothing left to look at. */
      await item.getByRole("radio").first().click();
      break;
    case "multiple":
      await item.getByRole("checkbox").nth(0).check();
      await item.getByRole("checkbox").nth(1).check();
      break;
    case "grid":
      for (const row of await item.locator("tbody tr").all()) await row.getByRole("radio").first().check();
      break;
    case "ordering":
      await item.getByRole("button", { name: /^Move down/ }).first().click();
      break;
    case "matching":
      for (const select of await item.getByRole("combobox").all()) await select.selectOption({ index: 1 });
      break;
    case "numeric":
      await item.getByRole("textbox").fill("1.5");
      if (await item.getByRole("combobox").count()) await item.getByRole("combobox").selectOption({ index: 1 });
      break;
    case "text":
    case "essay":
      await item.getByRole("textbox").fill("ls -a");
      break;
    case "cloze":
      for (const box of await item.getByRole("textbox").all()) await box.fill("blue");
      for (const list of await item.getByRole("combobox").all()) await list.selectOption({ index: 1 });
      break;
    case "hotspot":
      await item.getByRole("application").click({ position: { x: 40, y: 40 } });
      break;
    default:
      assert.fail(`no hand for ${kind}`);
  }
  return kind;
}

/** axe's findings on the page as it is, as lines of words. */
export async function axe(page) {
  await page.evaluate(axeSource());
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target.join(" ")} ${n.any.map((a) => a.message).join("; ")}`).join(" | ")}`);
}
