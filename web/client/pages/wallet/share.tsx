/* Sharing a certificate: who may see it, and where it can be put. Nothing is public before its holder says so, and it can be taken back. */
import { useState } from 'preact/hooks';
import type { Certificate, Change } from '../../api/certificates.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

const absolute = (link: string): string => new URL(link, location.origin).href;

/* Text to take along; where the clipboard is not allowed, it is marked to be copied by hand. */
function Copy({ label, text, long }: { label: string; text: string; long?: boolean }) {
  const [copied, set] = useState(false);
  const copy = async (e: Event): Promise<void> => {
    const field = (e.currentTarget as HTMLElement).parentElement!.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')!;
    field.select();
    try {
      await navigator.clipboard.writeText(text);
      set(true);
      announce(t('wallet.copied'));
    } catch {
      announce(t('wallet.copyByHand'));
    }
  };
  return (
    <div class="field">
      <label>
        <span>{label}</span>
        {long ? <textarea readOnly rows={3} value={text} /> : <input type="text" readOnly value={text} />}
      </label>
      <button type="button" class="tool" onClick={(e) => void copy(e)}><Icon name={copied ? 'check' : 'copy'} /> {t(copied ? 'wallet.copied' : 'wallet.copy')}<span class="sr-only">: {label}</span></button>
    </div>
  );
}

function Downloads({ links }: { links: Certificate['links'] }) {
  const files = [['pdf_a4', 'wallet.pdfA4'], ['pdf_letter', 'wallet.pdfLetter'], ['png', 'wallet.png'], ['svg', 'wallet.svg'], ['json', 'wallet.json'], ['bundle', 'wallet.bundle']] as const;
  return (
    <ul class="certificate-files">
      {files.map(([key, label]) => <li key={key}><a class="tool" href={new URL(links[key], location.origin).pathname + new URL(links[key], location.origin).search} download><Icon name="download" /> {t(label)}</a></li>)}
    </ul>
  );
}

interface Props { certificate: Certificate; open: boolean; usable: boolean; change: (c: Certificate, body: Change, said: string) => void }

export function Share({ certificate: c, open, usable, change }: Props) {
  const page = absolute(c.links.verify);
  const embed = `<iframe src="${absolute(c.links.embed)}" title="${c.title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}" width="340" height="180" style="border:0" loading="lazy"></iframe>`;
  return (
    <details class="certificate-share" open={open}>
      <summary>{t(c.shared ? 'wallet.sharing' : 'wallet.share')}</summary>
      <div class="stack">
        <label class="switch">
          <input type="checkbox" checked={c.shared} onChange={(e) => change(c, { shared: e.currentTarget.checked }, t(e.currentTarget.checked ? 'wallet.nowShared' : 'wallet.nowPrivate'))} />
          <span>{t('wallet.shareLink')}<small class="muted">{t(c.shared ? 'wallet.sharedHint' : 'wallet.privateHint')}</small></span>
        </label>
        {c.shared && (
          <label class="switch">
            <input type="checkbox" checked={c.replay_shared} onChange={(e) => change(c, { replay_shared: e.currentTarget.checked }, t(e.currentTarget.checked ? 'wallet.replayShown' : 'wallet.replayHidden'))} />
            <span>{t('wallet.shareReplay')}<small class="muted">{t('wallet.replayHint')}</small></span>
          </label>
        )}
        {c.shared && (
          <>
            <Copy label={t('wallet.link')} text={page} />
            <Copy label={t('wallet.line')} text={c.line} />
            <Copy label={t('wallet.embed')} text={embed} long />
            {usable && <p><a class="button button-quiet" href={c.links.linkedin} target="_blank" rel="noopener noreferrer">{t('wallet.linkedin')} <span class="sr-only">{t('html.newWindow')}</span></a></p>}
          </>
        )}
        <div class="stack">
          <h3>{t('wallet.files')}</h3>
          <p class="muted">{t('wallet.filesHint')}</p>
          <Downloads links={c.links} />
        </div>
      </div>
    </details>
  );
}
