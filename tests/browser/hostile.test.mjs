// What comes from a bank or from the server never becomes more than text and a few harmless elements; what a browser stored is not trusted.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { begin, launch, question, scene } from "./browser.mjs";

const browser = await launch(after);

const HOSTILE = `<p onclick="boom()" style="position:fixed">text <script>boom()</script><img src="x" onerror="boom()"><img src="javascript:boom()">
  <a href="javascript:boom()">one</a><a href=" jAvAsCrIpT:boom()">two</a><a href="data:text/html,boom">three</a><a href="//example.org/">four</a>
  <iframe src="/"></iframe><object data="/"></object><form action="/x"><input type="text" name="q"><button>go</button></form>
  <svg><script>boom()</script><a xlink:href="javascript:boom()">five</a></svg><math><mi xlink:href="javascript:boom()">six</mi></math>
  <style>body{display:none}</style><link rel="stylesheet" href="/x.css"><base href="https://example.org/"><meta http-equiv="refresh" content="0;url=/">
  <template><img src=x onerror=boom()></template><a href="https://example.org/">seven</a><noscript><img src=x onerror="boom()"></noscript></p>`;

test("HTML in a question is rebuilt from an allow-list", async (t) => {
  /* The parser reports to the policy, although what it parses is never shown. */
  const { server, page } = await scene(t, browser, { context: { expected: /Content Security Policy/ } });
  const attempt = await begin(server);
  await page.addInitScript(() => (globalThis.boom = () => (globalThis.exploded = true)));
  await page.route("**/claim", async (route) => {
    const reply = await route.fetch();
    const body = await reply.json();
    for (const item of body.attempt.sections[0].items) {
      item.stem = HOSTILE;
      for (const o of item.options ?? []) o.html = HOSTILE;
    }
    await route.fulfill({ response: reply, json: body });
  });
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  const found = await page.locator(".stem").evaluate((stem) => ({
    elements: [...new Set([...stem.querySelectorAll("*")].map((e) => e.localName))].sort(),
    attributes: [...new Set([...stem.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()))].sort(),
    links: [...stem.querySelectorAll("a")].map((a) => a.getAttribute("href")),
  }));
  assert.deepEqual(found.links, ["https://example.org/"]);
  for (const e of ["script", "img", "iframe", "object", "form", "svg", "style", "link", "base", "meta", "template", "button"]) assert.ok(!found.elements.includes(e), e);
  for (const a of found.attributes) assert.ok(!/^on|style|src|action/.test(a), a);
  assert.equal(await page.evaluate(() => globalThis.exploded), undefined);
});

test("answers of the server that make no sense end in words, not in a blank page", async (t) => {
  const { page } = await scene(t, browser);
  for (const [status, type, body] of [[200, "text/html", "<h1>proxy</h1>"], [500, "text/html", "oops"], [200, "application/json", "{"], [502, "application/json", "[]"], [404, "application/problem+json", '{"code":5}']]) {
    await page.route("**/api/v1/exams", (route) => route.fulfill({ status, contentType: type, body }));
    await page.goto("/");
    await page.getByRole("heading", { name: "This did not work" }).waitFor();
    await page.unroute("**/api/v1/exams");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "Everything", exact: true }).waitFor();
  }
});

test("stored rubbish does no harm", async (t) => {
  const { server, page } = await scene(t, browser);
  await page.addInitScript(() => localStorage.setItem("assay.preferences", '{"theme":{"a":1},"zoom":"900","language":"../../x"}'));
  const attempt = await begin(server);
  await page.goto(`/attempts/${attempt.id}#99999`);
  await question(page, 1);
});

test("an attempt that is not there is said not to be there", async (t) => {
  const { page } = await scene(t, browser);
  for (const path of ["/attempts/nope", "/attempts/nope/review", "/attempts/nope/result", "/exams/fixture/nope", "/study/nope/nope"]) {
    await page.goto(path);
    await page.getByText("There is no such page, or it belongs to another account.").waitFor();
  }
});
