/* Domains in words, for exams that report no numbers. */
import type { Result } from '../../api/types.ts';
import { t } from '../../texts/index.ts';

export function Bands({ bands }: { bands: NonNullable<Result['bands']> }) {
  return (
    <section class="card" aria-labelledby="bands-title">
      <h2 id="bands-title">{t('result.domains')}</h2>
      <dl class="bands">
        {bands.map((b) => (
          <div key={b.id}>
            <dt>{b.title}</dt>
            <dd class={`band band-${b.band}`}><span class="band-steps" aria-hidden="true"><i /><i /><i /></span> {t(`band.${b.band}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
