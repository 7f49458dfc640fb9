/* What stands before an attempt that cannot be shown right now: it is being opened, it is elsewhere, nobody is signed in. Used by the exam and by
 * the review page. */
import type { ComponentChild, ComponentChildren } from 'preact';
import type { AttemptSession } from '../../attempt/session.ts';
import { Brand, SkipLink } from '../../parts/shell/shell.tsx';
import { DisplayMenu } from '../../parts/shell/display.tsx';
import { Failed, Loading } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';
import { useState } from 'preact/hooks';

function Plain({ children }: { children: ComponentChildren }) {
  return (
    <div class="frame">
      <SkipLink />
      <header class="site-head"><div class="site-bar"><Brand /><div class="site-tools"><DisplayMenu /></div></div></header>
      <main id="main" class="page page-narrow" tabIndex={-1}>{children}</main>
    </div>
  );
}

function Superseded({ session }: { session: AttemptSession }) {
  const [busy, setBusy] = useState(false);
  const back = async (): Promise<void> => {
    setBusy(true);
    await session.takeBack();
    setBusy(false);
  };
  return (
    <div class="card stack" role="alert">
      <h1 class="title">{t('superseded.title')}</h1>
      <p>{t('superseded.text')}</p>
      {session.waitingCount() > 0 && <p>{t('superseded.waiting', { n: session.waitingCount() })}</p>}
      <p><button type="button" class="button" disabled={busy} onClick={() => void back()}>{t('superseded.takeBack')}</button></p>
    </div>
  );
}

export function Gate({ session, children }: { session: AttemptSession; children: () => ComponentChild }) {
  switch (session.phase) {
    case 'live':
      return <>{children()}</>;
    case 'superseded':
      return <Plain><Superseded session={session} /></Plain>;
    case 'signed-out':
      return (
        <Plain>
          <div class="card stack" role="alert">
            <h1 class="title">{t('signedOut.title')}</h1>
            <p>{t('signedOut.text')}</p>
            <p><a class="button" href={`/sign-in?return=${encodeURIComponent(location.pathname)}`}>{t('nav.signIn')}</a></p>
          </div>
        </Plain>
      );
    case 'missing':
    case 'failed':
      return <Plain><Failed error={session.error} retry={() => void session.open()} /></Plain>;
    default:
      return <Plain><Loading /></Plain>;
  }
}
