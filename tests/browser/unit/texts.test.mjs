// The catalogues of words: complete in every language, with the same places to fill in; and the sources use nothing that is not there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, load } from "./load.mjs";

const { fill, regional, spanOf, percentSign, ...words } = await load("texts/en.ts", "texts/de.ts", "texts/en.author.ts", "texts/de.author.ts", "texts/en.marking.ts", "texts/de.marking.ts", "texts/en.problem.ts", "texts/de.problem.ts", "texts/en.reports.ts", "texts/de.reports.ts", "texts/index.ts");
/* With the words that come with some pages only. */
const en = { ...words.en, ...words.enAuthor, ...words.enMarking, ...words.enProblem, ...words.enReports };
const de = { ...words.de, ...words.deAuthor, ...words.deMarking, ...words.deProblem, ...words.deReports };

const forms = (text) => (typeof text === "string" ? { other: text } : text);
const places = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort();

test("every language has every text, with the same forms and places", () => {
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) {
    assert.deepEqual(Object.keys(forms(de[key])).sort(), Object.keys(forms(en[key])).sort(), key);
    assert.deepEqual(places(forms(de[key]).other), places(forms(en[key]).other), key);
    for (const catalogue of [en, de]) for (const text of Object.values(forms(catalogue[key]))) assert.ok(text.trim().length > 0, key);
  }
});

test("pages with words of their own share no key with the others", () => {
  for (const own of [words.enAuthor, words.enMarking, words.enProblem, words.enReports]) assert.deepEqual(Object.keys(own).filter((k) => k in words.en), []);
});

test("hardly any text is the same in two languages", () => {
  const same = Object.keys(en).filter((k) => /[a-z]{4}/i.test(forms(en[k]).other.replace(/\{\w+\}/g, "")) && forms(en[k]).other === forms(de[k]).other);
  assert.deepEqual(same.sort(), ["author.editors", "display.theme.system", "kind.quiz", "shell.noticed", "shell.tab", "shell.tabs", "shell.tools", "signIn.name", "task.shell", "vetting.status", "wallet.link", "wallet.name", "wallet.pdfLetter"]);
});

function sources(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((f) => {
    if (["node_modules", "dist", "texts"].includes(f.name)) return [];
    const path = join(dir, f.name);
    return f.isDirectory() ? sources(path) : /\.tsx?$/.test(f.name) ? [path] : [];
  });
}

test("no text is left that no page uses", () => {
  const all = sources(client).map((f) => readFileSync(f, "utf8")).join("\n");
  /* Keys that are put together, as patterns: `kind.${exam.kind}` */
  const built = [...all.matchAll(/`([a-z][\w]*(?:[.][\w-]*)*(?:\$\{[^}]+\}[\w.-]*)+)`/g)].map((m) => new RegExp(`^${m[1].replace(/[.]/g, "[.]").replace(/\$\{[^}]+\}/g, "[\\w-]+")}$`));
  const unused = Object.keys(en).filter((k) => k !== "language.direction" && !all.includes(`'${k}'`) && !built.some((p) => p.test(k)));
  assert.deepEqual(unused, []);
});

test("places are filled, plurals chosen by the language's own rules", () => {
  const rules = new Intl.PluralRules("en");
  assert.equal(fill("a {x} b {y}", { x: "1" }, rules), "a 1 b {y}");
  assert.equal(fill({ one: "one of {n}", other: "{n} many" }, { n: 1 }, rules), "one of 1");
  assert.equal(fill({ one: "one of {n}", other: "{n} many" }, { n: 0 }, rules), "0 many");
});

test("dates and numbers are written as where the person lives", () => {
  assert.equal(regional("en", ["fr-FR", "en-GB", "en-US"]), "en-GB");
  assert.equal(regional("de", ["en-GB", "de"]), "de");
  assert.equal(regional("de", ["en-GB"]), "de");
});

test("what the server writes in English is said in the page's own words", () => {
  assert.equal(spanOf("1 day"), "1 day");
  assert.equal(spanOf("14 days"), "14 days");
  assert.equal(spanOf("24 months"), "24 months");
  assert.equal(spanOf("never"), "never", "what is not known stays");
  assert.equal(percentSign("20–25 %"), "20–25%");
  assert.equal(percentSign("rest"), "rest");
});
