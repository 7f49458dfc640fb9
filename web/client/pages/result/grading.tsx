/* While graders are at work: where each task stands in the queue. The page asks again by itself, soon at first and then less often. */
import { useEffect, useRef } from 'preact/hooks';
import type { Pending, PendingTask } from '../../api/types.ts';
import { Icon, type IconName } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

const FIRST_MS = 1000;
const MOST_MS = 10000;
const ICONS: Record<PendingTask['state'], IconName> = { queued: 'clock', running: 'terminal', done: 'check', review: 'eye' };

function words(p: PendingTask): string {
  if (p.state !== 'queued') return t(`grading.${p.state}`);
  return p.ahead ? t('grading.queued', { n: p.ahead }) : t('grading.next');
}

/* How long to wait before asking for the n-th time; with jitter, because a class hands in at once. Pure. */
export function againMs(round: number, random: () => number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 1.5 ** Math.min(round, 20));
  return most * (0.75 + random() / 2);
}

export function Waiting({ pending, retry }: { pending: Pending; retry: () => void }) {
  const round = useRef(0);
  useEffect(() => {
    const timer = setTimeout(retry, againMs(round.current++, Math.random));
    return () => clearTimeout(timer);
  }, [pending]);
  const tasks = pending.tasks ?? [];
  const review = tasks.some((p) => p.state === 'review');
  return (
    <div class="card stack" role="status" data-result-state={pending.state}>
      <h1 class="title">{t(tasks.length ? 'grading.title' : 'result.marking')}</h1>
      <p>{tasks.length ? t('grading.text') : t('result.markingText', { n: pending.ungraded ?? 0 })}</p>
      {tasks.length > 0 && (
        <ol class="grading">
          {tasks.map((p, i) => (
            <li key={p.item} data-grading={p.state}>
              <span class="grow">{t('grading.task', { n: p.n ?? i + 1 })}</span>
              <span class={`grading-${p.state}`}><Icon name={ICONS[p.state]} /> {words(p)}</span>
            </li>
          ))}
        </ol>
      )}
      {review && <p>{t('grading.reviewText')}</p>}
    </div>
  );
}
