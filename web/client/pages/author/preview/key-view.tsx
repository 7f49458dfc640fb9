/* A question as somebody would see it who knew everything: the key as the answer, and why. */
import type { Feedback, FormItem, Response } from '../../../api/types.ts';
import { FeedbackView } from '../../../items/feedback.tsx';
import { Item } from '../../../items/item.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';

interface Props { item: FormItem; answer: Response | null; feedback: Partial<Feedback>; level?: 2 | 3 | 4 }

const none = (): void => undefined;

export function KeyView({ item, answer, feedback, level = 4 }: Props) {
  const known = { key: null, ...feedback };
  /* Options carry their reasons when there is feedback; the marks of an answer that nobody gave are left out by the style sheet. */
  return (
    <div class="key-view">
      <Item item={item} response={answer} locked feedback={{ outcome: 'unanswered', points: 0, max: 0, ...known }} struck={[]} onAnswer={none} />
      <div class="key-part">
        <p class="key-title"><Icon name="check" /> {t('preview.key')}</p>
        <FeedbackView item={item} feedback={answer ? { ...known, key: null } : known} level={level} /> {/* the answer above is the key */}
      </div>
    </div>
  );
}
