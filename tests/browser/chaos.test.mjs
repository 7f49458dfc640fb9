// A bad network, at random but from a printed seed: requests that never arrive, replies that get lost, replies that are late, short outages, a
// reload in between. Whatever happens, in the end the server has exactly what is on the page, and every number was used for one answer only.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, begin, items, launch, question, saved, scene } from "./browser.mjs";

const browser = await launch(after);

/* mulberry32 */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function badNetwork(page, rnd, used) {
  await page.route("**/api/v1/attempts/*/responses/*", async (route) => {
    const request = route.request();
    const item = request.url().split("/").pop();
    const body = request.postDataJSON();
    const key = `${item} ${body.seq}`;
    const content = JSON.stringify([body.response, body.flagged, body.confidence ?? null]);
    if (used.has(key) && used.get(key) !== content) used.set("broken", `${key}: ${used.get(key)} and ${content}`);
    used.set(key, content);
    const fate = rnd();
    if (fate < 0.25) return route.abort("connectionreset");
    if (fate < 0.45) {
      await route.fetch().catch(() => {});
      return route.abort("connectionreset"); /* the server has it, the page does not know */
    }
    if (fate < 0.55) return route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "busy", status: 503, code: "busy", detail: "busy" }) });
    return route.continue();
  });
}

for (const seed of [1, 2, Number(process.env.SEED ?? 3)]) {
  test(`a bad network, seed ${seed}`, async (t) => {
    const { server, context, page } = await scene(t, browser);
    const rnd = random(seed);
    const pick = (n) => Math.floor(rnd() * n);
    const attempt = await begin(server);
    const used = new Map();
    await badNetwork(page, rnd, used);
    await page.goto(`/attempts/${attempt.id}`);
    await question(page, 1);
    for (let step = 0; step < 60; step++) {
      const what = pick(12);
      if (what < 4) await page.keyboard.press(String(1 + pick(3)));
      else if (what < 7) await page.keyboard.press(["n", "p", "n"][pick(3)]);
      else if (what < 8) await page.keyboard.press("f");
      else if (what < 9) await page.locator(".confidence").getByRole("radio").nth(pick(4)).check();
      else if (what < 10) {
        const box = page.locator('.item input[type="text"]');
        if (await box.count()) await box.first().fill(`${pick(1000)}`);
      } else if (what < 11 && step % 3 === 0) {
        await context.setOffline(true);
        await page.keyboard.press("f");
        await context.setOffline(false);
      } else if (step % 20 === 7) {
        await page.reload();
        await page.getByRole("heading", { level: 1, name: /^Question/ }).waitFor();
      }
      if (/review$/.test(page.url())) await page.goBack();
    }
    assert.equal(used.get("broken"), undefined);
    await page.unrouteAll({ behavior: "wait" });
    await page.locator("body").press("Escape");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await saved(page).catch(async (e) => assert.fail(`${e.message} ${await page.locator(".exam-status").textContent()}`));

    /* What is on the page, question by question, is what the server has. */
    const there = items(await api(server, `/api/v1/attempts/${attempt.id}`));
    for (const item of there) {
      const cell = await page.getByRole("button", { name: new RegExp(`^Question ${item.n}: `) }).getAttribute("aria-label");
      assert.equal(/not answered/.test(cell), item.response === null, `question ${item.n}: ${cell}, ${JSON.stringify(item.response)}`);
      assert.equal(/flagged/.test(cell), item.flagged, `question ${item.n}: ${cell}`);
      if (!["single", "true-false", "multiple"].includes(item.kind)) continue;
      if (!(await page.getByRole("heading", { level: 1, name: new RegExp(`^Question ${item.n} of`) }).count())) await page.getByRole("button", { name: new RegExp(`^Question ${item.n}: `) }).click();
      await question(page, item.n);
      const chosen = await page.locator(".options input:checked").evaluateAll((list) => list.map((e) => e.dataset.optionId));
      assert.deepEqual(chosen.sort(), [...(item.response?.choose ?? [])].sort(), `question ${item.n}`);
    }
  });
}
