// Verifying: the tamper corpus on `assay verify` and on POST /api/v1/verify, which must agree; every byte of a certificate; fetching.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { makeCorpus } from "../lib/tamper.mjs";
import { assay, run, temporaryFolder } from "../lib/server.mjs";

const cleanUps = [];
const dir = temporaryFolder({ after: (f) => cleanUps.push(f) });
test.after(() => cleanUps.forEach((f) => f()));
let files = 0;
function fileWith(bytes) {
  const path = join(dir, `${files++}`);
  writeFileSync(path, bytes);
  return path;
}
function bakePdf(drawn, credential, seal) {
  const tool = join(dirname(assay), "tests/unit/credential/bake_filter");
  return execFileSync(tool, ["pdf", fileWith(drawn), fileWith(credential), fileWith(seal)], { maxBuffer: 1 << 24 });
}
const corpus = await makeCorpus({ bakePdf });
const EXIT = { valid: 0, invalid: 1, unknown: 3 };

function verify(bytes, { trust = corpus.trust, holder, nowMs } = {}) {
  const args = ["verify", "--json", "--offline"];
  if (trust) args.push("--trust", fileWith(JSON.stringify(trust)));
  if (holder !== undefined) args.push("--holder", holder);
  if (nowMs) args.push("--at", new Date(nowMs).toISOString());
  const { code, out, err } = run([...args, fileWith(bytes)]);
  assert.equal(err, "");
  return { code, report: JSON.parse(out) };
}

function holds(report, expect) {
  const outcome = { invalid: "fail", unknown: "unknown" };
  const shown = report.checks.map((c) => `${c.id} ${c.outcome} ${c.code}: ${c.reason}`).join("\n    ");
  assert.equal(report.verdict, expect.verdict, shown);
  if (!expect.check) return;
  const check = report.checks.find((c) => c.id === expect.check);
  assert.equal(check?.code, expect.code, shown);
  if (expect.code === "ok") assert.equal(check.outcome, "pass", shown);
  else if (expect.verdict !== "valid") assert.equal(check.outcome, outcome[expect.verdict], shown);
  assert.ok(check.reason.length > 10 && /^[^a-z].*[.!?]$/s.test(check.reason), `one sentence: ${check.reason}`);
}

test("the tamper corpus", { timeout: 300000 }, async (t) => {
  assert.ok(corpus.cases.length > 150, `${corpus.cases.length} cases`);
  const wrong = [];
  for (const c of corpus.cases) {
    try {
      const { code, report } = verify(c.bytes, c);
      assert.equal(code, EXIT[report.verdict]);
      holds(report, c.expect);
    } catch (e) {
      wrong.push(`${c.name}, expected ${JSON.stringify(c.expect)}: ${e.message}`);
    }
  }
  t.diagnostic(`${corpus.cases.length} cases`);
  assert.ok(!wrong.length, wrong.join("\n\n"));
});
