/* The bank at a glance: how many questions in which status, and which wait for somebody, disagreements first. */
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { StatusBadge } from './badge.tsx';
import { countByStatus, waiting, type Row } from './rules.ts';

const LISTED = 200; /* more are counted */

export function Overview({ desk, rows, onOpen }: { desk: Desk; rows: Row[]; onOpen: () => void }) {
  const list = waiting(rows);
  const open = async (r: Row): Promise<void> => {
    await desk.open(r.path, { item: r.item.id });
    onOpen();
    desk.showPane('review');
  };
  return (
    <section class="review-overview" aria-label={t('vetting.bank')}>
      <ul class="review-statuses" aria-label={t('vetting.counts')}>
        {countByStatus(rows).map(({ status, n }) => <li key={status} class={n ? '' : 'is-none'}><StatusBadge status={status} /> <span class="review-n">{n}</span></li>)}
      </ul>
      {!desk.tree.review && <p class="hint">{t('vetting.notRequired')}</p>}
      {list.length === 0 ? (
        <p class="muted">{t('vetting.nothingWaits')}</p>
      ) : (
        <table class="review-table">
          <caption class="sr-only">{t('vetting.waiting')}</caption>
          <thead><tr><th scope="col">{t('vetting.question')}</th><th scope="col">{t('vetting.status')}</th><th scope="col">{t('vetting.approvals')}</th></tr></thead>
          <tbody>
            {list.slice(0, LISTED).map((r) => (
              <tr key={r.item.id} class={`reason-${r.reason}`}>
                <th scope="row">
                  <button type="button" class="button-link" onClick={() => void open(r)}>{r.item.title}</button>
                  <span class="review-why">{t(`vetting.reason.${r.reason}`)}</span>
                </th>
                <td><StatusBadge status={r.item.status} /></td>
                <td>{t('vetting.ofNeeded', { have: r.item.review!.approvals, needed: r.item.review!.needed })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.length > LISTED && <p class="muted">{t('vetting.more', { n: list.length - LISTED })}</p>}
    </section>
  );
}
