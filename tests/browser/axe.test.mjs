// Every page in both themes, wide and at 390 px: nothing for axe to report, nothing that has to be scrolled sideways. Also at 400 % zoom, in large
// print, from right to left, with forced colours, and with the dialogs open. SHOTS=FOLDER keeps a picture of each.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { anyResponse, startFor } from "../lib/server.mjs";
import { answer, axe, begin, items, launch, PATIENCE_MS } from "./browser.mjs";

const browser = await launch(after);
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

let server;
let studyServer; /* of its own: while an exam runs, study mode explains nothing about its questions */
const pages = []; /* [name, path, what to do there] */

const put = (attempt, item, body) => server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, { seq: 1, spent_ms: 30_000 + item.n * 7_000, ...body });

before(async (t) => {
  server = await startFor(t);
  /* Some past: two finished exams, a study session. */
  for (const pick of [0, 1]) {
    const done = await begin(server);
    for (const item of items(done)) await put(done, item, { response: item.n % 7 ? anyResponse(item, pick) : null, confidence: [25, 50, 75, 95][item.n % 4], flagged: item.n % 5 === 0 });
    await server.post(`/api/v1/attempts/${done.id}/submit`, {});
    if (pick) pages.push(["result", `/attempts/${done.id}/result`, openAll], ["scoring-result", `/scoring?attempt=${done.id}`]);
  }
  studyServer = await startFor(t);
  const study = await begin(studyServer, "fixture/all", "study", { focus: { items: 14 } });
  const exam = await begin(server);
  for (const item of items(exam).slice(0, 9)) await put(exam, item, { response: anyResponse(item, 1), confidence: 75, flagged: item.n % 3 === 0 });
  const sections = await begin(server, "fixture/sections");
  const essay = await begin(server, "fixture/essay");
  const secret = await begin(server, "fixture/secret");
  await server.post(`/api/v1/attempts/${secret.id}/submit`, {});
  const late = await begin(server, "fixture/late");
  await server.post(`/api/v1/attempts/${late.id}/submit`, {});
  const bands = await begin(server, "fixture/retakes");
  await server.post(`/api/v1/attempts/${bands.id}/submit`, {});

  pages.push(
    ["catalogue", "/"],
    ["description", "/exams/fixture/all"],
    ["description-sections", "/exams/fixture/sections"],
    ["study", "/study/fixture/all"],
    ["history", "/history"],
    ["scoring", "/scoring"],
    ["not-found", "/nowhere"],
    ["review", `/attempts/${exam.id}/review`],
    ["submit-dialog", `/attempts/${exam.id}/review`, (page) => page.getByRole("button", { name: "Finish the exam" }).click()],
    ["session", `${studyServer.url}/attempts/${study.id}`],
    ["session-feedback", `${studyServer.url}/attempts/${study.id}`, checkOne],
    ["result-pass-fail", `/attempts/${secret.id}/result`],
    ["result-later", `/attempts/${late.id}/result`],
    ["result-bands", `/attempts/${bands.id}/result`],
    ["start-dialog", "/exams/fixture/late", (page) => page.getByRole("button", { name: /^Start the exam/ }).click()],
    ["no-return", `/attempts/${sections.id}`],
    ["help", `/attempts/${exam.id}`, (page) => page.keyboard.press("?")],
    ["docs", `/attempts/${exam.id}`, (page) => page.getByRole("button", { name: "Documentation" }).click().then(() => page.getByRole("button", { name: "Numbers" }).click()).then(() => page.getByText("1024").waitFor())],
    ["notes", `/attempts/${exam.id}`, (page) => page.getByRole("button", { name: /^Notes/ }).click()],
    ["display", `/attempts/${exam.id}`, (page) => page.getByRole("button", { name: "Display" }).click()],
    ["superseded", `/attempts/${exam.id}`, (page) => server.post(`/api/v1/attempts/${exam.id}/claim`, {}).then(() => page.getByRole("button", { name: "Flag", exact: true }).click()).then(() => page.getByRole("button", { name: "Continue here" }).waitFor())],
  );
  const kinds = new Map([essay, exam].flatMap((attempt) => items(attempt).map((i) => [i.kind, `/attempts/${attempt.id}#${i.n}`])));
  for (const [kind, path] of kinds) pages.push([`item-${kind}`, path]);
  const withCase = items(exam).find((i) => i.case);
  pages.push(["item-case", `/attempts/${exam.id}#${withCase.n}`]);
});

async function openAll(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await page.getByText("EXPLANATION-TEXT").first().waitFor();
}

async function checkOne(page) {
  await answer(page);
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("group", { name: "How it was marked" }).waitFor();
}

async function visit(page, name, path, act, label) {
  await page.goto("about:blank");
  await page.goto(path);
  await page.locator("main h1").first().waitFor();
  await act?.(page);
  if (label === "right-to-left") await page.evaluate(() => (document.documentElement.dir = "rtl"));
  if (shots) await page.screenshot({ path: join(shots, `${name}-${label}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const found = await axe(page);
  return [...found, ...(wide > 0 ? [`${wide} px too wide`] : [])].map((f) => `${name}: ${f}`);
}

const looks = [
  ["light, wide", { colorScheme: "light", viewport: { width: 1280, height: 900 } }],
  ["dark, wide", { colorScheme: "dark", viewport: { width: 1280, height: 900 } }],
  ["light, 390 px", { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true }],
  ["dark, 390 px", { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true }],
  ["400 % zoom", { viewport: { width: 320, height: 256 } }],
  ["large print", { viewport: { width: 1280, height: 900 } }, { largePrint: true, zoom: 130 }],
  ["300 % text", { viewport: { width: 1280, height: 900 } }, { zoom: 300 }],
  ["forced colours", { forcedColors: "active", viewport: { width: 1280, height: 900 } }],
  ["right to left", { viewport: { width: 390, height: 844 } }],
  ["German", { locale: "de-DE", viewport: { width: 390, height: 844 } }],
];

for (const [label, options, preferences] of looks) {
  test(label, async (t) => {
    const context = await browser.newContext({ baseURL: server.url, locale: "en-GB", reducedMotion: "reduce", ...options }); /* no colour on its way to another */
    t.after(() => context.close());
    context.setDefaultTimeout(PATIENCE_MS);
    if (preferences) await context.addInitScript((p) => location.origin !== "null" && localStorage.setItem("assay.preferences", p), JSON.stringify(preferences));
    const page = await context.newPage();
    const findings = [];
    page.on("pageerror", (e) => findings.push(String(e)));
    page.on("console", (m) => m.type() === "error" && !/Failed to load/.test(m.text()) && findings.push(m.text()));
    for (const [name, path, act] of pages) {
      /* What is done by English names is done in English. */
      if (label === "German" && act) continue;
      findings.push(...(await visit(page, name, path, act, label.replace(/\W+/g, "-"))));
    }
    assert.deepEqual(findings, []);
  });
}
