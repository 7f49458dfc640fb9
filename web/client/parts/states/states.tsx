/* What stands in for a page's content: while it loads, when it could not be loaded, and when there is none. Who is not signed in is led there. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { NetworkError, Problem } from '../../api/http.ts';
import { navigate } from '../../app/router.ts';
import { maybe, t } from '../../texts/index.ts';
import { Icon, type IconName } from '../icon/icon.tsx';

/* Says nothing for a moment: most things load faster than one can read. */
export function Loading() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return <p class="loading" role="status">{late ? t('state.loading') : ''}</p>;
}

/* An error in the reader's words where there are any, else in the server's. */
export function errorText(e: unknown): string {
  if (e instanceof NetworkError) return t('state.offline');
  if (e instanceof Problem) return maybe(`problem.${e.code}`) ?? (e.detail || t('state.failed'));
  return t('state.failed');
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const signedOut = error instanceof Problem && error.code === 'unauthenticated';
  useEffect(() => {
    if (signedOut) navigate(`/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`, true);
  }, [signedOut]);
  return (
    <div class="card stack" role="alert">
      <h1 class="title-small">{t('state.failedTitle')}</h1>
      <p>{errorText(error)}</p>
      <p class="row">
        {retry && <button type="button" class="button" onClick={retry}>{t('state.retry')}</button>}
        <a class="button button-quiet" href="/">{t('nav.exams')}</a>
      </p>
    </div>
  );
}

type Tone = 'info' | 'ok' | 'warn' | 'bad';

export function Notice({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${tone}`}>
      <Icon name={icon ?? (tone === 'ok' ? 'check' : tone === 'info' ? 'help' : 'warn')} />
      <div>{children}</div>
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}
