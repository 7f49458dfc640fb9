// Rescoring that is killed: whoever went through the attempts, and however often it was ended, each attempt gets one new result, and the log is whole.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { ok, resultOf } from "../lib/exam.mjs";
import { correctKey, counted, rescore, sitSaying, wrongBank } from "../lib/rescoring.mjs";
import { assay, run, Server, startFor, until } from "../lib/server.mjs";

const ATTEMPTS = 30;
const ARGS = ["--as", "key", "--reason", "The key was wrong."];

async function prepare(t) {
  const bank = wrongBank(t);
  const server = await startFor(t, { banks: bank, args: ["--no-rate-limits"] });
  const ada = await addUser(server, "ada");
  const attempts = [];
  for (let i = 0; i < ATTEMPTS; i++) attempts.push(await sitSaying(server, "strict", i % 3 ? "4" : "3", ada.bearer));
  await correctKey(server, bank, ada.bearer);
  return { bank, server, ada, attempts };
}

/** Each attempt has its second result, and no third one. */
async function check(server, attempts, bearer) {
  for (const [i, { id }] of attempts.entries()) {
    const signed = ok(await server.get(`/api/v1/attempts/${id}/result/signed`, bearer));
    assert.equal((signed.payload ?? signed).number, 2, `attempt ${i}`);
    const result = await resultOf(server, id, bearer);
    assert.deepEqual([result.verdict, result.corrected.before.verdict], i % 3 ? ["pass", "fail"] : ["fail", "pass"], `attempt ${i}`);
  }
  const log = run(["log", "check", "--data", server.data]);
  assert.equal(log.code, 0, log.out + log.err);
}

test("the command is killed again and again", async (t) => {
  const { bank, server, ada, attempts } = await prepare(t);
  await server.stop(); /* so that nobody else goes on with it */
  let killed = 0;
  for (let round = 0; round < 12; round++) {
    const child = spawn(assay, ["rescore", "fixture", "single-2", "--data", server.data, "--by", "The board", ...ARGS], { stdio: "ignore" });
    const end = new Promise((done) => child.on("exit", (code, signal) => done({ code, signal })));
    const timer = setTimeout(() => child.kill("SIGKILL"), 60 + 90 * round * Math.random());
    const { signal } = await end;
    clearTimeout(timer);
    killed += signal === "SIGKILL";
  }
  t.diagnostic(`killed ${killed} times`);
  assert.ok(killed > 0);
  const done = rescore(server, "single-2", ARGS);
  assert.equal(done.state, "done");
  assert.equal(counted(done).changed, ATTEMPTS);
  const again = await Server.start({ banks: bank, data: server.data, args: ["--no-rate-limits"] });
  t.after(() => again.stop());
  again.data = server.data;
  await check(again, attempts, ada.bearer);
});

test("the server is killed while it goes through the attempts, and goes on", async (t) => {
  const { bank, server, ada, attempts } = await prepare(t);
  const operator = await addUser(server, "op", ["--role", "operator"]);
  const begun = await server.post("/api/v1/issues/fixture/single-2/rescore", { how: "key", reason: "The key was wrong." }, operator.bearer);
  assert.equal(begun.status, 202, begun.text);
  await server.kill();
  let now;
  for (let round = 0; round < 4; round++) {
    now = await Server.start({ banks: bank, data: server.data, args: ["--no-rate-limits"] });
    now.data = server.data;
    if (round < 3) await now.kill();
  }
  t.after(() => now.stop());
  const done = await until(async () => {
    const reply = ok(await now.get(begun.headers.get("location"), operator.bearer));
    return reply.state === "done" && reply;
  }, "the attempts to be gone through");
  assert.equal(done.changed, ATTEMPTS);
  await check(now, attempts, ada.bearer);
});
