/* Whom a check trusts: what was known from the beginning, and trust files that a person brings. Nothing of it is kept. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { t } from '../../texts/index.ts';
import type { Bytes } from '../../verify/bytes.ts';
import { Fault } from '../../verify/fault.ts';
import { parseJson } from '../../verify/json.ts';
import { isTrust, readTrust, type TrustedIssuer } from '../../verify/keys.ts';
import { Icon } from '../icon/icon.tsx';
import { Notice } from '../states/states.tsx';
import { FileButton } from './checker.tsx';

const TRUST_MAX = 1 << 20;

/* null: it is no trust file; one that is wrong counts as none here, and the report on it says what it is not. */
export function readTrustFile(bytes: Bytes): TrustedIssuer[] | null {
  if (bytes.length > TRUST_MAX) return null;
  try {
    const value = parseJson(bytes);
    return isTrust(value) ? readTrust(value, 'pinned') : null;
  } catch (e) {
    if (e instanceof Fault) return null;
    throw e;
  }
}

const HOW = { server: 'trust.server', 'built-in': 'trust.builtIn', pinned: 'trust.pinned' } as const;

function Issuer({ issuer: i, onRemove }: { issuer: TrustedIssuer; onRemove?: () => void }) {
  const name = i.name ?? i.id;
  return (
    <li>
      <div class="grow">
        <strong dir="auto">{name}</strong> <span class="muted">{t('trust.keys', { n: i.keys.length })}</span>
        <p class="hint">{t(HOW[i.how])} · <code class="hash">{i.id}</code></p>
      </div>
      {onRemove && <button type="button" class="button-icon" aria-label={t('trust.remove', { name })} onClick={onRemove}><Icon name="cross" /></button>}
    </li>
  );
}

export function TrustPanel({ known, pinned, note, onChange }: { known: TrustedIssuer[]; pinned: TrustedIssuer[]; note?: ComponentChildren; onChange: (list: TrustedIssuer[]) => void }) {
  const id = useId();
  const [bad, setBad] = useState(false);
  const take = (file: File): void => {
    setBad(false);
    if (file.size > TRUST_MAX) return setBad(true);
    file.arrayBuffer().then((b) => {
      const list = readTrustFile(new Uint8Array(b));
      if (list) onChange([...pinned, ...list]);
      else setBad(true);
    }, () => setBad(true));
  };
  return (
    <section class="card stack no-print" aria-labelledby={id}>
      <h2 id={id}>{t('trust.title')}</h2>
      <p>{t('trust.text')}</p>
      {note}
      {known.length + pinned.length === 0 && <p>{t('trust.none')}</p>}
      <ul class="trusted">
        {known.map((i) => <Issuer key={i.id} issuer={i} />)}
        {pinned.map((i) => <Issuer key={i.id} issuer={i} onRemove={() => onChange(pinned.filter((other) => other !== i))} />)}
      </ul>
      <div class="row"><FileButton class="button-quiet" label={t('trust.add')} accept=".json,application/json" onFile={take} /> <span class="hint">{t('trust.hint')}</span></div>
      {bad && <Notice tone="bad"><p role="alert">{t('trust.bad')}</p></Notice>}
    </section>
  );
}
