/* A hands-on task in the result: its checks, and the way to its recordings. What draws the checks comes with the first task that is looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Check, ResultItem } from '../../api/types.ts';
import { loadSheet } from '../../app/extras.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

type View = ComponentType<{ checks: Check[]; level?: 3 | 4 }>;

/* What else is to be known about how it went. */
function remarks({ task }: ResultItem): string[] {
  if (!task) return [];
  if (task.opened === false) return [t('handsOn.unopened')];
  return [
    task.helped ? t('handsOn.helped') : '',
    task.resets ? t('handsOn.resets', { n: task.resets }) : '',
    task.restored ? t('handsOn.restored') : '',
    task.graded_by === 'person' ? t('handsOn.byPerson') : '',
  ].filter(Boolean);
}

export function TaskOutcome({ attempt, entry }: { attempt: string; entry: ResultItem }) {
  const { checks } = entry;
  const notes = remarks(entry);
  const [view, setView] = useState<{ Checks: View } | null>(null);
  useEffect(() => {
    if (checks?.length) void Promise.all([import('../../hands-on/checks.tsx'), loadSheet('hands-on')]).then(([m]) => setView(m));
  }, [checks]);
  return (
    <>
      {view && checks && <view.Checks checks={checks} />}
      {notes.length > 0 && <p class="muted">{notes.join(' ')}</p>}
      {entry.task?.recordings?.length !== 0 && <p><a href={`/attempts/${encodeURIComponent(attempt)}/replay/${encodeURIComponent(entry.id)}`}><Icon name="play" /> {t('replay.watch')}</a></p>}
    </>
  );
}
