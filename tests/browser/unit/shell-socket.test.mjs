// The connection of a shell: frames, credit both ways, coming back, and what is said again. Socket, time and chance are the test's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { ShellSocket, creditFrame, dataFrame, pingFrame, readFrame, sizeFrame } = await load("hands-on/shell-socket.ts", "hands-on/frames.ts");

const notice = (kind, more = {}) => Uint8Array.from([4, ...new TextEncoder().encode(JSON.stringify({ kind, ...more }))]);
const settle = () => new Promise((done) => setImmediate(done));

class Wire {
  readyState = 0;
  sent = [];
  open() {
    this.readyState = 1;
    this.onopen();
  }
  send(data) {
    this.sent.push([...data]);
  }
  say(bytes) {
    this.onmessage({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  }
  close() {
    this.closed = true;
    this.readyState = 3;
  }
  drop() {
    this.readyState = 3;
    this.onclose();
  }
  of(type) {
    return this.sent.filter((f) => f[0] === type);
  }
}

function scene({ hopeful = async () => true } = {}) {
  const s = { wires: [], log: [], notices: [], now: 0, timers: [], pending: [] };
  const screen = {
    rows: 24, cols: 80,
    clear: () => s.log.push("clear"),
    write: (bytes, taken) => {
      s.log.push(Buffer.from(bytes).toString());
      s.pending.push(taken);
    },
  };
  const timers = {
    set: (f, ms) => (s.timers.push({ f, ms }), s.timers.at(-1)),
    clear: (timer) => (s.timers = s.timers.filter((x) => x !== timer)),
    now: () => s.now,
    random: () => 0.5,
  };
  const host = { connect: () => (s.wires.push(new Wire()), s.wires.at(-1)), changed: () => {}, notice: (n) => s.notices.push(n.kind), hopeful };
  s.socket = new ShellSocket(screen, host, timers);
  s.wire = () => s.wires.at(-1);
  s.take = () => s.pending.splice(0).forEach((f) => f());
  s.fire = () => {
    const timer = s.timers.shift();
    s.now += timer.ms;
    timer.f();
    return timer.ms;
  };
  return s;
}

const connected = (options) => {
  const s = scene(options);
  s.socket.start();
  s.wire().open();
  return s;
};

test("frames go out as the protocol says, and only frames come in", () => {
  assert.deepEqual([...dataFrame(Uint8Array.from([65]))], [0, 65]);
  assert.deepEqual([...sizeFrame(24, 300)], [1, 0, 24, 1, 44]);
  assert.deepEqual([...creditFrame(5000)], [2, 0, 0, 0x13, 0x88]);
  assert.equal(pingFrame(1).length, 9);
  assert.deepEqual(readFrame(Uint8Array.from([2, 0, 1, 0, 0])), { type: "credit", bytes: 65536 });
  assert.deepEqual(readFrame(notice("exited", { status: 3, other: {} })), { type: "notice", notice: { kind: "exited", status: 3 } });
  for (const bad of [[], [9], [2, 1], [2, 1, 2, 3, 4, 5], [3], [4], [4, 123], [4, 255, 254], [...notice("nonsense")], [4, ...Buffer.from("null")], [4, ...Buffer.from("[1]")]])
    assert.equal(readFrame(Uint8Array.from(bad)), null, String(bad));
});

test("output is acknowledged when it has been shown, in steps of 5,000", () => {
  const s = connected();
  s.wire().say(dataFrame(new Uint8Array(4999)));
  s.take();
  assert.deepEqual(s.wire().of(2), []);
  s.wire().say(dataFrame(new Uint8Array(30000)));
  assert.deepEqual(s.wire().of(2), [], "not before it is shown");
  s.take();
  assert.deepEqual(s.wire().of(2), [[...creditFrame(34999)]]);
});

test("what an earlier connection sent gives no credit to the next", async () => {
  const s = connected();
  s.wire().say(dataFrame(new Uint8Array(20000)));
  const late = s.pending.splice(0);
  s.wire().drop();
  await settle();
  s.fire();
  s.wire().open();
  late.forEach((f) => f());
  s.wire().say(dataFrame(new Uint8Array(4000)));
  s.take();
  assert.deepEqual(s.wire().of(2), []);
});

test("input keeps to the server's credit, whole and in order", () => {
  const s = connected();
  const paste = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  assert.equal(s.socket.send(paste), true);
  const sent = () => s.wire().of(0).flatMap((f) => f.slice(1));
  assert.equal(sent().length, 65536);
  s.wire().say(creditFrame(10_000));
  assert.equal(sent().length, 75536);
  s.wire().say(creditFrame(65536));
  assert.deepEqual(Uint8Array.from(sent()), paste);
  assert.equal(s.socket.send(new Uint8Array(1 << 21)), false, "a paste without end is refused");
});

test("on return the screen is cleared and shown again; it does not answer to what it shows again", async () => {
  const s = connected();
  s.wire().drop();
  await settle();
  assert.equal(s.socket.status, "reconnecting");
  assert.equal(s.socket.send(Uint8Array.from([97])), true);
  s.fire();
  s.wire().open();
  s.wire().say(notice("replay-begin"));
  s.wire().say(dataFrame(Buffer.from("before")));
  s.wire().say(notice("replay-end"));
  assert.equal(s.socket.replaying, true);
  assert.deepEqual(s.log, ["clear", "before", ""]);
  s.take();
  assert.equal(s.socket.replaying, false);
  assert.deepEqual(s.wire().of(0).at(-1), [0, 97], "what was typed meanwhile arrives");
});

test("waits grow with failures, keep jitter, and begin anew after a success", async () => {
  const s = scene();
  s.socket.start();
  const waits = [];
  for (let i = 0; i < 8; i++) {
    s.wire().drop();
    await settle();
    waits.push(s.fire());
  }
  assert.deepEqual(waits, [375, 750, 1500, 3000, 6000, 12000, 22500, 22500]);
  s.wire().open();
  s.wire().drop();
  await settle();
  assert.equal(s.timers[0].ms, 375);
});

test("a connection that has died quietly is noticed by its pings", async () => {
  const s = connected();
  s.fire();
  assert.equal(s.wire().of(3).length, 1);
  s.wire().say(Uint8Array.from(s.wire().of(3)[0]));
  s.fire(); /* there was an answer: the next round begins */
  assert.equal(s.socket.status, "connected");
  s.fire();
  s.fire();
  assert.equal(s.wires[0].closed, true);
  await settle();
  assert.equal(s.socket.status, "reconnecting");
  s.fire();
  assert.equal(s.wires.length, 2);
});

test("used elsewhere, exited, ended: no return by itself; start() takes it back", async () => {
  for (const kind of ["superseded", "exited", "ended"]) {
    const s = connected();
    s.wire().say(notice(kind));
    s.wire().drop();
    await settle();
    assert.equal(s.socket.status, kind);
    assert.deepEqual(s.timers, []);
    assert.equal(s.socket.send(Uint8Array.from([97])), false);
    s.socket.start();
    s.wire().open();
    assert.equal(s.socket.status, "connected");
    assert.deepEqual(s.wire().of(0), []);
  }
});

test("a fresh or restored machine does not get what was typed for the old one", async () => {
  for (const kind of ["reset", "restored", "lost"]) {
    const s = connected();
    s.wire().drop();
    await settle();
    s.socket.send(Buffer.from("rm -r x\r"));
    s.fire();
    const wire = s.wire();
    wire.readyState = 0;
    wire.say(notice(kind));
    wire.open();
    assert.deepEqual(wire.of(0), []);
  }
});

test("where there is no hope, there are no more tries", async () => {
  const s = scene({ hopeful: async () => false });
  s.socket.start();
  s.wire().drop();
  await settle();
  assert.equal(s.socket.status, "ended");
  assert.deepEqual(s.timers, []);
});

test("a stopped socket stays stopped, whatever arrives late", async () => {
  const s = connected();
  const wire = s.wire();
  s.socket.stop();
  assert.equal(wire.closed, true);
  wire.say(dataFrame(Buffer.from("x")));
  wire.onclose();
  await settle();
  assert.equal(s.socket.status, "stopped");
  assert.deepEqual(s.log, []);
  assert.deepEqual(s.timers, []);
});

test("the network is back: no need to wait", async () => {
  const s = connected();
  s.wire().drop();
  await settle();
  s.socket.kick();
  assert.equal(s.wires.length, 2);
  assert.deepEqual(s.timers, []);
});
