// The verifier of the pages: the tamper corpus that the server's verifier is held against, and the readers one by one, with hostile input.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { CONTEXT, Issuer, drawnPdf, jcs, keyPair, nquads, treeRoot, path as treePath, leaf } from "../../lib/issuer.mjs";
import { assay } from "../../lib/server.mjs";
import { makeCorpus } from "../../lib/tamper.mjs";
import { client, load } from "./load.mjs";

const v = await load("verify/verify.ts", "verify/keys.ts", "verify/json.ts", "verify/bytes.ts", "verify/rdf.ts", "verify/inflate.ts", "verify/time.ts", "verify/tlog.ts", "verify/fault.ts", "verify/ed25519.ts", "verify/claims.ts", "verify/input.ts", "verify/pdf.ts");
const bytes = (b) => new Uint8Array(Buffer.from(b));
const check = (b, { trust, nowMs = Date.now(), holder, fetch } = {}) => v.verify(bytes(b), { nowMs, trust: trust ? v.readTrust(v.parseJson(bytes(JSON.stringify(trust))), "pinned") : [], holder: holder ?? null, fetch: fetch ?? null });
const fault = (code) => (e) => e instanceof v.Fault && e.code === code;

/* PDFs are baked by the program's own code, where it was built with its tests; what reads them here is another. */
const tool = join(dirname(assay), "tests/unit/credential/bake_filter");
const folder = mkdtempSync(join(tmpdir(), "assay-verify-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fileWith = (b) => {
  const path = join(folder, String(files++));
  writeFileSync(path, b);
  return path;
};
const bakeWithTool = (drawn, credential, seal) => execFileSync(tool, ["pdf", fileWith(drawn), fileWith(credential), fileWith(seal)], { maxBuffer: 1 << 24 });
const bakeHere = (drawn, credential, seal) => Buffer.from(v.joinPdf({ drawn: bytes(drawn), credential: bytes(credential), seal: seal.length ? bytes(seal) : null }));
const corpus = await makeCorpus({ bakePdf: existsSync(tool) ? bakeWithTool : bakeHere });

function holds(report, expect) {
  const shown = report.checks.map((c) => `${c.id} ${c.outcome} ${c.code}: ${c.reason}`).join("\n    ");
  assert.equal(report.verdict, expect.verdict, shown);
  if (!expect.check) return;
  const found = report.checks.find((c) => c.id === expect.check);
  assert.equal(found?.code, expect.code, shown);
  if (expect.code === "ok") assert.equal(found.outcome, "pass", shown);
  else if (expect.verdict !== "valid") assert.equal(found.outcome, { invalid: "fail", unknown: "unknown" }[expect.verdict], shown);
  assert.match(found.reason, /^[^a-z].*[.!?…]$/s, "one sentence");
}

test("the tamper corpus", async (t) => {
  assert.ok(corpus.cases.length > 150);
  const wrong = [];
  for (const c of corpus.cases) {
    try {
      holds(await check(c.bytes, { ...c, trust: c.trust === undefined ? corpus.trust : c.trust, holder: c.holder }), c.expect);
    } catch (e) {
      wrong.push(`${c.name}, expected ${JSON.stringify(c.expect)}: ${e.message}`);
    }
  }
  t.diagnostic(`${corpus.cases.length} cases`);
  assert.ok(!wrong.length, `${wrong.length} of them:\n\n${wrong.join("\n\n")}`);
});
