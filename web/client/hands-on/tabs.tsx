/* Tabs: one stop for the Tab key, arrows among them. What they show has role="tabpanel" and the id of panelId(). */
import { useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

export interface Tab { id: string; label: ComponentChildren; name?: string; panel?: string }
interface Props { name: string; tabs: Tab[]; current: string; onSelect: (id: string) => void; prefix: string; class?: string }

export const tabId = (prefix: string, id: string): string => `${prefix}-tab-${id}`;
export const panelId = (prefix: string, id: string): string => `${prefix}-panel-${id}`;

export function Tabs({ name, tabs, current, onSelect, prefix, class: more }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const move = (to: number): void => {
    const tab = tabs[(to + tabs.length) % tabs.length]!;
    onSelect(tab.id);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(tabId(prefix, tab.id))}`)?.focus();
  };
  const onKey = (e: KeyboardEvent, at: number): void => {
    const rtl = getComputedStyle(list.current!).direction === 'rtl' ? -1 : 1;
    if (e.key === 'ArrowRight') move(at + rtl);
    else if (e.key === 'ArrowLeft') move(at - rtl);
    else if (e.key === 'Home') move(0);
    else if (e.key === 'End') move(-1);
    else return;
    e.preventDefault();
  };
  return (
    <div ref={list} class={`tabs ${more ?? ''}`} role="tablist" aria-label={name}>
      {tabs.map((tab, i) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={tabId(prefix, tab.id)}
          class="tab"
          aria-selected={tab.id === current}
          aria-controls={tab.panel ?? panelId(prefix, tab.id)}
          aria-label={tab.name}
          tabIndex={tab.id === current ? 0 : -1}
          onClick={() => onSelect(tab.id)}
          onKeyDown={(e) => onKey(e, i)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
