// A hands-on task for the page's own tests: the real program serves page and attempt; one question of its form is shown as a task, and the requests
// about the task's box are answered here, with files in a map and a shell that echoes. What the server does with a real box is tested elsewhere.
import { createHash } from "node:crypto";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const text = new TextEncoder();

export const checks = [
  { id: "owner", title: "The archive belongs to root", points: 1, max: 1, outcome: "pass", message: "", detail: null, hint: null },
  { id: "content", title: "It holds /etc as it was", points: 0, max: 3, outcome: "fail", message: "etc/hostname is not in the archive <b>x</b>", detail: "etc/\netc/passwd\n", hint: "<p>Look at <code>tar -t</code>.</p>" },
  { id: "service", title: "The page is served", points: 0, max: 2, outcome: "ungraded", message: "The judge did not start", detail: null, hint: null },
];

const stem = `<p>The folder <code>/srv/data</code> is to be saved every night, and root alone may read the copy. Last night's run failed.</p>
<p>Find out why, repair <code>/usr/local/bin/backup.sh</code>, and run it once by hand.</p>
<pre><code>$ ls -l /srv/backup
-rw------- 1 root root 18231 etc.tar.gz</code></pre>`;

export const taskOf = (study) => ({
  user: "candidate", time_ms: 720_000, image: "host", ports: [8080], docs: ["numbers"], hints: study ? 2 : 0,
  checklist: ["<p>The archive is at <code>/srv/backup/etc.tar.gz</code></p>", "<p>It belongs to root, mode 0600</p>", "<p>The script runs without an error</p>"],
});

export class TaskMock {
  state = "closed";
  shells = [];
  resets = 0;
  hintsShown = 0;
  gaveUp = false;
  notice = null;
  lastCheck = null;
  files = new Map([["/home/candidate/notes.txt", "first line\nsecond line\n"], ["/usr/local/bin/backup.sh", "#!/bin/sh\nset -e\ntar -czf /srv/backup/etc.tar.gz -C / etc\n"]]);
  sockets = []; /* {shell, ws, input, credit, url} of every connection, the newest last */
  refuse = false; /* sockets are closed at once */
  requests = [];
  recordings = [];
  casts = new Map();
  greeting = "candidate@box:~$ ";

  constructor(mode = "exam") {
    this.study = mode === "study";
  }

  /** Answers for one page or context from now on. */
  async attach(target) {
    const asTask = async (route) => {
      const response = await route.fetch();
      if (!response.ok()) return route.fulfill({ response });
      const json = await response.json();
      this.change(json.attempt ?? json);
      return route.fulfill({ response, json });
    };
    await target.route(/\/api\/v1\/attempts\/[^/]+(\/claim|\/section)?$/, asTask);
    await target.route(/\/api\/v1\/attempts\/[^/]+\/tasks\//, (route) => this.answer(route));
    await target.route(/\/api\/v1\/attempts\/[^/]+\/responses\//, async (route) => {
      const body = route.request().postDataJSON();
      if (!body?.response?.done && !(this.done && body?.response === null)) return route.continue();
      this.done = body.response !== null;
      return route.fulfill({ json: { seq: body.seq, saved_at: new Date().toISOString() } });
    });
    await target.routeWebSocket(/\/tasks\/[^/]+\/terminal/, (ws) => this.connect(ws));
  }

  /** The first question becomes the task. */
  change(attempt) {
    const item = attempt.sections?.flatMap((s) => s.items ?? [])[0];
    if (!item) return;
    for (const key of ["options", "select", "left", "right", "rows", "columns", "blanks", "units", "case"]) delete item[key];
    Object.assign(item, { kind: "task", stem, points: 6, task: taskOf(this.study) });
    item.response = this.done ? { done: true } : null;
    this.item = item.id;
  }

  taskState() {
    return {
      state: this.state, user: "candidate", shells: this.shells.map((id) => ({ id, running: true })), resets: this.resets,
      hints: ["<p>Run it by hand first: what does it say?</p>", "<p>Look at <code>umask</code>.</p>"].slice(0, this.hintsShown), hints_left: this.study ? 2 - this.hintsShown : 0,
      solution: this.gaveUp ? "#!/bin/sh\numask 077\n/usr/local/bin/backup.sh\n" : null, gave_up: this.gaveUp, notice: this.notice, last_check: this.lastCheck, snapshot_at: null,
    };
  }

  async answer(route) {
    const request = route.request();
    const url = new URL(request.url());
    const [, verb] = url.pathname.match(/\/tasks\/[^/]+\/?(.*)$/);
    const body = request.method() === "GET" ? null : request.postDataJSON();
    this.requests.push(`${request.method()} ${verb}`);
    const problem = (status, code) => route.fulfill({ status, contentType: "application/problem+json", body: JSON.stringify({ code, title: code, detail: `It is ${code}.` }) });
    if (this.broken) return problem(...this.broken);
    const path = url.searchParams.get("path");
    switch (`${request.method()} ${verb}`) {
      case "GET ":
        break;
      case "POST open":
        await this.gate;
        this.state = "open";
        break;
      case "POST reset":
        this.resets++;
        this.files = new Map([["/home/candidate/notes.txt", "first line\n"]]);
        break;
      case "POST check":
        this.lastCheck = { checks, points: 1, max: 6, ungraded: 1 };
        return route.fulfill({ json: this.lastCheck });
      case "POST hint":
        this.hintsShown = Math.min(2, this.hintsShown + 1);
        break;
      case "POST solution":
        this.gaveUp = true;
        break;
      case "GET files":
        return route.fulfill({ json: { path, entries: this.list(path) } });
      case "GET file":
        if (!this.files.has(path)) return problem(404, "not-found");
        return route.fulfill({ json: { path, text: this.files.get(path), size: this.files.get(path).length, sha256: sha256(this.files.get(path)) } });
      case "PUT file": {
        const now = this.files.get(body.path);
        if (body.sha256 !== undefined && sha256(now ?? "") !== body.sha256) return problem(409, "conflict");
        this.files.set(body.path, body.text);
        return route.fulfill({ json: { path: body.path, size: body.text.length, sha256: sha256(body.text) } });
      }
      case "POST upload":
        this.files.set(body.path, Buffer.from(body.base64, "base64").toString());
        return route.fulfill({ json: { path: body.path, size: 1, sha256: "" } });
      case "GET recordings":
        return route.fulfill({ json: { recordings: this.recordings } });
      default: {
        const cast = this.casts.get(Number(verb.match(/^recordings\/(\d+)$/)?.[1]));
        return cast === undefined ? problem(404, "not-found") : route.fulfill({ contentType: "text/plain", body: cast });
      }
    }
    return route.fulfill({ json: this.taskState() });
  }

  list(folder) {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    const names = new Map();
    for (const path of this.files.keys()) {
      if (!path.startsWith(prefix)) continue;
      const [name, ...rest] = path.slice(prefix.length).split("/");
      names.set(name, { name, kind: rest.length ? "folder" : "file", size: rest.length ? 0 : this.files.get(path).length, mode: "0644", user: "candidate" });
    }
    return [...names.values()];
  }

  /* ---- terminals ---- */

  connect(ws) {
    const shell = Number(new URL(ws.url()).searchParams.get("shell"));
    if (this.refuse) return ws.close({ code: 1011 });
    if (!this.shells.includes(shell)) this.shells.push(shell);
    const socket = { shell, ws, input: "", credit: 100_000, acknowledged: 0, sizes: [], url: ws.url() };
    this.sockets.push(socket);
    socket.notice = (kind, more = {}) => ws.send(Buffer.concat([Buffer.from([4]), Buffer.from(JSON.stringify({ kind, message: "", ...more }))]));
    socket.print = (data) => ws.send(Buffer.concat([Buffer.from([0]), Buffer.from(typeof data === "string" ? text.encode(data) : data)]));
    ws.onMessage((message) => this.receive(socket, Buffer.from(message)));
    socket.notice("replay-begin");
    socket.print(this.greeting);
    socket.notice("replay-end");
    return undefined;
  }

  receive(socket, message) {
    const body = message.subarray(1);
    if (message[0] === 0) {
      socket.input += body.toString();
      socket.print(body.toString().replaceAll("\r", "\r\n"));
      const credit = Buffer.alloc(5);
      credit[0] = 2;
      credit.writeUInt32BE(body.length, 1);
      socket.ws.send(credit);
    } else if (message[0] === 1) socket.sizes.push([body.readUInt16BE(0), body.readUInt16BE(2)]);
    else if (message[0] === 2) {
      socket.credit += body.readUInt32BE(0);
      socket.acknowledged += body.readUInt32BE(0);
      socket.onCredit?.();
    } else if (message[0] === 3) socket.ws.send(message);
  }

  /** The newest connection of a shell. */
  socket(shell = 1) {
    return this.sockets.findLast((s) => s.shell === shell);
  }
}

/* Parts of the page by what a person calls them. */
export const status = (page, which) => page.locator(`[data-shell-status="${which}"]`).waitFor();
export const connected = (page) => status(page, "connected");
export const screen = (page, shell = 1) => page.locator(`[data-shell="${shell}"] .xterm-rows`);
export const shows = (page, text, shell = 1) => screen(page, shell).filter({ hasText: text }).waitFor();
export const files = (page) => page.locator(".bench-head").getByRole("tab", { name: "Files" }).click();
