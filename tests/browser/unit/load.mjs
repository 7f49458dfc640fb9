// Loads a module of the client for a unit test: bundled by the esbuild of web/client, so that tests need nothing that the client does not.
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const client = resolve(dirname(fileURLToPath(import.meta.url)), "../../../web/client");
const { build } = createRequire(join(client, "package.json"))("esbuild");
const { linkedData } = await import(join(client, "linked-data.mjs"));
const { presetsPlugin } = await import(join(client, "presets.mjs"));

/** load("attempt/clock.ts"), or several at once, which then share their state: load("texts/index.ts", "plots/bars.tsx"). */
export async function load(...paths) {
  const contents = paths.map((p) => `export * from ${JSON.stringify(`./${p}`)};`).join("\n");
  const result = await build({
    stdin: { contents, resolveDir: client, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [linkedData, presetsPlugin],
    logLevel: "warning",
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString("base64")}`);
}
