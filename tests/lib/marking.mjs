// A bank of essays, candidates who answered them, and people who mark.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addUser } from "./accounts.mjs";
import { temporaryFolder } from "./server.mjs";

const FILES = {
  "bank.yml": "id: essays\ntitle: Essays\n",
  "questions/e.md": `## A hard link {#links}
\`\`\`yaml item
type: essay
points: 10
\`\`\`
A colleague says that a **hard link** is "just a shortcut". Explain what is wrong with that, and name one thing that only a hard link does.

### Rubric
| Criterion | Points | Full marks when |
|---|---|---|
| The name and the file | 4 | Says that a name points to an inode, and that all names are equal |
| The last name | 3 | Says that the data stay until the last name is gone |
| Limits | 2 | Names file systems or directories as what cannot be linked |
| Form | 1 | Is clear and to the point |

## What went well {#free}
\`\`\`yaml item
type: essay
points: 4
\`\`\`
What went well in your last change?

### Rubric
Marked as a whole: four points for a change, its effect, and how it was seen.
`,
  "exams/two.yml": "title: Two markers\nitems: 2\nessays: true\nscoring: {method: percent, cut: 50}\nreport: {show: questions, explanations: true}\nmarking: {markers: 2, tolerance: 1}\n",
  "exams/one.yml": "title: One marker\nitems: 2\nessays: true\nscoring: {method: percent, cut: 50}\nreport: {show: questions}\n",
};

export function bankOfEssays(t) {
  const bank = join(temporaryFolder(t), "essays");
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(bank, name, ".."), { recursive: true });
    writeFileSync(join(bank, name), text);
  }
  return bank;
}

export const LONG = `A shortcut is a file of its own that holds a path. A hard link is not: it is a second name for the same inode.

Neither of the names is "the original". The data are there until the last name is removed and nobody has the file open. So a hard link keeps a file alive, which a shortcut never does.

It only works within one file system, because inode numbers mean nothing elsewhere, and not for directories.`;

/** Sits an exam as somebody: { id, links, free } with the items' ids. `texts`: what is answered. */
export async function sit(server, who, exam = "essays/two", texts = { links: LONG, free: "The roll-back worked." }) {
  const begun = await server.post("/api/v1/attempts", { exam, mode: "exam" }, who.bearer);
  assert.equal(begun.status, 201, begun.text);
  const headers = { ...who.bearer, "Assay-Lease": String(begun.json.lease) };
  const out = { id: begun.json.id };
  for (const item of begun.json.sections.flatMap((s) => s.items)) {
    const name = item.stem.includes("hard link") ? "links" : "free";
    out[name] = item.id;
    const saved = await server.put(`/api/v1/attempts/${out.id}/responses/${item.id}`, { seq: 1, response: { text: texts[name] } }, headers);
    assert.equal(saved.status, 200, saved.text);
  }
  const ended = await server.post(`/api/v1/attempts/${out.id}/submit`, {}, headers);
  assert.equal(ended.status, 200, ended.text);
  return out;
}

export const examiner = (server, name) => addUser(server, name, ["--role", "examiner"]);
export const mark = (server, who, attempt, item, body) => server.post(`/api/v1/marking/${attempt}/${item}`, body, who.bearer);
export const markOk = async (...args) => {
  const reply = await mark(...args);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
