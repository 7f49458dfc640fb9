// A network to cut: passes bytes on to a server, until told not to.
import { connect, createServer } from "node:net";

export class Proxy {
  sockets = new Set();
  whole = true;

  /** Listens on a port of its own and passes on to `url`; ends with the test. */
  static async start(t, url) {
    const proxy = new Proxy();
    proxy.target = new URL(url);
    proxy.server = createServer((socket) => proxy.pass(socket));
    await new Promise((done) => proxy.server.listen(0, "127.0.0.1", done));
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    t.after(() => {
      proxy.cut();
      proxy.server.close();
    });
    return proxy;
  }

  pass(socket) {
    if (!this.whole) return socket.destroy();
    const other = connect(Number(this.target.port), this.target.hostname);
    for (const [one, two] of [[socket, other], [other, socket]]) {
      this.sockets.add(one);
      one.on("data", (bytes) => two.write(bytes));
      one.on("end", () => two.end());
      one.on("error", () => two.destroy());
      one.on("close", () => (this.sockets.delete(one), two.destroy()));
    }
    return undefined;
  }

  /** Ends every connection, and takes none until mended. */
  cut() {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() {
    this.whole = true;
  }
}
