/* Addresses and moving between them without loading the page again. Each page is a module of its own, loaded when it is first shown. */
import type { ComponentType } from 'preact';
import { withExtras } from './extras.ts';

export interface PageProps { params: string[]; query: URLSearchParams }
type PageModule = { default: ComponentType<PageProps> };

interface Route { pattern: RegExp; load: () => Promise<PageModule>; bare?: true }

/* bare: the page is all there is; while an exam runs nothing leads away. */
export const ROUTES: readonly Route[] = [
  { pattern: /^\/$/, load: () => import('../pages/catalogue/catalogue.tsx') },
  { pattern: /^\/exams\/([^/]+\/[^/]+)$/, load: () => import('../pages/description/description.tsx') },
  { pattern: /^\/attempts\/([^/]+)$/, load: () => import('../pages/attempt/attempt.tsx'), bare: true },
  { pattern: /^\/attempts\/([^/]+)\/review$/, load: () => import('../pages/review/review.tsx'), bare: true },
  { pattern: /^\/attempts\/([^/]+)\/result$/, load: () => import('../pages/result/result.tsx') },
  { pattern: /^\/attempts\/([^/]+)\/replay\/([^/]+)$/, load: () => import('../pages/replay/replay.tsx') },
  { pattern: /^\/study\/([^/]+\/[^/]+)$/, load: () => import('../pages/study/study.tsx') },
  { pattern: /^\/history$/, load: () => import('../pages/history/history.tsx') },
  { pattern: /^\/certificates$/, load: () => import('../pages/wallet/wallet.tsx') },
  { pattern: /^\/scoring$/, load: () => import('../pages/scoring/scoring.tsx') },
  { pattern: /^\/verify$/, load: () => import('../pages/verify/verify.tsx') },
  { pattern: /^\/verify\/([^/]+)$/, load: () => import('../pages/credential/credential.tsx') },
  { pattern: /^\/author$/, load: () => withExtras('author', import('../pages/author/author.tsx')), bare: true },
  { pattern: /^\/marking(?:\/(agreement))?$/, load: () => withExtras('marking', import('../pages/marking/marking.tsx')) },
  { pattern: /^\/reports$/, load: () => withExtras('reports', import('../pages/reports/reports.tsx')) },
  { pattern: /^\/sign-in$/, load: () => import('../pages/sign-in/sign-in.tsx') },
];
export const NOT_FOUND: Route = { pattern: /^/, load: () => import('../pages/not-found/not-found.tsx') };

export interface Match { route: Route; params: string[] }

export function matchRoute(pathname: string): Match {
  const clean = pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname;
  for (const route of ROUTES) {
    const found = route.pattern.exec(clean);
    if (found) {
      try {
        return { route, params: found.slice(1).map((p) => decodeURIComponent(p ?? '')) };
      } catch {
        break; /* a broken %-escape */
      }
    }
  }
  return { route: NOT_FOUND, params: [] };
}

const listeners = new Set<() => void>();

export function onNavigate(f: () => void): () => void {
  listeners.add(f);
  return () => listeners.delete(f);
}

const tell = (): void => {
  for (const f of listeners) f();
};

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  tell();
}

/* A path of our own to come back to after signing in, from the address; never another site's. */
export function returnPath(query: URLSearchParams): string {
  const to = query.get('return') ?? '/';
  return /^\/(?![/\\])/.test(to) ? to : '/';
}

/* Plain clicks on links to our own pages are handled here; all others by the browser. */
function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (/^\/(api|media|assets|credentials)\//.test(link.pathname) || /^\/(verify\.html|licenses\.txt)$/.test(link.pathname)) return;
  if (link.pathname === location.pathname && link.search === location.search && link.hash) return;
  event.preventDefault();
  navigate(link.pathname + link.search + link.hash);
}

export function startRouter(): void {
  document.addEventListener('click', onClick);
  window.addEventListener('popstate', tell);
}
