// Bytes straight to the server's socket, for what no HTTP library would send.
import { connect } from "node:net";
import { request } from "node:http";

/** An open connection that remembers what came back. Options: localAddress. */
export class Raw {
  constructor(server, options = {}) {
    const { hostname, port } = new URL(server.url);
    this.received = "";
    this.closed = false;
    this.opened = performance.now();
    this.socket = connect({ host: hostname, port: Number(port), localAddress: options.localAddress });
    this.socket.setNoDelay(true);
    this.connected = new Promise((done) => {
      this.socket.once("connect", () => done(true));
      this.socket.once("close", () => done(false));
    });
    this.ended = new Promise((done) =>
      this.socket.once("close", () => {
        this.closed = true;
        this.lifetime = performance.now() - this.opened;
        done(this.received);
      }),
    );
    this.socket.on("data", (data) => (this.received += data.toString("latin1")));
    this.socket.on("error", () => {}); // a reset is an end like any other
  }

  /** Resolves once the bytes are taken, or the connection is gone. */
  send(bytes) {
    return new Promise((done) => {
      if (this.closed || this.socket.destroyed) return done();
      if (this.socket.write(bytes)) return done();
      this.socket.once("drain", done);
      this.socket.once("close", done);
    });
  }

  destroy() {
    this.socket.destroy();
  }

  /** Status codes of the replies so far. */
  get statuses() {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((m) => Number(m[1]));
  }
}

/** Sends bytes and gives all that comes until the server closes, or `ms` have passed. */
export async function exchange(server, bytes, { ms = 10000, ...options } = {}) {
  const raw = new Raw(server, options);
  await raw.send(bytes);
  let timer;
  await Promise.race([raw.ended, new Promise((done) => (timer = setTimeout(done, ms)))]);
  clearTimeout(timer);
  raw.destroy();
  return raw;
}

export const head = (line, headers = {}) =>
  `${line} HTTP/1.1\r\n${Object.entries({ Host: "localhost", Connection: "close", ...headers }).map(([k, v]) => `${k}: ${v}\r\n`).join("")}\r\n`;

/** A request with exactly these headers, Host among them, by node:http; as Server.request() replies. */
export function requestWith(server, method, path, headers = {}, body) {
  return new Promise((done, fail) => {
    const rq = request(server.url + path, { method, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        const replyHeaders = new Headers(Object.entries(response.headers).map(([k, v]) => [k, String(v)]));
        const json = replyHeaders.get("content-type")?.includes("json") && text ? JSON.parse(text) : null;
        done({ status: response.statusCode, headers: replyHeaders, text, json });
      });
    });
    rq.on("error", fail);
    if (body !== undefined) rq.write(typeof body === "string" ? body : JSON.stringify(body));
    rq.end();
  });
}
