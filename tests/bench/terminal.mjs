// Terminals, for bench.mjs: keystroke echo through the whole path beside busy terminals, and throughput with every byte delivered.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openItems, root, run, Server, until } from "../lib/server.mjs";
import { launchers } from "../lib/task-server.mjs";

const PEOPLE = 17; // with three tasks each: 51 boxes
const SAMPLES = 1000;
const BYTES = 100_000_000;
const LOG = `while :; do printf "%.0sa line that a build prints while it is compiling\\n" {1..20}; read -rt 0.05; done`;

/** A server, and people who have begun an attempt of three tasks each. */
export async function startPeople(work, count, name) {
  const data = join(work, name);
  for (let i = 0; i < count; i++) run(["user", "add", `person${i}`, "--data", data], { input: "a long enough password\n" });
  const server = await Server.start({ data, banks: join(root, "tests/fixtures/tasks"), args: ["--no-rate-limits", "--boxes-each", "100"] });
  server.data = data;
  server.people = [];
  for (let i = 0; i < count; i++) {
    const token = run(["user", "token", `person${i}`, "--data", data]).out.trim().split(/\s+/).at(-1);
    const headers = { Authorization: `Bearer ${token}` };
    const reply = await server.post("/api/v1/attempts", { exam: "hands-on/tasks", mode: "exam" }, headers);
    if (reply.status !== 201) throw new Error(`begin: ${reply.text}`);
    server.people.push({ attempt: reply.json, token, headers });
  }
  return server;
}

/** Ends it, and the launcher of its boxes. */
export async function endTerminals(server) {
  await server.stop();
  for (const pid of launchers(server.data)) process.kill(pid, "SIGTERM");
  await until(() => launchers(server.data).length === 0, "the launcher to end", 120000);
}

/** Lines for bench_terminal. */
const targetsOf = (server) =>
  server.people.flatMap(({ attempt, token }) => openItems(attempt).map((item) => ({ path: `/api/v1/attempts/${attempt.id}/tasks/${item.id}/terminal`, token })));

export async function benchTerminals({ work, tool, row, median, runs }) {
  const server = await startPeople(work, PEOPLE, "terminals");
  const targets = targetsOf(server);
  const port = new URL(server.url).port;
  const file = join(work, "terminals.tsv");
  const measure = (...args) => JSON.parse(execFileSync(tool("terminal"), args.map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
  const aim = (targets, shell) => writeFileSync(file, targets.map((t) => `${t.path}?shell=${shell}\t${t.token}\n`).join(""));
  const ms = (us) => `${(us / 1000).toFixed(2)} ms`;
  const echo = (what, r, note) => row(what, `p50 ${ms(r.p50_us)}`, `p99 ${ms(r.p99_us)}, p90 ${ms(r.p90_us)}, worst ${ms(r.max_us)}; ${note}`);
  const [first] = targets;
  echo("keystroke echo, a bare PTY and socket", measure("bare-echo", SAMPLES), "no server, no box, no shell");
  aim([first], 1);
  echo("keystroke echo, alone", measure("echo", port, file, SAMPLES, ":"), "bash in a box");
  aim(targets, 2);
  const busy = measure("echo", port, file, SAMPLES, LOG);
  echo(`keystroke echo, beside ${targets.length - 1} that print logs`, busy, `they print ${(busy.others_bytes_per_second / 1e6).toFixed(1)} MB/s; targets 1 and 10 ms`);
  aim(targets, 3);
  const flat = measure("echo", port, file, SAMPLES, "yes");
  echo(`  beside ${targets.length - 1} that print without pause`, flat, `they print ${(flat.others_bytes_per_second / 1e6).toFixed(1)} MB/s`);
  await endTerminals(server);

  const quiet = await startPeople(work, 1, "flood");
  const [target] = targetsOf(quiet);
  const seen = { ours: [], bare: [] };
  for (let i = 0; i < Math.min(runs, 3); i++) {
    seen.bare.push(measure("bare-flood", BYTES));
    writeFileSync(file, `${target.path}\t${target.token}\n`);
    const ours = measure("flood", new URL(quiet.url).port, file, BYTES);
    if (ours.bytes !== BYTES || !ours.exited) throw new Error(`of ${BYTES} bytes came ${ours.bytes}`);
    seen.ours.push(ours);
  }
  await endTerminals(quiet);
  const rate = (list) => median(list.map((r) => r.mb_per_second));
  const ratio = median(seen.ours.map((r, i) => r.mb_per_second / seen.bare[i].mb_per_second));
  row(`output of a terminal, ${BYTES / 1e6} MB, every byte`, `${rate(seen.ours).toFixed(0)} MB/s`, `a bare PTY and socket: ${rate(seen.bare).toFixed(0)} MB/s; ours is ${ratio.toFixed(2)} of it`);
}
