/* A hands-on task in the result: its checks, and the way to its recordings. What draws the checks comes with the first task that is looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Check } from '../../api/types.ts';
import { loadHandsOnStyles } from '../../items/task.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

type View = ComponentType<{ checks: Check[]; level?: 3 | 4 }>;

export function TaskOutcome({ attempt, item, checks }: { attempt: string; item: string; checks: Check[] | undefined }) {
  const [view, setView] = useState<{ Checks: View } | null>(null);
  useEffect(() => {
    if (checks?.length) void Promise.all([import('../../hands-on/checks.tsx'), loadHandsOnStyles()]).then(([m]) => setView(m));
  }, [checks]);
  return (
    <>
      {view && checks && <view.Checks checks={checks} />}
      <p><a href={`/attempts/${encodeURIComponent(attempt)}/replay/${encodeURIComponent(item)}`}><Icon name="play" /> {t('replay.watch')}</a></p>
    </>
  );
}
