/* Makes xterm.js keep to a content security policy without inline styles.
 *
 * As published its DOM renderer fills <style> elements and sets style attributes, both of which `style-src 'self'` blocks. Sheets and
 * declarations made through the CSSOM are allowed, so while bundling its module
 *
 *     DOCUMENT.createElement("style")        becomes   __sheetElement(DOCUMENT), whose textContent fills an adopted sheet
 *     ELEMENT.setAttribute("style", TEXT)    becomes   ELEMENT.style.cssText = TEXT
 *
 * The places are counted: another version of xterm.js in which they differ does not build. */
import { readFile } from 'node:fs/promises';

const SHEETS = 3;
const ATTRIBUTES = 1;

const HELPER = `
function __sheetElement(doc) {
  const sheet = new CSSStyleSheet();
  const element = doc.createElement("template");
  Object.defineProperty(element, "textContent", { set: (text) => sheet.replaceSync(text) });
  element.remove = () => {
    doc.adoptedStyleSheets = doc.adoptedStyleSheets.filter((s) => s !== sheet);
    Element.prototype.remove.call(element);
  };
  doc.adoptedStyleSheets = [...doc.adoptedStyleSheets, sheet];
  return element;
}
`;

/* Replaces exactly `times` places, or throws. */
function replace(code, pattern, by, times) {
  const found = code.match(pattern)?.length ?? 0;
  if (found !== times) throw new Error(`xterm.js: ${found} places match ${pattern}, not ${times}: look at xterm-policy.mjs again`);
  return code.replace(pattern, by);
}

export function keepPolicy(code) {
  const sheets = replace(code, /((?:this|\w+)\.\w+)\.createElement\("style"\)/g, '__sheetElement($1)', SHEETS);
  return HELPER + replace(sheets, /(\w+)\.setAttribute\("style",(`(?:[^`\\]|\\.)*`)\)/g, '$1.style.cssText=$2', ATTRIBUTES);
}

export const xtermPolicy = {
  name: 'xterm-policy',
  setup(build) {
    build.onLoad({ filter: /[\\/]@xterm[\\/]xterm[\\/]lib[\\/]xterm\.mjs$/ }, async ({ path }) => ({ contents: keepPolicy(await readFile(path, 'utf8')), loader: 'js' }));
  },
};
