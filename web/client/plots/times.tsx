/* How long each question took, in the order of the form, with the outcome where it may be known. */
import type { ResultItem } from '../api/types.ts';
import { formatLeft } from '../attempt/clock.ts';
import { duration, t } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';
import { median, project } from './geometry.ts';

/* Outcomes differ by pattern, not only by colour. */
function Hatches({ em }: { em: number }) {
  const step = em * 0.45;
  return (
    <defs>
      <pattern id="hatch-wrong" width={step} height={step} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width={step} height={step} />
        <rect class="hatch-wrong" width={step * 0.55} height={step} />
      </pattern>
      <pattern id="hatch-partial" width={step} height={step} patternUnits="userSpaceOnUse">
        <rect class="hatch-ground" width={step} height={step} />
        <rect class="hatch-partial" width={step} height={step * 0.6} />
      </pattern>
    </defs>
  );
}

export function TimesPlot({ items }: { items: ResultItem[] }) {
  const most = Math.max(1, ...items.map((i) => i.spent_ms));
  const mid = median(items.map((i) => i.spent_ms));
  const longest = items.reduce((a, b) => (b.spent_ms > a.spent_ms ? b : a), items[0]!);
  const draw = ({ width, em }: Canvas) => {
    const left = em * 3.4;
    const step = (width - left) / items.length;
    const bottom = em * 9;
    const y = (ms: number): number => project(ms, [0, most], [bottom, em]);
    const every = Math.max(1, Math.ceil((em * 2.2) / step));
    return (
      <>
        <Hatches em={em} />
        {[0, most / 2, most].map((ms) => (
          <g key={ms}>
            <line class="plot-grid" x1={left} x2={width} y1={y(ms)} y2={y(ms)} />
            <text class="plot-label" x={left - em * 0.5} y={y(ms) + em * 0.3} text-anchor="end">{formatLeft(ms)}</text>
          </g>
        ))}
        {items.map((item, i) => (
          <rect
            key={item.id}
            class={`plot-time plot-time-${item.outcome ?? 'none'}`}
            x={left + i * step + step * 0.12}
            width={Math.max(1, step * 0.76)}
            y={y(item.spent_ms)}
            height={Math.max(1, bottom - y(item.spent_ms))}
          />
        ))}
        {items.map((item, i) => (i % every === 0 ? <text key={item.id} class="plot-label" x={left + (i + 0.5) * step} y={bottom + em * 1.3} text-anchor="middle">{item.n}</text> : null))}
        <line class="plot-cut plot-dashed" x1={left} x2={width} y1={y(mid)} y2={y(mid)} />
      </>
    );
  };
  const known = items.some((i) => i.outcome);
  const legend = known && (['right', 'partial', 'wrong', 'unanswered'] as const).filter((o) => items.some((i) => i.outcome === o));
  return (
    <Plot
      name={t('times.name')}
      summary={t('times.text', { median: duration(mid), n: longest.n, longest: duration(longest.spent_ms) })}
      height={({ em }) => em * 10.8}
      draw={draw}
      legend={legend && legend.map((o) => <span key={o}><i class={`swatch swatch-${o}`} /> {t(`outcome.${o}`)}</span>)}
      table={{
        head: [t('times.question'), t('times.time'), ...(known ? [t('times.outcome')] : [])],
        rows: items.map((i) => [i.n, formatLeft(i.spent_ms), ...(known ? [i.outcome ? t(`outcome.${i.outcome}`) : '–'] : [])]),
      }}
    />
  );
}
