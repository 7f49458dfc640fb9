/* hotspot: places in a picture. Three ways to the same answer: the pointer; a crosshair that arrow keys move and Enter sets; and a list of
 * the areas by name, for those who cannot see the picture. */
import { useId, useRef, useState } from 'preact/hooks';
import { announce } from '../parts/announce/announce.tsx';
import { Html } from '../parts/html/html.tsx';
import { number, t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import { fromPointer, inside, marked, samePoint, step, type Point, type Size } from './points.ts';
import type { FormItem, Response } from '../api/types.ts';

const pointsOf = (r: Response | null): Point[] => (r && 'points' in r ? r.points : []);
const sizeOf = (item: FormItem): Size => ({ width: item.width || 1, height: item.height || 1 });

function Picture({ item, lang }: { item: FormItem; lang?: string | undefined }) {
  const image = item.image ?? '';
  return image.startsWith('<') ? <Html html={image} class="hotspot-image" lang={lang} /> : <div class="hotspot-image"><img src={image} alt="" /></div>;
}

/* Marks are drawn in the picture's own pixels over it. */
function Overlay({ size, points, cross }: { size: Size; points: Point[]; cross: Point | null }) {
  const r = Math.max(size.width, size.height) / 45;
  return (
    <svg class="hotspot-overlay" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true" focusable="false">
      {points.map(([x, y], i) => (
        <g key={i} class="hotspot-mark">
          <circle cx={x} cy={y} r={r} />
          <path d={`M${x - r * 1.6} ${y}h${r * 3.2}M${x} ${y - r * 1.6}v${r * 3.2}`} />
        </g>
      ))}
      {cross && <path class="hotspot-cross" d={`M0 ${cross[1]}H${size.width}M${cross[0]} 0V${size.height}`} />}
    </svg>
  );
}

export function Hotspot({ item, response, onAnswer, locked, lang }: ControlProps) {
  const id = useId();
  const size = sizeOf(item);
  const most = item.select || 1;
  const points = pointsOf(response);
  const reach = Math.max(size.width, size.height) / 45;
  const [cross, setCross] = useState<Point | null>(null);
  const frame = useRef<HTMLDivElement>(null);

  const put = (p: Point): void => {
    const next = marked(points, p, most, reach);
    onAnswer(next.length ? { points: next } : null, 350);
    announce(t(next.length < points.length ? 'hotspot.removed' : 'hotspot.marked', { x: p[0], y: p[1] }));
  };
  const onKey = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const at = cross ?? inside([size.width / 2, size.height / 2], size);
    const next = step(at, e.key, e.shiftKey, size);
    if (next) {
      setCross(next);
      announce(t('hotspot.at', { x: next[0], y: next[1] }));
    } else if (e.key === 'Enter' || e.key === ' ') put(at);
    else if ((e.key === 'Delete' || e.key === 'Backspace') && points.length) onAnswer(null, 0);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const area = (p: Point): void => {
    const on = points.some((q) => samePoint(p, q));
    const next = on ? points.filter((q) => !samePoint(p, q)) : [...points, p].slice(-most);
    onAnswer(next.length ? { points: next } : null, 350);
  };

  return (
    <div class="hotspot">
      <p class="hint">{most > 1 ? t('hotspot.some', { n: most }) : t('hotspot.one')}</p>
      <div
        ref={frame}
        class="hotspot-frame"
        role="application"
        tabIndex={locked ? -1 : 0}
        aria-label={t('hotspot.picture', { width: size.width, height: size.height })}
        aria-describedby={`${id}-keys`}
        onKeyDown={locked ? undefined : onKey}
        onFocus={() => !locked && frame.current?.matches(':focus-visible') && setCross(points[points.length - 1] ?? inside([size.width / 2, size.height / 2], size))}
        onBlur={() => setCross(null)}
        onClick={(e) => {
          if (locked || !frame.current) return;
          setCross(null);
          put(fromPointer({ x: e.clientX, y: e.clientY }, frame.current.getBoundingClientRect(), size));
        }}
      >
        <Picture item={item} lang={lang} />
        <Overlay size={size} points={points} cross={cross} />
      </div>
      <p id={`${id}-keys`} class="hint">{t('hotspot.keys')}</p>
      {!!item.areas?.length && (
        <details class="hotspot-areas">
          <summary>{t('hotspot.areas')}</summary>
          <fieldset disabled={locked}>
            <legend class="sr-only">{t('hotspot.areas')}</legend>
            {item.areas.map((a) => (
              <label key={a.label} class="line">
                <input type="checkbox" checked={points.some((p) => samePoint(p, [a.x, a.y]))} onChange={() => area([a.x, a.y])} />
                <span lang={lang}>{a.label}</span>
              </label>
            ))}
          </fieldset>
        </details>
      )}
    </div>
  );
}

export function ShowHotspot({ item, response, lang }: ShowProps) {
  const points = pointsOf(response);
  const names = points.map((p) => item.areas?.find((a) => samePoint(p, [a.x, a.y]))?.label ?? t('hotspot.point', { x: number(p[0]), y: number(p[1]) }));
  return (
    <figure class="hotspot-shown">
      <div class="hotspot-frame">
        <Picture item={item} lang={lang} />
        <Overlay size={sizeOf(item)} points={points} cross={null} />
      </div>
      <figcaption>{names.join('; ')}</figcaption>
    </figure>
  );
}
