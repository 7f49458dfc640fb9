/* What share of the points was measured by doing: one bar, its numbers in words. */
import type { HandsOn as Measured } from '../../api/types.ts';
import { SharePlot } from '../../plots/share.tsx';
import { number, percent, t } from '../../texts/index.ts';

export function handsOnText(m: Measured): string {
  const values = { share: percent(m.share), n: m.items };
  return m.points === undefined || m.max === undefined ? t('handsOn.textShare', values) : t('handsOn.text', { ...values, points: number(m.points), max: number(m.max) });
}

export function HandsOn({ measured: m, host }: { measured: Measured; host: boolean }) {
  return (
    <section class="card" aria-labelledby="hands-on-title">
      <h2 id="hands-on-title">{t('handsOn.title')}</h2>
      <SharePlot name={t('handsOn.title')} summary={handsOnText(m)} share={m.share} part={t('handsOn.doing')} rest={t('handsOn.asking')} />
      {host && <p class="hint">{t('handsOn.host')}</p>}
    </section>
  );
}
