/* Confidence against correctness. On the diagonal one is as often right as one thinks; below it one is too sure. The size of a point is how many
 * answers it stands for. */
import { maybe, number, percent, t } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';
import { project } from './geometry.ts';

export interface Calibrated { confidence: number; n: number; right_share: number }

/* How far off on average, weighted: above 0 too sure, below 0 too modest. Pure. */
export function overconfidence(points: readonly Calibrated[]): number {
  const n = points.reduce((s, p) => s + p.n, 0);
  return n ? points.reduce((s, p) => s + p.n * (p.confidence / 100 - p.right_share), 0) / n : 0;
}

export function CalibrationPlot({ points }: { points: Calibrated[] }) {
  const shown = points.filter((p) => p.n > 0);
  const most = Math.max(1, ...shown.map((p) => p.n));
  const size = ({ width, em }: Canvas): number => Math.min(width, em * 26);
  const draw = (c: Canvas) => {
    const { em } = c;
    const side = size(c);
    const x0 = em * 3.4;
    const y1 = side - em * 4;
    const x = (v: number): number => project(v, [0, 1], [x0, side - em]);
    const y = (v: number): number => project(v, [0, 1], [y1, em * 2.2]);
    return (
      <>
        <path class="plot-below" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}V${y(0)}Z`} />
        {[0, 0.25, 0.5, 0.75, 1].map((v) => (
          <g key={v}>
            <line class="plot-grid" x1={x(0)} x2={x(1)} y1={y(v)} y2={y(v)} />
            <text class="plot-label" x={x0 - em * 0.5} y={y(v) + em * 0.3} text-anchor="end">{percent(v)}</text>
            <text class="plot-label" x={x(v)} y={y1 + em * 2} text-anchor="middle">{percent(v)}</text>
          </g>
        ))}
        <line class="plot-diagonal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        {shown.map((p) => (
          <circle key={p.confidence} class="plot-point" cx={x(p.confidence / 100)} cy={y(p.right_share)} r={em * (0.35 + 0.75 * Math.sqrt(p.n / most))} />
        ))}
        <text class="plot-label" x={0} y={em}>{t('calibration.y')}</text>
        <text class="plot-label" x={(x(0) + x(1)) / 2} y={side - em * 0.6} text-anchor="middle">{t('calibration.x')}</text>
      </>
    );
  };
  const over = overconfidence(shown);
  const verdict = over > 0.1 ? t('calibration.over', { by: percent(over) }) : over < -0.1 ? t('calibration.under', { by: percent(-over) }) : t('calibration.fine');
  return (
    <Plot
      name={t('calibration.name')}
      summary={`${t('calibration.text')} ${verdict}`}
      height={size}
      draw={draw}
      table={{
        head: [t('calibration.sure'), t('calibration.answers'), t('calibration.right')],
        rows: points.map((p) => [`${maybe(`confidence.${p.confidence}`) ?? ''} (${percent(p.confidence / 100)})`, number(p.n), p.n ? percent(p.right_share) : '–']),
      }}
    />
  );
}
