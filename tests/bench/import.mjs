// Imports of questions, for each format, and the check of the bank that they become: questions a second of CPU at 1,000 and at 50,000 of them,
// what a question takes there over what it takes here (1 is linear), and the peak of memory, which must stay below a bound.
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** n questions with four options, in a format. */
function questions(format, n) {
  const out = [];
  for (let i = 0; i < n; i++) {
    const q = `Which of the words of number ${i} is the one that the machine prints first?`;
    const options = ["alpha", "beta", "gamma", "delta"].map((w) => `${w} ${i}`);
    const key = i % 4;
    const write = {
      gift: () => `::Q${i}::${q} {\n${options.map((o, k) => (k === key ? "=" : "~") + o).join("\n")}\n}\n`,
      aiken: () => `${q}\n${options.map((o, k) => `${"ABCD"[k]}. ${o}`).join("\n")}\nANSWER: ${"ABCD"[key]}\n`,
      csv: () => `${q},${options.join(",")},${"ABCD"[key]}`,
      markdown: () => `### ${q}\n\n${options.map((o, k) => `- [${k === key ? "x" : " "}] ${o}`).join("\n")}\n`,
      blackboard: () => `MC\t${q}\t${options.map((o, k) => `${o}\t${k === key ? "correct" : "incorrect"}`).join("\t")}`,
      "moodle-xml": () =>
        `<question type="multichoice"><name><text>Q${i}</text></name><questiontext format="html"><text>${q}</text></questiontext><single>true</single>` +
        options.map((o, k) => `<answer fraction="${k === key ? 100 : 0}"><text>${o}</text></answer>`).join("") + "</question>",
      "blackboard-pool": () =>
        `<item><itemmetadata><bbmd_questiontype>Multiple Choice</bbmd_questiontype></itemmetadata><presentation><flow class="Block"><flow class="QUESTION_BLOCK"><material><mat_extension>` +
        `<mat_formattedtext type="HTML">${q}</mat_formattedtext></mat_extension></material></flow><response_lid ident="response" rcardinality="Single"><render_choice>` +
        options.map((o, k) => `<response_label ident="c${k}"><material><mat_extension><mat_formattedtext>${o}</mat_formattedtext></mat_extension></material></response_label>`).join("") +
        `</render_choice></response_lid></flow></presentation><resprocessing><respcondition title="correct"><conditionvar><varequal respident="response">c${key}</varequal></conditionvar></respcondition></resprocessing></item>`,
      qti: () =>
        `<item ident="q-${i}" title="Q${i}"><presentation><material><mattext>${q}</mattext></material><response_lid ident="r" rcardinality="Single"><render_choice>` +
        options.map((o, k) => `<response_label ident="c${k}"><material><mattext>${o}</mattext></material></response_label>`).join("") +
        `</render_choice></response_lid></presentation><resprocessing><respcondition><conditionvar><varequal respident="r">c${key}</varequal></conditionvar>` +
        `<setvar varname="SCORE">100</setvar></respcondition></resprocessing></item>`,
      olx: () =>
        `<problem><multiplechoiceresponse><label>${q}</label><choicegroup>${options.map((o, k) => `<choice correct="${k === key}">${o}</choice>`).join("")}` +
        "</choicegroup></multiplechoiceresponse></problem>",
    };
    out.push(write[format]());
  }
  const around = {
    csv: ["question,a,b,c,d,correct\n", "\n"],
    "moodle-xml": ["<quiz>\n", "\n</quiz>\n"],
    "blackboard-pool": ['<questestinterop><assessment title="Pool"><section>\n', "\n</section></assessment></questestinterop>\n"],
    qti: ["<questestinterop><assessment><section>\n", "\n</section></assessment></questestinterop>\n"],
    olx: ["<course>\n", "\n</course>\n"],
  }[format] ?? ["", "\n"];
  return around[0] + out.join("\n") + around[1];
}

/** Of one run of the program: seconds of CPU, and the peak of its memory in MB. */
const MEASURE = `import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stdout.buffer.write(done.stdout[-4000:])
print()
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)`;
function measure(wanted, ...command) {
  const out = spawnSync("python3", ["-c", MEASURE, ...command], { encoding: "utf8", maxBuffer: 1 << 26 });
  const lines = out.stdout.trimEnd().split("\n");
  const [seconds, megabytes] = lines.pop().split(" ").map(Number);
  if (!lines.some((line) => wanted.test(line))) throw new Error(`${command.join(" ")}\n${lines.join("\n")}${out.stderr}`);
  return { seconds, megabytes };
}

const SIZES = [1000, 50000];
const MEMORY_MAX = 1024; // MB, for 50,000 questions

/** A function that prints a row; what the program needs to start, whatever it does, is taken off. */
function figuresOf({ row, median, runs, assay }) {
  const start = median(Array.from({ length: Math.max(runs, 3) }, () => measure(/Usage/, assay, "bank", "import", "--help").seconds));
  row("start of a run, CPU; not in what follows", `${(start * 1000).toFixed(0)} ms`);
  return (what, list) => {
    const each = list.map((runs, i) => Math.max(median(runs.map((run) => run.seconds)) - start, 1e-4) / SIZES[i]);
    const peak = Math.max(...list.at(-1).map((run) => run.megabytes));
    const rates = each.map((seconds) => `${Math.round(1 / seconds).toLocaleString("en")}/s`);
    row(`${what}, ${SIZES.at(-1).toLocaleString("en")} questions, CPU`, rates[1], `${rates[0]} at ${SIZES[0].toLocaleString("en")}, ratio ${(each[1] / each[0]).toFixed(2)}; peak ${peak.toFixed(0)} MB`);
    if (peak > MEMORY_MAX) throw new Error(`${what}: ${peak.toFixed(0)} MB are more than ${MEMORY_MAX}`);
  };
}

/** Banks with all kinds of question in them. */
export function benchCheck(bench) {
  const { work, runs, assay } = bench;
  const list = SIZES.map((n) => {
    const dir = join(work, `checked-${n}`);
    execFileSync(process.execPath, [new URL("gen_bank.mjs", import.meta.url).pathname, String(n), dir], { stdio: "ignore" });
    return Array.from({ length: runs }, () => measure(new RegExp(`${n} questions`), assay, "bank", "check", dir));
  });
  figuresOf(bench)("check, all kinds of question", list);
}

export function benchImport(bench) {
  const { work, runs, assay } = bench, figures = figuresOf(bench);
  for (const format of ["gift", "aiken", "csv", "markdown", "blackboard", "blackboard-pool", "moodle-xml", "qti", "olx"]) {
    const imports = [], checks = [];
    for (const n of SIZES) {
      const source = join(work, `questions-${n}`), to = join(work, "imported");
      writeFileSync(source, questions(format, n));
      imports.push(Array.from({ length: runs }, () => {
        rmSync(to, { recursive: true, force: true });
        return measure(new RegExp(`imported ${n},`), assay, "bank", "import", "--from", format.replace("-pool", ""), source, "--to", to);
      }));
      checks.push(Array.from({ length: runs }, () => measure(new RegExp(`${n} questions`), assay, "bank", "check", to)));
      rmSync(source);
      rmSync(to, { recursive: true });
    }
    figures(`import, ${format}`, imports);
    figures(`check, what came from ${format}`, checks);
  }
}
