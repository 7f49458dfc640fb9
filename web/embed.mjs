// Builds the client and embeds it: runs client/build.mjs, then writes a C table (embedded.c) of the files in its manifest
// and an assembler file (embedded.S) that takes their bytes in with .incbin. Usage:
//   node embed.mjs --dist DIR --table embedded.c --bytes embedded.S --depfile FILE --target NAME
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const client = join(here, "client");
const string = { type: "string" };
const { values: args } = parseArgs({ options: { dist: string, table: string, bytes: string, depfile: string, target: string } });
const dist = resolve(args.dist);

if (!existsSync(join(client, "node_modules"))) {
  console.error("embed: the client's npm modules are not installed; run script/setup");
  process.exit(1);
}
execFileSync(process.execPath, [join(client, "build.mjs"), "--out", dist], { stdio: "inherit" });

const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
const quote = (s) => JSON.stringify(s);
const bytes = ['/* Made by web/embed.mjs. */', ".section .rodata"];
const declarations = [];
const rows = [];

function embed(symbol, file) {
  bytes.push(`.global ${symbol}, ${symbol}_end`, ".balign 16", `${symbol}:`, `.incbin ${quote(file)}`, `${symbol}_end:`, ".byte 0");
  declarations.push(`extern const unsigned char ${symbol}[], ${symbol}_end[];`);
  return `${symbol}, ${symbol}_end`;
}

manifest.forEach((entry, i) => {
  const file = join(dist, entry.file);
  const variants = [embed(`asset_${i}`, file)];
  for (const [name, suffix] of [["gz", ".gz"], ["br", ".br"]]) {
    variants.push(entry[name] ? embed(`asset_${i}_${name}`, file + suffix) : "NULL, NULL");
  }
  rows.push(`\t{${quote(entry.path)}, ${quote(entry.type)}, ${entry.immutable ? "true" : "false"}, ${variants.join(", ")}},`);
});
bytes.push('.section .note.GNU-stack,"",@progbits', "");

writeFileSync(args.bytes, bytes.join("\n"));
writeFileSync(args.table, `/* Made by web/embed.mjs. */
#include "web/server/internal.h"

${declarations.join("\n")}

const struct embedded embedded_assets[] = {
${rows.join("\n")}
};
const size_t n_embedded_assets = sizeof embedded_assets / sizeof embedded_assets[0];
`);

function sources(dir) {
  return readdirSync(dir).filter((name) => name !== "node_modules" && name !== "dist").flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? sources(path) : [path];
  });
}
const folder = join(here, "../banks/formats/exams"); // client/presets.mjs
const formats = readdirSync(folder).map((name) => join(folder, name));
writeFileSync(args.depfile, `${args.target}: ${[...sources(client), ...formats].map((f) => f.replaceAll(" ", "\\ ")).join(" ")}\n`);
