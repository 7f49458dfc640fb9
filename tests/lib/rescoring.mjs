// What tests of reports and rescoring share: a bank whose second question has a wrong key, and people who sit its exam.
import assert from "node:assert/strict";
import { copyOfFixture, change } from "./banks.mjs";
import { authorId, ok, rightResponse } from "./exam.mjs";
import { sit } from "./certificates.mjs";
import { run, until } from "./server.mjs";

const strict = (id, rest) => `id: ${id}
title: A strict exam
description: One mistake is one too many.
items: 14
duration: 60m
modes: [exam, study]
docs: bundled
scoring: {method: percent, cut: 95}
${rest}`;

const wrongKey = (text) => text.replace("- [x] 4\n- [ ] 3\n- [ ] 5", "- [ ] 4\n- [x] 3\n- [ ] 5");
const rightKey = (text) => text.replace("- [ ] 4\n- [x] 3\n- [ ] 5", "- [x] 4\n- [ ] 3\n- [ ] 5");

/** The fixture with exams that one mistake fails; single-2 says that two plus two is three. `more` are further edits. */
export const wrongBank = (t, more = {}) =>
  copyOfFixture(t, {
    "questions/one.md": wrongKey,
    "exams/strict.yml": strict("strict", "report: {show: questions, release: immediate, explanations: true}\ncertificate: {valid: 24mo}\n"),
    "exams/silent.yml": strict("silent", "report: {show: pass-fail, release: immediate, explanations: false}\n"),
    ...more,
  });

/** Changes the bank and waits until the server offers the new version. */
export async function changeBank(server, bank, edits, headers) {
  const version = async () => (await server.get("/api/v1/exams/fixture/strict", headers)).text.match(/"bank_hash":"([0-9a-f]+)"/)[1];
  const before = await version();
  change(bank, edits);
  await until(async () => (await version()) !== before, "the server to notice the bank", 20000);
}

export const correctKey = (server, bank, headers) => changeBank(server, bank, { "questions/one.md": rightKey }, headers);

/** "4" and "3" by their text. */
export const choose = (item, text) => ({ choose: [item.options.find((o) => o.html.replace(/<[^>]*>/g, "").trim() === text).id] });
/** Everything right, but what two plus two is. */
export const saying = (text) => (item) => (authorId(item) === "single-2" ? choose(item, text) : rightResponse(item));

export const sitSaying = (server, exam, text, headers) => sit(server, exam, headers, saying(text));

/** Runs assay rescore; returns its JSON. */
export function rescore(server, item, args, expected = 0) {
  const r = run(["rescore", "fixture", item, "--data", server.data, "--by", "The board", "--json", ...args]);
  assert.equal(r.code, expected, r.err + r.out);
  return expected ? r.err : JSON.parse(r.out);
}

/** What `assay rescore` counts, without what is 0. */
export const counted = ({ attempts, waiting, same, changed, up, down, newly_passed, no_longer_passed, left, certificates }) =>
  Object.fromEntries(
    Object.entries({ attempts, waiting, same, changed, up, down, newly_passed, no_longer_passed, left, ...certificates }).filter(([, n]) => n),
  );

export const issueOf = async (server, item, headers) => ok(await server.get(`/api/v1/issues/fixture/${item}`, headers));
