/* What is around every page: the way to skip to the content, the name, the ways to other pages, who is signed in, and the display menu. During
 * an exam the exam's own bar takes its place. */
import type { ComponentChildren } from 'preact';
import { currentSession, onSession, signOut } from '../../api/http.ts';
import { navigate } from '../../app/router.ts';
import { t } from '../../texts/index.ts';
import { useChanges } from '../hooks.ts';
import { Icon } from '../icon/icon.tsx';
import { DisplayMenu } from './display.tsx';

export function BrandMark() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="brand-lozenge" d="M16 2.500 29.500 16 16 29.500 2.500 16Z" />
      <path class="brand-check" d="m10 16.300 4.200 4.200L22 11.700" />
    </svg>
  );
}

export function Brand() {
  return <a class="brand" href="/"><BrandMark /> <span>Assay</span></a>;
}

function Account() {
  useChanges(onSession);
  const session = currentSession();
  if (!session?.accounts) return null;
  if (!session.account) return <a href="/sign-in">{t('nav.signIn')}</a>;
  const leave = (): void => void signOut().then(() => navigate('/sign-in'), () => location.reload());
  return (
    <span class="account">
      <Icon name="person" />
      <span>{session.account.name}</span>
      <button type="button" class="button-link" onClick={leave}>{t('nav.signOut')}</button>
    </span>
  );
}

/* On the server of an author: the way back to writing. */
function AuthorLink({ path }: { path: string }) {
  useChanges(onSession);
  return currentSession()?.author ? <a href="/author" aria-current={path === '/author' ? 'page' : undefined}>{t('nav.author')}</a> : null;
}

/* For whom there may be answers to mark. */
function MarkingLink({ path }: { path: string }) {
  useChanges(onSession);
  const session = currentSession();
  const role = session?.accounts ? session.account?.role : undefined;
  if (role !== 'examiner' && role !== 'operator') return null;
  return <a href="/marking" aria-current={path.startsWith('/marking') ? 'page' : undefined}>{t('nav.marking')}</a>;
}

/* For authors and above, where people have accounts. */
function ReportsLink({ path }: { path: string }) {
  useChanges(onSession);
  const session = currentSession();
  return session?.accounts && /^(author|examiner|operator)$/.test(session.account?.role ?? '') ? <a href="/reports" aria-current={path === '/reports' ? 'page' : undefined}>{t('nav.reports')}</a> : null;
}

export function SkipLink() {
  const skip = (e: Event): void => {
    e.preventDefault();
    const main = document.getElementById('main');
    main?.focus();
    main?.scrollIntoView();
  };
  return <a class="skip" href="#main" onClick={skip}>{t('nav.skip')}</a>;
}

export function Shell({ path, children }: { path: string; children: ComponentChildren }) {
  const link = (to: string, label: string) => (
    <a href={to} aria-current={path === to ? 'page' : undefined}>{label}</a>
  );
  return (
    <div class="frame">
      <SkipLink />
      <header class="site-head">
        <div class="site-bar">
          <Brand />
          <nav aria-label={t('nav.label')}>
            {link('/', t('nav.exams'))}
            {link('/history', t('nav.history'))}
            {link('/certificates', t('nav.certificates'))}
            {link('/scoring', t('nav.scoring'))}
            {link('/verify', t('nav.verify'))}
            <ReportsLink path={path} />
            <AuthorLink path={path} />
            <MarkingLink path={path} />
          </nav>
          <div class="site-tools">
            <Account />
            <DisplayMenu />
          </div>
        </div>
      </header>
      <main id="main" class="page" tabIndex={-1}>{children}</main>
      <footer class="site-foot no-print"><a href="/licenses.txt">{t('nav.licenses')}</a></footer>
    </div>
  );
}
