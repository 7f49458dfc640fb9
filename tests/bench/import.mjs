// Imports of plain-text questions, for each format: questions a second of CPU, at 1,000 and at 50,000 of them.
import { spawnSync } from "node:child_process";
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
    qti: ["<questestinterop><assessment><section>\n", "\n</section></assessment></questestinterop>\n"],
    olx: ["<course>\n", "\n</course>\n"],
  }[format] ?? ["", "\n"];
  return around[0] + out.join("\n") + around[1];
}

export function benchImport({ work, row, median, runs, assay }) {
  for (const format of ["gift", "aiken", "csv", "markdown", "blackboard", "moodle-xml", "qti", "olx"]) {
    const perQuestion = [];
    for (const n of [1000, 50000]) {
      const source = join(work, `questions-${n}`);
      const to = join(work, "imported");
      writeFileSync(source, questions(format, n));
      const seconds = Array.from({ length: runs }, () => {
        rmSync(to, { recursive: true, force: true });
        const command = `TIMEFORMAT='%U %S'; time "$0" bank import --from ${format} "$1" --to "$2"`;
        const out = spawnSync("/usr/bin/env", ["bash", "-c", command, assay, source, to], { encoding: "utf8" });
        if (!out.stdout.includes(`imported ${n},`)) throw new Error(`${format}: ${out.stdout}${out.stderr}`);
        const cpu = out.stderr.trim().split(/\s+/).slice(-2).map(Number);
        return cpu[0] + cpu[1];
      });
      perQuestion.push(median(seconds) / n);
      const note = n === 50000 ? `${median(seconds).toFixed(2)} s, target 2 s; a question takes ${(perQuestion[1] / perQuestion[0]).toFixed(1)} times what it takes among 1,000` : "";
      row(`import, ${format}, ${n.toLocaleString("en")} questions, CPU`, `${Math.round(1 / perQuestion.at(-1)).toLocaleString("en")}/s`, note);
      rmSync(source);
    }
  }
}
