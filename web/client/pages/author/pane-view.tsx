/* One pane: its component, loaded when it is first shown. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failed, Loading } from '../../parts/states/states.tsx';
import { maybe } from '../../texts/index.ts';
import type { Desk } from './desk.ts';
import type { Pane, PaneProps } from './panes.ts';

export const paneName = (id: string): string => maybe(`author.pane.${id}`) ?? id;

/* Those that are there by now, by the pane's id. */
const loaded = new Map<string, ComponentType<PaneProps>>();

export function PaneView({ pane, bench }: { pane: Pane; bench: Desk }) {
  const [, again] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const load = (): void => {
    setError(null);
    pane.load().then((c) => {
      loaded.set(pane.id, c);
      again((n) => n + 1);
    }, setError);
  };
  useEffect(() => {
    if (!loaded.has(pane.id)) load();
  }, [pane.id]);
  const View = loaded.get(pane.id);
  if (error !== null) return <Failed error={error} retry={load} />;
  return View ? <View desk={bench} /> : <Loading />;
}
