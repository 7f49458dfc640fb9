/* Results of one exam over time. */
import { date, dateTime, percent, t } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';
import { project } from './geometry.ts';

export interface TrendPoint { ended_at: string; share: number; passed?: boolean | null | undefined }

export function TrendPlot({ points, name }: { points: TrendPoint[]; name: string }) {
  const times = points.map((p) => Date.parse(p.ended_at));
  const oneDay = points.length > 0 && date(points[0]!.ended_at) === date(points[points.length - 1]!.ended_at);
  const draw = ({ width, em }: Canvas) => {
    const x0 = em * 3.4;
    const y1 = em * 8;
    const range: [number, number] = [x0 + em, width - em];
    const x = (ms: number): number => (points.length < 2 ? (range[0] + range[1]) / 2 : project(ms, [Math.min(...times), Math.max(...times)], range));
    const y = (v: number): number => project(v, [0, 1], [y1, em]);
    const at = points.map((p, i) => ({ p, x: x(times[i]!), y: y(p.share) }));
    return (
      <>
        {[0, 0.5, 1].map((v) => (
          <g key={v}>
            <line class="plot-grid" x1={x0} x2={width} y1={y(v)} y2={y(v)} />
            <text class="plot-label" x={x0 - em * 0.5} y={y(v) + em * 0.3} text-anchor="end">{percent(v)}</text>
          </g>
        ))}
        <polyline class="plot-line" points={at.map((a) => `${a.x},${a.y}`).join(' ')} />
        {at.map((a, i) => <circle key={i} class={a.p.passed === false ? 'plot-point-open' : 'plot-point'} cx={a.x} cy={a.y} r={em * 0.42} />)}
        {oneDay && <text class="plot-label" x={(range[0] + range[1]) / 2} y={y1 + em * 1.5} text-anchor="middle">{date(points[0]!.ended_at)}</text>}
        {!oneDay && at[0] && <text class="plot-label" x={at[0].x} y={y1 + em * 1.5} text-anchor="start">{date(at[0].p.ended_at)}</text>}
        {!oneDay && at.length > 1 && <text class="plot-label" x={at[at.length - 1]!.x} y={y1 + em * 1.5} text-anchor="end">{date(at[at.length - 1]!.p.ended_at)}</text>}
      </>
    );
  };
  const first = points[0];
  const last = points[points.length - 1];
  return (
    <Plot
      name={name}
      summary={first && last ? t(points.length > 1 ? 'trend.text' : 'trend.one', { n: points.length, first: percent(first.share), last: percent(last.share) }) : ''}
      height={({ em }) => em * 10}
      draw={draw}
      table={{ head: [t('trend.when'), t('trend.share')], rows: points.map((p) => [dateTime(p.ended_at), percent(p.share)]) }}
    />
  );
}
