/* /certificates: what a person has earned, what of it runs out when, and everything that can be done with it. */
import { useState } from 'preact/hooks';
import * as api from '../../api/certificates.ts';
import type { Certificate, Reminder } from '../../api/certificates.ts';
import type { PageProps } from '../../app/router.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Empty, errorText, Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { date, t } from '../../texts/index.ts';
import { CertificateCard } from './card.tsx';
import { NameDialog } from './name.tsx';
import { WithdrawDialog } from './withdraw.tsx';

type Asked = { what: 'name' | 'withdraw'; certificate: Certificate } | null;

function Reminders({ reminders, titles }: { reminders: Reminder[]; titles: Map<string, string> }) {
  return (
    <>
      {reminders.map((r) => (
        <Notice key={r.certificate} tone="warn" icon="clock">
          <p>{t(r.opens_at ? 'wallet.remindRenew' : 'wallet.remindAgain', { title: titles.get(r.certificate) ?? '', date: date(r.closes_at) })}</p>
          <p><a class="button" href={`/exams/${r.exam}`}>{t(r.opens_at ? 'wallet.renewNow' : 'wallet.takeAgain')}</a></p>
        </Notice>
      ))}
    </>
  );
}

/* A corrected certificate is shown by the one that took its place; one that was renewed stays: it is valid to its end. */
const current = (all: Certificate[]): Certificate[] => all.filter((c) => c.state !== 'superseded');

export default function WalletPage({ query }: PageProps) {
  const loaded = useLoad(api.wallet, []);
  const [asked, ask] = useState<Asked>(null);
  const [failed, fail] = useState<unknown>(null);
  useTitle(t('wallet.title'));
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  const { certificates, reminders } = loaded.value;
  const titles = new Map(certificates.map((c) => [c.id, c.title]));
  const shown = current(certificates).filter((c) => !c.hidden);
  const hidden = current(certificates).filter((c) => c.hidden);
  const replaced = certificates.filter((c) => c.state === 'superseded');

  const act = async (work: Promise<unknown>, said: string): Promise<void> => {
    fail(null);
    try {
      await work;
      announce(said);
    } catch (e) {
      fail(e);
    }
    loaded.retry();
  };
  const change = (c: Certificate, body: api.Change, said: string): void => void act(api.change(c.id, body), said);
  const card = (c: Certificate) => (
    <CertificateCard key={c.id} certificate={c} open={query.get('id') === c.id} replaces={replaced.some((r) => r.superseded_by === c.id)} change={change} ask={(what) => ask({ what, certificate: c })} />
  );
  return (
    <div class="wallet">
      <div class="page-head">
        <h1 class="title-large">{t('wallet.title')}</h1>
        <p class="lead">{t('wallet.lead')}</p>
      </div>
      <Reminders reminders={reminders} titles={titles} />
      {failed !== null && <div role="alert"><Notice tone="bad"><p>{errorText(failed)}</p></Notice></div>}
      {certificates.length === 0 && (
        <Empty><p class="lead">{t('wallet.none')}</p><p><a class="button" href="/">{t('nav.exams')}</a></p></Empty>
      )}
      <ul class="wallet-list">{shown.map(card)}</ul>
      {hidden.length > 0 && (
        <details class="wallet-hidden">
          <summary><h2>{t('wallet.hidden', { n: hidden.length })}</h2></summary>
          <ul class="wallet-list">{hidden.map(card)}</ul>
        </details>
      )}
      <p class="muted"><a href="/verify">{t('wallet.verifyOthers')}</a></p>
      {asked?.what === 'name' && (
        <NameDialog certificate={asked.certificate} close={() => ask(null)} done={(said) => { ask(null); announce(said); loaded.retry(); }} />
      )}
      {asked?.what === 'withdraw' && (
        <WithdrawDialog certificate={asked.certificate} close={() => ask(null)} done={() => { ask(null); announce(t('wallet.withdrawn')); loaded.retry(); }} />
      )}
    </div>
  );
}
