/* One certificate in the wallet: what it is, how long it holds, and what its holder can do with it. */
import type { Certificate, Change } from '../../api/certificates.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { date, relativeDay, t } from '../../texts/index.ts';
import { Share } from './share.tsx';

interface Props {
  certificate: Certificate;
  open: boolean;     /* its sharing is opened: somebody came for it */
  replaces: boolean; /* it took the place of one with another name */
  change: (c: Certificate, body: Change, said: string) => void;
  ask: (what: 'name' | 'withdraw') => void;
}

const TONE = { valid: 'ok', 'not-yet': 'warn', expired: 'bad', revoked: 'bad', suspended: 'warn', superseded: 'warn' } as const;

function Validity({ certificate: c }: { certificate: Certificate }) {
  return (
    <dl class="about">
      <div><dt>{t('wallet.issued')}</dt><dd>{date(c.issued_at)}</dd></div>
      <div>
        <dt>{t(c.state === 'expired' ? 'wallet.ran' : 'wallet.until')}</dt>
        <dd>{c.valid_until ? <>{date(c.valid_until)} <span class="muted">({relativeDay(c.valid_until)})</span></> : t('wallet.noEnd')}</dd>
      </div>
      {c.renew && (
        <div>
          <dt>{t('wallet.renewal')}</dt>
          <dd>
            {c.renew.state === 'open' && <a href={`/exams/${c.renew.exam}`}>{t('wallet.renewUntil', { date: date(c.renew.closes_at) })}</a>}
            {c.renew.state === 'later' && t('wallet.renewFrom', { date: date(c.renew.opens_at) })}
            {c.renew.state === 'over' && t('wallet.renewOver')}
          </dd>
        </div>
      )}
    </dl>
  );
}

export function CertificateCard({ certificate: c, open, replaces, change, ask }: Props) {
  const title = `certificate-${c.id}`;
  const usable = c.state === 'valid' || c.state === 'not-yet';
  return (
    <li class={`card certificate ${usable ? '' : 'is-past'}`} id={c.id} aria-labelledby={title}>
      <img class="certificate-badge" src={new URL(c.links.svg, location.origin).pathname} alt="" width="176" height="176" />
      <div class="certificate-text">
        <div class="certificate-head">
          <h2 id={title}>{c.title}</h2>
          <span class={`badge badge-${TONE[c.state]}`}>{t(`wallet.state.${c.state}`)}</span>
        </div>
        {c.reason && c.state !== 'valid' && <p>{t('wallet.reason', { reason: c.reason })}</p>}
        {c.renewed_by && <p><a href={`#${c.renewed_by}`}>{t('wallet.renewedBy')}</a></p>}
        <p class="certificate-name">
          <Icon name="person" /> {c.name ?? <span class="muted">{t('wallet.noName')}</span>}
          {usable && <button type="button" class="button-link" onClick={() => ask('name')}>{t(c.name ? 'wallet.changeName' : 'wallet.chooseName')}</button>}
        </p>
        {replaces && <p class="muted">{t('wallet.replaces')}</p>}
        <Validity certificate={c} />
        <p class="row">
          <a class="button" href={new URL(c.links.verify, location.origin).pathname}>{t('wallet.look')}</a>
          <a class="button button-quiet" href={`/attempts/${c.attempt}/result`}>{t('wallet.result')}</a>
        </p>
        <Share certificate={c} open={open} usable={usable} change={change} />
        <p class="certificate-more">
          <button type="button" class="button-link" onClick={() => change(c, { hidden: !c.hidden }, t(c.hidden ? 'wallet.shownAgain' : 'wallet.hiddenNow'))}>{t(c.hidden ? 'wallet.showAgain' : 'wallet.hide')}</button>
          <button type="button" class="button-link" onClick={() => ask('withdraw')}>{t('wallet.withdraw')}</button>
        </p>
      </div>
    </li>
  );
}
