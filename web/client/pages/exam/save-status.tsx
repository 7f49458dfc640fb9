/* Whether the server has every answer. "Saved" with a time is shown only for what the server has acknowledged, with the server's time. */
import { useEffect, useRef } from 'preact/hooks';
import type { AttemptSession } from '../../attempt/session.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { Notice } from '../../parts/states/states.tsx';
import { duration, t, time } from '../../texts/index.ts';

export function SaveStatus({ session }: { session: AttemptSession }) {
  const s = session.saving();
  if (s.kind === 'saved') {
    return (
      <span class="saved is-saved" data-saving="saved">
        {s.at && <Icon name="check" />}
        {s.at ? t('saving.saved', { time: time(s.at) }) : t('saving.nothingYet')}
      </span>
    );
  }
  if (s.kind === 'saving') return <span class="saved is-saving" data-saving="saving">{t('saving.saving')}</span>;
  return (
    <span class="saved is-waiting" data-saving={s.kind}>
      <Icon name="cloud" />
      {t('saving.waiting', { n: s.waiting })}
    </span>
  );
}

/* The banner for when something is wrong, and a polite word when it is right again. */
export function SaveBanner({ session }: { session: AttemptSession }) {
  const s = session.saving();
  const kind = s.kind === 'busy' || s.kind === 'read-only' ? s.kind : session.offline ? 'offline' : null;
  const before = useRef<typeof kind>(null);
  const waiting = s.kind === 'saved' ? 0 : s.waiting;
  useEffect(() => {
    if (kind && kind !== before.current) announce(t(`banner.${kind}`));
    if (!kind && before.current) announce(t('banner.back'));
    before.current = kind;
  }, [kind]);
  return (
    <>
      {kind && (
        <Notice tone="warn" icon="cloud">
          <p data-banner={kind}>
            <strong>{t(`banner.${kind}`)}</strong> {waiting > 0 ? t('banner.waiting', { n: waiting }) : t('banner.nothingWaits')}{' '}
            {!session.keepsAnswers && t('banner.notKept')}
          </p>
        </Notice>
      )}
      {session.conflicts.length > 0 && (
        <Notice tone="warn">
          <p>
            {t('banner.conflict', { questions: [...new Set(session.conflicts)].join(', ') })}{' '}
            <button type="button" class="button-link" onClick={() => session.dismissConflicts()}>{t('banner.understood')}</button>
          </p>
        </Notice>
      )}
      {session.outagesMs > session.outagesSeenMs && (
        <Notice tone="info" icon="clock">
          <p>
            {t('banner.outage', { time: duration(session.outagesMs) })}{' '}
            <button type="button" class="button-link" onClick={() => session.dismissOutage()}>{t('banner.understood')}</button>
          </p>
        </Notice>
      )}
    </>
  );
}
