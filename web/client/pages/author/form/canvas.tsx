/* The picture of a hotspot with its regions on it: drawn, moved and reshaped by the pointer, or with the arrow keys. */
import { useRef, useState } from 'preact/hooks';
import { announce } from '../../../parts/announce/announce.tsx';
import { DIRECTIONS } from '../../../items/points.ts';
import { t } from '../../../texts/index.ts';
import { drawn, handles, movedBy, reshaped, tidy, type Region, type Shape, type Size } from './regions.ts';

export type Tool = 'select' | Shape;
type Point = [number, number];
type Drag =
  | { what: 'draw'; shape: 'rect' | 'circle'; from: Point; at: number[] }
  | { what: 'move'; index: number; from: Point; before: number[] }
  | { what: 'reshape'; index: number; handle: number; before: number[] };

interface Props {
  address: string;
  size: Size;
  regions: readonly Region[];
  selected: number | null;
  tool: Tool;
  onSelect: (i: number | null) => void;
  onDraw: (shape: Shape, at: number[]) => void;
  onChange: (i: number, at: number[], now: boolean) => void;
  onRemove: (i: number) => void;
}

const pointsOf = (at: readonly number[]): string => at.reduce((s, v, i) => s + (i % 2 ? `,${v} ` : String(v)), '');

function Outline({ shape, at, ...more }: { shape: Shape; at: readonly number[]; class?: string; onPointerDown?: (e: PointerEvent) => void }) {
  if (shape === 'circle') return <circle cx={at[0]} cy={at[1]} r={at[2]} {...more} />;
  if (shape === 'rect') return <rect x={at[0]} y={at[1]} width={at[2]! - at[0]!} height={at[3]! - at[1]!} {...more} />;
  return <polygon points={pointsOf(at)} {...more} />;
}

/* Where a shape's name is written. */
function corner(r: Region): Point {
  return r.shape === 'circle' ? [r.at[0]!, r.at[1]!] : [r.at[0]!, r.at[1]!];
}

export function Canvas({ address, size, regions, selected, tool, onSelect, onDraw, onChange, onRemove }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const [ghost, setGhost] = useState<{ shape: Shape; at: number[] } | null>(null);
  const [points, setPoints] = useState<number[]>([]); /* of a polygon that is being drawn */
  const unit = Math.max(size.width, size.height) / 100;
  const letters = Math.max(unit * 3.4, 13); /* a small picture is shown as it is, a large one smaller */
  const knob = Math.max(unit * 1.3, 4);

  const where = (e: PointerEvent | MouseEvent): Point => {
    const box = svg.current!.getBoundingClientRect();
    return [Math.round(((e.clientX - box.left) / box.width) * size.width), Math.round(((e.clientY - box.top) / box.height) * size.height)];
  };
  const begin = (e: PointerEvent, d: Drag): void => {
    e.stopPropagation();
    if (e.button !== 0) return;
    e.preventDefault(); /* nothing is marked while dragging */
    frame.current?.focus({ preventScroll: true });
    svg.current!.setPointerCapture(e.pointerId);
    drag.current = d;
  };
  const move = (e: PointerEvent): void => {
    const d = drag.current;
    if (!d) return;
    const p = where(e);
    if (d.what === 'draw') setGhost({ shape: d.shape, at: drawn(d.shape, d.from, p, size) });
    else if (d.what === 'move') onChange(d.index, movedBy(regions[d.index]!.shape, d.before, p[0] - d.from[0], p[1] - d.from[1], size), false);
    else onChange(d.index, reshaped(regions[d.index]!.shape, d.before, d.handle, p, size), false);
  };
  const end = (e: PointerEvent): void => {
    const d = drag.current;
    drag.current = null;
    setGhost(null);
    if (d?.what !== 'draw') return;
    const at = drawn(d.shape, d.from, where(e), size);
    /* A click is no shape. */
    if (d.shape === 'circle' ? at[2]! >= unit : at[2]! - at[0]! >= unit && at[3]! - at[1]! >= unit) onDraw(d.shape, at);
  };
  const addPoint = (p: Point): void => setPoints([...points, ...tidy('poly', p, size)]);
  const closePolygon = (): void => {
    if (points.length >= 6) onDraw('poly', points);
    setPoints([]);
  };
  const onDown = (e: PointerEvent): void => {
    if (tool === 'select') onSelect(null);
    else if (tool === 'poly') {
      e.preventDefault();
      frame.current?.focus({ preventScroll: true });
      const p = where(e);
      if (points.length >= 6 && Math.hypot(p[0] - points[0]!, p[1] - points[1]!) < unit * 2) closePolygon();
      else addPoint(p);
    } else begin(e, { what: 'draw', shape: tool, from: where(e), at: [] });
  };
  const onKey = (e: KeyboardEvent): void => {
    if (points.length) {
      if (e.key === 'Enter') closePolygon();
      else if (e.key === 'Escape') setPoints([]);
      else if (e.key === 'Backspace') setPoints(points.slice(0, -2));
      else return;
      e.preventDefault();
      return;
    }
    const direction = DIRECTIONS[e.key];
    const r = selected === null ? null : regions[selected];
    if (direction && r && selected !== null && !e.metaKey && !e.altKey) {
      const by = e.shiftKey ? 1 : Math.max(1, Math.round(Math.min(size.width, size.height) / 40));
      const [dx, dy] = [direction[0] * by, direction[1] * by];
      const last = r.shape === 'poly' ? r.at.length / 2 - 1 : r.shape === 'rect' ? 2 : 0;
      const h = handles(r.shape, r.at)[last]!;
      const at = e.ctrlKey ? reshaped(r.shape, r.at, last, [h[0] + dx, h[1] + dy], size) : movedBy(r.shape, r.at, dx, dy, size);
      onChange(selected, at, false);
      announce(t('form.hotspot.at', { name: r.label || r.id, at: at.join(', ') }));
    } else if ((e.key === 'Delete' || e.key === 'Backspace') && selected !== null) onRemove(selected);
    else if (e.key === 'Escape') onSelect(null);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <div ref={frame} class={`region-frame tool-${tool}`} role="application" tabIndex={0} aria-label={t('form.hotspot.picture', { width: size.width, height: size.height })} aria-describedby="region-keys" onKeyDown={onKey}>
      <img src={address} alt="" draggable={false} width={size.width} height={size.height} />
      <svg
        ref={svg}
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        onPointerDown={onDown}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => {
          drag.current = null;
          setGhost(null);
        }}
        onDblClick={() => tool === 'poly' && closePolygon()}
        aria-hidden="true"
      >
        {regions.map((r, i) => (
          <g key={i} class={`region ${r.correct ? 'is-right' : ''} ${selected === i ? 'is-selected' : ''}`}>
            <Outline
              shape={r.shape}
              at={r.at}
              onPointerDown={(e) => {
                if (tool !== 'select') return;
                onSelect(i);
                begin(e, { what: 'move', index: i, from: where(e), before: [...r.at] });
              }}
            />
            <text x={corner(r)[0] + letters / 3} y={corner(r)[1] + letters * 1.1} font-size={letters}>{i + 1}{r.correct ? ' ✓' : ''}</text>
          </g>
        ))}
        {selected !== null && regions[selected] && tool === 'select' && handles(regions[selected].shape, regions[selected].at).map(([x, y], h) => (
          <circle key={h} class="region-handle" cx={x} cy={y} r={knob} onPointerDown={(e) => begin(e, { what: 'reshape', index: selected, handle: h, before: [...regions[selected]!.at] })} />
        ))}
        {ghost && <g class="region is-ghost"><Outline shape={ghost.shape} at={ghost.at} /></g>}
        {points.length > 0 && (
          <g class="region is-ghost">
            <polyline points={pointsOf(points)} />
            {handles('poly', points).map(([x, y], i) => <circle key={i} cx={x} cy={y} r={unit} />)}
          </g>
        )}
      </svg>
    </div>
  );
}
