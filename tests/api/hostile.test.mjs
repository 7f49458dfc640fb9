// What no honest client sends: broken HTTP and JSON, huge bodies, tricks with paths. Each is refused with a reason, and the server goes on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { check, checked } from "../lib/contract.mjs";
import { begin, ok, problem } from "../lib/exam.mjs";
import { exchange, head, Raw, requestWith } from "../lib/raw.mjs";
import { openItems, startFor, until } from "../lib/server.mjs";

let server, attempt, url;
const cleanUps = [];
before(async () => {
  server = checked(
    await startFor({ after: (f) => cleanUps.push(f) }, { env: { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ""}:quarantine_size_mb=8` } }),
  );
  attempt = await begin(server, "all");
  url = `/api/v1/attempts/${attempt.id}/responses/${openItems(attempt)[0].id}`;
});
after(async () => {
  ok(await server.get("/api/v1/health"));
  for (const f of cleanUps.reverse()) await f();
});

const resident = () => Number(readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/VmRSS:\s+(\d+) kB/)[1]) / 1024;
const healthy = async () => ok(await server.get("/api/v1/health")).status === "ok";

test("bytes that are not HTTP", async () => {
  const garbage = [
    "\0\0\0\0",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    "SSH-2.0-x\r\n",
    "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    "GET  /  HTTP/1.1\r\n\r\n",
    "\r\n\r\n\r\n\r\n",
    `${"A".repeat(100000)}\r\n\r\n`,
    `GET /${"a".repeat(60000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${"X-A: b\r\n".repeat(20000)}\r\n`,
    "POST /api/v1/attempts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    "POST /api/v1/attempts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "POST /api/v1/attempts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
    "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  ];
  await Promise.all(
    garbage.map(async (bytes) => {
      const raw = await exchange(server, bytes, { ms: 3000 });
      assert.ok(
        raw.statuses.every((s) => s >= 400 || (bytes.startsWith("GET /") && s === 200)),
        `${JSON.stringify(bytes.slice(0, 40))}: ${raw.received.slice(0, 200)}`,
      );
    }),
  );
  assert.ok(await healthy());
});

test("a request whose end is a matter of opinion is refused, and what follows is not taken for another", async () => {
  const headers = [
    "Content-Length: 5\r\nContent-Length: 60\r\n",
    "Content-Length: 60\r\nContent-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Content-Length : 5\r\n",
    "Content-Length: 5, 5\r\n",
    "Content-Length: +5\r\n",
    "Content-Length: 0x5\r\n",
  ];
  const inner = "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const send = (path, framing) =>
    exchange(server, `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${framing}\r\n0\r\n\r\n${inner}`, {
      ms: 3000,
    });
  for (const path of ["/api/v1/verify", "/", "/api/v1/nothing"]) {
    for (const framing of headers) {
      const raw = await send(path, framing);
      assert.ok(raw.statuses.length >= 1 && raw.statuses[0] === 400, `${path} ${framing}: ${raw.received}`);
      assert.ok(raw.closed && !raw.received.includes('"status":"ok"'), `${path} ${framing}: ${raw.received}`);
    }
  }
  for (const framing of ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"])
    assert.equal((await send("/api/v1/verify", framing)).statuses.at(-1), 200, "the control: a plain one is followed by the next");
});

test("JSON that is not what it should be", async () => {
  const bad = [
    "{",
    "}",
    '{"seq":1',
    '{"seq":1,}',
    "{'seq':1}",
    '{"seq":01}',
    '{"seq":1}{',
    '{"seq":1} x',
    "NaN",
    '{"seq":NaN}',
    '{"seq":1e999,"response":null}',
    "\uFEFF{}",
    "",
    '{"seq":1,"seq":2,"response":null}',
    '{"seq":1,"response":{"choose":[],"choose":[]}}',
    '{"seq":1,"response":null,"\\u0073eq":2}',
    '{"seq":1,"response":{"text":"\\u0000"}}',
    '{"seq":1,"response":{"text":"\0"}}',
    '{"seq":1,"response":{"text":"\x01"}}',
    '{"seq":1,"response":{"text":"\\ud800"}}',
    "[".repeat(60000),
    `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`,
    `{"seq":1,"response":${"[".repeat(70)}${"]".repeat(70)}}`,
    "[]",
    "null",
    "true",
    '"x"',
    "7",
  ];
  for (const body of bad) {
    const reply = await server.put(url, body);
    assert.equal(reply.status, 400, `${body.slice(0, 60)}: ${reply.text}`);
    assert.equal(reply.json.code, "invalid", `${body.slice(0, 60)}: ${reply.text}`);
  }
  for (const bytes of [
    [0x7b, 0xff, 0x7d],
    [0x22, 0xc0, 0x80, 0x22],
    [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d],
    [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00],
  ])
    problem(await server.put(url, new Uint8Array(bytes)), 400, "invalid");
  const many = `{"seq":1,"response":null,${Array.from({ length: 5000 }, (_, i) => `"k${i}":0`).join()}}`;
  problem(await server.put(url, many), 400, "invalid");
});

test("content types and bodies where there are none", async () => {
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/jsonp",
  ])
    problem(await server.put(url, '{"seq":1,"response":null}', { "Content-Type": type }), 415, "unsupported");
  ok(await server.put(url, '{"seq":1,"response":null}', { "Content-Type": "application/json; charset=utf-8" }));
  const withBody = await requestWith(server, "GET", "/api/v1/exams", { "Content-Type": "application/json", "Content-Length": "2" }, "{}");
  check("GET", "/api/v1/exams", withBody);
  problem(withBody, 400, "usage");
  problem(
    await requestWith(server, "DELETE", "/api/v1/session", { "Content-Type": "application/json", "Content-Length": "2" }, "{}"),
    400,
    "usage",
  );
  const noType = await exchange(server, head(`PUT ${url}`, { "Content-Length": "2" }) + "{}");
  assert.deepEqual(noType.statuses, [415]);
});

test("bodies above their limits are refused and not kept", async () => {
  const before = resident();
  problem(await server.put(url, `{"seq":2,"response":null,"x":"${"a".repeat(70000)}"}`), 413, "too-large");
  problem(await server.post("/api/v1/session", { name: "x", password: "y".repeat(3000) }), 413, "too-large");
  const picture = head("POST /api/v1/verify", { "Content-Type": "image/png", "Content-Length": String(4097 * 1024) });
  assert.deepEqual((await exchange(server, `${picture}{`)).statuses, [413]);
  // A promise of a gigabyte is refused by its head; a stream without a length by its bytes.
  const promised = await exchange(
    server,
    head(`PUT ${url}`, { "Content-Type": "application/json", "Content-Length": String(2 ** 30) }) + "{",
  );
  assert.deepEqual(promised.statuses, [413]);
  const streams = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const raw = new Raw(server);
      await raw.send(head(`PUT ${url}`, { "Content-Type": "application/json", "Transfer-Encoding": "chunked" }));
      const chunk = `10000\r\n${"a".repeat(65536)}\r\n`;
      for (let i = 0; i < 256 && !raw.closed; i++) await raw.send(chunk); // 16 MiB each
      await raw.send("0\r\n\r\n");
      await Promise.race([raw.ended, until(() => raw.statuses.length > 0, "an answer")]);
      raw.destroy();
      return raw;
    }),
  );
  for (const raw of streams)
    assert.ok(
      raw.statuses.every((s) => s === 413),
      raw.received.slice(0, 300),
    );
  assert.ok(resident() - before < 64, `memory grew by ${resident() - before} MiB`);
});

test("paths that try to get somewhere else", async () => {
  const paths = [
    "/api/v1/../../etc/passwd",
    "/media/../../../etc/passwd",
    "/media/..%2f..%2fetc%2fpasswd",
    `/media/${"0".repeat(64)}.svg/../../secret`,
    "//etc/passwd",
    "/api/v1/attempts/%00",
    "/api/v1/exams%00",
    "/api/v1/health%00x",
    "/%00",
    "/api/v1/attempts/../session",
    "/api/v1/attempts/%2e%2e/session",
    "/api/v1/exams/fixture/%2e%2e",
    "/api/v1/exams/..%2f/all",
    "/api//v1/exams",
    "/api/v1/exams/",
    "/API/V1/EXAMS",
    `/api/v1/attempts/${attempt.id}/docs/../../../../etc/passwd`,
    `/api/v1/attempts/${attempt.id}/docs/%2e%2e/%2e%2e/bank.yml`,
    `/api/v1/attempts/${attempt.id}/docs/colours.md`,
    `/api/v1/attempts/${attempt.id}/docs//etc/passwd`,
    `/api/v1/attempts/${"a".repeat(5000)}`,
    "/api/v1/attempts/%ff%fe",
    "/media/%00.svg",
    "/.git/config",
    "/data/assay.db",
  ];
  for (const path of paths) {
    const raw = await exchange(server, head(`GET ${path}`));
    assert.equal(raw.statuses.length, 1, path);
    assert.ok(raw.statuses[0] >= 400 && raw.statuses[0] < 500, `${path}: ${raw.received.slice(0, 300)}`);
    assert.ok(!/root:|\[core\]|SQLite/.test(raw.received), path);
  }
  problem(await server.get(`/api/v1/attempts/${attempt.id}/docs/search?q=${"x".repeat(300)}`), 400, "usage");
  problem(await server.get(`/api/v1/attempts/${attempt.id}/docs/search`), 400, "usage");
  for (const q of ["%25", "'", '"', "(", "*", "[", "\\", "%00x", "%ff", "😀"])
    assert.ok((await server.get(`/api/v1/attempts/${attempt.id}/docs/search?q=${q}`)).status < 500, q);
});

test("methods that an address does not take", async () => {
  for (const [method, path] of [
    ["DELETE", "/api/v1/exams"],
    ["PATCH", url],
    ["POST", "/api/v1/health"],
    ["GET", url],
    ["PUT", "/api/v1/attempts"],
    ["OPTIONS", "/api/v1/exams"],
  ])
    problem(await server.request(method, path), 405, "method-not-allowed");
  for (const method of ["DELETE", "POST", "TRACE", "FOO"]) {
    const raw = await exchange(server, head(`${method} /`, { "Content-Length": "0" }));
    assert.ok(raw.statuses[0] >= 400, `${method} /: ${raw.received.slice(0, 200)}`);
  }
  const asked = await requestWith(server, "HEAD", "/api/v1/exams");
  assert.deepEqual([asked.status, asked.text], [200, ""], "HEAD is GET without its body");
});

test("a name that is not ours, and pages from elsewhere", async () => {
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "user@evil.example"]) {
    const reply = await requestWith(server, "GET", "/api/v1/session", { Host: host });
    if (reply.headers.get("content-type")?.startsWith("application/problem")) problem(reply, 421, "unknown-host");
    else assert.equal(reply.status, 400, `${host}: ${reply.text}`); // libmicrohttpd's own
    assert.ok(!reply.text.includes('csrf":"'), `${host} got the token`);
  }
  for (const lines of ["HTTP/1.0\r\n", "HTTP/1.1\r\nHost:\r\nConnection: close\r\n", "HTTP/1.1\r\nHost: :80\r\nConnection: close\r\n"])
    assert.ok((await exchange(server, `GET /api/v1/session ${lines}\r\n`)).statuses[0] >= 400, lines);
  const { port } = new URL(server.url);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `LOCALHOST:${port}`])
    assert.equal((await requestWith(server, "GET", "/api/v1/session", { Host: host })).status, 200, host);
  for (const origin of [
    "http://evil.example",
    "null",
    "file://",
    `http://localhost.evil.example:${port}`,
    `http://localhost:${Number(port) + 1}`,
    "http://localhost",
  ]) {
    problem(
      await requestWith(
        server,
        "POST",
        "/api/v1/attempts",
        { Host: `localhost:${port}`, Origin: origin, "Content-Type": "application/json" },
        '{"exam":"fixture/secret","mode":"exam"}',
      ),
      403,
      "csrf",
    );
  }
  problem(await server.post("/api/v1/attempts", { exam: "fixture/secret", mode: "exam" }, { "Sec-Fetch-Site": "cross-site" }), 403, "csrf");
  problem(await server.post("/api/v1/attempts", { exam: "fixture/secret", mode: "exam" }, { Origin: server.url }), 403, "csrf");
  const { csrf } = ok(await server.get("/api/v1/session"));
  ok(await server.post("/api/v1/attempts", { exam: "fixture/secret", mode: "exam" }, { Origin: server.url, "X-CSRF-Token": csrf }), 201);
});

test("pictures say what they are and run nothing", async () => {
  const hotspot = openItems(attempt).find((item) => item.kind === "hotspot");
  const path = hotspot.image.match(/src="([^"]+)"/)[1];
  const reply = await server.get(path);
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
  assert.equal(reply.headers.get("x-content-type-options"), "nosniff");
  assert.match(reply.headers.get("cache-control"), /immutable/);
  problem(await server.get(`/media/${"0".repeat(64)}.svg`), 404, "not-found");
});

test("requests cut off in the middle, again and again", async () => {
  const whole = head(`PUT ${url}`, { "Content-Type": "application/json", "Content-Length": "26" }) + '{"seq":999,"response":null';
  for (let at = 1; at < whole.length; at += 7) {
    const raw = new Raw(server);
    await raw.send(whole.slice(0, at));
    raw.destroy();
  }
  assert.ok(await healthy());
  const open = () => Number(readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/FDSize:\s+(\d+)/)[1]);
  assert.ok(open() <= 4096);
  const { json } = await server.get(`/api/v1/attempts/${attempt.id}`);
  assert.ok(
    openItems(json).every((item) => item.seq !== 999),
    "half a request changes nothing",
  );
});

test("a pipeline of requests is answered in order", async () => {
  const raw = await exchange(
    server,
    `${"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50)}${head("GET /api/v1/nothing")}`,
  );
  assert.deepEqual(raw.statuses, [...Array(50).fill(200), 404]);
});
