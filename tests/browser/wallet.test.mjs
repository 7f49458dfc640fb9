// The wallet: what was earned, its name, who may see it, what runs out, and giving it back. The real program issues; a second bank gives certificates.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { root, startFor, temporaryFolder } from "../lib/server.mjs";
import { axe, launch, person } from "./browser.mjs";

const browser = await launch(after);
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const exam = (id, title, certificate) => `id: ${id}\ntitle: ${title}\nitems: 3\nduration: 10m\nmodes: [exam]\nscoring: {method: percent, cut: 0}\nreport: {show: domains}\n${certificate}`;

/** A server whose exams are passed by handing in nothing, with a certificate of each of `exams`. */
async function earned(t, exams) {
  const dir = temporaryFolder(t);
  const banks = join(dir, "bank");
  cpSync(join(root, "tests/fixtures/bank"), banks, { recursive: true });
  writeFileSync(join(banks, "exams/long.yml"), exam("long", "Backups", "certificate: {valid: 24mo, renew: {exam: again, window: 6mo, extends: expiry}}\n"));
  writeFileSync(join(banks, "exams/soon.yml"), exam("soon", "Shell", "certificate: {valid: 1mo, renew: {exam: again, window: 2mo, extends: expiry}}\n"));
  writeFileSync(join(banks, "exams/again.yml"), exam("again", "Backups, renewal", "kind: renewal\n"));
  const server = await startFor(t, { banks });
  for (const id of exams) {
    const { json } = await server.post("/api/v1/attempts", { exam: `fixture/${id}`, mode: "exam" });
    assert.equal((await server.post(`/api/v1/attempts/${json.id}/submit`, {})).status, 200);
  }
  return server;
}
const wallet = async (server) => (await server.get("/api/v1/certificates")).json;
const seen = async (server, id) => (await fetch(`${server.url}/credentials/${id}`)).status;

test("from the result to a shared certificate with a name, and back", async (t) => {
  const server = await earned(t, ["long"]);
  const page = await (await person(t, browser, server)).newPage();
  const [first] = (await wallet(server)).certificates;
  await page.goto(`/attempts/${first.attempt}/result`);
  await page.getByRole("link", { name: "See the certificate" }).click();
  const card = page.getByRole("listitem", { name: "Backups" });
  await card.getByText("Valid", { exact: true }).waitFor();
  await card.getByText("No name on it").waitFor();
  await card.getByText(/possible from/).waitFor();

  await card.getByRole("button", { name: "Put your name on it" }).click();
  const dialog = page.getByRole("dialog");
  assert.deepEqual(await axe(page), []);
  await dialog.getByLabel("Name", { exact: true }).fill("Ádám O’Neill-Łukasz");
  await page.keyboard.press("Enter");
  await card.getByText("Ádám O’Neill-Łukasz").waitFor();
  await card.getByText("It took the place of an earlier certificate").waitFor();
  assert.equal(await page.getByRole("listitem", { name: "Backups" }).count(), 1, "the old one is not in the way");
  const named = (await wallet(server)).certificates.find((c) => c.state === "valid");
  assert.equal(named.name, "Ádám O’Neill-Łukasz");
  assert.equal(named.shared, false);

  await card.getByText("Share and download", { exact: true }).click();
  const share = card.getByRole("checkbox", { name: /Everybody with the link/ });
  await share.click(); /* the tick follows the server */
  await card.getByRole("textbox", { name: "Link" }).waitFor();
  assert.equal(await card.getByRole("textbox", { name: "Link" }).inputValue(), `${server.url}/verify/${named.id}`);
  assert.match(await card.getByRole("textbox", { name: "Line for a CV" }).inputValue(), /^Backups, .+ valid until /);
  assert.match(await card.getByRole("link", { name: /LinkedIn/ }).getAttribute("href"), /^https:\/\/www\.linkedin\.com\/profile\/add\?startTask=CERTIFICATION_NAME&name=Backups&/);
  assert.equal((await wallet(server)).certificates.find((c) => c.id === named.id).shared, true);
  await card.getByRole("checkbox", { name: /watch how/ }).click();
  await card.getByRole("checkbox", { name: /watch how/, checked: true }).waitFor();
  await page.reload();
  await card.getByText("Shared · share and download").click();
  assert.ok(await card.getByRole("checkbox", { name: /watch how/ }).isChecked());
  await share.click();
  await card.getByText("Share and download", { exact: true }).waitFor();
  assert.equal((await wallet(server)).certificates.find((c) => c.id === named.id).shared, false);
});

test("what runs out says so, and leads to its renewal; hiding can be undone, deleting cannot", async (t) => {
  const server = await earned(t, ["long", "soon"]);
  const page = await (await person(t, browser, server)).newPage();
  await page.goto("/certificates");
  await page.getByText(/“Shell” ends on .+ You can renew it now/).waitFor();
  assert.equal(await page.getByRole("link", { name: "Renew it" }).getAttribute("href"), "/exams/fixture/again");

  const shell = page.getByRole("listitem", { name: "Shell" });
  await shell.getByRole("button", { name: "Hide" }).click();
  await page.getByText("1 hidden certificate").click();
  await shell.getByRole("button", { name: "Show again" }).click();
  await shell.getByRole("button", { name: "Hide" }).waitFor();

  const { id } = (await wallet(server)).certificates.find((c) => c.title === "Shell");
  assert.equal(await seen(server, id), 200, "the one local person sees her own");
  await shell.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await shell.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await shell.waitFor({ state: "detached" });
  assert.equal(await seen(server, id), 404);
  await page.getByRole("listitem", { name: "Backups" }).waitFor();
});

test("without a certificate the page says how to get one", async (t) => {
  const server = await earned(t, []);
  const page = await (await person(t, browser, server)).newPage();
  await page.goto("/certificates");
  await page.getByText("No certificates yet").waitFor();
  assert.deepEqual(await axe(page), []);
});

test("both themes, wide and narrow: nothing for axe to report, nothing to scroll sideways", async (t) => {
  const server = await earned(t, ["long", "soon"]);
  const list = (await wallet(server)).certificates;
  await server.request("PATCH", `/api/v1/certificates/${list[0].id}`, { shared: true });
  const { json: shared } = await server.post(`/api/v1/certificates/${list[0].id}/name`, { name: "Wolfeschlegelsteinhausenbergerdorff the Elder of Somewhere Far Away" });
  assert.equal(shared.shared, true, "a corrected name does not take the sharing back");
  for (const colorScheme of ["light", "dark"])
    for (const width of [1280, 390]) {
      const page = await (await person(t, browser, server, { colorScheme, viewport: { width, height: 900 } })).newPage();
      await page.goto(`/certificates?id=${shared.id}`);
      await page.getByRole("textbox", { name: "Link" }).waitFor();
      await page.waitForFunction(() => document.images.length === 2 && [...document.images].every((i) => i.complete && i.naturalWidth > 0));
      if (shots) await page.screenshot({ path: join(shots, `wallet-${colorScheme}-${width}.png`), fullPage: true });
      assert.deepEqual(await axe(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px`);
    }
});

test("by keyboard alone: name, share, hide", async (t) => {
  const server = await earned(t, ["long"]);
  const page = await (await person(t, browser, server)).newPage();
  await page.goto("/certificates");
  await page.getByRole("listitem", { name: "Backups" }).waitFor();
  const tabTo = async (name) => {
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement?.closest("label, button, summary, a")?.textContent ?? "")).includes(name)) return;
    }
    assert.fail(`no way to "${name}" by Tab`);
  };
  await tabTo("Put your name on it");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.type("Grace Hopper");
  await page.keyboard.press("Enter");
  await page.getByText("Grace Hopper").waitFor();
  await tabTo("Share and download");
  await page.keyboard.press("Enter");
  await tabTo("Everybody with the link");
  await page.keyboard.press("Space");
  await page.getByRole("textbox", { name: "Link" }).waitFor();
  await tabTo("Hide");
  await page.keyboard.press("Enter");
  await page.getByText("1 hidden certificate").waitFor();
});
