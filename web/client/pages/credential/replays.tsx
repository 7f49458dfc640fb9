/* Recordings of the hands-on work, where the holder lets others see them. The player comes when somebody asks for it. */
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import type { PublicCredential } from '../../api/types.ts';
import { loadSheet } from '../../app/extras.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';

type View = ComponentType<import('../../hands-on/replay.tsx').Props>;
type Replay = NonNullable<PublicCredential['replay']>[number];

/* Only what is below this server's own addresses of recordings. */
const isOurs = (r: Replay): boolean => /^\/credentials\/[^/]+\/replay\/[^/]+\/\d+$/.test(r.href);

export function Replays({ list }: { list: Replay[] }) {
  const [shown, setShown] = useState<Replay | null>(null);
  const [view, setView] = useState<{ View: View } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const show = (r: Replay): void => {
    setShown(r);
    Promise.all([import('../../hands-on/replay.tsx'), loadSheet('hands-on')]).then(([m]) => setView({ View: m.default }), setError);
  };
  return (
    <section class="card stack no-print" aria-labelledby="replay-title">
      <h2 id="replay-title">{t('credential.replay')}</h2>
      <p>{t('credential.replayText')} {t('replay.lead')}</p>
      <ul class="row">
        {list.filter(isOurs).map((r) => (
          <li key={r.href}>
            <button type="button" class="button button-quiet" aria-pressed={shown?.href === r.href} onClick={() => show(r)}><Icon name="play" /> {t('credential.replayOf', { title: r.title, n: r.shell })}</button>
          </li>
        ))}
      </ul>
      {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
      {shown && view && (
        <>
          <view.View key={shown.href} href={shown.href} />
          <p><button type="button" class="button button-quiet" onClick={() => setShown(null)}>{t('credential.close')}</button></p>
        </>
      )}
    </section>
  );
}
