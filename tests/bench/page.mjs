// The verifier as one file, opened from a disk: how long it takes from the click to the verdict, the first time and then, and what it weighs. Run by
// script/bench page.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { Issuer } from "../lib/issuer.mjs";
import { root } from "../lib/server.mjs";

const client = join(root, "web/client");
const { chromium } = createRequire(join(client, "package.json"))("playwright-core");
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/* In the page: from the click on "Check it" until the verdict stands there. */
const timed = (text) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("no verdict came")), 60000);
  const box = document.querySelector("textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const before = document.querySelector("[data-verdict]");
  setTimeout(() => {
    const start = performance.now();
    const observer = new MutationObserver(() => {
      const now = document.querySelector("[data-verdict]");
      if (!now || now === before) return;
      observer.disconnect();
      done({ ms: performance.now() - start, verdict: now.dataset.verdict });
    });
    observer.observe(document.body, { childList: true, subtree: true });
    document.querySelector("form button[type=submit]").click();
  }, 50);
});

export async function benchPage({ work, row, median, runs }) {
  const dist = join(work, "client");
  execFileSync(process.execPath, [join(client, "build.mjs"), "--out", dist]);
  const path = join(dist, "verify.html");
  const issuer = new Issuer();
  const bundle = JSON.stringify(await issuer.bundle(await issuer.certificate()));
  const profile = mkdtempSync(join(work, "profile-"));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS, env: { ...process.env, HOME: profile } });
  const first = [];
  const again = [];
  const cpu = { first: [], again: [] };
  const ready = [];
  try {
    for (let i = 0; i < runs; i++) {
      const page = await (await browser.newContext()).newPage();
      const begun = performance.now();
      await page.goto(pathToFileURL(path).href);
      await page.locator("textarea").waitFor();
      ready.push(performance.now() - begun);
      await page.locator("input[type=file]").last().setInputFiles({ name: "trust.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(issuer.trust())) });
      await page.locator(".trusted li").waitFor();
      /* The time that the page's own thread computed: other programs on this machine do not count into it. */
      const session = await page.context().newCDPSession(page);
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      const computed = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value * 1000;
      for (const list of [first, again]) {
        const before = await computed();
        /* Another one each time, so that the report is drawn anew. */
        const { ms, verdict } = await page.evaluate(timed, list === first ? bundle : bundle.replace("{", "{ "));
        if (verdict !== "valid") throw new Error(`the page said ${verdict}`);
        list.push(ms);
        cpu[list === first ? "first" : "again"].push((await computed()) - before);
      }
      await page.context().close();
    }
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  row("verifier as one file: from opening to ready", `${median(ready).toFixed(0)} ms`);
  row("… a bundle checked, the first one after opening", `${median(first).toFixed(0)} ms`, `${median(cpu.first).toFixed(0)} ms of CPU; target 200 ms; two proofs each of certificate and list, log, report drawn`);
  row("… the next one", `${median(again).toFixed(0)} ms`, `${median(cpu.again).toFixed(0)} ms of CPU`);
  row("… its size", `${(statSync(path).size / 1024).toFixed(0)} KiB`, `${(gzipSync(readFileSync(path)).length / 1024).toFixed(0)} KiB compressed`);
}
