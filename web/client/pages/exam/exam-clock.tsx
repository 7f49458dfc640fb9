/* The time that is left. Ticks on its own, so that nothing else is drawn each second. It can be hidden; warnings come all the same, are
 * announced politely, and say in words what is left. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { onPreferences, preferences, setPreferences } from '../../app/preferences.ts';
import { dueWarning, formatLeft, leftAt, nearest } from '../../attempt/clock.ts';
import type { AttemptSession } from '../../attempt/session.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { useChanges } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { duration, t } from '../../texts/index.ts';

const SHOWN_MS = 12000;

/* What runs out first, in milliseconds; drawn again when the shown second changes. */
function useLeft(session: AttemptSession): number | null {
  const [left, setLeft] = useState(() => nearest(session.sample, performance.now()));
  useEffect(() => {
    const tick = (): void => setLeft(nearest(session.sample, performance.now()));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [session, session.sample]);
  return left;
}

function useWarnings(session: AttemptSession, left: number | null): number | null {
  const before = useRef<number | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    const a = session.attempt;
    const limit = a?.clock.ends_at ? Date.parse(a.clock.ends_at) - Date.parse(a.clock.started_at) : session.section?.duration_ms ?? null;
    const due = a?.state === 'on-break' ? null : dueWarning(before.current, left, limit);
    before.current = left;
    if (due === null) return;
    setShown(due);
    announce(t('clock.warning', { left: duration(due) }));
  }, [left]);
  useEffect(() => {
    if (shown === null) return undefined;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return shown;
}

/* When the time is over the server ends the section or the attempt; the page asks until it sees that. */
function useEnd(session: AttemptSession, left: number | null): void {
  const over = left !== null && left <= 0;
  useEffect(() => {
    if (!over) return undefined;
    void session.flush();
    const timer = setInterval(() => void session.sync(), 1000);
    return () => clearInterval(timer);
  }, [over]);
}

export function ExamClock({ session, large }: { session: AttemptSession; large?: boolean }) {
  useChanges(onPreferences);
  const left = useLeft(session);
  const warning = useWarnings(session, left);
  useEnd(session, left);
  if (left === null) return <span class="clock clock-untimed"><Icon name="clock" /> {t('clock.untimed')}</span>;

  const hidden = preferences().clockHidden && !large;
  const urgent = left <= 60000 ? 'is-urgent' : left <= 300000 ? 'is-short' : '';
  const section = leftAt(session.sample.sectionLeftMs, session.sample.at, performance.now());
  const label = large ? t('clock.breakLeft') : section !== null && section === left ? t('clock.sectionLeft') : t('clock.left');
  return (
    <span class={`clock ${urgent} ${large ? 'clock-large' : ''}`}>
      {!hidden && (
        <span class="clock-time" role="timer" aria-live="off" aria-label={`${label}: ${formatLeft(left)}`}>
          <Icon name="clock" />
          <span class="clock-digits" aria-hidden="true">{formatLeft(left)}</span>
        </span>
      )}
      {hidden && (warning !== null || left <= 0) && <span class="clock-warning"><Icon name="warn" /> {t('clock.warning', { left: duration(warning ?? 0) })}</span>}
      {!hidden && warning !== null && <span class="clock-warning">{t('clock.warning', { left: duration(warning) })}</span>}
      {!large && (
        <button type="button" class="button-link clock-toggle" onClick={() => setPreferences({ clockHidden: !hidden })}>
          {hidden ? t('clock.show') : t('clock.hide')}
        </button>
      )}
    </span>
  );
}
