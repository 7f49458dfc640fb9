/* The exam formats that are shipped (banks/formats), for the authoring page: `import { presets } from 'assay:presets'`. They are read when the
 * pages are built; the page fits one to the author's bank (pages/author/blueprint/presets.ts). */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const PRESETS_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../banks/formats/exams');

export function presets() {
  return readdirSync(PRESETS_FOLDER)
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(PRESETS_FOLDER, name), 'utf8');
      const { id, title, note } = parse(text);
      return { id, title, note, text };
    });
}

export const presetsPlugin = {
  name: 'presets',
  setup(build) {
    build.onResolve({ filter: /^assay:presets$/ }, () => ({ path: 'presets', namespace: 'presets' }));
    build.onLoad({ filter: /.*/, namespace: 'presets' }, () => ({ contents: `export const presets = ${JSON.stringify(presets())};`, loader: 'js' }));
  },
};
