// Writes a bank of N questions with all kinds in it, the same for the same arguments:
//
//     node gen_bank.mjs N FOLDER [--seed S] [--per-file K]
//
// The texts are made of random words, so that they are neither alike nor compressible to nothing; the shape of a question (a stem of a few
// sentences with code in it, four options with feedback, explanation, references) is that of the shipped banks.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : Number(args.splice(at, 2)[1]);
};
const seed = option("--seed", 1);
const perFile = option("--per-file", 20);
const [count, folder] = [Number(args[0]), args[1]];
if (!Number.isInteger(count) || count < 1 || !folder) {
  console.error("Usage: node gen_bank.mjs N FOLDER [--seed S] [--per-file K]");
  process.exit(2);
}

// mulberry32
let state = seed >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];

const syllables = ["ba", "con", "dir", "fi", "ker", "lo", "mount", "net", "pro", "queue", "re", "set", "tab", "user", "vol", "write", "ly", "ing"];
const vocabulary = Array.from({ length: 3000 }, () => pick(syllables) + pick(syllables) + (below(2) ? pick(syllables) : ""));
const words = (n) => Array.from({ length: n }, () => pick(vocabulary)).join(" ");
const sentence = (n = 8 + below(10)) => {
  const text = words(n);
  return text[0].toUpperCase() + text.slice(1) + ".";
};
const code = () => "`" + words(1 + below(3)) + "`";

const stem = () =>
  `${sentence()} On the machine ${code()} shows **${words(2)}**:\n\n\`\`\`sh\n$ ${words(3)}\n${words(6)}\n${words(5)}\n\`\`\`\n\nWhich ${words(5)} ${code()} ${words(4)}?\n`;
const tail = () => `\n### Explanation\n${sentence(20)} ${sentence(15)}\n\n### References\n- ${words(1)}(${1 + below(8)})\n- [${words(3)}](https://example.org/${words(1)}/${below(1e6)})\n`;
const feedback = () => (below(2) ? `  > ${sentence()}\n` : "");

const options = (keys) => {
  const marks = [true, ...Array.from({ length: 3 }, (_, i) => i < keys - 1)];
  for (let i = marks.length - 1; i > 0; i--) {
    const k = below(i + 1);
    [marks[i], marks[k]] = [marks[k], marks[i]];
  }
  return marks.map((key) => `- [${key ? "x" : " "}] ${words(6)} ${code()}\n${feedback()}`).join("");
};

const kinds = {
  single: () => stem() + "\n" + options(1),
  multiple: () => stem() + "\n" + options(2),
  "true-false": () => [`type: true-false`, `${sentence(14)}\n\n- [${below(2) ? "x] True\n- [ ] False" : " ] True\n- [x] False"}\n`],
  grid: () => [
    "type: grid",
    `${sentence(12)}\n\n| ${words(1)} | Yes | No |\n|---|---|---|\n` + Array.from({ length: 4 }, () => `| ${words(7)} | ${below(2) ? "x | " : " | x"} |\n`).join(""),
  ],
  ordering: () => ["type: ordering", `${sentence(12)}\n\n` + [1, 2, 3, 4, 5].map((i) => `${i}. ${words(6)} ${code()}\n`).join("")],
  matching: () => ["type: matching", `${sentence(12)}\n\n` + [1, 2, 3, 4].map(() => `- ${code()} ${words(2)} => ${words(5)}\n`).join("") + `- => ${words(5)}\n`],
  numeric: () => stem() + `\n= ${1 + below(5000)} ${pick(["MiB", "GiB", "ms", "Mbit/s", "+- 2%"])}\n`,
  text: () => ["ignore-case: true", stem() + `\n= ${words(2)}\n= /^${words(1)}\\s+-[a-z]+$/i\n~ ${words(1)} : 50% "${words(6)}"\n`],
  cloze: () => ["type: cloze", `${sentence(10)} Run {{${words(1)}|${words(1)}}} and then {{~${words(1)}|=${words(1)}|~${words(1)}}} ${words(4)}.\n`],
  hotspot: () => [
    `type: hotspot\nimage: ../../media/screen.svg\nimage-alt: ${words(6)}\nregions:\n  - {id: one, label: "${words(3)}", shape: rect, at: [10, 10, 100, 40], correct: true}\n  - {id: two, label: "${words(3)}", shape: circle, at: [200, 60, 20]}`,
    `${sentence(12)}\n`,
  ],
  essay: () => ["type: essay", `${sentence(30)} ${sentence(20)}\n\n### Rubric\n| Criterion | Points | Full marks when |\n|---|---|---|\n| ${words(2)} | 2 | ${words(6)} |\n`],
  parametrised: () =>
    "```lua params\nlocal a = rand(2, 99)\nlocal b = pick{4, 8, 16, 32}\nreturn { a = a, b = b, product = a * b, sum = a + b + 1000, less = a * b - 1, more = a * b + 7 }\n```\n" +
    `${sentence(12)} There are @{a} ${words(2)} of @{b} MiB. How many MiB ${words(3)}?\n\n- [x] @{product}\n- [ ] @{sum}\n- [ ] @{less}\n- [ ] @{more}\n`,
};
// Of 20 questions, how many are of each kind.
const mix = Object.entries({ single: 8, multiple: 2, "true-false": 1, grid: 1, ordering: 1, matching: 1, numeric: 1, text: 1, cloze: 1, hotspot: 1, essay: 1, parametrised: 1 })
  .flatMap(([kind, n]) => Array(n).fill(kind));

const write = (path, text) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const domains = ["files", "users", "storage", "shell", "network"];
const objectives = ["one", "two", "three", "four"];
write("bank.yml", `id: generated\ntitle: A generated bank\nversion: 1.0.0\nlicense: CC0-1.0\nlanguage: en\nauthors: [a generator]\ndomains:\n` +
  domains.map((d) => `  ${d}:\n    title: ${words(2)}\n    objectives:\n` + objectives.map((o) => `      ${o}: ${words(5)}\n`).join("")).join(""));
write("media/screen.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" viewBox="0 0 320 120"><rect width="320" height="120" fill="#fff"/><text x="10" y="30">output</text></svg>\n`);
write("docs/manual.md", `# Manual\n\n${Array.from({ length: 20 }, () => sentence(20)).join("\n\n")}\n`);
write("exams/practice.yml", `id: practice\ntitle: A generated exam\nitems: ${Math.min(40, Math.max(1, Math.floor(count / 4)))}\nduration: 60m\nscoring: {method: percent, cut: 70}\nreport: {show: questions, explanations: true}\n`);
for (let first = 0, file = 0; first < count; first += perFile, file++) {
  const domain = domains[file % domains.length];
  let text = `---\nobjective: ${domain}.${objectives[Math.floor(file / domains.length) % objectives.length]}\n---\n`;
  for (let i = first; i < Math.min(count, first + perFile); i++) {
    const made = kinds[mix[i % mix.length]]();
    const [fields, body] = Array.isArray(made) ? made : [null, made];
    text += `## ${words(4)} {#q-${i}}\n\`\`\`yaml item\ndifficulty: ${1 + below(5)}\n${fields ? fields + "\n" : ""}\`\`\`\n${body}${tail()}\n`;
  }
  write(`questions/${domain}/f${String(file).padStart(5, "0")}.md`, text);
}
