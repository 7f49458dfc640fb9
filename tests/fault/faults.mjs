// What the fault tests share: a server on a disk or a clock that misbehaves, and a crowd that saves answers and remembers what was acknowledged.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { anyResponse, openItems, root, Server, temporaryFolder } from "../lib/server.mjs";

const library = (name) => join(root, "build/tests/fault", `fault_${name}.so`);
export const fixture = join(root, "tests/fixtures/bank");

/** A server whose disk obeys: disk.mode("f" full, "r" read-only, "s" a sync fails, "" well); disk.twin is what a power cut would leave. */
export async function startOnDisk(t, options = {}) {
  const dir = temporaryFolder(t);
  const [data, twin, control] = ["data", "twin", "control"].map((name) => join(dir, name));
  mkdirSync(data, { mode: 0o700 });
  mkdirSync(twin);
  writeFileSync(control, Buffer.alloc(4096));
  const env = { LD_PRELOAD: library("disk"), ASSAY_DISK_ROOT: data, ASSAY_DISK_TWIN: twin, ASSAY_DISK_CONTROL: control, ...options.env };
  const server = await Server.start({ data, banks: fixture, args: ["--no-rate-limits"], env });
  t.after(() => server.kill());
  server.disk = {
    data,
    twin,
    mode(letter) {
      const fd = openSync(control, "r+");
      writeSync(fd, Buffer.from(letter ? letter : "\0"), 0, 1, 0);
      closeSync(fd);
    },
  };
  return server;
}

/** A server whose clocks can jump: clock.jump({ wall, suspended }) in milliseconds from the true ones. */
export async function startWithClock(t, data) {
  const control = join(temporaryFolder(t), "clock");
  writeFileSync(control, Buffer.alloc(4096));
  const env = { LD_PRELOAD: library("clock"), ASSAY_CLOCK_CONTROL: control };
  const server = await Server.start({ data, banks: fixture, env });
  t.after(() => server.kill());
  server.clock = {
    jump({ wall = 0, suspended = 0 }) {
      const offsets = Buffer.alloc(16);
      offsets.writeBigInt64LE(BigInt(wall), 0);
      offsets.writeBigInt64LE(BigInt(suspended), 8);
      const fd = openSync(control, "r+");
      writeSync(fd, offsets, 0, 16, 0);
      closeSync(fd);
    },
  };
  return server;
}

/** Candidates who save answers as fast as they are acknowledged, each over attempts of its own. */
export class Crowd {
  constructor(size) {
    this.size = size;
    this.acknowledged = new Map(); // "attempt item" -> { seq, response }
    this.saves = 0;
    this.attempts = [];
  }

  /** Study sessions beside one another need no accounts; one exam attempt would be alone. */
  async begin(server) {
    const exams = ["all", "secret", "late", "sections", "essay", "retakes"];
    for (const exam of exams.slice(0, this.size)) {
      const reply = await server.post("/api/v1/attempts", { exam: `fixture/${exam}`, mode: "exam" });
      assert.equal(reply.status, 201, reply.text);
      this.attempts.push({ id: reply.json.id, items: openItems(reply.json) });
    }
  }

  /** Saves until the server stops answering or `ms` have passed. */
  async save(server, ms) {
    const end = performance.now() + ms;
    await Promise.all(this.attempts.flatMap((attempt) => attempt.items.map((item) => this.#saveItem(server, attempt, item, end))));
  }

  async #saveItem(server, attempt, item, end) {
    const key = `${attempt.id} ${item.id}`;
    while (performance.now() < end && !this.stopped) {
      item.sent = (item.sent ?? 0) + 1;
      const body = { seq: item.sent, response: anyResponse(item, item.sent), spent_ms: item.sent };
      let reply;
      try {
        reply = await server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, body);
      } catch {
        return; // the server is gone; whether this one was kept is open
      }
      if (reply.status !== 200) {
        this.refused = reply.json;
        return;
      }
      assert.equal(reply.json.seq, item.sent);
      this.acknowledged.set(key, body);
      this.saves++;
    }
  }

  /** How many acknowledged answers the server no longer has. A newer one that was under way may stand in their place. */
  async lost(server) {
    let lost = 0;
    for (const { id } of this.attempts) {
      const reply = await server.get(`/api/v1/attempts/${id}`);
      const kept = new Map(reply.status === 200 ? openItems(reply.json).map((item) => [`${id} ${item.id}`, item]) : []);
      for (const [key, body] of this.acknowledged) {
        if (!key.startsWith(id)) continue;
        const item = kept.get(key);
        if (!item || item.seq < body.seq) lost++;
        else if (item.seq === body.seq) assert.deepEqual(item.response, body.response, `another answer under seq ${body.seq}`);
      }
    }
    return lost;
  }
}
