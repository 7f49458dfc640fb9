// Servers with accounts: signing in, out, and being signed out in the middle of an exam.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { answer, api, axe, launch, question, saved, scene } from "./browser.mjs";
import { addUser } from "../lib/accounts.mjs";
import { until } from "../lib/server.mjs";

const browser = await launch(after);

async function signIn(page, user) {
  await page.getByLabel("Name", { exact: true }).fill(user.name);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("sign in, take an exam, lose the session, sign in again: nothing is lost", async (t) => {
  const { server, context, page } = await scene(t, browser);
  const user = await addUser(server, "ada", ["--extra-time", "25"]);

  await page.goto("/exams/fixture/all");
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await signIn(page, { name: "ada", password: "wrong" });
  await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" }); /* no colour on its way to another */
    assert.deepEqual(await axe(page), [], colorScheme);
  }
  await signIn(page, user);
  await page.waitForURL(/exams\/fixture\/all/);
  await page.getByText("With your extra time you have 1 hour 15 minutes.").waitFor();
  await page.getByRole("button", { name: "Start the exam" }).click();
  await page.getByRole("button", { name: "Skip" }).click();
  await page.getByRole("button", { name: "Start now" }).click();
  await question(page, 1);
  assert.match(await page.getByRole("timer").getAttribute("aria-label"), /1:1[45]:/);

  /* An answer is under way when the session ends. */
  let let_go;
  const gate = new Promise((done) => (let_go = done));
  await page.route("**/responses/*", (route) => gate.then(() => route.continue()));
  await answer(page);
  await page.locator('[data-saving="saving"]').waitFor();
  await context.clearCookies();
  let_go();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, user);
  await question(page, 1);
  await saved(page);
  const id = page.url().match(/attempts\/([^/#]+)/)[1];
  await until(async () => {
    const attempt = (await server.get(`/api/v1/attempts/${id}`, user.bearer)).json;
    return attempt.sections[0].items[0].response !== null;
  }, "the answer to arrive");

  await page.goto("/history");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
});

test("without accounts there is nobody to sign in as", async (t) => {
  const { server, page } = await scene(t, browser);
  assert.equal((await api(server, "/api/v1/session")).accounts, false);
  await page.goto("/sign-in");
  await page.getByRole("heading", { level: 1, name: "Exams" }).waitFor();
});
