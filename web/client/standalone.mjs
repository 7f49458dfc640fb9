/* Puts the one-file verifier together: style, scripts and icon inside the page, and a policy that names them by their hashes and allows nothing else, no
 * request above all. The server fills in its keys where <script id="trust"> stands; that is data, which no policy has to allow. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/* Text that ends neither the script it stands in nor begins a comment. */
const inScript = (code) => code.replace(/<(?=\/script|!--)/gi, '\\x3c');

export function standalonePage({ here, boot, app, style, icon, licenses }) {
  if (/<\/style|url\(\s*['"]?(?!data:|#)|@import/i.test(style)) throw new Error('standalone: the style sheet refers to something outside');
  const scripts = { boot: inScript(boot), app: inScript(app) };
  const policy = [
    "default-src 'none'", `script-src ${hashOf(scripts.boot)} ${hashOf(scripts.app)}`, `style-src ${hashOf(style)}`, 'img-src data:', "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  const values = { ...scripts, style, policy, licenses: licenses.replaceAll(/--(?=!?>)/g, '- -'), icon: `data:image/svg+xml;base64,${icon.toString('base64')}` };
  return readFileSync(join(here, 'standalone/standalone.html'), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, key) => {
    if (!(key in values)) throw new Error(`standalone.html: unknown {{${key}}}`);
    return values[key];
  });
}
