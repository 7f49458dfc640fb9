// Starts the real program for a test and talks to it as any client would.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const assay = process.env.ASSAY ?? join(root, "build/assay");

export function temporaryFolder(t) {
  const dir = mkdtempSync(join(tmpdir(), "assay-test-"));
  t?.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10 }));
  return dir;
}

/** Polls until `look` gives something true; fails after `ms`. */
export async function until(look, what, ms = 60000) {
  const end = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

export class Server {
  /** Options: data, banks (one or more folders), args, env; or command "author" with its folder in dir. */
  static async start(options) {
    const server = new Server();
    const banks = [options.banks ?? []].flat().flatMap((dir) => ["--banks", dir]);
    const what = options.command === "author" ? ["author", options.dir] : ["serve", ...banks];
    const args = [...what, "--data", options.data, "--listen", options.listen ?? "127.0.0.1:0", ...(options.args ?? [])];
    server.process = spawn(assay, args, { env: { ...process.env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
    server.log = "";
    server.process.stderr.on("data", (text) => (server.log += text));
    server.exited = new Promise((done) => server.process.on("exit", (code, signal) => done({ code, signal })));
    let out = "";
    server.url = await new Promise((done, fail) => {
      const timer = setTimeout(() => (server.process.kill("SIGKILL"), fail(new Error(`the server did not start: ${server.log}`))), 30000);
      server.process.stdout.on("data", (text) => {
        out += text;
        const match = out.match(/listening on (\S+)/);
        if (match) (clearTimeout(timer), done(match[1]));
      });
      server.exited.then(({ code, signal }) => (clearTimeout(timer), fail(new Error(`the server ended (${code ?? signal}): ${server.log}`))));
    });
    return server;
  }

  /** Ends in order; returns its exit code. */
  async stop() {
    this.process.kill("SIGTERM");
    return (await this.exited).code;
  }

  async kill() {
    this.process.kill("SIGKILL");
    return this.exited;
  }

  async request(method, path, body, headers = {}) {
    const init = { method, headers: { ...headers } };
    if (body !== undefined) {
      init.headers["Content-Type"] ??= "application/json";
      init.body = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    }
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") && text ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, text, json };
  }

  get(path, headers) { return this.request("GET", path, undefined, headers); }
  post(path, body, headers) { return this.request("POST", path, body, headers); }
  put(path, body, headers) { return this.request("PUT", path, body, headers); }
}

/** The process id of the launcher that keeps the boxes of a data folder, or undefined. It outlives its server. */
export function launcherOf(data) {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .find((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(join(data, "sandbox"));
      } catch {
        return false; // it has just ended
      }
    });
}

export function stopLauncher(data, signal = "SIGTERM") {
  const pid = launcherOf(data);
  if (pid) process.kill(Number(pid), signal);
  return pid;
}

export async function startFor(t, options = {}) {
  const data = options.data ?? join(temporaryFolder(t), "data");
  const server = await Server.start({ banks: join(root, "tests/fixtures/bank"), ...options, data });
  t?.after(async () => {
    await server.stop();
    stopLauncher(data);
  });
  server.data = data;
  return server;
}

/** Runs a command of the program; returns { code, out, err }. */
export function run(args, options = {}) {
  try {
    const out = execFileSync(assay, args, { encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], ...options });
    return { code: 0, out, err: "" };
  } catch (error) {
    return { code: error.status, out: error.stdout ?? "", err: error.stderr ?? "" };
  }
}

/** A wrong-or-right response of the shape an item asks for: always acceptable, content drawn from `pick`. */
export function anyResponse(item, pick = 0) {
  const at = (list, i) => list[i % list.length];
  switch (item.kind) {
    case "single":
    case "true-false":
      return { choose: [at(item.options, pick).id] };
    case "multiple":
      return { choose: item.options.slice(0, Math.max(1, (pick % (item.select || 2)) + 1)).map((o) => o.id) };
    case "ordering":
      return { order: item.options.map((_, i) => at(item.options, i + pick).id) };
    case "matching":
      return { match: Object.fromEntries(item.left.map((l, i) => [l.id, at(item.right, i + pick).id])) };
    case "grid":
      return { rows: Object.fromEntries(item.rows.map((r, i) => [r.id, at(item.columns, i + pick).id])) };
    case "numeric":
      return item.units?.length ? { value: String(pick), unit: item.units[0] } : { value: String(pick) };
    case "cloze":
      return { blanks: Object.fromEntries(item.blanks.map((b) => [b.id, b.choices ? at(b.choices, pick).id : `word ${pick}`])) };
    case "hotspot":
      return { points: [[pick % item.width, pick % item.height]] };
    default:
      return { text: `text ${pick}` };
  }
}

export const openItems = (attempt) => attempt.sections.flatMap((s) => s.items ?? []);
