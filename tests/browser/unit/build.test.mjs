// The build: the same twice, nothing inline, and small enough.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { client } from "./load.mjs";

const folder = mkdtempSync(join(tmpdir(), "assay-client-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const make = (name) => {
  const out = join(folder, name);
  execFileSync(process.execPath, [join(client, "build.mjs"), "--out", out]);
  return { out, files: JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) };
};
const first = make("one");

test("two builds are alike byte for byte", () => {
  const second = make("two");
  assert.deepEqual(second.files, first.files);
  for (const { file, gz } of first.files)
    for (const variant of gz ? ["", ".gz", ".br"] : [""]) assert.ok(readFileSync(join(first.out, file + variant)).equals(readFileSync(join(second.out, file + variant))), file + variant);
});

test("the manifest says what is there", () => {
  for (const f of first.files) {
    const bytes = readFileSync(join(first.out, f.file));
    assert.equal(bytes.length, f.size);
    assert.equal(f.gz && f.br, f.file !== "verify.html", "the server fills that one in");
    assert.ok(f.type, f.path);
    if (!f.gz) continue;
    assert.ok(gunzipSync(readFileSync(join(first.out, `${f.file}.gz`))).equals(bytes));
    assert.ok(brotliDecompressSync(readFileSync(join(first.out, `${f.file}.br`))).equals(bytes));
    assert.equal(f.immutable, f.path.startsWith("/assets/"), f.path);
    if (f.immutable) assert.match(f.path, /^\/assets\/[\w.-]+-[A-Z0-9]{8}\.(js|css|svg)$/);
  }
  assert.equal(first.files.filter((f) => f.path === "/").length, 1);
});

test("nothing in the pages needs a gap in the content security policy", () => {
  const html = readFileSync(join(first.out, "index.html"), "utf8");
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:|\{\{/i);
  for (const { file } of first.files.filter((f) => f.file.endsWith(".js"))) assert.doesNotMatch(readFileSync(join(first.out, file), "utf8"), /\beval\(|new Function\(/, file);
  for (const { file } of first.files.filter((f) => f.file.endsWith(".css"))) assert.doesNotMatch(readFileSync(join(first.out, file), "utf8"), /https?:\/\/|@import/, file);
});

test("the verifier as one file refers to nothing outside, and its policy names what is in it", () => {
  const html = readFileSync(join(first.out, "verify.html"), "utf8");
  const [, policy] = html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/);
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map((m) => m[1]);
  const [, style] = html.match(/<style>([^]*?)<\/style>/);
  assert.equal(scripts.length, 2);
  assert.equal(policy, `default-src 'none'; script-src ${scripts.map(hash).join(" ")}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`);
  const rest = html.replace(/<script>[^]*?<\/script>|<style>[^]*?<\/style>/g, "");
  assert.doesNotMatch(rest, /\b(?:src|href)="(?!data:)|\{\{|\son\w+=/);
  assert.equal(rest.match(/<script type="application\/json" id="trust">"assay-trust"<\/script>/g).length, 1);
  assert.doesNotMatch(style, /url\((?!['"]?#|['"]?data:)|@import/);
  for (const s of scripts) assert.doesNotMatch(s, /\beval\(|new Function\(|importScripts|XMLHttpRequest/);
});

test("both ways to the dark theme have the same colours", () => {
  const css = readFileSync(join(client, "styles/tokens.css"), "utf8");
  const [, system] = css.match(/:root:not\(\[data-theme='light'\]\) \{([^}]*)\}/);
  const [, chosen] = css.match(/\n:root\[data-theme='dark'\], \.theme-dark \{([^}]*)\}/);
  const list = (text) => text.split("\n").map((l) => l.trim()).filter(Boolean);
  assert.deepEqual(list(chosen), list(system));
});
