// A client of assay.terminal.v1: what a browser's page does, and what it must not do.
import { WebSocket } from "ws";
import { until } from "./server.mjs";

export const PROTOCOL = "assay.terminal.v1";
export const WINDOW = 100000;
export const [DATA, SIZE, CREDIT, PING, NOTICE] = [0, 1, 2, 3, 4];

export function frame(type, ...parts) {
  return Buffer.concat([Buffer.from([type]), ...parts.map((p) => Buffer.from(p))]);
}
export function u32(n) {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n);
  return b;
}
export function size(rows, cols) {
  const b = Buffer.alloc(4);
  b.writeUInt16BE(rows, 0);
  b.writeUInt16BE(cols, 2);
  return frame(SIZE, b);
}

export class Terminal {
  /** Options: shell, rows, cols, lease, headers, protocol, credit (false: none is given), keep (false: output is counted, not kept). */
  constructor(server, attempt, item, options = {}) {
    const query = new URLSearchParams();
    for (const key of ["shell", "rows", "cols", "lease"]) if (options[key]) query.set(key, options[key]);
    const url = `${server.url.replace("http", "ws")}/api/v1/attempts/${attempt}/tasks/${item}/terminal?${query}`;
    this.options = options;
    this.text = "";
    this.bytes = 0;
    this.notices = [];
    this.pings = [];
    this.credit = 0;
    this.owed = 0;
    this.socket = new WebSocket(url, options.protocol ?? PROTOCOL, {
      headers: options.headers,
      perMessageDeflate: false,
      origin: options.origin,
      localAddress: options.localAddress,
      autoPong: options.autoPong ?? true,
    });
    this.socket.binaryType = "nodebuffer";
    this.opened = new Promise((done, fail) => {
      this.socket.on("open", () => done(this));
      this.socket.on("error", fail);
      this.socket.on("unexpected-response", (_, response) => {
        let body = "";
        response.on("data", (part) => (body += part));
        response.on("end", () => fail(Object.assign(new Error(`${response.statusCode}`), { status: response.statusCode, body })));
      });
    });
    this.opened.catch(() => {});
    this.closed = new Promise((done) => this.socket.on("close", (code, reason) => done({ code, reason: String(reason) })));
    this.closed.then((how) => (this.how = how));
    this.socket.on("error", () => {});
    this.socket.on("message", (message) => this.#take(message));
  }

  static async open(...args) {
    const terminal = new Terminal(...args);
    await terminal.opened;
    return terminal;
  }

  #take(message) {
    const body = message.subarray(1);
    switch (message[0]) {
      case DATA:
        this.bytes += body.length;
        if (this.options.keep !== false) this.text += body.toString("latin1");
        this.options.onData?.(body);
        if (this.options.credit === false) break;
        this.owed += body.length;
        if (this.owed >= 5000) {
          this.send(frame(CREDIT, u32(this.owed)));
          this.owed = 0;
        }
        break;
      case CREDIT:
        this.credit += body.readUInt32BE();
        break;
      case PING:
        this.pings.push(body);
        break;
      case NOTICE:
        this.notices.push({ ...JSON.parse(String(body)), at: this.text.length });
        break;
      default:
        throw new Error(`frame ${message[0]}`);
    }
  }

  send(bytes) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }
  type(text) {
    this.send(frame(DATA, text));
  }
  notice(kind) {
    return this.notices.find((n) => n.kind === kind);
  }
  /** The output since the replay. */
  get fresh() {
    const end = this.notice("replay-end");
    return end ? this.text.slice(end.at) : "";
  }
  async until(look, what, ms) {
    try {
      return await until(() => look(this), what, ms);
    } catch (error) {
      throw new Error(`${error.message}; seen: ${JSON.stringify(this.text.slice(-300))} ${JSON.stringify(this.notices)} ${JSON.stringify(this.how)}`);
    }
  }
  /** Types a command and waits for what it prints. */
  async run(command, pattern) {
    const from = this.text.length;
    this.type(`${command}\n`);
    return this.until(() => this.text.slice(from).match(pattern), `${pattern} after ${command}`);
  }
  close() {
    this.socket.close();
    return this.closed;
  }
  destroy() {
    this.socket.terminate();
  }
}
