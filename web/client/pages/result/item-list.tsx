/* Question by question: what was asked, answered and right, and why. Opens one at a time on demand; "confident and wrong" comes first when asked
 * for, because that is what to study. */
import { useState } from 'preact/hooks';
import type { ResultItem } from '../../api/types.ts';
import { formatLeft } from '../../attempt/clock.ts';
import { FeedbackView, Outcome } from '../../items/feedback.tsx';
import { Item } from '../../items/item.tsx';
import { kindOf } from '../../items/kinds.ts';
import { Html } from '../../parts/html/html.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { ReportButton } from '../../parts/problem/button.tsx';
import { maybe, t } from '../../texts/index.ts';
import { TaskOutcome } from './task-outcome.tsx';

const FILTERS = ['all', 'wrong', 'sureWrong', 'flagged'] as const;
type Filter = (typeof FILTERS)[number];

/* Pure. */
export function passes(item: Pick<ResultItem, 'outcome' | 'confidence' | 'flagged'>, filter: Filter): boolean {
  const missed = item.outcome === 'wrong' || item.outcome === 'partial' || item.outcome === 'unanswered';
  if (filter === 'wrong') return missed;
  if (filter === 'sureWrong') return missed && (item.confidence ?? 0) >= 75;
  return filter === 'all' || item.flagged;
}

function Detail({ entry, attempt }: { entry: ResultItem; attempt: string }) {
  const item = entry.item!;
  const response = entry.response ?? null;
  const marks = kindOf(item.kind)?.marksItself === true;
  return (
    <div class="result-item-body">
      {marks ? (
        <Item item={item} response={response} locked struck={[]} feedback={entry.feedback} onAnswer={() => {}} />
      ) : (
        <>
          {item.case && <details class="case"><summary>{t('item.case')}: {item.case.title}</summary><Html html={item.case.html} /></details>}
          <Html html={item.stem} class="stem" />
        </>
      )}
      {item.kind === 'task' && <TaskOutcome attempt={attempt} entry={entry} />}
      {entry.feedback && <FeedbackView item={item} response={response} feedback={entry.feedback} level={3} />}
      <p><ReportButton attempt={attempt} item={entry.id} /></p>
    </div>
  );
}

function Entry({ entry, attempt }: { entry: ResultItem; attempt: string }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details class="result-item" onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>
          <span class="review-number">{entry.n}</span>
          <span class="grow result-item-name">{entry.title ?? t('times.question')}</span>
          {typeof entry.confidence === 'number' && <span class="muted">{maybe(`confidence.${entry.confidence}`)}</span>}
          {entry.flagged && <span class="flag-badge"><Icon name="flag" /><span class="sr-only">{t('palette.flagged')}</span></span>}
          <span class="muted result-item-time"><span class="sr-only">{t('times.time')} </span>{formatLeft(entry.spent_ms)}</span>
          {entry.outcome && <Outcome outcome={entry.outcome} points={entry.points} max={entry.max} />}
        </summary>
        {open && <Detail entry={entry} attempt={attempt} />}
      </details>
    </li>
  );
}

export function ItemList({ items, attempt }: { items: ResultItem[]; attempt: string }) {
  const [filter, setFilter] = useState<Filter>('all');
  const shown = items.filter((i) => i.item && passes(i, filter));
  return (
    <section class="card" aria-labelledby="items-title">
      <h2 id="items-title">{t('result.items')}</h2>
      <fieldset class="segments no-print">
        <legend class="sr-only">{t('review.filter')}</legend>
        {FILTERS.map((f) => (
          <label key={f}>
            <input type="radio" name="result-filter" checked={filter === f} onChange={() => setFilter(f)} />
            <span>{t(`result.filter.${f}`)} <small>{items.filter((i) => i.item && passes(i, f)).length}</small></span>
          </label>
        ))}
      </fieldset>
      {shown.length === 0 && <p class="muted">{t('review.none')}</p>}
      <ol class="result-items">{shown.map((i) => <Entry key={i.id} entry={i} attempt={attempt} />)}</ol>
    </section>
  );
}
