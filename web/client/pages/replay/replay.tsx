/* /attempts/ID/replay/ITEM: the recordings of a hands-on task, to watch or to read, for the candidate once the attempt has ended and for examiners. */
import { useEffect, useId, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { recordingPath, recordings } from '../../api/tasks.ts';
import type { Recording } from '../../api/types.ts';
import type { PageProps } from '../../app/router.ts';
import { loadSheet } from '../../app/extras.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { Failed, Loading } from '../../parts/states/states.tsx';
import { dateTime, duration, t } from '../../texts/index.ts';

type View = ComponentType<import('../../hands-on/replay.tsx').Props>;

function Choice({ list, chosen, onChoose }: { list: Recording[]; chosen: number; onChoose: (shell: number) => void }) {
  const name = useId();
  if (list.length < 2) return null;
  return (
    <fieldset class="segments">
      <legend class="sr-only">{t('shell.tabs')}</legend>
      {list.map((r) => (
        <label key={r.shell}>
          <input type="radio" name={name} checked={r.shell === chosen} onChange={() => onChoose(r.shell)} />
          <span>{t('shell.tab', { n: r.shell })}</span>
        </label>
      ))}
    </fieldset>
  );
}

export default function ReplayPage({ params }: PageProps) {
  const [attempt, item] = [params[0]!, params[1]!];
  const loaded = useLoad(() => recordings(attempt, item), [attempt, item]);
  const [shell, setShell] = useState<number | null>(null);
  const [view, setView] = useState<{ View: View } | null>(null);
  const [error, setError] = useState<unknown>(null);
  useTitle(t('replay.title'));
  useEffect(() => {
    Promise.all([import('../../hands-on/replay.tsx'), loadSheet('hands-on')]).then(([m]) => setView({ View: m.default }), setError);
  }, []);
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  if (error !== null) return <Failed error={error} retry={() => location.reload()} />;
  const list = loaded.value.recordings;
  const current = list.find((r) => r.shell === shell) ?? list[0];
  return (
    <div class="stack-large">
      <div class="page-head">
        <p class="kind"><a href={`/attempts/${encodeURIComponent(attempt)}/result`}><Icon name="back" /> {t('replay.back')}</a></p>
        <h1 class="title-large">{t('replay.title')}</h1>
        <p class="lead">{t('replay.lead')}</p>
      </div>
      <div class="card stack">
        {!current && <p>{t('replay.none')}</p>}
        {current && (
          <>
            <Choice list={list} chosen={current.shell} onChoose={setShell} />
            <p class="muted">{t('replay.started', { time: dateTime(current.started_at), length: duration(current.duration_ms) })}</p>
            {view ? <view.View key={current.shell} href={recordingPath(attempt, item, current.shell)} /> : <Loading />}
            {current.sha256 && <p class="hint">{t('replay.hash')} <code class="hash">{current.sha256}</code></p>}
          </>
        )}
      </div>
    </div>
  );
}
