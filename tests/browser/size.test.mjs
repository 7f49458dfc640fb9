// The first load of the exam page: at most 60 KB of gzipped JavaScript, from the real program, nothing from elsewhere, and for good in the cache.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { begin, launch, question, scene } from "./browser.mjs";

const browser = await launch(after);
const BUDGET = 60 * 1024;

test("the exam page loads at most 60 KB of gzipped JavaScript", async (t) => {
  const { server, page } = await scene(t, browser);
  const attempt = await begin(server);
  const scripts = new Set();
  const elsewhere = [];
  page.on("request", (r) => {
    const url = new URL(r.url());
    if (url.origin !== server.url) elsewhere.push(r.url());
    if (url.pathname.endsWith(".js")) scripts.add(url.pathname);
  });
  await page.goto(`/attempts/${attempt.id}`);
  await question(page, 1);
  assert.deepEqual(elsewhere, []);
  assert.ok(scripts.size >= 3);

  let total = 0;
  const list = [];
  for (const path of scripts) {
    const response = await fetch(server.url + path, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(response.headers.get("content-encoding"), "gzip", path);
    assert.match(response.headers.get("cache-control"), /immutable/, path);
    const size = Number(response.headers.get("content-length"));
    assert.ok(size > 0, path);
    await response.arrayBuffer();
    total += size;
    list.push(`${size} ${path}`);
  }
  t.diagnostic(`${total} bytes in ${scripts.size} files`);
  assert.ok(total <= BUDGET, `${total} bytes:\n${list.join("\n")}`);
});

test("the policy of the page allows nothing inline and nothing from elsewhere", async (t) => {
  const { server, page } = await scene(t, browser);
  const violations = [];
  await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  page.on("console", (m) => /policy:/.test(m.text()) && violations.push(m.text()));
  const attempt = await begin(server);
  const reply = await page.goto(`/attempts/${attempt.id}`);
  const policy = reply.headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  await question(page, 1);
  assert.deepEqual(violations, []);
});
