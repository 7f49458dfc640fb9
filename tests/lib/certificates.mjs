// What tests of certificates share: banks whose exams give them, sitting an exam to a result, and reading what a certificate says.
import assert from "node:assert/strict";
import { answerAll, begin, ok, resultOf, rightResponse, submit, wrongResponse } from "./exam.mjs";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { change as edit, copyOfFixture } from "./banks.mjs";
import { temporaryFolder } from "./server.mjs";
import { taskBank } from "./tasks.mjs";

export const ISSUER = "https://exam.example.org";

const exam = (id, title, rest) => `id: ${id}
title: ${title}
description: About ${title}.
items: ${id === "essay" ? 15 : 14}
modes: [exam, study]
duration: 60m
docs: bundled
${rest}`;

/** The fixture with exams that give certificates; `more` are further edits. */
export const bankWithCertificates = (t, more = {}) =>
  copyOfFixture(t, {
    "exams/numbers.yml": exam(
      "numbers",
      "An exam with numbers",
      `scoring: {method: scaled, min: 100, max: 1000, cut: 720}
partial: per-option
report: {show: domains, release: immediate, explanations: true}
certificate: {valid: 24mo, renew: {exam: renewal, window: 25mo, extends: expiry}}
`,
    ),
    "exams/far.yml": exam(
      "far",
      "An exam to be renewed later",
      `scoring: {method: percent, cut: 50}
report: {show: score, release: immediate, explanations: false}
certificate: {valid: 24mo, renew: {exam: late-renewal, window: 60d, extends: pass}}
`,
    ),
    "exams/secret.yml": exam(
      "secret",
      "An exam that says pass or fail",
      `scoring: {method: pass-fail, cut: 50}
report: {show: pass-fail, release: immediate, explanations: false}
certificate: {}
`,
    ),
    "exams/bands.yml": exam(
      "bands",
      "An exam that says it in words",
      `scoring: {method: pass-fail, cut: 50}
report: {show: bands, release: immediate, explanations: false}
retake: {lock_after_pass: 365d}
certificate: {valid: 1y, renew: {exam: bands-renewal, window: 13mo, extends: pass}}
`,
    ),
    "exams/delayed.yml": exam(
      "delayed",
      "An exam that reports later",
      `scoring: {method: percent, cut: 50}
report: {show: score, release: delayed, after: 7d}
retake: {lock_after_pass: 30d}
certificate: {valid: 24mo}
`,
    ),
    "exams/essay.yml": exam(
      "essay",
      "An exam with an essay",
      `scoring: {method: percent, cut: 97}
report: {show: questions, release: immediate, explanations: true}
certificate: {valid: 24mo, renew: {exam: renewal, window: 25mo, extends: expiry}}
essays: true
`,
    ),
    ...Object.fromEntries(
      ["renewal", "late-renewal", "bands-renewal"].map((id) => [
        `exams/${id}.yml`,
        `id: ${id}
title: The ${id}
description: Renews.
kind: renewal
items: 4
modes: [exam]
domains: {one: 50, two: rest}
docs: open
scoring: {method: percent, cut: 50}
report: {show: questions, release: immediate, explanations: true}
`,
      ]),
    ),
    ...more,
  });

/** The fixture of hands-on tasks, whose exam gives a certificate. */
export function tasksWithCertificate(t) {
  const bank = join(temporaryFolder(t), "bank");
  cpSync(taskBank, bank, { recursive: true });
  edit(bank, { "exams/tasks.yml": (text) => `${text.replace("cut: 6", "cut: 2")}certificate: {valid: 24mo}\n` });
  return bank;
}

/** Sits an exam; everything right, or with `respond`. Returns the attempt with its result. */
export async function sit(server, id, headers = {}, respond = rightResponse) {
  const attempt = await begin(server, id, "exam", {}, headers);
  await answerAll(server, attempt, respond, headers);
  await submit(server, attempt.id, headers);
  return attempt;
}
export const fail = (server, id, headers = {}) => sit(server, id, headers, wrongResponse);

export const wallet = async (server, headers) => ok(await server.get("/api/v1/certificates", headers));
export const show = async (server, id, headers) => ok(await server.get(`/api/v1/certificates/${id}`, headers));
export const change = (server, id, what, headers) => server.request("PATCH", `/api/v1/certificates/${id}`, what, headers);
export const rename = (server, id, name, headers) => server.post(`/api/v1/certificates/${id}/name`, { name }, headers);

/** Sits an exam to a pass and gives its certificate. */
export async function earn(server, id, headers = {}) {
  const attempt = await sit(server, id, headers);
  const result = await resultOf(server, attempt.id, headers);
  assert.equal(result.verdict, "pass");
  assert.ok(result.certificate?.id, `no certificate: ${JSON.stringify(result.certificate)}`);
  return { attempt, result, ...(await show(server, result.certificate.id, headers)) };
}

/** The results of a credential by the fragment of their descriptions: { total: "812", … }. */
export const measured = ({ credentialSubject: s }) =>
  Object.fromEntries(s.result.map((r) => [r.resultDescription.split("#").at(-1), r.value ?? r.status]));
export const evidenceOf = (credential, genre) => credential.evidence.filter((e) => e.genre === genre);
