/* What the result rests on: rules, versions and the signature, for whoever wants to check it. */
import type { Result } from '../../api/types.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

export function Provenance({ result: r }: { result: Result }) {
  const hash = (h: string) => <code class="hash">{h}</code>;
  return (
    <section class="card provenance" aria-labelledby="provenance-title">
      <h2 id="provenance-title">{t('provenance.title')}</h2>
      <p>{t('provenance.text')}</p>
      <dl class="about">
        <div><dt>{t('provenance.engine')}</dt><dd>{r.scoring.engine}</dd></div>
        <div><dt>{t('provenance.bank')}</dt><dd>{hash(r.scoring.bank_hash)}</dd></div>
        <div><dt>{t('provenance.release')}</dt><dd>{r.scoring.bank_official ? t('provenance.official', { n: r.scoring.bank_release ?? 0 }) : t('provenance.unofficial')}</dd></div>
        <div><dt>{t('provenance.form')}</dt><dd>{hash(r.scoring.form_hash)}</dd></div>
        {r.signed && <div><dt>{t('provenance.signature')}</dt><dd>{hash(r.signed.sha256)}</dd></div>}
        {r.signed && <div><dt>{t('provenance.key')}</dt><dd>{hash(r.signed.key)}</dd></div>}
      </dl>
      <p class="row no-print">
        {r.signed && <a class="button button-quiet" href={r.signed.download} download><Icon name="download" /> {t('provenance.download')}</a>}
        <button type="button" class="button button-quiet" onClick={() => window.print()}>{t('provenance.print')}</button>
        <a href={`/scoring?attempt=${encodeURIComponent(r.attempt)}`}>{t('nav.scoring')}</a>
      </p>
    </section>
  );
}
