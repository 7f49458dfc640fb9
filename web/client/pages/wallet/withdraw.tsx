/* Giving a certificate back for good. There is no way back, so it says what goes and what stays before it does anything. */
import { useState } from 'preact/hooks';
import * as api from '../../api/certificates.ts';
import type { Certificate } from '../../api/certificates.ts';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';

export function WithdrawDialog({ certificate: c, close, done }: { certificate: Certificate; close: () => void; done: () => void }) {
  const [failed, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const go = async (): Promise<void> => {
    work(true);
    try {
      await api.withdraw(c.id);
      done();
    } catch (e) {
      fail(e);
      work(false);
    }
  };
  return (
    <Dialog
      title={t('wallet.withdrawTitle')}
      onClose={close}
      actions={
        <>
          <button type="button" class="button" onClick={close}>{t('wallet.withdrawNot')}</button>
          <button type="button" class="button button-quiet" disabled={busy} onClick={() => void go()}>{t('wallet.withdrawDo')}</button>
        </>
      }
    >
      <div class="stack">
        <p><strong>{c.title}</strong></p>
        <p>{t('wallet.withdrawText')}</p>
        <p>{t('wallet.withdrawHide')}</p>
        {failed !== null && <div role="alert"><Notice tone="bad"><p>{errorText(failed)}</p></Notice></div>}
      </div>
    </Dialog>
  );
}
