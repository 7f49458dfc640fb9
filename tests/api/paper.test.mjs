// `assay bank export --to pdf`: poppler and qpdf (other people's programs) judge what assay-paper draws.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { root, temporaryFolder } from "../lib/server.mjs";

const assay = process.env.ASSAY ?? new URL("../../build/assay", import.meta.url).pathname;
const run = (...args) => spawnSync(assay, ["bank", ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
const JPEG = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAFRABAQAAAAAAAAAAAAAAAAAAABP/xAAVAQEBAAAAAAAAAAAAAAAAAAAABf/EABYRAAMAAAAAAAAAAAAAAAAAAAAVYf/aAAwDAQACEQMRAD8AxqFEtCigthUYUqoJaAtgYU//2Q==",
  "base64",
);

/** What an export printed, and the file. */
function exported(t, bank, format, ...options) {
  const file = join(temporaryFolder(t), `x.${format}`);
  const result = run("export", "--to", format, bank, file, "--allow-rejects", "--json", ...options);
  assert.equal(result.status, 0, result.stderr);
  return { file, report: JSON.parse(result.stdout), stderr: result.stderr };
}

const squeezed = (text) => text.replaceAll(/[\s\u00a0\u00ad]+/g, "");
/** The sheets' texts in the order of the file, without white space and without their footers. */
function sheets(file, title) {
  execFileSync("qpdf", ["--check", file]);
  const pages = execFileSync("pdftotext", ["-raw", file, "-"], { encoding: "utf8", maxBuffer: 1 << 26 }).split("\f").slice(0, -1).map(squeezed);
  return pages.map((text, i) => {
    const foot = squeezed(title) + String(i + 1), key = text.endsWith("Key:" + foot);
    assert.ok(text.endsWith(foot), `sheet ${i + 1} ends ${text.slice(-80)}`);
    return { key, text: text.slice(0, text.length - foot.length - (key ? 4 : 0)) };
  });
}
const decoded = (html) =>
  html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#160;", " ").replaceAll("&#39;", "'").replaceAll("&amp;", "&");
/** The pieces of text between the tags of HTML. */
const pieces = (html) => html.split(/<[^>]*>/).map((piece) => squeezed(decoded(piece))).filter(Boolean);
const titleOf = (page) => decoded(page.match(/<title>(.*)<\/title>/s)[1]);

/** Every piece of the HTML's questions stands in the sheets, in its order; likewise the key's. */
function assertHolds(all, html) {
  let at = 0;
  for (const piece of pieces(html)) {
    const found = all.indexOf(piece, at);
    assert.ok(found >= 0, `not there, or not in order: ${piece.slice(0, 200)}\nbehind: ${all.slice(Math.max(0, at - 200), at)}`);
    at = found + piece.length;
  }
}

for (const bank of [...readdirSync(join(root, "banks")).map((name) => join(root, "banks", name)), join(root, "tests/fixtures/bank")]) {
  test(`a paper of ${bank.slice(root.length + 1)} holds its questions in order, and then its key`, (t) => {
    const pdf = exported(t, bank, "pdf"), html = exported(t, bank, "html");
    const page = readFileSync(html.file, "utf8").replaceAll(/<style>.*<\/style>/gs, "");
    const list = sheets(pdf.file, titleOf(page));
    const [questions, key] = page.slice(page.indexOf("<body")).split('<section class="key">');
    const text = (which) => list.filter((sheet) => sheet.key === which).map((sheet) => sheet.text).join("");
    assert.equal(pdf.report.exported, html.report.exported);
    assertHolds(text(false), questions);
    assertHolds(text(true), key);
    assert.deepEqual(list.map((sheet) => sheet.key), list.map((sheet) => sheet.key).sort(), "the key is at the end");
    for (const [, why] of key.matchAll(/<div class="why">(.*?)<\/div>/gs))
      for (const piece of pieces(why)) if (piece.length > 40 && !pieces(questions).some((q) => q.includes(piece))) assert.ok(!text(false).includes(piece), `of the key: ${piece}`);
  });
}

test("only the questions, only the key; another sheet; the same bytes each time", (t) => {
  const bank = join(root, "banks/git");
  const whole = exported(t, bank, "pdf"), title = "Version control with Git";
  const list = sheets(whole.file, title);
  const questions = sheets(exported(t, bank, "pdf", "--no-key").file, title), key = exported(t, bank, "pdf", "--key-only", "--paper", "letter");
  assert.deepEqual(questions, list.filter((sheet) => !sheet.key));
  const alone = sheets(key.file, title);
  assert.ok(alone.length && alone.every((sheet) => sheet.key));
  assert.equal(alone.map((s) => s.text).join(""), list.filter((s) => s.key).map((s) => s.text).join(""));
  assert.match(execFileSync("pdfinfo", [key.file], { encoding: "utf8" }), /Page size: +612 x 792 pts \(letter\)/);
  assert.match(execFileSync("pdfinfo", [whole.file], { encoding: "utf8" }), /Title: +Version control with Git\n[^]*\(A4\)/);
  assert.deepEqual(readFileSync(exported(t, bank, "pdf").file), readFileSync(whole.file));
  const marks = execFileSync("qpdf", ["--json", "--json-key=outlines", whole.file], { encoding: "utf8", maxBuffer: 1 << 26 });
  const outlines = JSON.parse(marks).outlines;
  assert.deepEqual(outlines.map((o) => o.title), ["Questions", "Key"]);
  assert.deepEqual(outlines.map((o) => o.kids.length), [whole.report.exported, whole.report.exported]);
  assert.deepEqual(outlines[1].kids.slice(0, 3).map((o) => o.title), ["1", "2", "3"]);
  for (const options of [["--no-key", "--key-only"], ["--paper", "a5"]])
    assert.equal(run("export", "--to", "pdf", bank, join(temporaryFolder(t), "x.pdf"), ...options).status, 2);
  for (const options of [["--no-key"], ["--key-only"], ["--paper", "a4"]])
    assert.equal(run("export", "--to", "gift", bank, join(temporaryFolder(t), "x.gift"), ...options).status, 2);
  const html = readFileSync(exported(t, bank, "html", "--no-key").file, "utf8");
  assert.doesNotMatch(html, /class="key"|class="why"/);
  assert.doesNotMatch(readFileSync(exported(t, bank, "html", "--key-only").file, "utf8"), /class="q"/);
});

// ---- a bank made for it ----

function bankOf(t, questions, media = {}) {
  const dir = join(temporaryFolder(t), "bank");
  mkdirSync(join(dir, "questions"), { recursive: true });
  mkdirSync(join(dir, "media"));
  writeFileSync(join(dir, "bank.yml"), "id: paper\ntitle: Paper & <ink>\nversion: 1.0.0\ndomains:\n  all: All\n");
  writeFileSync(join(dir, "questions/q.md"), "---\nobjective: all\n---\n\n" + questions);
  for (const [name, bytes] of Object.entries(media)) writeFileSync(join(dir, "media", name), bytes);
  return dir;
}
function png(width, height, data) {
  const chunk = (type, bytes) => {
    const body = Buffer.concat([Buffer.from(type), bytes]), out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(bytes.length), body.copy(out, 4), out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  head.writeUInt32BE(width), head.writeUInt32BE(height, 4);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", data ?? deflateSync(Buffer.from(Array.from({ length: (width + 1) * height }, (_, i) => (i % (width + 1) ? i % 251 : 0))))), chunk("IEND", Buffer.alloc(0))]);
}
/** The checksum of PNG (ISO/IEC 15948, annex D). */
function crc(bytes) {
  let c = -1;
  for (const byte of bytes) for (let k = 0, b = byte; k < 8; k++, b >>= 1) c = (c ^ b) & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return ~c >>> 0;
}
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40" fill="#393"/></svg>';
const options = "\n\n- [x] yes\n- [ ] no\n\n";

test("scripts of the world, code, tables, pictures", (t) => {
  const words = ["Größe", "Ελληνικά", "кириллица", "中文字符", "日本語", "עברית", "العربية", "हिन्दी", "ไทย", "√∑≠→"];
  const bank = bankOf(t, `## Words\n${words.join(", ")}?${options}` +
    "## Code\nWhat does `a -> b != c` say?\n\n```c\nif (x) {\n\treturn  1;   /* three   blanks */\n}\n```" + options +
    "## Table\nWhich?\n\n| Name | Value |\n|---|--:|\n| **bold** | `code` |\n| " + "many words ".repeat(40) + "| 2 |" + options +
    "## Pictures\n![a grey square](../media/a.png) ![a fade](../media/b.jpg)\n\n![a green box](../media/c.svg)" + options +
    "## Others\n![moving](../media/d.gif)" + options + "## Link\nSee [the page](https://example.org/x)." + options,
    { "a.png": png(40, 40), "b.jpg": JPEG, "c.svg": SVG, "d.gif": Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64") });
  const { file, report } = exported(t, bank, "pdf");
  const text = sheets(file, "Paper & <ink>").map((sheet) => sheet.text).join("");
  for (const word of words.filter((word) => !/[\u0590-\u06ff\u0900-\u0e7f]/.test(word))) assert.ok(text.includes(word), word);
  assert.ok(text.includes("a->b!=c") && text.includes("/*threeblanks*/"));
  assert.ok(text.includes("bold") && text.includes("manywords".repeat(40)));
  assert.ok(text.includes("[moving]") && text.includes("thepage(https://example.org/x)"));
  assert.deepEqual(report.items.map((item) => item.reason), ["GIF and WebP pictures cannot be printed: their description stands there"]);
  const images = execFileSync("pdfimages", ["-list", file], { encoding: "utf8" });
  assert.match(images, / 40 +40 /);
  assert.match(images, / 24 +16 .* jpeg /);
  const fonts = execFileSync("pdffonts", [file], { encoding: "utf8" }).split("\n").slice(2).filter(Boolean);
  assert.ok(fonts.length && fonts.every((line) => / yes yes yes /.test(line)), "all fonts are embedded, as subsets, with their characters\n" + fonts.join("\n"));
});

test("questions are not torn apart where they fit on a sheet; longer ones go on, and nothing of them is lost", (t) => {
  const lines = Array.from({ length: 14 }, (_, i) => `line ${i + 1}`).join("  \n");
  const short = Array.from({ length: 30 }, (_, i) => `## Q${i}\nBegin${i}x\n\n${lines}\n\n- [x] yes\n- [ ] End${i}x\n\n`).join("");
  const list = sheets(exported(t, bankOf(t, short), "pdf", "--no-key").file, "Paper & <ink>").map((sheet) => sheet.text);
  for (let i = 0; i < 30; i++) assert.ok(list.some((text) => text.includes(`Begin${i}x`) && text.includes(`End${i}x`)), `question ${i}`);
  const count = 400, long = `## Long\nWhich?\n\n\`\`\`\n${Array.from({ length: count }, (_, i) => `code${i}x`).join("\n")}\n\`\`\`\n\n${"prose word ".repeat(3000)}\n\n` +
    `| a | b |\n|---|---|\n| ${"cell ".repeat(2000)}| x |\n\n- [x] ${"option ".repeat(700)}\n- [ ] no\n`;
  const text = sheets(exported(t, bankOf(t, long), "pdf", "--no-key").file, "Paper & <ink>").map((sheet) => sheet.text).join("");
  for (let i = 0; i < count; i++) assert.ok(text.includes(`code${i}x`));
  assert.equal(text.split("proseword").length, 3001);
  assert.equal(text.split("cell").length, 2001);
  assert.equal(text.split("option").length, 701);
});

test("what is damaged, or meant to do harm, harms nothing", (t) => {
  const wide = `| ${"c |".repeat(300)}\n|${"---|".repeat(300)}\n| ${"x |".repeat(300)}`;
  const bank = bankOf(t, `## Damaged\n![broken](../media/a.png)\n\n${"> ".repeat(30)}deep${options}## Wide\nWhich?\n\n${wide}${options}## Word\n${"x".repeat(20000)}${options}`,
    { "a.png": png(40, 40, Buffer.from("nothing")) });
  const { file, stderr } = exported(t, bank, "pdf");
  assert.ok(sheets(file, "Paper & <ink>").map((sheet) => sheet.text).join("").includes("[broken:thispictureisdamaged]"));
  assert.match(stderr, /the picture 'broken' is not printed/);
  const out = join(temporaryFolder(t), "there.pdf");
  appendFileSync(out, "mine");
  assert.notEqual(run("export", "--to", "pdf", bank, out).status, 0);
  assert.equal(readFileSync(out, "utf8"), "mine");
  assert.ok(!existsSync(`${out}.part`));
});

test("characters that XML cannot hold spoil no export", (t) => {
  const bad = "a\u001bb\u0001c\ufffed\uffffe";
  const bank = bankOf(t, `## T ${bad}\nStem ${bad} ![${bad}](../media/a.png)\n\n- [x] yes ${bad}\n- [ ] no\n\n## Short ${bad}\n\`\`\`yaml item\ntype: text\n\`\`\`\nWhich?\n\n- [x] \`${bad}\`\n`, { "a.png": png(4, 4) });
  assert.ok(sheets(exported(t, bank, "pdf").file, "Paper & <ink>").map((sheet) => sheet.text).join("").includes("Stemabcde"));
  for (const format of ["moodle-xml", "html", "qti21", "qti12"]) {
    const { file, report } = exported(t, bank, format);
    assert.ok(report.exported > 0);
    const texts = format.startsWith("qti") ? execFileSync("unzip", ["-p", file, "*.xml"], { encoding: "utf8" }) : readFileSync(file, "utf8");
    assert.doesNotMatch(texts, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/, format);
    assert.match(texts, /Stem abcde/, format);
  }
});

test("assay-paper takes no entities, and says what is wrong", () => {
  const paper = join(assay, "../assay-paper");
  const draw = (input) => spawnSync(paper, { input });
  for (const [input, message] of [
    ["", /no element found/], ["<html>", /no element found/], ["<html/>", /no page/], ["<html><body>&x;</body></html>", /undefined entity/],
    ['<!DOCTYPE html [<!ENTITY x "y">]><html><body>&x;</body></html>', /declares an entity/],
    ["<html><body>" + "<b>".repeat(300), /nested deeper/], ["<html><body><p>\u0001</p></body></html>", /not well-formed/],
  ]) {
    const result = draw(input);
    assert.equal(result.status, 1, input.slice(0, 80));
    assert.match(result.stderr.toString(), message);
  }
  const ok = draw("<html><body><td>x</td><li>y</li></p></body></html>".replace("</p>", "<tr><td>z</td></tr>"));
  assert.equal(ok.status, 0, ok.stderr.toString());
  assert.match(ok.stdout.toString("latin1"), /^%PDF/);
});

test("tables have a ceiling, and what is too large names its question", (t) => {
  const paper = join(assay, "../assay-paper");
  const question = (number, rows, columns) => `<section class="q"><p class="n">${number}.</p><table>${`<tr>${"<td/>".repeat(columns)}</tr>`.repeat(rows)}</table></section>`;
  const draw = (...questions) => spawnSync(paper, { input: `<html><body>${questions.join("")}</body></html>`, maxBuffer: 1 << 28 });
  const most = draw(question(1, 100, 199));
  assert.equal(most.status, 0, most.stderr.toString());
  const said = (result) => (assert.equal(result.status, 1), result.stderr.toString());
  assert.match(said(draw(question(1, 2, 2), question(2, 62, 900))), /^assay-paper: question 2: a table of more than 20000 cells and rows cannot be printed$/m);
  assert.match(said(draw(question(7, 20001, 0))), /question 7: a table of more/);
  const half = Array.from({ length: 11 }, (_, i) => question(i + 1, 1000, 19));
  assert.match(said(draw(...half)), /^assay-paper: question 11: .* more than 200000 cells and rows .* fewer questions$/m);
  const rows = `|${"a|".repeat(100)}\n|${"---|".repeat(100)}\n${`|${"x|".repeat(100)}\n`.repeat(220)}`;
  const shell = run("export", "--to", "pdf", bankOf(t, `## Good\nWhich?${options}## Large\nWhich?\n\n${rows}${options}`), join(temporaryFolder(t), "x.pdf"));
  assert.notEqual(shell.status, 0);
  assert.match(`${shell.stderr}`, /question 2: a table of more than 20000/);
});
