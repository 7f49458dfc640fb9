/* /verify/ID: a certificate that its holder shares, for whoever hires: whose it is, whether it holds, what was measured and how sure that is, by which
 * rules, and what it does not say. Nobody has to sign in; what is not shared looks like what does not exist. */
import { useState } from 'preact/hooks';
import { credential as load } from '../../api/calls.ts';
import { Problem } from '../../api/http.ts';
import type { PublicCredential } from '../../api/types.ts';
import type { PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { CheckList, VerdictCard } from '../../parts/report/report.tsx';
import { Basics, StatementView } from '../../parts/report/statement.tsx';
import { Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { dateTime, t } from '../../texts/index.ts';
import type { Report } from '../../verify/report.ts';
import { Replays } from './replays.tsx';

function Missing() {
  useTitle(t('credential.missing'));
  return (
    <div class="card stack page-narrow">
      <h1 class="title">{t('credential.missing')}</h1>
      <p>{t('credential.missingText')}</p>
      <p><a class="button button-quiet" href="/verify">{t('nav.verify')}</a></p>
    </div>
  );
}

function StateNotice({ c }: { c: PublicCredential }) {
  if (c.state === 'valid') return null;
  return (
    <Notice tone={c.state === 'revoked' || c.state === 'suspended' ? 'bad' : 'warn'}>
      <p>{t(`credential.state.${c.state}`)} {c.superseded_by && <a href={`/verify/${encodeURIComponent(c.superseded_by)}`}>{t('credential.newer')}</a>}</p>
    </Notice>
  );
}

/* The same checks by this browser, with the verifier of /verify. */
function CheckHere({ c, onReport }: { c: PublicCredential; onReport: (r: Report) => void }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    setFailed(false);
    try {
      const [{ verify }, { ownKeys, ownFetch }, { utf8 }] = await Promise.all([import('../../verify/verify.ts'), import('../verify/own-keys.ts'), import('../../verify/bytes.ts')]);
      const trust = await ownKeys().catch(() => []);
      onReport(await verify(utf8(JSON.stringify(c.credential)), { nowMs: Date.now(), trust, fetch: ownFetch(trust) }));
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <p class="row no-print">
      <button type="button" class="button button-quiet" disabled={busy} onClick={() => void run()}>{t('report.again')}</button>
      <a href="/verify">{t('report.file')}</a>
      {failed && <span role="alert">{t('state.failed')}</span>}
    </p>
  );
}

function Take({ id }: { id: string }) {
  const at = (file: string): string => `/credentials/${encodeURIComponent(id)}${file}`;
  const link = (href: string, text: string) => <a class="button button-quiet" href={href} download><Icon name="download" /> {text}</a>;
  return (
    <section class="card stack no-print" aria-labelledby="take-title">
      <h2 id="take-title">{t('credential.take')}</h2>
      <p>{t('credential.takeText')}</p>
      <p class="row">
        {link(at('/certificate.pdf'), t('credential.pdf'))}
        {link(at('/badge.png'), t('credential.png'))}
        {link(at('/badge.svg'), t('credential.svg'))}
        {link(at(''), t('credential.json'))}
        {link(at('/bundle.json'), t('credential.bundle'))}
      </p>
      <p class="row"><button type="button" class="button button-quiet" onClick={() => window.print()}>{t('credential.print')}</button></p>
    </section>
  );
}

function Shown({ c, id }: { c: PublicCredential; id: string }) {
  const [here, setHere] = useState<Report | null>(null);
  const report = here ?? c.report;
  useTitle(report.claims?.title ?? t('credential.title'));
  return (
    <div class="stack-large attested">
      {c.holder_view && <p class="hint no-print">{t('credential.yours')} {!c.shared && <strong>{t('credential.private')}</strong>}</p>}
      <StateNotice c={c} />
      <VerdictCard report={report} level={1} focus={here !== null}>
        <Basics credential={c.credential} />
        {here
          ? <p class="hint">{t('report.hereOnline', { time: dateTime(here.checked_at) })}</p>
          : <><p class="hint">{t('report.byServer', { time: dateTime(report.checked_at) })}</p><p class="hint print-only">{location.href}</p><CheckHere c={c} onReport={setHere} /></>}
      </VerdictCard>
      <StatementView credential={c.credential} />
      {c.replay && c.replay.length > 0 && <Replays list={c.replay} />}
      <CheckList report={report} />
      <Take id={id} />
    </div>
  );
}

export default function CredentialPage({ params }: PageProps) {
  const id = params[0]!;
  const loaded = useLoad(() => load(id), [id]);
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'ready') return <Shown c={loaded.value} id={id} />;
  /* Whoever may not see it, and whoever mistyped it, read the same; and nobody is sent to sign in. */
  const hidden = loaded.error instanceof Problem && [400, 401, 403, 404, 410].includes(loaded.error.status);
  return hidden ? <Missing /> : <Failed error={loaded.error} retry={loaded.retry} />;
}
