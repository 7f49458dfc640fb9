/* /verify: a certificate is brought, checked in this browser, and told about. From this server come its own keys and what is on it; the file goes
 * nowhere. */
import { useEffect, useState } from 'preact/hooks';
import { Checker } from '../../parts/checker/checker.tsx';
import { useTitle } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { Loading, Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';
import type { Fetch } from '../../verify/input.ts';
import type { TrustedIssuer } from '../../verify/keys.ts';
import { ownFetch, ownKeys } from './own-keys.ts';
import { Scanner } from './scan.tsx';

const readCode = (file: Blob): Promise<string | null> => import('./qr.ts').then((m) => m.readPicture(file));

interface Ready { known: TrustedIssuer[]; fetch: Fetch; failed: boolean }

export default function VerifyPage() {
  useTitle(t('verify.title'));
  const [ready, setReady] = useState<Ready | null>(null);
  useEffect(() => {
    ownKeys().then((known) => setReady({ known, fetch: ownFetch(known), failed: false }), () => setReady({ known: [], fetch: ownFetch([]), failed: true }));
  }, []);
  return (
    <div class="page-narrow verify">
      <div class="page-head">
        <h1 class="title-large">{t('verify.title')}</h1>
        <p class="lead">{t('verify.lead')}</p>
      </div>
      {!ready ? <Loading /> : (
        <Checker known={ready.known} fetch={ready.fetch} readCode={readCode} Scanner={Scanner} note={ready.failed && <Notice tone="warn"><p>{t('trust.serverFailed')}</p></Notice>}>
          <p class="row no-print"><a class="button button-quiet" href="/verify.html" download="assay-verify.html"><Icon name="download" /> {t('verify.offlinePage')}</a> <span class="hint">{t('verify.offlineHint')}</span></p>
        </Checker>
      )}
    </div>
  );
}
