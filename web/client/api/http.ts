/* Requests to the server. request() gives the parsed body or throws one of two things: a Problem, when the server answered with an error
 * (RFC 9457, with a stable code), or a NetworkError, when nobody answered in time. Callers decide by these two what is worth another try. */
import type { Session } from './types.ts';

const TIME_LIMIT_MS = 15000;

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfterMs: number | null,
    readonly extra: Record<string, unknown>,
  ) {
    super(detail || code);
  }
}

export class NetworkError extends Error {}

let session: Session | null = null;
const listeners = new Set<() => void>();

export const currentSession = (): Session | null => session;
export function onSession(f: () => void): () => void {
  listeners.add(f);
  return () => listeners.delete(f);
}
function setSession(s: Session | null): void {
  session = s;
  for (const f of listeners) f();
}

export interface Options {
  body?: unknown;
  lease?: number | null;
  signal?: AbortSignal;
  timeLimitMs?: number;
  keepalive?: boolean;
}

function retryAfter(headers: Headers): number | null {
  const seconds = Number(headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null;
}

async function problemOf(response: globalThis.Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (parsed && typeof parsed === 'object') body = parsed as Record<string, unknown>;
  } catch {
    /* a proxy's own error page: the status says enough */
  }
  const text = (v: unknown): string => (typeof v === 'string' ? v : '');
  return new Problem(response.status, text(body.code) || `http-${response.status}`, text(body.detail) || text(body.title), retryAfter(response.headers), body);
}

async function once<T>(method: string, path: string, options: Options): Promise<{ status: number; body: T }> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && session?.csrf) headers['X-CSRF-Token'] = session.csrf;
  if (options.lease !== undefined && options.lease !== null) headers['Assay-Lease'] = String(options.lease);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.timeLimitMs ?? TIME_LIMIT_MS);
  options.signal?.addEventListener('abort', () => abort.abort());
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: abort.signal,
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive: options.keepalive ?? false,
    });
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return { status: 204, body: undefined as T };
    return { status: response.status, body: (await response.json()) as T };
  } catch (e) {
    if (e instanceof Problem) throw e;
    throw new NetworkError(e instanceof Error ? e.message : String(e));
  } finally {
    clearTimeout(timer);
  }
}

/* As request(), with the status. A refused token (the server's session was renewed) is fetched again, once. */
export async function requestStatus<T>(method: string, path: string, options: Options = {}): Promise<{ status: number; body: T }> {
  if (method !== 'GET' && !session) await loadSession();
  try {
    return await once<T>(method, path, options);
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== 'csrf') throw e;
    await loadSession();
    return once<T>(method, path, options);
  }
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return (await requestStatus<T>(method, path, options)).body;
}

/* Who is signed in; also the token that every change carries. */
let loading: Promise<Session> | null = null;
export function loadSession(): Promise<Session> {
  loading ??= once<Session>('GET', '/api/v1/session', {}).then(({ body }) => {
    setSession(body);
    return body;
  }).finally(() => (loading = null));
  return loading;
}

export async function signIn(name: string, password: string): Promise<Session> {
  const s = await request<Session>('POST', '/api/v1/session', { body: { name, password } });
  setSession(s);
  return s;
}

export async function signOut(): Promise<void> {
  await request('DELETE', '/api/v1/session');
  await loadSession();
}

/* Errors that another try may cure: nobody answered, the server is busy, or a proxy speaks for it. */
export function isPassing(e: unknown): boolean {
  if (e instanceof NetworkError) return true;
  return e instanceof Problem && (e.status === 429 || e.status >= 500 || e.status === 408);
}
