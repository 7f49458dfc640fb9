/* What the page may ask for: this server's own keys, and the certificates and status lists that are on it. Nobody else is asked: a certificate does not
 * decide whom a browser talks to. */
import type { Bytes } from '../../verify/bytes.ts';
import type { Fetch } from '../../verify/input.ts';
import { parseJson } from '../../verify/json.ts';
import { readTrust, type TrustedIssuer } from '../../verify/keys.ts';
import { didAddress } from '../../verify/verify.ts';

const TIME_LIMIT_MS = 10000;
const TRUST_MAX = 1 << 20;

/* The bytes at an address of this server. */
async function get(path: string, most: number): Promise<Bytes> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIME_LIMIT_MS);
  try {
    const response = await fetch(path, { signal: abort.signal, credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
    if (!response.ok) throw new Error(`the server said ${response.status}`);
    const reader = response.body!.getReader();
    const pieces: Bytes[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) throw new Error('it is too large');
      pieces.push(value);
    }
    return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

export async function ownKeys(): Promise<TrustedIssuer[]> {
  return readTrust(parseJson(await get('/.well-known/assay-trust.json', TRUST_MAX)), 'server');
}

/* Addresses of this server, also by the name under which it issues. */
export function ownFetch(own: readonly TrustedIssuer[]): Fetch {
  const origins = new Set([location.origin, ...own.flatMap((i) => { const a = didAddress(i.id); return a ? [new URL(a).origin] : []; })]);
  return async (url, most) => {
    const to = new URL(url);
    if (!origins.has(to.origin)) throw new Error('it is on another server, which was not asked');
    return get(to.pathname + to.search, most);
  };
}
