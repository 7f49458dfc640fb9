// Nothing that was shown as saved is lost: power cuts, kill -9, a full, a read-only and a failing disk.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Server, temporaryFolder, until } from "../lib/server.mjs";
import { Crowd, fixture, startOnDisk } from "./faults.mjs";

/** Saves for a while, cuts the power, starts again on what the disk kept; returns { lost, saves }. */
async function powerCut(t, env) {
  const server = await startOnDisk(t, { env });
  const crowd = new Crowd(4);
  await crowd.begin(server);
  const saving = crowd.save(server, 60000);
  await until(() => crowd.saves > 500, "500 saves", 60000);
  await server.kill();
  await saving;
  const after = join(temporaryFolder(t), "data");
  cpSync(server.disk.twin, after, { recursive: true });
  const again = await Server.start({ data: after, banks: fixture }).catch((error) => error);
  if (again instanceof Error) {
    t.diagnostic(`what the disk kept does not start: ${again.message}`);
    return { lost: crowd.acknowledged.size, saves: crowd.saves };
  }
  const lost = await crowd.lost(again);
  await again.stop();
  return { lost, saves: crowd.saves };
}

test("a power cut loses no acknowledged answer", async (t) => {
  for (let round = 0; round < 3; round++) {
    const { lost, saves } = await powerCut(t, {});
    t.diagnostic(`round ${round + 1}: ${saves} saves acknowledged, ${lost} lost`);
    assert.equal(lost, 0);
  }
});

test("the control run with synchronous=OFF does lose answers: the test can fail", async (t) => {
  const { lost, saves } = await powerCut(t, { ASSAY_DISK_NO_SYNC: "1" });
  t.diagnostic(`${saves} saves acknowledged, ${lost} items lost`);
  assert.ok(lost > 0);
});

test("kill -9 a hundred times under load loses no acknowledged answer", async (t) => {
  const data = join(temporaryFolder(t), "data");
  const crowd = new Crowd(4);
  for (let round = 0; round < 100; round++) {
    const server = await Server.start({ data, banks: fixture, args: ["--no-rate-limits"] });
    if (round === 0) await crowd.begin(server);
    else assert.equal(await crowd.lost(server), 0, `after kill ${round}`);
    const before = crowd.saves;
    const saving = crowd.save(server, 60000);
    await until(() => crowd.saves > before + 20 + ((round * 37) % 200), "saves", 60000);
    await server.kill();
    await saving;
  }
  const server = await Server.start({ data, banks: fixture });
  t.diagnostic(`${crowd.saves} saves acknowledged over 100 kills`);
  assert.equal(await crowd.lost(server), 0);
  assert.equal(await server.stop(), 0);
});

for (const [mode, what, comesBack] of [
  ["f", "a full disk", true],
  ["r", "a read-only disk", false],
  ["s", "a failing fsync", false],
  ["d", "a failing fsync of the database when the log is carried over", false],
]) {
  test(`${what}: nothing is accepted, it is said, reads go on, nothing is lost`, async (t) => {
    const server = await startOnDisk(t);
    const crowd = new Crowd(2);
    await crowd.begin(server);
    await crowd.save(server, 300);
    server.disk.mode(mode);
    await crowd.save(server, 120000); // until the first refusal
    assert.equal(crowd.refused?.code, "read-only", JSON.stringify(crowd.refused));
    const health = await server.get("/api/v1/health");
    assert.equal(health.status, 503);
    assert.equal(health.json.status, "read-only");
    assert.equal((await server.get(`/api/v1/attempts/${crowd.attempts[0].id}`)).status, 200);
    assert.equal(await crowd.lost(server), 0);

    server.disk.mode("");
    crowd.refused = null;
    if (comesBack) {
      await until(async () => (await server.get("/api/v1/health")).status === 200, "the server to accept again");
      await crowd.save(server, 300);
      assert.equal(crowd.refused, null);
    } else {
      // What the disk holds after such an error is unknown until the next start: it stays closed, whatever the disk says from now on.
      for (const end = performance.now() + 3000; performance.now() < end; ) {
        assert.equal((await server.get("/api/v1/health")).status, 503);
        await crowd.save(server, 300);
        assert.equal(crowd.refused?.code, "read-only");
      }
    }
    assert.match(server.log, / error .*storage failed/);
    await server.kill();
    const again = await Server.start({ data: server.disk.data, banks: fixture });
    assert.equal(await crowd.lost(again), 0);
    crowd.refused = null;
    await crowd.save(again, 300);
    assert.equal(crowd.refused, null);
    assert.equal(await again.stop(), 0);
  });
}
