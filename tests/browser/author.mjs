// What the tests of the authoring page's panes share: the page on a copy of a bank, and hands for its panes.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { startAuthor } from "../lib/author.mjs";
import { root, temporaryFolder, until } from "../lib/server.mjs";
import { person } from "./browser.mjs";

/** A copy of the bank with every kind of question. */
export function fixture(t) {
  const dir = join(temporaryFolder(t), "bank");
  cpSync(join(root, "tests/fixtures/bank"), dir, { recursive: true });
  return dir;
}

/** The authoring page with a file open. */
export async function authorPage(t, browser, { files, dir, path, ...options }) {
  const server = await startAuthor(t, files ?? {}, dir ? { dir } : {});
  const context = await person(t, browser, server, options);
  const page = await context.newPage();
  await page.goto(`/author?file=${encodeURIComponent(path)}`);
  await page.locator(".desk-main").waitFor();
  return { server, context, page };
}

export const pane = async (page, name) => {
  await page.getByRole("tab", { name, exact: true }).click();
};

/** The form of a question of the open file. */
export async function openForm(page, title) {
  await pane(page, "Form");
  const card = page.locator(".form-card", { hasText: title });
  const list = page.getByLabel("Which question?");
  await card.or(list).first().waitFor();
  if (await list.isVisible()) await list.selectOption({ label: title });
  else await card.click();
  await until(async () => (await field(page, "Title").inputValue()) === title, `the form of ${title}`);
}

export const field = (page, name) => page.locator(".form").getByLabel(name, { exact: true });

/** Saves and waits until the folder has what `done` wants to see of the text. */
export async function savedText(page, server, path, done) {
  await page.keyboard.press("Control+s");
  let text;
  await until(() => {
    text = server.read(path);
    return done(text);
  }, `${path} to be saved; it is ${server.read(path)}`);
  await page.getByRole("button", { name: "Save", exact: true }).and(page.locator(":disabled")).waitFor(); /* a save is over when the page knows it */
  return text;
}

/** Replaces all of the text in the editor. */
export async function writeAll(page, text) {
  await page.locator(".cm-content").first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete"); /* over a selection the browser itself would write, with the styles of what was there */
  await page.keyboard.insertText(text);
}
