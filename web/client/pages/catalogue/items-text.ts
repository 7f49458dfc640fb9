/* "40 questions", "50 to 60 questions". */
import type { ExamBrief } from '../../api/types.ts';
import { t } from '../../texts/index.ts';

export function itemsText(items: ExamBrief['items']): string {
  return Array.isArray(items) && items[0] !== items[1] ? t('exam.itemsRange', { from: items[0], to: items[1] }) : t('exam.items', { n: Array.isArray(items) ? items[0] : items });
}
