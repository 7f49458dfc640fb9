/* Pass, fail or neither, as a small badge; scores as one line of words. */
import type { Score, Verdict } from '../../api/types.ts';
import { Icon } from '../icon/icon.tsx';
import { number, percent, t } from '../../texts/index.ts';

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  if (!verdict) return null;
  return (
    <span class={`badge badge-${verdict}`}>
      <Icon name={verdict === 'pass' ? 'check' : 'cross'} /> {t(`verdict.${verdict}`)}
    </span>
  );
}

/* A value on the exam's scale, with its unit. */
export function onScale(value: number, unit: Score['unit']): string {
  if (unit === '%') return percent(value / 100, 1);
  if (unit === 'points') return t('score.points', { value: number(value, 1) });
  return number(Math.round(value));
}
