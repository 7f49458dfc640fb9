// Many connections at once: slow ones are cut at their deadline while others are served; caps hold; memory stays bounded.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { begin, ok, rightResponse, save } from "../lib/exam.mjs";
import { exchange, head, Raw } from "../lib/raw.mjs";
import { openItems, startFor, until } from "../lib/server.mjs";

const OTHER = "127.0.0.2";
const start = (t, args = []) => startFor(t, { args, env: { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ""}:quarantine_size_mb=8` } });
const resident = (server) => Number(readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/VmRSS:\s+(\d+) kB/)[1]) / 1024;

/** Drips a byte now and then into each, until it is closed. */
function drip(raws, bytes, everyMs) {
  let at = 0;
  const timer = setInterval(() => {
    const byte = bytes[at++ % bytes.length];
    for (const raw of raws) if (!raw.closed) raw.send(byte);
  }, everyMs);
  return () => clearInterval(timer);
}

test("a slow-loris of 400 connections is cut at its deadline, and others are served", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const [item] = openItems(attempt);
  const before = resident(server);
  // Half of them drip a head, half a body.
  const heads = Array.from({ length: 200 }, () => new Raw(server, { localAddress: OTHER }));
  const bodies = Array.from({ length: 200 }, () => new Raw(server, { localAddress: OTHER }));
  const url = `/api/v1/attempts/${attempt.id}/responses/${item.id}`;
  await Promise.all([...heads.map((r) => r.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")), ...bodies.map((r) => r.send(head(`PUT ${url}`, { "Content-Type": "application/json", "Content-Length": "5000" }) + '{"seq":'))]);
  const stop = drip([...heads, ...bodies], " a1", 500);
  t.after(stop);
  const waits = [];
  const end = performance.now() + 60000;
  while (![...heads, ...bodies].every((r) => r.closed)) {
    assert.ok(performance.now() < end, `${[...heads, ...bodies].filter((r) => !r.closed).length} slow connections are still open`);
    const from = performance.now();
    ok(await save(server, attempt, item, rightResponse(item)));
    ok(await server.get("/api/v1/exams"));
    waits.push(performance.now() - from);
    await new Promise((done) => setImmediate(done));
  }
  stop();
  waits.sort((a, b) => a - b);
  t.diagnostic(`${waits.length} saves and reads meanwhile, median ${waits[waits.length >> 1].toFixed(1)} ms, slowest ${waits.at(-1).toFixed(1)} ms`);
  assert.ok(waits.length > 50 && waits[Math.floor(waits.length * 0.99)] < 1000);
  const lifetimes = (raws) => [Math.min(...raws.map((r) => r.lifetime)), Math.max(...raws.map((r) => r.lifetime))];
  const [headLeast, headMost] = lifetimes(heads), [bodyLeast, bodyMost] = lifetimes(bodies);
  assert.ok(headLeast > 13000 && headMost < 25000, `heads were cut after ${headLeast} to ${headMost} ms`);
  assert.ok(bodyLeast > 18000 && bodyMost < 30000, `bodies were cut after ${bodyLeast} to ${bodyMost} ms`);
  assert.ok(resident(server) - before < 64, `memory grew by ${resident(server) - before} MiB`);
});

test("the cap per address holds, others come in, and a closed place is free again", async (t) => {
  const server = await start(t, ["--per-address", "20"]);
  const raws = Array.from({ length: 60 }, () => new Raw(server, { localAddress: OTHER }));
  t.after(() => raws.forEach((r) => r.destroy()));
  await until(() => raws.filter((r) => r.closed).length === 40, "40 of 60 to be refused");
  ok(await server.get("/api/v1/health"));
  for (const r of raws) r.destroy();
  await until(async () => (await exchange(server, head("GET /api/v1/health"), { localAddress: OTHER })).statuses[0] === 200, "a place to be free again");
});

test("the cap in all holds, and the server recovers", async (t) => {
  const server = await start(t, ["--connections", "50", "--per-address", "1000"]);
  const raws = Array.from({ length: 200 }, (_, i) => new Raw(server, { localAddress: `127.0.0.${2 + (i % 50)}` }));
  t.after(() => raws.forEach((r) => r.destroy()));
  await Promise.all(raws.map((r) => r.connected));
  await Promise.all(raws.map((r) => r.send(head("GET /api/v1/health"))));
  await until(() => raws.filter((r) => r.statuses[0] === 200).length >= 50, "the first 50 to be served");
  for (const r of raws) r.destroy();
  await until(async () => (await exchange(server, head("GET /api/v1/health"))).statuses[0] === 200, "the server to be free again");
  ok(await server.get("/api/v1/health"));
});

test("opening and closing ten thousand connections leaves nothing behind", async (t) => {
  const server = await start(t);
  ok(await server.get("/api/v1/health"));
  const count = async () => Number(ok(await server.get("/api/v1/health")) && readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  const round = async (n) => {
    for (let i = 0; i < n; i += 100) await Promise.all(Array.from({ length: 100 }, () => exchange(server, head("GET /api/v1/health"), { localAddress: OTHER })));
  };
  await round(2000);
  const before = await count();
  await round(8000);
  assert.ok((await count()) - before < 32, `memory grew by ${(await count()) - before} MiB`);
});

test("readers that do not read their replies do not hold the server up", async (t) => {
  const server = await start(t);
  const attempt = await begin(server, "all");
  const stuck = Array.from({ length: 50 }, () => new Raw(server, { localAddress: OTHER }));
  t.after(() => stuck.forEach((r) => r.destroy()));
  for (const raw of stuck) {
    raw.socket.pause();
    await raw.send(`GET /api/v1/attempts/${attempt.id} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(200));
  }
  const before = resident(server);
  for (let i = 0; i < 100; i++) ok(await server.get("/api/v1/exams"));
  assert.ok(resident(server) - before < 64);
});
