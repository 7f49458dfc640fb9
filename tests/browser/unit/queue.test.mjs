// The queue in memory and the sender that empties it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { MemoryQueue, NetworkError, Problem, Sender } = await load("attempt/queue.ts", "attempt/sender.ts", "api/http.ts");

const entry = (item, seq, at = seq) => ({ kind: "answer", attempt: "a", item, seq, base: 0, sent: 0, response: { choose: [String(seq)] }, flagged: false, confidence: null, spent_ms: 0, at });

async function until(look, what) {
  const end = performance.now() + 30000;
  while (!look()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

function start(deliver, queue = new MemoryQueue()) {
  const sender = new Sender(queue, { deliver, changed() {}, random: () => 0 });
  sender.start();
  return { queue, sender };
}

test("an entry leaves the queue only when it was delivered", async () => {
  const sent = [];
  let open;
  const gate = new Promise((done) => (open = done));
  const { queue, sender } = start(async (e) => (await gate, sent.push(e.seq), "done"));
  await sender.put(entry("i1", 1));
  assert.equal((await queue.list("a")).length, 1);
  assert.equal(sender.waitingAnswers(), 1);
  open();
  assert.equal(await sender.settled(), true);
  assert.deepEqual(sent, [1]);
  assert.equal((await queue.list("a")).length, 0);
});

test("an entry that was replaced while it was under way is not lost", async () => {
  const sent = [];
  let open;
  const gate = new Promise((done) => (open = done));
  const { queue, sender } = start(async (e) => {
    sent.push(e.seq);
    if (e.seq === 1) await gate;
    return "done";
  });
  await sender.put(entry("i1", 1));
  await until(() => sent.length === 1, "the first to be under way");
  assert.equal(sender.isInFlight(entry("i1", 1)), true);
  await sender.put(entry("i1", 2));
  open();
  assert.equal(await sender.settled(), true);
  assert.deepEqual(sent, [1, 2]);
  assert.equal((await queue.list("a")).length, 0);
});

test("failures that pass are tried again until it works, in order", async () => {
  const sent = [];
  let failures = 3;
  const { sender } = start(async (e) => {
    if (failures-- > 0) throw new NetworkError("gone");
    sent.push(e.item);
    return "done";
  });
  await sender.put(entry("i2", 1, 20));
  await sender.put(entry("i1", 1, 10));
  assert.ok(sender.trouble instanceof NetworkError);
  await until(() => sender.count === 0, "both to be delivered");
  assert.deepEqual(sent, ["i1", "i2"]);
  assert.equal(sender.trouble, null);
});

test("a server error never throws an answer away", async () => {
  let status = 500;
  const { queue, sender } = start(async () => {
    if (status) throw new Problem(status, "internal", "", null, {});
    return "done";
  });
  await sender.put(entry("i1", 1));
  await until(() => sender.trouble !== null, "the failure");
  status = 400;
  sender.kick();
  await until(() => sender.trouble?.status === 400, "the surprise");
  assert.equal((await queue.list("a")).length, 1);
  status = 0;
  assert.equal(await sender.settled(), true);
});

test("after a stop nothing is sent and everything is kept", async () => {
  let tries = 0;
  const { queue, sender } = start(async () => (tries++, "stop"));
  await sender.put(entry("i1", 1));
  await until(() => tries === 1, "the first try");
  await sender.put(entry("i2", 1));
  assert.equal(await sender.settled(), false);
  assert.equal(tries, 1);
  assert.equal((await queue.list("a")).length, 2);
});

test("notes wait behind answers, and are counted apart", async () => {
  const sent = [];
  let on = false;
  const { sender } = start(async (e) => {
    if (!on) throw new NetworkError("gone");
    sent.push(e.kind);
    return "done";
  });
  await sender.put({ kind: "note", attempt: "a", item: "i1", seq: 1, note: { text: "x", struck: [], highlights: [] }, at: 1 });
  await sender.put(entry("i1", 1, 2));
  assert.equal(sender.waitingAnswers(), 1);
  on = true;
  assert.equal(await sender.settled(), true);
  assert.deepEqual(sent, ["answer", "note"]);
});

/* A browser whose disk is busy: what is put stays on its way until it is let go. */
class SlowQueue extends MemoryQueue {
  ready = new Promise((done) => (this.letGo = done));
  put = async (e) => (await this.ready, super.put(e));
  remove = async (e) => (await this.ready, super.remove(e));
}

test("a slow store in the browser does not keep answers from the server", async () => {
  const sent = [];
  const { queue, sender } = start(async (e) => (sent.push(e.item), "done"), new SlowQueue());
  let stored = 0;
  for (const item of ["i1", "i2"]) void sender.put(entry(item, 1)).then(() => stored++);
  await until(() => sender.count === 0, "both to be delivered");
  assert.deepEqual(sent, ["i1", "i2"]);
  assert.equal(stored, 0, "put() is done only when the entry is in the store");
  queue.letGo();
  await until(() => stored === 2, "the store");
  assert.equal((await queue.list("a")).length, 0);
});
