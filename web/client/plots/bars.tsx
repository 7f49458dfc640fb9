/* Shares per domain or objective: a bar each, with the standard error as a whisker. */
import type { GroupScore } from '../api/types.ts';
import { number, percent, t } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';
import { project } from './geometry.ts';

export function BarsPlot({ groups, name, cut }: { groups: GroupScore[]; name: string; cut: number | null }) {
  const draw = ({ width, em }: Canvas) => {
    const row = em * 3.1;
    const range: [number, number] = [0, width - em * 4];
    const x = (v: number): number => project(v, [0, 1], range);
    return (
      <>
        {groups.map((g, i) => {
          const y = i * row + em * 1.5;
          const mid = y + em * 0.45;
          return (
            <g key={g.id}>
              <text class="plot-name" x={0} y={y - em * 0.4}>{g.title}</text>
              <rect class="plot-rail" x={0} y={y} width={range[1]} height={em * 0.9} rx={em * 0.2} />
              <rect class="plot-bar" x={0} y={y} width={Math.max(2, x(g.share))} height={em * 0.9} rx={em * 0.2} />
              {g.error > 0 && <path class="plot-whisker" d={`M${x(g.share - g.error)} ${mid}H${x(g.share + g.error)}M${x(g.share - g.error)} ${mid - em * 0.3}v${em * 0.6}M${x(g.share + g.error)} ${mid - em * 0.3}v${em * 0.6}`} />}
              <text class="plot-label plot-strong" x={width} y={mid + em * 0.35} text-anchor="end">{percent(g.share)}</text>
            </g>
          );
        })}
        {cut !== null && <line class="plot-cut plot-dashed" x1={x(cut)} x2={x(cut)} y1={em * 1.2} y2={groups.length * row - em * 0.4} />}
      </>
    );
  };
  const sorted = [...groups].sort((a, b) => b.share - a.share);
  const best = sorted[0];
  const worst = sorted[sorted.length - 1];
  const summary = best && worst && best !== worst
    ? t('bars.text', { best: best.title, bestShare: percent(best.share), worst: worst.title, worstShare: percent(worst.share) })
    : best ? t('bars.one', { title: best.title, share: percent(best.share) }) : '';
  return (
    <Plot
      name={name}
      summary={`${summary} ${cut === null ? '' : t('bars.cut', { cut: percent(cut) })}`}
      height={({ em }) => groups.length * em * 3.1}
      draw={draw}
      table={{
        head: [t('bars.title'), t('bars.items'), t('bars.points'), t('bars.share'), t('bars.error')],
        rows: groups.map((g) => [g.title, number(g.items), `${number(g.points)} / ${number(g.max)}`, percent(g.share), `± ${percent(g.error)}`]),
      }}
    />
  );
}
