/* The name on a certificate: the holder's to choose, and to correct. Signed bytes cannot change, so the certificate is issued again. */
import { useState } from 'preact/hooks';
import * as api from '../../api/certificates.ts';
import type { Certificate } from '../../api/certificates.ts';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';

const NAME_MAX = 200;

export function NameDialog({ certificate: c, close, done }: { certificate: Certificate; close: () => void; done: (said: string) => void }) {
  const [name, set] = useState(c.name ?? '');
  const [failed, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const send = async (wanted: string | null): Promise<void> => {
    work(true);
    fail(null);
    try {
      await api.rename(c.id, wanted);
      done(t(wanted ? 'wallet.nameDone' : 'wallet.nameGone'));
    } catch (e) {
      fail(e);
      work(false);
    }
  };
  const wanted = name.trim();
  return (
    <Dialog title={t(c.name ? 'wallet.changeName' : 'wallet.chooseName')} onClose={close}>
      <form class="stack" onSubmit={(e) => { e.preventDefault(); if (wanted && wanted !== c.name) void send(wanted); }}>
        <p>{t('wallet.nameText')}</p>
        {c.shared && <p>{t('wallet.nameShared')}</p>}
        <div class="field">
          <label for="holder-name">{t('wallet.name')}</label>
          <input id="holder-name" type="text" autocomplete="name" maxLength={NAME_MAX} value={name} onInput={(e) => set(e.currentTarget.value)} />
        </div>
        {failed !== null && <div role="alert"><Notice tone="bad"><p>{errorText(failed)}</p></Notice></div>}
        <p class="row">
          <button type="submit" class="button" disabled={busy || !wanted || wanted === c.name}>{t('wallet.nameDo')}</button>
          {c.name && <button type="button" class="button button-quiet" disabled={busy} onClick={() => void send(null)}>{t('wallet.nameRemove')}</button>}
        </p>
      </form>
    </Dialog>
  );
}
