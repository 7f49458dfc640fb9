// Terminals of tasks: real shells in real boxes through real WebSockets, well-behaved clients and others.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addUser } from "../lib/accounts.mjs";
import { ok, problem, submit } from "../lib/exam.mjs";
import { exchange, Raw } from "../lib/raw.mjs";
import { Server, until } from "../lib/server.mjs";
import { beginTasks, startWithTasks } from "../lib/task-server.mjs";
import { DATA, frame, PROTOCOL, size, Terminal, WINDOW } from "../lib/terminal.mjs";

const resident = (server) => Number(readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/VmRSS:\s+(\d+) kB/)[1]) / 1024;
const start = async (t, options) => {
  const server = await startWithTasks(t, options);
  const attempt = await beginTasks(server);
  return { server, attempt, item: attempt.tasks[0].id };
};
const open = async (server, attempt, item, options) => {
  const terminal = await Terminal.open(server, attempt.id, item, options);
  await terminal.until(() => terminal.notice("replay-end") && (options?.keep === false ? terminal.bytes > 0 : terminal.text.includes("$ ")), "a prompt");
  return terminal;
};
const countOf = (text, byte) => text.split(byte).length - 1;

test("a shell echoes, knows its size, and follows a resize", async (t) => {
  const { server, attempt, item } = await start(t);
  const terminal = await open(server, attempt, item, { rows: 31, cols: 97 });
  await terminal.run("stty size", /31 97\r/);
  terminal.send(size(50, 120));
  await terminal.run("stty size", /50 120\r/);
  await terminal.run("echo $((6 * 7))-$USER-$TERM", /42-candidate-xterm-256color/);
  await terminal.run("printf '\\303\\244\\377\\n' | od -An -tx1", /c3 a4 ff 0a/);
  terminal.send(frame(3, "12345678"));
  await terminal.until(() => String(terminal.pings[0]) === "12345678", "the ping's echo");
  assert.deepEqual(
    terminal.notices.map((n) => n.kind),
    ["replay-begin", "replay-end"],
  );
  assert.equal(terminal.socket.protocol, PROTOCOL);
  // A second shell in the same box.
  const second = await open(server, attempt, item, { shell: 2 });
  await terminal.run("echo shared >/tmp/f; tty", /pts\/\d/);
  await second.run("cat /tmp/f", /shared/);
  await second.close();
  await terminal.close();
});

test("every byte arrives, also of a program that ends at once after its last write", async (t) => {
  const { server, attempt, item } = await start(t);
  for (const n of [1, 4095, 100001, 50_000_000]) {
    const terminal = await open(server, attempt, item, { keep: n < 1e6 });
    let zeros = 0;
    terminal.options.onData = (body) => {
      for (let at = body.indexOf(0); at >= 0; at = body.indexOf(0, at + 1)) zeros++;
    };
    terminal.type(`exec head -c ${n} /dev/zero\n`);
    const how = await terminal.closed;
    assert.equal(zeros, n);
    assert.deepEqual(how, { code: 1000, reason: "exited" });
    assert.equal(terminal.notices.at(-1).kind, "exited");
    assert.equal(terminal.notices.at(-1).status, 0);
  }
  const terminal = await open(server, attempt, item);
  terminal.type("exit 7\n");
  await terminal.closed;
  assert.equal(terminal.notice("exited").status, 7);
});

test("a client that gives no credit gets the window and no more, and the program waits for it", async (t) => {
  const { server, attempt, item } = await start(t);
  const other = await open(server, attempt, item, { shell: 2 });
  const terminal = await Terminal.open(server, attempt.id, item, { credit: false });
  await terminal.until(() => terminal.text.includes("$ "), "a prompt");
  terminal.type("yes\n");
  await terminal.until(() => terminal.bytes === WINDOW, "the window to be full");
  await other.run("until ps -C yes -o stat= | grep S; do sleep 0.1; done; echo waits-$((1 + 1))", /waits-2/);
  assert.equal(terminal.bytes, WINDOW);
  terminal.options.credit = true;
  terminal.owed = WINDOW;
  terminal.send(frame(2, [0, 1, 0x86, 0xa0]));
  await terminal.until(() => terminal.bytes > WINDOW + 100000, "more output");
  terminal.type("\x03");
  await terminal.run("echo still-$((1 + 1))", /still-2/);
});

test("memory stays bounded under floods that are read, not read, and not credited", async (t) => {
  const { server, attempt, item } = await start(t, { env: { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ""}:quarantine_size_mb=8` } });
  const before = resident(server);
  const flood = await open(server, attempt, item, { keep: false });
  const stuck = await open(server, attempt, item, { shell: 2, keep: false });
  const unread = await open(server, attempt, item, { shell: 3, keep: false });
  const left = await open(server, attempt, item, { shell: 4, keep: false });
  stuck.options.credit = false;
  unread.send(frame(2, [0xff, 0xff, 0xff, 0xff]));
  unread.socket._socket.pause();
  for (const terminal of [stuck, unread, left]) terminal.type("yes\n");
  left.destroy();
  flood.type("head -c 1G /dev/zero | tr '\\0' x & yes | head -c 100M; kill %1\n");
  let most = 0;
  await until(() => ((most = Math.max(most, resident(server))), flood.bytes > 60_000_000), "60 MB of output", 240000);
  t.diagnostic(`${before.toFixed(0)} MiB before, at most ${most.toFixed(0)} MiB`);
  assert.ok(most - before < 64, `memory grew by ${most - before} MiB`);
  flood.destroy();
});

test("input in excess is refused, and pasted text arrives whole", async (t) => {
  const { server, attempt, item } = await start(t);
  const terminal = await open(server, attempt, item);
  await terminal.run("stty raw -echo; head -c 60000 | sha256sum | tr '[a-f]' '[A-F]'; stty sane", /sane/);
  const text = Buffer.alloc(60000, "0123456789abcdef");
  for (let at = 0; at < text.length; at += 6000) terminal.type(text.subarray(at, at + 6000));
  const { createHash } = await import("node:crypto");
  await terminal.until(() => terminal.text.includes(createHash("sha256").update(text).digest("hex").toUpperCase()), "the hash of what was pasted");
  await terminal.until(() => terminal.credit >= 16384, "credit for input");
  await terminal.run("sleep 1000", /sleep/);
  for (let i = 0; i < 3; i++) terminal.type(Buffer.alloc(60000, "x"));
  assert.equal((await terminal.closed).code, 1008);
});

test("frames that are not of the protocol close the socket, and the shell goes on", async (t) => {
  const { server, attempt, item } = await start(t);
  const send = {
    1003: (s) => s.send("text"),
    1008: (s) => s.send(Buffer.from([9])),
    1009: (s) => s.send(Buffer.alloc(70000)),
  };
  for (const [code, wrong] of Object.entries(send)) {
    const terminal = await open(server, attempt, item);
    wrong(terminal.socket);
    assert.equal((await terminal.closed).code, Number(code));
  }
  const terminal = await open(server, attempt, item);
  // A message in three pieces.
  terminal.socket.send(Buffer.from([DATA, 101, 99]), { fin: false, binary: true });
  terminal.socket.send(Buffer.from("ho pie"), { fin: false });
  terminal.socket.send(Buffer.from("ces-$((2+3))\n"), { fin: true });
  await terminal.until(() => terminal.text.includes("pieces-5"), "the pieces");
});

test("a reconnecting client sees what was printed before and meanwhile", async (t) => {
  const { server, attempt, item } = await start(t);
  const first = await open(server, attempt, item);
  await first.run("echo be''fore; (sleep 0.3; echo mean''while; touch /tmp/done) &", /before/);
  first.destroy();
  const watcher = await open(server, attempt, item, { shell: 2 });
  await watcher.run("until [ -f /tmp/done ]; do sleep 0.1; done; echo is-$((1+1))", /is-2/);
  const second = await open(server, attempt, item);
  await second.until(() => /before[^]*meanwhile/.test(second.text), "both");
  await second.run("echo live-$((3 + 4))", /live-7/);
});

test("a newer connection takes over, and the older is told", async (t) => {
  const { server, attempt, item } = await start(t);
  const older = await open(server, attempt, item);
  const newer = await open(server, attempt, item);
  assert.deepEqual(await older.closed, { code: 4001, reason: "superseded" });
  assert.ok(older.notice("superseded"));
  await newer.run("echo mine-$((1 + 1))", /mine-2/);
});

test("shells survive a restart of the server, and what they printed is shown again", async (t) => {
  const { server, attempt, item } = await start(t);
  const first = await open(server, attempt, item);
  await first.run("VALUE=kept; echo be''fore", /before/);
  await first.run("clear; echo ä''ö", /\u00c3\u00a4\u00c3\u00b6/);
  await server.stop();
  assert.equal((await first.closed).code, 1001);
  const again = await Server.start({ data: server.data, banks: join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../fixtures/tasks") });
  server.process = again.process;
  const second = await open(again, attempt, item);
  const replay = second.text.slice(0, second.notice("replay-end").at);
  assert.match(replay, /before[^]*\u00c3\u00a4\u00c3\u00b6/);
  await second.run("echo value=$VALUE", /value=kept/);
  await again.kill();
  await second.closed;
  const third = await Server.start({ data: server.data, banks: join(new URL(".", import.meta.url).pathname, "../fixtures/tasks") });
  server.process = third.process;
  const terminal = await open(third, attempt, item);
  await terminal.run("echo again=$VALUE", /again=kept/);
});

test("a reset tells the terminal, and the new box starts with an empty screen", async (t) => {
  const { server, attempt, item } = await start(t);
  const first = await open(server, attempt, item);
  await first.run("echo be''fore; touch ~/mine", /before/);
  ok(await server.post(`/api/v1/attempts/${attempt.id}/tasks/${item}/reset`, {}));
  assert.equal((await first.closed).code, 4002);
  assert.ok(first.notice("reset"));
  const second = await open(server, attempt, item);
  assert.ok(!second.text.includes("before"));
  await second.run("ls ~/mine; echo end-$((1 + 1))", /No such file[^]*end-2/);
});

test("only the owner, from our own pages, with a WebSocket of this protocol", async (t) => {
  const { server, attempt, item } = await start(t);
  const url = `/api/v1/attempts/${attempt.id}/tasks/${item}/terminal`;
  const refused = async (status, code, options, at = item, id = attempt.id) => {
    const error = await Terminal.open(server, id, at, options).then(() => assert.fail("it opened"), (e) => e);
    assert.equal(`${error.status} ${JSON.parse(error.body ?? "{}").code}`, `${status} ${code}`, error.message);
  };
  problem(await server.get(url), 400, "usage");
  await refused(403, "csrf", { origin: "https://elsewhere.example" });
  await refused(403, "csrf", { origin: "null" });
  await refused(403, "csrf", { headers: { Cookie: "__Host-assay=x" } });
  await refused(403, "csrf", { headers: { "Sec-Fetch-Site": "cross-site" } });
  await refused(421, "unknown-host", { headers: { Host: "elsewhere.example" } });
  await refused(400, "usage", { protocol: "chat" });
  await refused(400, "usage", { shell: 9 });
  await refused(400, "usage", { rows: 0.5 });
  await refused(400, "usage", { lease: "x" });
  await refused(409, "superseded", { lease: 99 });
  await refused(404, "not-found", {}, item, "nothing");
  await refused(404, "not-on-form", {}, "i-nothing");
  const handshake = (headers) =>
    exchange(server, `GET ${url} HTTP/1.1\r\nHost: localhost\r\n${Object.entries(headers).map((h) => h.join(": ")).join("\r\n")}\r\n\r\n`);
  const good = {
    Connection: "keep-alive, Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": `chat, ${PROTOCOL}`,
  };
  for (const wrong of [{ "Sec-WebSocket-Version": "8" }, { "Sec-WebSocket-Key": "short" }, { Upgrade: "h2c" }, { Connection: "close" }])
    assert.equal((await handshake({ ...good, ...wrong, Connection: wrong.Connection ?? "Upgrade, close" })).statuses[0], 400);
  const same = await open(server, attempt, item, { origin: server.url });
  await same.close();
  // With accounts: a stranger sees nothing.
  const ada = await addUser(server, "ada");
  await refused(401, "unauthenticated", {});
  await refused(404, "not-found", { headers: ada.bearer });
});

test("peers that say nothing, or drip, or never close, hold nobody up", async (t) => {
  const { server, attempt, item } = await start(t, { args: ["--per-address", "40"] });
  const url = `/api/v1/attempts/${attempt.id}/tasks/${item}/terminal`;
  const head = `GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`;
  // Each takes over from the one before, and does not answer its close.
  const raws = [];
  for (let i = 0; i < 30; i++) {
    const raw = new Raw(server, { localAddress: "127.0.0.3" });
    raws.push(raw);
    await raw.send(head);
    await until(() => raw.statuses[0] !== undefined || raw.closed, "an answer");
  }
  assert.ok(raws.every((r) => [101, 503].includes(r.statuses[0])), String(raws.map((r) => r.statuses[0])));
  await until(() => raws.filter((r) => r.statuses[0] === 101 && !r.closed).length <= 1, "the superseded to be let go of");
  const terminal = await open(server, attempt, item);
  await terminal.run("echo served-$((1 + 1))", /served-2/);
  for (const raw of raws) raw.destroy();
});

test("what the candidate saw is recorded, and shown when the attempt has ended", async (t) => {
  const server = await startWithTasks(t);
  const ada = (await addUser(server, "ada")).bearer;
  const eve = (await addUser(server, "eve", ["--role", "examiner"])).bearer;
  const bob = (await addUser(server, "bob")).bearer;
  const attempt = await beginTasks(server, "exam", ada);
  const item = attempt.tasks[0].id;
  const base = `/api/v1/attempts/${attempt.id}/tasks/${item}/recordings`;
  const terminal = await open(server, attempt, item, { rows: 30, cols: 90, headers: ada });
  await terminal.run("stty -echo; echo seen-$((1 + 1)); read secret; stty echo; echo said-${#secret}", /seen-2/);
  await terminal.run("NOT-SHOWN", /said-9/);
  terminal.send(size(40, 100));
  await terminal.run("stty size", /40 100/);
  problem(await server.get(base, ada), 403, "not-released");
  problem(await server.get(`${base}/1`, ada), 403, "not-released");
  problem(await server.get(`${base}/1`, bob), 404, "not-found");
  await until(async () => ok(await server.get(base, eve)).recordings.length === 1, "an examiner to see it");
  await submit(server, attempt.id, ada);
  assert.equal((await terminal.closed).code, 4002);
  assert.ok(terminal.notice("ended"));
  const { recordings } = ok(await server.get(base, ada));
  assert.equal(recordings.length, 1);
  assert.equal(recordings[0].shell, 1);
  const cast = await server.get(`${base}/1`, ada);
  assert.equal(cast.status, 200);
  assert.equal(cast.headers.get("content-type"), "application/x-asciicast");
  const [header, ...events] = cast.text.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(header.version, 2);
  assert.equal(`${header.width}x${header.height}`, "90x30");
  const shown = events.filter((e) => e[1] === "o").map((e) => e[2]).join("");
  assert.equal(Buffer.from(shown).toString("latin1"), terminal.text);
  assert.ok(!shown.includes("NOT-SHOWN"));
  assert.ok(events.some((e) => e[1] === "r" && e[2] === "100x40"));
  problem(await server.get(`${base}/2`, ada), 404, "not-found");
  problem(await server.get(`${base}/..`, ada), 404, "not-found");
  assert.equal(countOf(cast.text, "\n"), events.length + 1);
  const late = await Terminal.open(server, attempt.id, item, { headers: ada }).then(() => assert.fail("it opened"), (e) => e);
  assert.equal(JSON.parse(late.body).code, "attempt-ended");
});
