// Figures, as ratios against baselines of the same run; see script/bench. Each number is the median of RUNS runs.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { benchCrowd } from "./crowd.mjs";
import { benchPage } from "./page.mjs";
import { benchCheck, benchImport } from "./import.mjs";
import { benchTerminals } from "./terminal.mjs";
import { assay, openItems, root, run, Server } from "../lib/server.mjs";

const RUNS = Number(process.env.ASSAY_BENCH_RUNS ?? 5);
const SECONDS = 2;
const ACCOUNTS = 100;
const EXAMS = 100;
const work = mkdtempSync(join(tmpdir(), "assay-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const tool = (name) => join(root, "build/tests/bench", `bench_${name}`);

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const rows = [];
function row(what, figure, note = "") {
  rows.push([what, figure, note]);
  console.log(`${what.padEnd(58)} ${String(figure).padStart(16)}  ${note}`);
}
const perSecond = (n) => `${Math.round(n).toLocaleString("en")}/s`;
const ms = (us) => `${(us / 1000).toFixed(2)} ms`;

function load(port, connections, targets) {
  const file = join(work, "targets");
  writeFileSync(file, targets.map((t) => t.join("\t")).join("\n") + "\n");
  return JSON.parse(execFileSync(tool("load"), [port, connections, SECONDS, file].map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

/** A generated bank in its folder, with `exams` blueprints of 20 questions, exam-0 and on. */
function writeBank(dir, questions, exams) {
  execFileSync(process.execPath, [join(root, "tests/bench/gen_bank.mjs"), String(questions), dir], { stdio: "ignore" });
  mkdirSync(join(dir, "exams"), { recursive: true });
  for (let i = 0; i < exams; i++) {
    const text = `id: exam-${i}\ntitle: Exam ${i}\nitems: 20\nduration: 60m\nmodes: [exam]\nscoring: {method: percent, cut: 70}\nreport: score\n`;
    writeFileSync(join(dir, "exams", `exam-${i}.yml`), text);
  }
}

/** A server with accounts, and a token for each. */
async function startWithAccounts(name) {
  const data = join(work, name);
  const banks = join(work, "banks");
  mkdirSync(join(banks, "bench/exams"), { recursive: true });
  writeBank(join(banks, "bench"), 400, EXAMS);
  const tokens = [];
  for (let i = 0; i < ACCOUNTS; i++) {
    const added = run(["user", "add", `person${i}`, "--data", data], { input: "a long enough password\n" });
    if (added.code !== 0) throw new Error(`user add: ${added.err}`);
    tokens.push(run(["user", "token", `person${i}`, "--data", data]).out.trim().split(/\s+/).at(-1));
  }
  const server = await Server.start({ data, banks, args: ["--no-rate-limits", "--per-address", "4000"] });
  server.tokens = tokens;
  server.port = new URL(server.url).port;
  return server;
}

/** Begins `count` attempts, spread over accounts and exams; returns them with their tokens and the seconds it took. */
async function beginAttempts(server, count) {
  const jobs = Array.from({ length: count }, (_, i) => ({ token: server.tokens[i % ACCOUNTS], exam: `generated/exam-${Math.floor(i / ACCOUNTS)}` }));
  const attempts = [];
  const start = performance.now();
  await Promise.all(Array.from({ length: 32 }, async () => {
    for (let job; (job = jobs.shift()); ) {
      const reply = await server.post("/api/v1/attempts", { exam: job.exam, mode: "exam" }, { Authorization: `Bearer ${job.token}` });
      if (reply.status !== 201) throw new Error(`begin: ${reply.text}`);
      const item = openItems(reply.json).find((i) => i.kind === "single");
      attempts.push({ id: reply.json.id, token: job.token, item });
    }
  }));
  return { attempts, seconds: (performance.now() - start) / 1000 };
}

const saveTarget = (a) => ["PUT", `/api/v1/attempts/${a.id}/responses/${a.item.id}`, a.token, `{"seq":@,"response":{"choose":["${a.item.options[0].id}"]},"spent_ms":1234}`];

async function bare(mode, connections, targets) {
  const db = join(work, `bare-${Math.random()}.db`);
  const child = spawn(tool("bare"), [mode, db], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((done) => child.stdout.once("data", (text) => done(String(text).trim())));
  const result = load(port, connections, targets);
  child.kill("SIGKILL");
  await new Promise((done) => child.on("exit", done));
  for (const suffix of ["", "-wal", "-shm"]) rmSync(db + suffix, { force: true });
  return result;
}

function raw(group) {
  const db = join(work, "raw.db");
  const out = execFileSync(tool("bare"), ["raw", db, String(group), "1"], { encoding: "utf8" });
  for (const suffix of ["", "-wal", "-shm"]) rmSync(db + suffix, { force: true });
  return Number(out);
}

const PARTS = {
  async saves() {
    const server = await startWithAccounts("saves");
    let exam = 0;
    for (const connections of [64, 512]) {
      const seen = { ours: [], bare: [], one: [], raw: [] };
      for (let i = 0; i < RUNS; i++) {
        // Fresh attempts for each run, so that sequence numbers start at 1.
        const jobs = Math.ceil(connections / ACCOUNTS);
        const batch = [];
        for (let j = 0; j < jobs; j++, exam++) {
          const tokens = server.tokens.slice(0, Math.min(ACCOUNTS, connections - j * ACCOUNTS));
          for (const token of tokens) {
            const reply = await server.post("/api/v1/attempts", { exam: `generated/exam-${exam % EXAMS}`, mode: "exam" }, { Authorization: `Bearer ${token}` });
            if (reply.status !== 201) throw new Error(reply.text);
            batch.push({ id: reply.json.id, token, item: openItems(reply.json).find((x) => x.kind === "single") });
          }
        }
        const targets = batch.map(saveTarget);
        seen.bare.push(await bare("http", connections, targets));
        const ours = load(server.port, connections, targets);
        if (ours.problems) throw new Error(`${ours.problems} saves were refused`);
        seen.ours.push(ours);
        seen.one.push(await bare("http-one", connections, targets));
        seen.raw.push(raw(connections));
      }
      const rate = (list) => median(list.map((r) => r.per_second));
      row(`durable saves, ${connections} connections`, perSecond(rate(seen.ours)), `p50 ${ms(median(seen.ours.map((r) => r.p50_us)))}, p99 ${ms(median(seen.ours.map((r) => r.p99_us)))}`);
      row(`  bare libmicrohttpd + group commit`, perSecond(rate(seen.bare)), `p99 ${ms(median(seen.bare.map((r) => r.p99_us)))}; ours is ${median(seen.ours.map((r, i) => r.per_second / seen.bare[i].per_second)).toFixed(2)} of it (target 0.7)`);
      row(`  the same, one commit per request`, perSecond(rate(seen.one)), `p99 ${ms(median(seen.one.map((r) => r.p99_us)))}; ours is ${median(seen.ours.map((r, i) => r.per_second / seen.one[i].per_second)).toFixed(1)} times`);
      row(`  raw SQLite, groups of ${connections}, no HTTP`, perSecond(median(seen.raw)), `ours is ${median(seen.ours.map((r, i) => r.per_second / seen.raw[i])).toFixed(2)} of it`);
    }
    await server.stop();
  },

  async reads() {
    const server = await startWithAccounts("reads");
    const { attempts, seconds } = await beginAttempts(server, 2000);
    row("attempts begun", perSecond(attempts.length / seconds), "32 at once, client included");
    const catalogue = Array.from({ length: RUNS }, () => load(server.port, 64, attempts.slice(0, 64).map((a) => ["GET", "/api/v1/exams", a.token, "-"])));
    row(`catalogue of ${EXAMS} exams`, perSecond(median(catalogue.map((r) => r.per_second))), `p99 ${ms(median(catalogue.map((r) => r.p99_us)))}`);
    const forms = Array.from({ length: RUNS }, () => load(server.port, 64, attempts.slice(0, 640).map((a) => ["GET", `/api/v1/attempts/${a.id}`, a.token, "-"])));
    row("forms of running attempts", perSecond(median(forms.map((r) => r.per_second))), `p99 ${ms(median(forms.map((r) => r.p99_us)))}`);
    const shell = Array.from({ length: RUNS }, () => load(server.port, 64, Array.from({ length: 64 }, () => ["GET", "/", "-", "-"])));
    row("page shell", perSecond(median(shell.map((r) => r.per_second))), `p99 ${ms(median(shell.map((r) => r.p99_us)))}`);
    await server.stop();
  },

  async bank() {
    for (const n of [1000, 10000]) {
      const dir = join(work, `bank-${n}`);
      writeBank(dir, n, 1);
      const runs = Array.from({ length: RUNS }, () => {
        const out = spawnSync("/usr/bin/env", ["bash", "-c", `TIMEFORMAT='%U %S'; time "$0" bank check "$1" >/dev/null; true`, assay, dir], { encoding: "utf8" });
        const cpu = out.stderr.trim().split(/\s+/).slice(-2).map(Number);
        return cpu[0] + cpu[1];
      });
      row(`bank check, ${n} questions, CPU`, `${median(runs).toFixed(2)} s`, n === 10000 ? "target 0.5 s" : "");
    }
    const dir = join(work, "bank-10000");
    const child = spawnSync("python3", ["-c", "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)", assay, "bank", "check", dir], { encoding: "utf8" });
    if (child.status === 0) row("bank check, 10000 questions, memory", `${(Number(child.stdout) / 1024).toFixed(0)} MB`, "target 200 MB");
  },

  async start() {
    const data = join(work, "start");
    const times = [];
    for (let i = 0; i <= RUNS; i++) {
      const begun = performance.now();
      const server = await Server.start({ data, banks: join(root, "banks") });
      const health = await server.get("/api/v1/exams");
      if (health.status !== 200) throw new Error(health.text);
      if (i > 0) times.push(performance.now() - begun);
      await server.stop();
    }
    row("start to first answered request, shipped banks", `${median(times).toFixed(0)} ms`, "target 100 ms");
  },

  async grades() {
    const args = ["build/sandbox/assay-sandbox", "build/assay-grader"].map((p) => join(root, p));
    for (const line of execFileSync(tool("grades"), args, { encoding: "utf8" }).trim().split("\n")) {
      const [what, figure, note] = line.split("\t");
      row(what, figure, note);
    }
  },
  // The log at three sizes, one growing through all; ASSAY_BENCH_LOG names others. Ten million take some minutes and 2 GB of the disk.
  async log() {
    const sizes = (process.env.ASSAY_BENCH_LOG ?? "10000 1000000 10000000").split(" ");
    const out = execFileSync(tool("log"), [join(work, "log"), ...sizes], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    const names = { commit: "a bare durable commit", alone: "append alone, durable, signed", group: "append in a group of 100, durable, signed", proof: "proof of a random entry" };
    const first = {};
    for (const line of out.trim().split("\n")) {
      const [size, what, figure] = line.split("\t");
      first[what] ??= Number(figure);
      const entries = Number(size).toLocaleString("en");
      if (what === "bytes") row(`log, ${entries} entries: the database, an entry`, `${Math.round(figure)} bytes`);
      else row(`log, ${entries} entries: ${names[what]}`, `${figure} us`, `${(figure / first[what]).toFixed(2)} of the smallest log`);
    }
  },
  // Proofs of certificates on one core; CPU time, so that a busy machine changes little.
  async proofs() {
    const runs = Array.from({ length: RUNS }, () => JSON.parse(execFileSync(tool("proofs"), ["0.4"], { encoding: "utf8" })));
    const line = (what, name, bare, note = "") => {
      const ratio = median(runs.map((r) => r[name] / r[bare])).toFixed(2);
      row(what, perSecond(median(runs.map((r) => r[name]))), name === bare ? `a certificate of ${runs[0].bytes} bytes` : `${ratio} of bare libsodium${note}`);
    };
    line("bare Ed25519 signatures, per core", "bare_sign", "bare_sign");
    line("  issued, eddsa-jcs-2022", "jcs_sign", "bare_sign", " (target 0.5)");
    line("  issued, eddsa-rdfc-2022", "rdfc_sign", "bare_sign");
    line("bare Ed25519 checks, per core", "bare_verify", "bare_verify");
    line("  verified, eddsa-jcs-2022", "jcs_verify", "bare_verify", " (target 0.5)");
    line("  verified, eddsa-rdfc-2022", "rdfc_verify", "bare_verify");
    line("  read and verified, eddsa-jcs-2022", "jcs_read", "bare_verify");
    line("  read and verified, eddsa-rdfc-2022", "rdfc_read", "bare_verify");
  },
  // Whole reports on one core.
  async verify() {
    const runs = Array.from({ length: RUNS }, () => JSON.parse(execFileSync(tool("verify"), ["0.4"], { encoding: "utf8" })));
    const line = (what, name, note) => row(what, perSecond(median(runs.map((r) => r[name]))), note ?? `${median(runs.map((r) => r[name] / r.bare)).toFixed(2)} of bare libsodium`);
    line("two bare Ed25519 checks, per core", "bare", `a certificate of ${runs[0].bytes} bytes`);
    line("  reports: a certificate, both proofs", "credential");
    line("  reports: a bundle with its status list", "bundle");
  },
  crowd: () => benchCrowd({ work, row }),
  page: () => benchPage({ work, row, median, runs: RUNS }),
  import: () => benchImport({ work, row, median, runs: RUNS, assay }),
  check: () => benchCheck({ work, row, median, runs: RUNS, assay }),
  terminal: () => benchTerminals({ work, tool, row, median, runs: RUNS }),

  // Boxes of hands-on tasks: see the head of boxes.c; ASSAY_BENCH_IDLE is how many idle ones.
  async boxes() {
    const launcher = join(root, "build/sandbox/assay-sandbox");
    const dir = join(work, "boxes");
    mkdirSync(dir, { mode: 0o700 });
    const out = spawnSync(tool("boxes"), [dir, "200", process.env.ASSAY_BENCH_IDLE ?? "1000", launcher], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    process.stdout.write(out.stdout);
    if (out.status !== 0) throw new Error(`bench_boxes ended with ${out.status ?? out.signal}`);
  },

  async memory() {
    const resident = (server) => Number(readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
    const idle = await Server.start({ data: join(work, "idle"), banks: join(root, "banks") });
    await idle.get("/api/v1/exams");
    row("resident memory, idle, shipped banks", `${resident(idle).toFixed(1)} MB`, "target 30 MB");
    await idle.stop();
    const server = await startWithAccounts("memory");
    const { attempts } = await beginAttempts(server, ACCOUNTS * EXAMS);
    load(server.port, 512, attempts.map(saveTarget));
    row(`resident memory, ${attempts.length.toLocaleString("en")} live attempts`, `${resident(server).toFixed(0)} MB`, "each with a saved answer");
    await server.stop();
  },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
console.log(`${cpus().length} x ${cpus()[0].model.trim()}; medians of ${RUNS} runs, ${SECONDS} s each\n`);
for (const part of wanted) {
  if (!PARTS[part]) throw new Error(`there is no part '${part}'`);
  await PARTS[part]();
}
