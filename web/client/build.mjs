/* Builds the pages: node build.mjs --out DIR [--check]
 *
 * esbuild bundles app/boot.ts (a small classic script that sets theme, size and direction before the first paint), app/main.tsx (split into
 * one chunk per page and per language) and the style sheets: one for all pages, and some that come with what needs them. All names carry a hash of the content. index.html is filled in with those
 * names and with modulepreload links for what the entry imports at once. Then each text file gets .gz and .br variants, and manifest.json
 * lists everything for the server, which embeds the files:
 *
 *     [{"path": "/assets/app-HASH.js", "file": "assets/app-HASH.js", "type": "text/javascript; charset=utf-8",
 *       "gz": true, "br": true, "immutable": true, "size": 1234}, …, {"path": "/", "file": "index.html", …}]
 *
 * verify.html is the verifier as one file (standalone.mjs); licenses.txt has the licences of the packages in the pages (licenses.mjs). "gz" and "br" say that FILE.gz and FILE.br stand beside FILE. Two builds of the same sources are identical byte for byte. */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { licenseText } from './licenses.mjs';
import { linkedData } from './linked-data.mjs';
import { presetsPlugin } from './presets.mjs';
import { standalonePage } from './standalone.mjs';
import { xtermPolicy } from './xterm-policy.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/* Style sheets that come with what needs them; app/extras.ts knows their names. */
const SHEETS = ['hands-on', 'author', 'marking', 'reports'];
const PREACT = { jsx: 'automatic', jsxImportSource: 'preact' };

function argument(name, fallback) {
  const at = process.argv.indexOf(name);
  if (at < 0) return fallback;
  if (!process.argv[at + 1]) {
    console.error(`build.mjs: ${name} needs a value`);
    process.exit(2);
  }
  return process.argv[at + 1];
}

const ext = (name) => name.slice(name.lastIndexOf('.'));

/* One run of esbuild; returns {outputs: Map name → bytes, meta}. */
async function bundle(entries, options) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: entries,
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    target: ['chrome100', 'firefox100', 'safari15.4'],
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    ...options,
  });
  const outputs = new Map(result.outputFiles.map((f) => [relative(join(here, 'out'), f.path).split('\\').join('/'), Buffer.from(f.contents)]));
  return { outputs, meta: result.metafile };
}

/* The output made from a source file, without its folder "out/". */
function madeFrom(meta, source) {
  for (const [name, info] of Object.entries(meta.outputs)) if (info.entryPoint === source) return name.replace(/^out\//, '');
  throw new Error(`no output for ${source}`);
}

/* What a module imports at once (not by import()), and what that imports, in a stable order. */
function staticImports(meta, name) {
  const seen = new Set();
  const walk = (n) => {
    for (const i of meta.outputs[`out/${n}`].imports) {
      const to = i.path.replace(/^out\//, '');
      if (i.kind === 'import-statement' && !seen.has(to)) {
        seen.add(to);
        walk(to);
      }
    }
  };
  walk(name);
  return [...seen].sort();
}

async function main() {
  const out = resolve(argument('--out', join(here, 'dist')));
  const boot = await bundle(['app/boot.ts'], { format: 'iife' });
  const styles = await bundle(['styles/app.css', ...SHEETS.map((s) => `styles/${s}.css`)], {});
  const pages = await bundle(['app/main.tsx'], {
    format: 'esm',
    splitting: true,
    ...PREACT,
    plugins: [xtermPolicy, linkedData, presetsPlugin],
    define: { SHEETS: JSON.stringify(Object.fromEntries(SHEETS.map((s) => [s, `/${madeFrom(styles.meta, `styles/${s}.css`)}`]))) },
  });
  const files = new Map([...boot.outputs, ...pages.outputs, ...styles.outputs]);

  const icon = readFileSync(join(here, 'assets/icon.svg'));
  const iconName = `assets/icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8).toUpperCase()}.svg`;
  files.set(iconName, icon);

  const app = madeFrom(pages.meta, 'app/main.tsx');
  const values = {
    boot: `/${madeFrom(boot.meta, 'app/boot.ts')}`,
    app: `/${app}`,
    style: `/${madeFrom(styles.meta, 'styles/app.css')}`,
    icon: `/${iconName}`,
    preload: staticImports(pages.meta, app).map((n) => `<link rel="modulepreload" href="/${n}">`).join('\n'),
  };
  const html = readFileSync(join(here, 'index.html'), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, key) => {
    if (!(key in values)) throw new Error(`index.html: unknown {{${key}}}`);
    return values[key];
  });
  files.set('index.html', Buffer.from(html));

  const alone = await bundle(['standalone/standalone.tsx'], { ...PREACT, format: 'iife', plugins: [linkedData, presetsPlugin], define: { SHEETS: '{}' } });
  const textOf = (outputs, meta, source) => outputs.get(madeFrom(meta, source)).toString('utf8');
  files.set('licenses.txt', Buffer.from(licenseText(here, [boot.meta, styles.meta, pages.meta, alone.meta])));
  files.set('verify.html', Buffer.from(standalonePage({
    here,
    boot: textOf(boot.outputs, boot.meta, 'app/boot.ts'),
    app: textOf(alone.outputs, alone.meta, 'standalone/standalone.tsx'),
    style: textOf(styles.outputs, styles.meta, 'styles/app.css'),
    icon,
    licenses: licenseText(here, [boot.meta, { outputs: [styles.meta.outputs[`out/${madeFrom(styles.meta, 'styles/app.css')}`]] }, alone.meta]),
  })));

  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'assets'), { recursive: true });
  const manifest = [];
  for (const name of [...files.keys()].sort()) {
    const bytes = files.get(name);
    /* The server fills verify.html in before it sends it. */
    const packed = name !== 'verify.html';
    writeFileSync(join(out, name), bytes);
    if (packed) writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    if (packed) writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
    manifest.push({ path: name === 'index.html' ? '/' : `/${name}`, file: name, type: TYPES[ext(name)], gz: packed, br: packed, immutable: name.startsWith('assets/'), size: bytes.length });
  }
  writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

await main();
