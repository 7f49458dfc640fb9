// A badge on somebody else's page: the small page in a frame, and the pictures; nothing else of the server can be framed.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { bankWithCertificates, change, earn } from "../lib/certificates.mjs";
import { startFor } from "../lib/server.mjs";
import { launch, person } from "./browser.mjs";

const browser = await launch(after);

test("another site shows a shared badge, on a phone, too, and frames nothing else of the server", async (t) => {
  const server = await startFor(t, { banks: bankWithCertificates(t), args: ["--no-rate-limits"] });
  const { id } = await earn(server, "numbers");
  assert.equal((await change(server, id, { shared: true })).status, 200);
  const at = `${server.url}/credentials/${id}`;
  const site = createServer((request, reply) => {
    reply.setHeader("Content-Type", "text/html");
    reply.end(`<!doctype html><title>Elsewhere</title><iframe id="embed" src="${at}/embed" width="300" height="300"></iframe>
      <img id="svg" src="${at}/badge.svg" width="128"><img id="png" src="${at}/badge.png" width="128">
      <iframe id="page" src="${server.url}/"></iframe><iframe id="bare" src="${at}/badge.svg"></iframe>`);
  }).listen(0, "127.0.0.1");
  t.after(() => site.close());
  await once(site, "listening");
  const context = await person(t, browser, server, { expected: /frame-ancestors|Content Security Policy/ });
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  const shown = (locator) => locator.evaluate((img) => (img.decode ? img.decode().then(() => img.naturalWidth) : 0));
  assert.equal(await shown(page.locator("#svg")), 600);
  assert.equal(await shown(page.locator("#png")), 600);
  const frame = page.frameLocator("#embed");
  assert.equal(await shown(frame.locator("img")), 600);
  assert.match(await frame.locator("img").getAttribute("alt"), /^An exam with numbers, by /);
  assert.equal(await frame.locator("a").getAttribute("href"), `/verify/${id}`);
  const box = await frame.locator("img").boundingBox();
  assert.ok(box.width <= 300 && box.height <= 300, "it fits its frame");
  const urls = page.frames().map((f) => f.url());
  assert.ok(!urls.includes(`${server.url}/`) && !urls.includes(`${at}/badge.svg`), `not to be framed: ${urls}`);
});
