/* What is on record about a question, newest first. */
import type * as T from '../../../api/author-types.ts';
import { Icon, type IconName } from '../../../parts/icon/icon.tsx';
import { dateTime, t } from '../../../texts/index.ts';

const ICONS: Record<T.AuthorDid, IconName> = {
  submitted: 'upload',
  answered: 'eye',
  judged: 'scale',
  approved: 'check',
  returned: 'back',
  commented: 'note',
  pretested: 'target',
  activated: 'play',
  retired: 'minus',
};

function Entry({ e }: { e: T.AuthorReviewEntry }) {
  const verdict = e.agrees === null ? '' : t(e.agrees ? 'vetting.agreed' : 'vetting.disagreed');
  return (
    <li class={`history-entry ${e.current ? '' : 'is-old'} ${e.agrees === false ? 'is-against' : ''}`}>
      <Icon name={ICONS[e.did]} />
      <div>
        <p><strong>{e.by}</strong> {t(`vetting.did.${e.did}`)}{verdict && `, ${verdict}`}{!e.current && <span class="muted"> · {t('vetting.earlier')}</span>}</p>
        {e.response !== null && <p class="history-text"><span class="muted">{t('vetting.answer')}</span> {e.response || t('vetting.noAnswer')}</p>}
        {e.comment && <p class="history-text">{e.comment}</p>}
        {e.despite && <p class="history-text"><span class="muted">{t('vetting.despite')}</span> {e.despite}</p>}
        <p class="history-at muted"><time dateTime={e.at}>{dateTime(e.at)}</time></p>
      </div>
    </li>
  );
}

export function History({ entries }: { entries: readonly T.AuthorReviewEntry[] }) {
  if (!entries.length) return <p class="muted">{t('vetting.noHistory')}</p>;
  return (
    <>
      <h3 class="review-subtitle">{t('vetting.history')}</h3>
      <ol class="history">{[...entries].reverse().map((e, i) => <Entry key={entries.length - i} e={e} />)}</ol>
    </>
  );
}
