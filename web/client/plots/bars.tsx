/* Shares per domain or objective: a bar each, with the standard error as a whisker. */
import { number, percent, t } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';
import { lines, project } from './geometry.ts';

/* Of what is only known as a share, items and points are left out. */
export interface Bar { id: string; title: string; share: number; error: number; items?: number; points?: number; max?: number }

const LETTER_EM = 0.6; /* the width of a letter, at most, on average */

/* Where each group stands: the lines of its name, and from where down it is drawn, in em; and how high all of it is. */
function layout(groups: readonly Bar[], { width, em }: Canvas): { rows: { name: string[]; top: number }[]; height: number } {
  let top = 0;
  const rows = groups.map((g) => {
    const row = { name: lines(g.title, Math.max(12, Math.floor(width / (em * LETTER_EM)))), top };
    top += 1.3 * row.name.length + 1.8;
    return row;
  });
  return { rows, height: top };
}

export function BarsPlot({ groups, name, cut }: { groups: readonly Bar[]; name: string; cut: number | null }) {
  const draw = (canvas: Canvas) => {
    const { width, em } = canvas;
    const { rows, height } = layout(groups, canvas);
    const range: [number, number] = [0, width - em * 4];
    const x = (v: number): number => project(v, [0, 1], range);
    return (
      <>
        {groups.map((g, i) => {
          const { name: words, top } = rows[i]!;
          const y = (top + 1.3 * words.length + 0.2) * em;
          const mid = y + em * 0.45;
          return (
            <g key={g.id}>
              {words.map((line, k) => <text key={k} class="plot-name" x={0} y={(top + 1.3 * k + 1.1) * em}>{line}</text>)}
              <rect class="plot-rail" x={0} y={y} width={range[1]} height={em * 0.9} rx={em * 0.2} />
              <rect class="plot-bar" x={0} y={y} width={Math.max(2, x(g.share))} height={em * 0.9} rx={em * 0.2} />
              {g.error > 0 && <path class="plot-whisker" d={`M${x(g.share - g.error)} ${mid}H${x(g.share + g.error)}M${x(g.share - g.error)} ${mid - em * 0.3}v${em * 0.6}M${x(g.share + g.error)} ${mid - em * 0.3}v${em * 0.6}`} />}
              <text class="plot-label plot-strong" x={width} y={mid + em * 0.35} text-anchor="end">{percent(g.share)}</text>
            </g>
          );
        })}
        {cut !== null && <line class="plot-cut plot-dashed" x1={x(cut)} x2={x(cut)} y1={em * 1.2} y2={(height - 0.4) * em} />}
      </>
    );
  };
  const counted = groups.every((g) => g.items !== undefined);
  const sorted = [...groups].sort((a, b) => b.share - a.share);
  const best = sorted[0];
  const worst = sorted[sorted.length - 1];
  const same = best !== undefined && worst !== undefined && percent(best.share) === percent(worst.share);
  const summary = best && worst && best !== worst
    ? same ? t('bars.same', { share: percent(best.share) }) : t('bars.text', { best: best.title, bestShare: percent(best.share), worst: worst.title, worstShare: percent(worst.share) })
    : best ? t('bars.one', { title: best.title, share: percent(best.share) }) : '';
  return (
    <Plot
      name={name}
      summary={`${summary} ${cut === null ? '' : t('bars.cut', { cut: percent(cut) })}`}
      height={(canvas) => layout(groups, canvas).height * canvas.em}
      draw={draw}
      table={{
        head: [t('bars.title'), ...(counted ? [t('bars.items'), t('bars.points')] : []), t('bars.share'), t('bars.error')],
        rows: groups.map((g) => [g.title, ...(counted ? [number(g.items ?? 0), `${number(g.points ?? 0)} / ${number(g.max ?? 0)}`] : []), percent(g.share), `± ${percent(g.error)}`]),
      }}
    />
  );
}
