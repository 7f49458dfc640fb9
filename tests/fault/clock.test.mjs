// The exam's clock: jumps of the wall clock, suspends and outages of the server neither cost the candidate time nor give any away.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Server, temporaryFolder, until } from "../lib/server.mjs";
import { fixture, startWithClock } from "./faults.mjs";

const HOUR = 3600_000;

async function begin(server) {
  const reply = await server.post("/api/v1/attempts", { exam: "fixture/all", mode: "exam" });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}

const clockOf = async (server, id) => (await server.get(`/api/v1/attempts/${id}/clock`)).json;

test("wall-clock jumps change nothing of what is left", async (t) => {
  const server = await startWithClock(t, join(temporaryFolder(t), "data"));
  const id = await begin(server);
  const start = performance.now();
  for (const wall of [25 * HOUR, -30 * 24 * HOUR, 0]) {
    server.clock.jump({ wall });
    const { left_ms } = await clockOf(server, id);
    const used = HOUR - left_ms;
    assert.ok(used >= 0 && used <= performance.now() - start + 1500, `after a jump of ${wall}: ${used} ms used`);
  }
});

test("a suspended machine gives its time back, and says so", async (t) => {
  const server = await startWithClock(t, join(temporaryFolder(t), "data"));
  const id = await begin(server);
  const start = performance.now();
  server.clock.jump({ wall: 2 * HOUR, suspended: 2 * HOUR });
  const clock = await until(async () => {
    const now = await clockOf(server, id);
    return now.outages_ms >= 2 * HOUR - 5000 && now;
  }, "the suspend to be recorded");
  assert.ok(HOUR - clock.left_ms <= performance.now() - start + 1500);
});

test("an outage gives its time back, and the result says so", async (t) => {
  const data = join(temporaryFolder(t), "data");
  const first = await startWithClock(t, data);
  const id = await begin(first);
  const start = performance.now();
  await first.kill();
  // The next start sees a wall clock three hours later.
  const second = await startWithClock(t, data);
  second.clock.jump({ wall: 3 * HOUR });
  await second.kill();
  const third = await Server.start({ data, banks: fixture });
  t.after(() => third.kill());
  const clock = await clockOf(third, id);
  const used = HOUR - clock.left_ms;
  assert.ok(used >= 0 && used <= performance.now() - start, `${used} ms used`);
  assert.equal((await third.post(`/api/v1/attempts/${id}/submit`, {})).status, 200);
  const result = await third.get(`/api/v1/attempts/${id}/result`);
  assert.equal(result.status, 200, result.text);
  assert.ok(result.json.time.outages_ms > 0, "the outages are in the result");
});
