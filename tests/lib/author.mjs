// An author's server for a test: the real program on a copy of nothing but what the test writes.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checked } from "./contract.mjs";
import { Server, stopLauncher, temporaryFolder } from "./server.mjs";

export const question = (id, key = "right") => `---
id: ${id}
---
Which word is **${key}**?

- [x] ${key}
  > It is.
- [ ] wrong
- [ ] left

### Explanation
Because ${id} says so.
### References
- words(7)
`;

export const many = `---
objective: general
---
# Three

## First {#first}
One?

- [x] yes
- [ ] no

### Explanation
a

## Second {#second}
Two?

- [x] yes
- [ ] no

### Explanation
b

## Third
Three?

- [x] yes
- [ ] no

### Explanation
c
`;

export const exam = `id: practice
title: Practice
items: 3
duration: 10m
modes: [exam, study]
scoring: {method: percent, cut: 60}
report: questions
`;

/** Writes files below a new folder; returns it. */
export function writeBank(t, files) {
  const dir = join(temporaryFolder(t), "bank");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** Starts `assay author DIR`; the server has `dir`, and readers and writers of its files. */
export async function startAuthor(t, files, options = {}) {
  const dir = options.dir ?? writeBank(t, files);
  const data = options.data ?? join(temporaryFolder(t), "data");
  const server = checked(await Server.start({ command: "author", dir, data, ...options }));
  t?.after(async () => {
    await server.stop();
    stopLauncher(data);
  });
  return Object.assign(server, {
    dir,
    data,
    read: (path) => readFileSync(join(dir, path), "utf8"),
    write: (path, text) => writeFileSync(join(dir, path), text),
    tree: async () => (await server.get("/api/v1/author")).json,
    file: async (path) => (await server.get(`/api/v1/author/file?path=${encodeURIComponent(path)}`)).json,
    save: (path, text, base) => server.put(`/api/v1/author/file?path=${encodeURIComponent(path)}`, { text, base }),
    remove: (path, base) => server.request("DELETE", `/api/v1/author/file?path=${encodeURIComponent(path)}`, { base }),
    author: (what, body) => server.post(`/api/v1/author/${what}`, body),
  });
}
