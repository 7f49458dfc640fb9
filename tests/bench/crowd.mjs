// A crowd: 50 candidates work on hands-on tasks through real WebSockets while one more runs every bomb that there is. Nobody else's echo may
// exceed 100 ms at p99, no answer may be lost, and everything must be graded. Run by script/bench crowd.
import { openItems, until } from "../lib/server.mjs";
import { sumOf } from "../lib/tasks.mjs";
import { Terminal } from "../lib/terminal.mjs";
import { endTerminals, startPeople } from "./terminal.mjs";

const CANDIDATES = 50;
const SECONDS = 60;
const BOMBS = [
  ":(){ :|:& };:",
  "x=x; while :; do x=$x$x; done",
  "head -c 2G /dev/zero >/tmp/fill; head -c 2G /dev/zero >/dev/shm/fill",
  "i=0; while :; do : >/tmp/f$((i+=1)) || break; done",
  "yes",
  "for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done",
  "cat /dev/urandom",
  "for i in $(seq 300); do sleep 1000 & done",
  "find / -type f -exec cat {} + 2>/dev/null",
];
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const pick = (from, to) => from + Math.random() * (to - from);
const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];

/** What a candidate types for each task, by words of its text; the check is the grader's. */
const answers = [
  ["greeting.txt", () => "umask 077; echo hello world >~/greeting.txt"],
  ["write the sum", (item) => `echo ${sumOf(item)} >~/sum`],
  ["fixture-status", () => "sed -i 's/^port=.*/port=8080/' /etc/fixture.conf; rm -f /var/tmp/fixture.stale"],
];
const answerTo = (item) => answers.find(([words]) => item.stem.includes(words))[1](item);

/** Types a line as a person does: a key, its echo, the next key. Pushes each echo's milliseconds. */
async function typeLine(terminal, text, times, pause) {
  for (const key of text) {
    const before = terminal.bytes;
    const from = performance.now();
    let told;
    const echoed = new Promise((done) => (told = done));
    terminal.options.onData = () => told(performance.now() - from);
    terminal.type(key);
    if (terminal.bytes === before) times.push(await echoed);
    await wait(pause());
  }
  terminal.options.onData = undefined;
  terminal.type("\n");
}

async function work(server, person, end, seen) {
  const items = openItems(person.attempt);
  const rounds = [...items];
  for (let round = 0; performance.now() < end || rounds.length; round++) {
    const item = rounds.shift() ?? items[round % items.length];
    const terminal = await Terminal.open(server, person.attempt.id, item.id, { headers: person.headers });
    await terminal.until(() => /[$#] /.test(terminal.text), "a prompt", 120000);
    await typeLine(terminal, `${answerTo(item)}; echo did-$((${round} + 1000))`, seen.echo, () => pick(20, 90));
    await terminal.until(() => terminal.text.includes(`did-${round + 1000}`), "the answer to be typed", 120000);
    item.sent = (item.sent ?? 0) + 1;
    const saved = await server.put(`/api/v1/attempts/${person.attempt.id}/responses/${item.id}`, { seq: item.sent, response: { done: true } }, person.headers);
    if (saved.status !== 200) throw new Error(`save: ${saved.text}`);
    seen.saves++;
    await terminal.close();
  }
}

/** One bomb after the other, each in a box that is reset when it no longer answers. */
async function bomb(server, person, end, seen) {
  const [item] = openItems(person.attempt);
  const base = `/api/v1/attempts/${person.attempt.id}/tasks/${item.id}`;
  for (let i = 0; performance.now() < end; i++) {
    const terminal = await Terminal.open(server, person.attempt.id, item.id, { headers: person.headers, keep: false }).catch(() => null);
    terminal?.type(`${BOMBS[i % BOMBS.length]}\n`);
    await wait(4000);
    terminal?.destroy();
    await server.post(`${base}/reset`, {}, person.headers);
    seen.bombs++;
  }
}

async function graded(server, person) {
  const url = `/api/v1/attempts/${person.attempt.id}`;
  await until(async () => (await server.post(`${url}/submit`, {}, person.headers)).status === 200, "the attempt to be submitted");
  return until(async () => {
    const reply = await server.get(`${url}/result`, person.headers);
    return reply.status === 200 && reply.json;
  }, "the result", 300000);
}

export async function benchCrowd({ work: folder, row }) {
  const server = await startPeople(folder, CANDIDATES + 1, "crowd");
  const [bomber, ...crowd] = server.people;
  const seen = { echo: [], saves: 0, bombs: 0 };
  const end = performance.now() + SECONDS * 1000;
  await Promise.all([bomb(server, bomber, end, seen), ...crowd.map((person) => work(server, person, end, seen))]);
  const begun = performance.now();
  const results = await Promise.all(crowd.map((person) => graded(server, person)));
  const seconds = (performance.now() - begun) / 1000;
  await endTerminals(server);
  const times = seen.echo.sort((a, b) => a - b);
  const full = results.filter((r) => r.score.value === 9).length;
  const p99 = percentile(times, 0.99);
  row(
    `a crowd of ${CANDIDATES} beside ${seen.bombs} bombs, ${SECONDS} s, echo`,
    `p99 ${p99.toFixed(1)} ms`,
    `p50 ${percentile(times, 0.5).toFixed(2)} ms, worst ${times.at(-1).toFixed(0)} ms of ${times.length} keys, client included; target 100 ms`,
  );
  row("  answers kept and graded", `${full} of ${crowd.length}`, `${seen.saves} saves; ${crowd.length * 3} gradings in ${seconds.toFixed(1)} s`);
  if (full !== crowd.length) throw new Error(`not everybody got what they earned: ${JSON.stringify(results.map((r) => r.score))}`);
}
