/* The edges between tree, text and panes: moved with the mouse or with arrow keys, and kept by the browser. Widths are in rem, so they follow the text
 * size. */
import { useState } from 'preact/hooks';

const KEY = 'assay.author.widths';
const LIMITS = { left: [12, 40, 20], right: [16, 60, 28] } as const; /* least, most, at first */
export type Side = keyof typeof LIMITS;
export type Widths = Record<Side, number>;

const within = (side: Side, rem: unknown): number => (typeof rem === 'number' && Number.isFinite(rem) ? Math.min(Math.max(rem, LIMITS[side][0]), LIMITS[side][1]) : LIMITS[side][2]);

export function readWidths(stored: string | null): Widths {
  try {
    const w = JSON.parse(stored ?? '{}') as Partial<Widths> | null;
    return { left: within('left', w?.left), right: within('right', w?.right) };
  } catch {
    return { left: LIMITS.left[2], right: LIMITS.right[2] };
  }
}

export function useWidths(): [Widths, (side: Side, rem: number) => void] {
  const [widths, set] = useState<Widths>(() => {
    try {
      return readWidths(localStorage.getItem(KEY));
    } catch {
      return readWidths(null);
    }
  });
  return [
    widths,
    (side, rem) => {
      const next = { ...widths, [side]: within(side, rem) };
      set(next);
      try {
        localStorage.setItem(KEY, JSON.stringify(next));
      } catch {
        /* then it lasts as long as the page */
      }
    },
  ];
}

export function Edge({ side, label, widths, onWidth }: { side: Side; label: string; widths: Widths; onWidth: (side: Side, rem: number) => void }) {
  const [least, most] = LIMITS[side];
  const outwards = side === 'left' ? 1 : -1;
  const rem = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rtl = (e: Event): number => (getComputedStyle(e.currentTarget as Element).direction === 'rtl' ? -1 : 1);
  return (
    <div
      class="desk-edge"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(widths[side])}
      aria-valuemin={least}
      aria-valuemax={most}
      onKeyDown={(e) => {
        const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
        if (!by) return;
        e.preventDefault();
        onWidth(side, widths[side] + by * outwards * rtl(e));
      }}
      onPointerDown={(e) => {
        e.currentTarget.setPointerCapture(e.pointerId);
        e.preventDefault();
      }}
      onPointerMove={(e) => {
        if (!e.currentTarget.hasPointerCapture(e.pointerId)) return;
        const box = e.currentTarget.parentElement!.getBoundingClientRect();
        const fromStart = rtl(e) === 1 ? e.clientX - box.left : box.right - e.clientX;
        onWidth(side, (side === 'left' ? fromStart : box.width - fromStart) / rem());
      }}
    />
  );
}
