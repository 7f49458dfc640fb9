/* Review: the open question's way into exams, the bank at a glance, and the blind reader's mode. */
import { useState } from 'preact/hooks';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { Blind } from './blind.tsx';
import { Overview } from './overview.tsx';
import { Question } from './question.tsx';
import { rowsOf, unreadBy } from './rules.ts';

type View = 'question' | 'bank';

export function ReviewPane({ desk }: { desk: Desk }) {
  const [wanted, setWanted] = useState<View>('question');
  const [reading, setReading] = useState(false);
  const rows = rowsOf(desk.tree);
  const unread = unreadBy(rows);
  const shown: View = desk.item === null ? 'bank' : wanted;
  return (
    <div class="review">
      <div class="review-bar">
        <div class="segments" role="group" aria-label={t('vetting.show')}>
          {(['question', 'bank'] as const).map((v) => (
            <button key={v} type="button" class="tool" aria-pressed={shown === v} disabled={v === 'question' && desk.item === null} onClick={() => setWanted(v)}>{t(`vetting.show.${v}`)}</button>
          ))}
        </div>
        <button type="button" class="button button-quiet button-small" onClick={() => setReading(true)}>
          <Icon name="eye" /> {t('vetting.blind')}{unread > 0 && <span class="review-count" aria-label={t('vetting.unread', { n: unread })}>{unread}</span>}
        </button>
      </div>
      {shown === 'question' && desk.item !== null ? <Question key={desk.item} desk={desk} id={desk.item} /> : <Overview desk={desk} rows={rows} onOpen={() => setWanted('question')} />}
      <p class="review-you muted">{t('vetting.you', { name: desk.tree.you })}</p>
      {reading && <Blind onClose={() => setReading(false)} />}
    </div>
  );
}
