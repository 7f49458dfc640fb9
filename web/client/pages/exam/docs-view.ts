/* The documentation panel, loaded when it is first wanted. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type DocsView = ComponentType<import('./docs.tsx').Props>;

export function useDocs(wanted: boolean): DocsView | null {
  const [view, setView] = useState<{ Docs: DocsView } | null>(null);
  useEffect(() => {
    if (wanted && !view) void import('./docs.tsx').then((m) => setView({ Docs: m.default }));
  }, [wanted]);
  return wanted ? view?.Docs ?? null : null;
}
