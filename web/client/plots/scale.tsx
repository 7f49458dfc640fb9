/* The score on the exam's scale: the cut as a line, the score as a point, and around it the band of one standard error each way. */
import type { Score } from '../api/types.ts';
import { onScale } from '../parts/verdict/verdict.tsx';
import { t } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';
import { project, ticks } from './geometry.ts';

const SUMMARIES = { you: ['scale.text', 'scale.textExact'], holder: ['claim.scale', 'claim.scaleExact'] } as const;

/* about: whom it is shown to: the one whose score it is, or somebody else. */
export function ScalePlot({ score: s, about = 'you' }: { score: Omit<Score, 'share' | 'share_error'>; about?: 'you' | 'holder' }) {
  const show = (v: number): string => onScale(v, s.unit);
  const low = Math.max(s.min, s.value - s.error);
  const high = Math.min(s.max, s.value + s.error);
  const draw = ({ width, em }: Canvas) => {
    const range: [number, number] = [em * 1.5, width - em * 1.5];
    const x = (v: number): number => project(v, [s.min, s.max], range);
    const y = em * 3.6;
    const end = (v: number): 'start' | 'middle' | 'end' => (x(v) < em * 4 ? 'start' : x(v) > width - em * 4 ? 'end' : 'middle');
    const between = ticks(s.min, s.max, Math.max(2, Math.floor(width / (em * 7)))).filter((v) => x(v) - range[0] > em * 4 && range[1] - x(v) > em * 4);
    const marks = [s.min, ...between, s.max];
    return (
      <>
        {s.cut !== null && <rect class="plot-pass" x={x(s.cut)} y={y - em * 0.5} width={Math.max(0, range[1] - x(s.cut))} height={em} />}
        <rect class="plot-rail" x={range[0]} y={y - em * 0.5} width={range[1] - range[0]} height={em} rx={em * 0.25} />
        <rect class="plot-band" x={x(low)} y={y - em * 0.85} width={Math.max(2, x(high) - x(low))} height={em * 1.7} rx={em * 0.2} />
        {marks.map((v) => (
          <g key={v}>
            <line class="plot-tick" x1={x(v)} x2={x(v)} y1={y + em * 0.5} y2={y + em * 0.9} />
            <text class="plot-label" x={x(v)} y={y + em * 1.9} text-anchor={end(v)}>{show(v)}</text>
          </g>
        ))}
        {s.cut !== null && (
          <g>
            <line class="plot-cut" x1={x(s.cut)} x2={x(s.cut)} y1={y - em * 1.2} y2={y + em * 1.1} />
            <text class="plot-label plot-strong" x={x(s.cut)} y={y + em * 3.2} text-anchor={end(s.cut)}>{t('scale.cut', { value: show(s.cut) })}</text>
          </g>
        )}
        <circle class="plot-score" cx={x(s.value)} cy={y} r={em * 0.55} />
        <text class="plot-value" x={x(s.value)} y={em * 1.7} text-anchor={end(s.value)}>{show(s.value)}</text>
      </>
    );
  };
  const values = { value: show(s.value), low: show(low), high: show(high), min: show(s.min), max: show(s.max) };
  return (
    <Plot
      name={t('scale.name')}
      summary={`${t(SUMMARIES[about][s.error > 0 ? 0 : 1], values)} ${s.cut === null ? '' : t('scale.textCut', { cut: show(s.cut) })}`}
      height={({ em }) => em * 7.2}
      draw={draw}
    />
  );
}
