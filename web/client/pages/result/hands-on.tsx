/* What share of the points was measured by doing: one bar, its numbers in words. */
import type { HandsOn as Measured } from '../../api/types.ts';
import { Plot, type Canvas } from '../../plots/frame.tsx';
import { number, percent, t } from '../../texts/index.ts';

export function handsOnText(m: Measured): string {
  const values = { share: percent(m.share), n: m.items };
  return m.points === undefined || m.max === undefined ? t('handsOn.textShare', values) : t('handsOn.text', { ...values, points: number(m.points), max: number(m.max) });
}

export function HandsOn({ measured: m, host }: { measured: Measured; host: boolean }) {
  const share = Math.min(1, Math.max(0, m.share));
  const draw = ({ width, em }: Canvas) => (
    <>
      <text class="plot-name" x={0} y={em}>{t('handsOn.doing')} {percent(share)}</text>
      {share < 1 && <text class="plot-label" x={width} y={em} text-anchor="end">{t('handsOn.asking')} {percent(1 - share)}</text>}
      <rect class="plot-rail" x={0} y={em * 1.6} width={width} height={em} rx={em * 0.25} />
      <rect class="plot-bar" x={0} y={em * 1.6} width={Math.max(2, width * share)} height={em} rx={em * 0.25} />
    </>
  );
  return (
    <section class="card" aria-labelledby="hands-on-title">
      <h2 id="hands-on-title">{t('handsOn.title')}</h2>
      <Plot name={t('handsOn.title')} summary={handsOnText(m)} height={({ em }) => em * 3} draw={draw} />
      {host && <p class="hint">{t('handsOn.host')}</p>}
    </section>
  );
}
