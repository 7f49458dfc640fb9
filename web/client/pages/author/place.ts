/* Where the author is: in the page's address, so that a reload and a link lead there, and for the way back from an exam. */
const KEY = 'assay.author.place';
const address = (path: string | null): string => (path === null ? '/author' : `/author?file=${encodeURIComponent(path)}`);

export function rememberPlace(path: string | null): void {
  if (location.pathname !== '/author') return;
  history.replaceState(null, '', address(path));
  try {
    sessionStorage.setItem(KEY, path ?? '');
  } catch {
    /* then the way back leads to the page's beginning */
  }
}

/* The file that the address names, or that was open last in this tab. */
export function placeToBegin(query: URLSearchParams): string | null {
  try {
    return query.get('file') ?? (sessionStorage.getItem(KEY) || null);
  } catch {
    return query.get('file');
  }
}
