// Checking certificates in the browser: bringing them in every way, whom to trust, the page of a shared one, and the file that works without a network. The
// real program issues, and must come to the same verdicts. SHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import { addUser } from "../lib/accounts.mjs";
import { chunk, Issuer, PNG } from "../lib/issuer.mjs";
import { root, startFor, temporaryFolder, until } from "../lib/server.mjs";
import { axe, chromium, launch, PATIENCE_MS, person } from "./browser.mjs";

const browser = await launch(after);
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const require = createRequire(join(root, "web/client/package.json"));
const encode = require("qr").default;
const cleanUps = [];
after(async () => { for (const f of cleanUps.reverse()) await f(); });
const whole = { after: (f) => cleanUps.push(f) };
const folder = temporaryFolder(whole);

const exam = "id: long\ntitle: Backups\nitems: 3\nduration: 10m\nmodes: [exam]\nscoring: {method: percent, cut: 0}\nreport: {show: domains}\ncertificate: {valid: 24mo}\n";
const banks = join(folder, "bank");
cpSync(join(root, "tests/fixtures/bank"), banks, { recursive: true });
writeFileSync(join(banks, "exams/long.yml"), exam);

/* One server with a public name, a shared certificate and a private one; and an issuer that the server has never heard of. */
let server, shared, hidden, foreign, foreignBundle;
async function earn() {
  const { json } = await server.post("/api/v1/attempts", { exam: "fixture/long", mode: "exam" });
  await server.post(`/api/v1/attempts/${json.id}/submit`, {});
  return (await server.get("/api/v1/certificates")).json.certificates.find((c) => c.attempt === json.id);
}
before(async () => {
  server = await startFor(whole, { banks, args: ["--public-url", "https://exam.example.org"] });
  shared = await earn();
  hidden = await earn();
  assert.equal((await server.request("PATCH", `/api/v1/certificates/${shared.id}`, { shared: true })).status, 200);
  for (const c of [shared, hidden]) {
    await until(async () => (await server.get(`/credentials/${c.id}/log-proof`)).status === 200, "the log's proof");
    c.text = (await server.get(`/credentials/${c.id}`)).text;
    c.bundle = (await server.get(`/credentials/${c.id}/bundle.json`)).text;
  }
  foreign = new Issuer("did:web:other.example.org", "Other Academy");
  foreignBundle = JSON.stringify(await foreign.bundle(await foreign.certificate()));
});

const box = (page) => page.getByLabel(/Paste the text/);
async function paste(page, text) {
  await box(page).fill(text);
  await page.getByRole("button", { name: "Check it" }).click();
}
const verdict = async (page, what) => page.locator(`[data-verdict="${what}"]`).waitFor();
const checks = (page) => page.locator("[data-check]").evaluateAll((all) => Object.fromEntries(all.map((e) => [e.dataset.check, `${e.dataset.outcome} ${e.dataset.code}`])));
async function open(t, options) {
  const page = await (await person(t, browser, server, options)).newPage();
  await page.goto("/verify");
  await box(page).waitFor();
  return page;
}
const fileOf = (name, text) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });
async function drop(page, name, bytes) {
  const data = await page.evaluateHandle(([n, base64]) => {
    const d = new DataTransfer();
    d.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], n));
    return d;
  }, [name, Buffer.from(bytes).toString("base64")]);
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", type, { dataTransfer: data });
}

test("what is pasted, dropped and chosen is checked here, and the server says the same", async (t) => {
  const page = await open(t);
  const sent = [];
  page.on("request", (r) => sent.push(`${r.method()} ${new URL(r.url()).pathname}`));
  const changed = shared.text.replace('"value":"0"', '"value":"100"');
  assert.notEqual(changed, shared.text);
  const cases = [[shared.text, "valid"], [shared.bundle, "valid"], [hidden.text, "valid"], [changed, "invalid"], [foreignBundle, "unknown"], ["{}", "invalid"], ["hello", "invalid"]];
  for (const [i, [text, what]] of cases.entries()) {
    if (i % 3 === 0) await paste(page, text);
    else if (i % 3 === 1) await drop(page, "certificate", text);
    else await page.locator("input[type=file]").first().setInputFiles(fileOf("certificate.json", text));
    const theirs = (await server.post("/api/v1/verify", text)).json;
    assert.equal(theirs.verdict, what, text.slice(0, 60));
    await until(async () => JSON.stringify(Object.entries(await checks(page)).sort()) === JSON.stringify(theirs.checks.map((c) => [c.id, `${c.outcome} ${c.code}`]).sort()),
      `the same checks for ${text.slice(0, 60)}: ${JSON.stringify(theirs.checks.map((c) => [c.id, `${c.outcome} ${c.code}`]))}`);
    await verdict(page, what);
  }
  assert.ok(!sent.some((r) => r.startsWith("POST")), "the file goes nowhere");
  const heading = page.getByRole("heading", { name: "This does not hold" });
  await heading.waitFor();
  assert.ok(await heading.evaluate((e) => e === document.activeElement), "the verdict is where the reader is");
});

test("the server's own pictures are read, and hold", async (t) => {
  const page = await open(t);
  for (const [file, format] of [["badge.png", "PNG"], ["badge.svg", "SVG"], ["certificate.pdf?paper=a4", "PDF"], ["certificate.pdf?paper=letter", "PDF"]]) {
    const reply = await fetch(`${server.url}/credentials/${shared.id}/${file}`);
    assert.equal(reply.status, 200, file);
    const bytes = Buffer.from(await reply.arrayBuffer());
    await page.locator("input[type=file]").first().setInputFiles({ name: file, mimeType: "application/octet-stream", buffer: bytes });
    await page.getByText(`File: ${file}.`).waitFor();
    await verdict(page, "valid");
    assert.equal((await checks(page)).picture, "pass ok", format);
    /* One bit of what is drawn, near its end. */
    const at = format === "SVG" ? bytes.lastIndexOf("fill") : format === "PNG" ? bytes.length - 30 : bytes.indexOf("stream") + 40;
    const changed = Buffer.from(bytes);
    changed[at] ^= 1;
    await drop(page, `changed ${file}`, changed);
    await page.getByText(`File: changed ${file}.`).waitFor();
    await verdict(page, "invalid");
  }
});

test("by keyboard alone", async (t) => {
  const page = await open(t);
  const reach = async (locator) => {
    for (let i = 0; i < 40 && !(await locator.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
    assert.ok(await locator.evaluate((e) => e === document.activeElement));
  };
  await reach(box(page));
  await page.keyboard.insertText(shared.bundle);
  await reach(page.getByRole("button", { name: "Check it" }));
  await page.keyboard.press("Enter");
  await verdict(page, "valid");
  assert.ok(await page.getByRole("heading", { name: "Genuine and valid" }).evaluate((e) => e === document.activeElement));
  await page.getByText("exam.example.org certified this").waitFor();
});

test("another issuer is trusted when somebody brings its keys, and no longer", async (t) => {
  const page = await open(t);
  await paste(page, foreignBundle);
  await verdict(page, "unknown");
  await page.getByText("Whose key signed it is not known here.").first().waitFor();
  await page.locator("input[type=file]").last().setInputFiles(fileOf("trust.json", JSON.stringify(foreign.trust())));
  await verdict(page, "valid");
  await page.getByRole("button", { name: "Do not trust Other Academy any more" }).click();
  await verdict(page, "unknown");
  await drop(page, "trust.json", JSON.stringify(foreign.trust()));
  await verdict(page, "valid");
  await page.locator("input[type=file]").last().setInputFiles(fileOf("trust.json", '{"trust":"assay-trust/v9"}'));
  await page.getByText("This trust file cannot be used.").waitFor();
});

test("whom it is about", async (t) => {
  const page = await open(t);
  await paste(page, foreignBundle);
  await page.locator("input[type=file]").last().setInputFiles(fileOf("trust.json", JSON.stringify(foreign.trust())));
  await verdict(page, "valid");
  await page.getByLabel("Whom should it be about?").fill("Ada Lovelace");
  await paste(page, foreignBundle);
  await until(async () => (await checks(page)).holder === "pass ok", "the right holder");
  await page.getByLabel("Whom should it be about?").fill("Eve");
  await paste(page, foreignBundle);
  await verdict(page, "invalid");
  assert.equal((await checks(page)).holder, "fail holder-mismatch");
});

/* ---- QR codes ---- */

const linkOf = async (c) => `https://exam.example.org/verify/${c.id}#sha256=${Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(c.text))).toString("hex")}`;

/** A grey picture, a row per line, as a PNG. */
function pngOf(rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows[0].length, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([PNG, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows.map((r) => Buffer.concat([Buffer.from([0]), r]))))), chunk("IEND", "")]);
}
/** A QR code as rows of grey, each square `scale` wide, on a ground of this size. */
function code(text, width, height, scale) {
  const raw = encode(text, "raw");
  const rows = Array.from({ length: height }, () => Buffer.alloc(width, 235));
  const [left, top] = [(width - raw.length * scale) >> 1, (height - raw.length * scale) >> 1];
  raw.forEach((line, y) => line.forEach((dark, x) => { for (let k = 0; k < scale; k++) rows[top + y * scale + k].fill(dark ? 16 : 235, left + x * scale, left + (x + 1) * scale); }));
  return rows;
}

test("a photo of a QR code leads to the certificate, if it is shared and the very one", async (t) => {
  const page = await open(t);
  const choose = async (text) => page.locator("input[type=file]").first().setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: pngOf(code(text, 400, 400, 5)) });
  await choose(await linkOf(shared));
  await verdict(page, "valid");
  await page.getByText("Backups").first().waitFor();
  await choose((await linkOf(shared)).replace(/.{4}$/, "0000"));
  await verdict(page, "invalid");
  assert.equal((await checks(page)).document, "fail hash-mismatch");
  await choose("https://elsewhere.example.org/verify/x#sha256=" + "0".repeat(64));
  await verdict(page, "unknown");
  assert.equal((await checks(page)).format, "unknown not-fetched");
  await page.locator("input[type=file]").first().setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: pngOf(code("x", 200, 200, 5)) });
  await verdict(page, "invalid");
});

test("the camera reads a QR code, on this page alone", async (t) => {
  /* Raw video in black and white: what the browser takes for its camera. */
  const [width, height] = [640, 480];
  const y = Buffer.concat(code(await linkOf(shared), width, height, 6));
  const frame = Buffer.concat([Buffer.from("FRAME\n"), y, Buffer.alloc((width * height) / 2, 128)]);
  const film = join(folder, "camera.y4m");
  writeFileSync(film, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
  const own = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args, timeout: 2 * PATIENCE_MS });
  t.after(() => own.close());
  const page = await (await person(t, own, server)).newPage();
  /* By a link from another page: that document may not use the camera, so this one is loaded anew. */
  await page.goto("/history");
  await page.getByRole("link", { name: "Check a certificate" }).click();
  await page.getByRole("button", { name: "Scan a QR code" }).click();
  await verdict(page, "valid");
  assert.equal(await page.getByRole("dialog").count(), 0);
  for (const [path, policy] of [["/verify", /camera=\(self\)/], ["/", /camera=\(\)/], ["/history", /camera=\(\)/], [`/verify/${shared.id}`, /camera=\(\)/]])
    assert.match((await fetch(server.url + path)).headers.get("permissions-policy"), policy, path);
});

test("without a camera other ways are named", async (t) => {
  const page = await open(t);
  await page.getByRole("button", { name: "Scan a QR code" }).click();
  await page.getByText(/There is no camera here|may not be used here/).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

/* ---- The page of a certificate ---- */

test("a shared certificate is for everybody, one that is not looks like none, and nobody is asked to sign in", async (t) => {
  const theirs = await startFor(t, { banks, args: ["--public-url", "https://exam.example.org"] });
  const ada = await addUser(theirs, "ada");
  const as = ada.bearer;
  const { json } = await theirs.post("/api/v1/attempts", { exam: "fixture/long", mode: "exam" }, as);
  await theirs.post(`/api/v1/attempts/${json.id}/submit`, {}, as);
  const [mine] = (await theirs.get("/api/v1/certificates", as)).json.certificates;
  const context = await person(t, browser, theirs);
  const page = await context.newPage();
  for (const id of [mine.id, "0f1e2d3c-4b5a-4697-8877-665544332211", "nonsense"]) {
    await page.goto(`/verify/${id}`);
    await page.getByRole("heading", { level: 1, name: "There is no certificate to see here" }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/verify/${id}`);
  }
  await theirs.request("PATCH", `/api/v1/certificates/${mine.id}`, { shared: true }, as);
  await page.goto(`/verify/${mine.id}`);
  await verdict(page, "valid");
  await page.getByRole("heading", { level: 1, name: "Genuine and valid" }).waitFor();
  await page.getByRole("heading", { name: "What it does not say" }).waitFor();
  await page.getByText("Not supervised").waitFor();
  assert.equal(await page.getByText("You see this because it is yours").count(), 0);
  await page.getByRole("button", { name: "Check it in this browser" }).click();
  await page.getByText(/^Checked in this browser/).waitFor();
  await verdict(page, "valid");
});

test("its holder reads whether others can see it", async (t) => {
  const page = await (await person(t, browser, server)).newPage();
  await page.goto(`/verify/${hidden.id}`);
  await page.getByText("Nobody else can see this page").waitFor();
  await page.goto(`/verify/${shared.id}`);
  await page.getByText("You see this because it is yours.").waitFor();
  assert.equal(await page.getByText("Nobody else can see this page").count(), 0);
});

const pretend = async (page, change) => page.route("**/api/v1/credentials/*", async (route) => {
  const response = await route.fetch();
  const json = await response.json();
  change(json);
  await route.fulfill({ response, json });
});

test("what became of it is said first", async (t) => {
  const states = [
    ["revoked", { id: "status", outcome: "fail", code: "revoked" }, "Taken back by its issuer", /does not count any more/],
    ["suspended", { id: "status", outcome: "fail", code: "suspended" }, "Suspended by its issuer", /Until that ends/],
    ["expired", { id: "dates", outcome: "fail", code: "expired" }, "Genuine, but expired", /genuine until then/],
    ["superseded", { id: "status", outcome: "fail", code: "revoked" }, "Taken back by its issuer", /replaced by another one/],
    ["not-yet", { id: "dates", outcome: "fail", code: "not-yet-valid" }, "Genuine, but not valid yet", /not valid yet/],
  ];
  const page = await (await person(t, browser, server)).newPage();
  for (const [state, check, headline, text] of states) {
    await page.unrouteAll();
    await pretend(page, (json) => {
      Object.assign(json, { state, superseded_by: state === "superseded" ? hidden.id : null });
      json.report.verdict = "invalid";
      Object.assign(json.report.checks.find((c) => c.id === check.id), check);
    });
    await page.goto("about:blank");
    await page.goto(`/verify/${shared.id}`);
    await page.getByRole("heading", { level: 1, name: headline }).waitFor();
    await page.locator(".notice").getByText(text).waitFor();
    if (state === "superseded") assert.equal(await page.getByRole("link", { name: "See the one that replaces it" }).getAttribute("href"), `/verify/${hidden.id}`);
  }
});

test("recordings are shown where the holder lets them be", async (t) => {
  const page = await (await person(t, browser, server)).newPage();
  const href = `/credentials/${shared.id}/replay/i1/1`;
  await pretend(page, (json) => (json.replay = [{ task: "i1", title: "Backups <b>", shell: 1, href }, { task: "i2", title: "Elsewhere", shell: 1, href: "https://elsewhere.example.org/x" }]));
  await page.route(`**${href}`, (route) => route.fulfill({ contentType: "text/plain", body: '{"version":2,"width":80,"height":24}\n[0.5,"o","hello from the shell"]\n' }));
  await page.goto(`/verify/${shared.id}`);
  assert.equal(await page.getByRole("button", { name: /Elsewhere/ }).count(), 0, "only from this server");
  await page.getByRole("button", { name: "Backups <b>, shell 1" }).click();
  await page.getByText("As text").click();
  await page.locator("[data-transcript]").filter({ hasText: "hello from the shell" }).or(page.getByRole("button", { name: "Play", exact: true })).first().waitFor();
  await page.getByRole("button", { name: "Close the recording" }).click();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor({ state: "detached" });
});

/* ---- The file ---- */

async function savedPage() {
  const reply = await fetch(`${server.url}/verify.html`);
  assert.match(reply.headers.get("content-disposition"), /attachment; filename="assay-verify.html"/);
  const path = join(folder, "assay-verify.html");
  writeFileSync(path, await reply.text());
  return path;
}

test("the saved file checks without a network and asks nobody", async (t) => {
  const path = await savedPage();
  const html = readFileSync(path, "utf8");
  assert.doesNotMatch(html.replace(/<script>[^]*?<\/script>/g, ""), /\b(src|href)="(?!data:)/, "no reference outside");
  const context = await person(t, browser, server);
  await context.setOffline(true);
  const page = await context.newPage();
  const asked = [];
  const violations = [];
  page.on("request", (r) => asked.push(r.url()));
  page.on("console", (m) => /Content Security Policy/.test(m.text()) && violations.push(m.text()));
  await page.goto(pathToFileURL(path).href);
  await paste(page, shared.bundle);
  await verdict(page, "valid");
  await page.getByText("put into this page by the server").waitFor();
  await paste(page, shared.bundle.replace('"value":"0"', '"value":"100"'));
  await verdict(page, "invalid");
  await paste(page, foreignBundle);
  await verdict(page, "unknown");
  await page.locator("input[type=file]").last().setInputFiles(fileOf("trust.json", JSON.stringify(foreign.trust())));
  await verdict(page, "valid");
  await paste(page, await linkOf(shared));
  await verdict(page, "unknown");
  assert.deepEqual(asked.filter((u) => !u.startsWith("data:")), [pathToFileURL(path).href]);
  assert.deepEqual(violations, []);
  assert.deepEqual(await axe(page), []);
});

test("the saved file speaks German, and its keys cannot break out of where they stand", async (t) => {
  const path = await savedPage();
  const nasty = join(folder, "nasty.html");
  const name = "</script><script>document.title='broken'</script><!--";
  const trust = JSON.stringify({ trust: "assay-trust/v1", issuers: [{ id: "did:web:x.example.org", name, keys: [] }] }).replaceAll("<", "\\u003c");
  writeFileSync(nasty, readFileSync(path, "utf8").replace(/(id="trust">)[^<]*/, (_, head) => head + trust));
  const page = await (await person(t, browser, server, { locale: "de-DE" })).newPage();
  await page.goto(pathToFileURL(nasty).href);
  await page.getByRole("heading", { level: 1, name: "Ein Zertifikat prüfen" }).waitFor();
  await page.getByText(name).first().waitFor();
  assert.match(await page.title(), /^Ein Zertifikat/);
});

/* ---- Looks ---- */

for (const [label, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["light 390", { colorScheme: "light", viewport: { width: 390, height: 844 } }],
  ["dark 390", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["zoom 320", { viewport: { width: 320, height: 256 } }],
  ["German 390", { locale: "de-DE", viewport: { width: 390, height: 844 } }],
]) {
  test(`looks: ${label}`, async (t) => {
    const page = await (await person(t, browser, server, { reducedMotion: "reduce", ...options })).newPage();
    const findings = [];
    const look = async (name) => {
      if (shots) await page.screenshot({ path: join(shots, `${name}-${label.replace(" ", "-")}.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      findings.push(...(await axe(page)).map((f) => `${name}: ${f}`), ...(wide > 0 ? [`${name}: ${wide} px too wide`] : []));
    };
    const submit = page.locator("form button[type=submit]");
    await page.goto("/verify");
    await submit.waitFor();
    await look("verify");
    for (const [name, text, what] of [["valid", foreignBundle, "unknown"], ["invalid", foreignBundle.replace("742", "842"), "invalid"], ["genuine", shared.bundle, "valid"]]) {
      await page.locator("textarea").fill(text);
      await submit.click();
      await verdict(page, what);
      await look(`verify-${name}`);
    }
    await page.goto(`/verify/${shared.id}`);
    await verdict(page, "valid");
    await look("certificate");
    await page.goto("/verify/none");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await look("missing");
    assert.deepEqual(findings, []);
  });
}

test("prints on paper without what cannot be clicked there", async (t) => {
  const page = await (await person(t, browser, server)).newPage();
  await page.goto(`/verify/${shared.id}`);
  await verdict(page, "valid");
  const pdf = await page.pdf({ format: "A4" });
  if (shots) writeFileSync(join(shots, "certificate.pdf"), pdf);
  assert.ok((pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length <= 4);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByRole("button", { name: "Print" }).isVisible(), false);
  assert.equal(await page.getByRole("heading", { name: "What was measured" }).isVisible(), true);
});
