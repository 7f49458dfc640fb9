/* A corrected result: what it was before, which questions are scored otherwise now, and why. */
import type { Corrected } from '../../api/reports.ts';
import type { Result } from '../../api/types.ts';
import { Notice } from '../../parts/states/states.tsx';
import { onScale } from '../../parts/verdict/verdict.tsx';
import { date, number, t } from '../../texts/index.ts';

function before(r: Result, c: Corrected): string {
  const was = c.before;
  if (!was) return t('corrected.fromStart');
  const verdict = was.verdict !== r.verdict ? t(was.verdict === 'pass' ? 'corrected.passedBefore' : 'corrected.failedBefore') : '';
  const score = was.score && r.score && was.score.value !== r.score.value ? t('corrected.scoreBefore', { before: onScale(was.score.value, was.score.unit), now: onScale(r.score.value, r.score.unit) }) : '';
  return [verdict, score].filter(Boolean).join(' ') || t('corrected.sameScore');
}

export function CorrectedNote({ result: r, corrected: c }: { result: Result; corrected: Corrected }) {
  const place = (item: string | null, n: number): number => r.items?.find((i) => i.id === item)?.n ?? n;
  return (
    <Notice tone="info">
      <div class="stack-small" data-corrected>
        <h2 class="title-small">{t('corrected.title', { date: date(c.at) })}</h2>
        <p>{before(r, c)}</p>
        <ul class="ticks">
          {c.items.map((i) => (
            <li key={`${i.number}`}>
              <strong>{t('report.question', { n: place(i.item, i.number) })}</strong> {t(`corrected.how.${i.how}`)}
              {i.points !== null && i.points_before !== null && i.points !== i.points_before && <> {t('corrected.points', { before: number(i.points_before), now: number(i.points) })}</>}
              <br /><q class="plain-text">{i.reason}</q>
            </li>
          ))}
        </ul>
        <p class="muted">{t('corrected.signed')}</p>
      </div>
    </Notice>
  );
}
