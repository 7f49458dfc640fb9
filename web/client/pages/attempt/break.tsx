/* A break between two sections: how long it still is, and the way on. */
import { useState } from 'preact/hooks';
import type { AttemptSession } from '../../attempt/session.ts';
import { nearest } from '../../attempt/clock.ts';
import { ExamClock } from '../exam/exam-clock.tsx';
import { Brand, SkipLink } from '../../parts/shell/shell.tsx';
import { DisplayMenu } from '../../parts/shell/display.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { useTitle } from '../../parts/hooks.ts';
import { t } from '../../texts/index.ts';

export function Break({ session }: { session: AttemptSession }) {
  const [error, setError] = useState<unknown>(null);
  const sections = session.attempt?.sections ?? [];
  const at = sections.findIndex((s) => s.state === 'open');
  const next = sections.slice(at + 1).find((s) => !s.break);
  useTitle(t('break.title'));
  const leave = (): void => {
    setError(null);
    session.leaveSection().catch(setError);
  };
  return (
    <div class="frame">
      <SkipLink />
      <header class="site-head"><div class="site-bar"><Brand /><div class="site-tools"><DisplayMenu /></div></div></header>
      <main id="main" class="page page-narrow" tabIndex={-1}>
        <div class="card stack break">
          <h1 class="title">{t('break.title')}</h1>
          {nearest(session.sample, performance.now()) !== null && <ExamClock session={session} large />}
          <p>{next ? t('break.next', { section: next.title, n: next.count }) : t('break.last')}</p>
          <p class="muted">{t('break.text')}</p>
          {error !== null && <Notice tone="bad">{errorText(error)}</Notice>}
          <p><button type="button" class="button" onClick={leave}>{t('break.continue')}</button></p>
        </div>
      </main>
    </div>
  );
}
