/* Kappas as points with their intervals, one below the other, over the words that are used for such values. */
import type * as calls from '../../api/marking.ts';
import { lines as wrap, project, ticks } from '../../plots/geometry.ts';
import { Plot, type Canvas } from '../../plots/frame.tsx';
import { number, percent, t } from '../../texts/index.ts';
import { wordFor } from './meaning.ts';

export interface Row { name: string; line: calls.Line }

const LETTER_EM = 0.6;
const ROW_EM = 2;
const k2 = (v: number): string => number(v, 2);

export function intervalText(k: calls.Kappa | null): string {
  if (!k) return t('agree.undefined');
  return k.low === null || k.high === null ? t('agree.noInterval') : t('agree.interval', { low: k2(k.low), high: k2(k.high) });
}

export function KappaPlot({ rows, name }: { rows: readonly Row[]; name: string }) {
  const lowest = Math.min(0, ...rows.map((r) => r.line.weighted?.low ?? r.line.weighted?.value ?? 0));
  const low = Math.max(-1, Math.floor(lowest * 5) / 5);
  const marks = ticks(low, 1, low < 0 ? 5 : 6);
  const nameLines = (r: Row, c: Canvas): string[] => wrap(r.name, Math.max(12, Math.floor(c.width / (c.em * LETTER_EM))));
  const tops = (c: Canvas): { at: number[]; end: number } => {
    let at = 0.4;
    const out = rows.map((r) => {
      const here = at;
      at += 1.3 * nameLines(r, c).length + ROW_EM;
      return here;
    });
    return { at: out, end: at };
  };
  const draw = (c: Canvas) => {
    const { width, em } = c;
    const range: [number, number] = [em, width - em * 3.5];
    const x = (v: number): number => project(v, [low, 1], range);
    const { at, end } = tops(c);
    return (
      <>
        {marks.map((v) => (
          <g key={v}>
            <line class="plot-grid" x1={x(v)} x2={x(v)} y1={0} y2={end * em} />
            <text class="plot-label" x={x(v)} y={(end + 1.1) * em} text-anchor="middle">{k2(v)}</text>
          </g>
        ))}
        {rows.map((r, i) => {
          const k = r.line.weighted;
          const words = nameLines(r, c);
          const y = (at[i]! + 1.3 * words.length + 0.7) * em;
          return (
            <g key={r.name}>
              {words.map((w, n) => <text key={n} class="plot-name" x={0} y={(at[i]! + 1.3 * n + 1) * em}>{w}</text>)}
              {k && k.low !== null && k.high !== null && <path class="plot-whisker" d={`M${x(k.low)} ${y}H${x(k.high)}M${x(k.low)} ${y - em * 0.3}v${em * 0.6}M${x(k.high)} ${y - em * 0.3}v${em * 0.6}`} />}
              {k && <circle class={k.low === null ? 'plot-point-open' : 'plot-point'} cx={x(k.value)} cy={y} r={em * 0.4} />}
              <text class="plot-label plot-strong" x={width} y={y + em * 0.35} text-anchor="end">{k ? k2(k.value) : '–'}</text>
            </g>
          );
        })}
      </>
    );
  };
  const first = rows[0]!.line;
  const summary = first.weighted
    ? t('agree.plotText', { value: k2(first.weighted.value), interval: intervalText(first.weighted), word: t(wordFor(first.weighted.value)), n: first.n })
    : t('agree.plotNone', { n: first.n });
  return (
    <Plot
      name={name}
      summary={summary}
      height={(c) => (tops(c).end + 1.6) * c.em}
      draw={draw}
      table={{
        head: [t('agree.about'), t('agree.answers'), t('agree.alike'), t('agree.kappa'), t('agree.ofKappa'), t('agree.weighted'), t('agree.ofWeighted')],
        rows: rows.map(({ name: about, line: l }) => [
          about, number(l.n), percent(l.observed),
          l.kappa ? k2(l.kappa.value) : '–', intervalText(l.kappa), l.weighted ? k2(l.weighted.value) : '–', intervalText(l.weighted),
        ]),
      }}
    />
  );
}
