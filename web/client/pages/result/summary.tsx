/* The head of a result: verdict, score with its error, what was counted, how it compares with what was expected. */
import type { ComponentChildren } from 'preact';
import type { Result } from '../../api/types.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { onScale } from '../../parts/verdict/verdict.tsx';
import { ScalePlot } from '../../plots/scale.tsx';
import { dateTime, duration, number, percent, t } from '../../texts/index.ts';

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

/* What was expected against what came. A fifth of a standard error is no difference to speak of; ten points of a hundred are. */
function expectationText(r: Result): string | null {
  const e = r.expectation;
  const outcome = e?.outcome_share ?? r.score?.share;
  if (!e || e.skipped || e.expected_share === undefined || outcome === undefined) return null;
  const values = { expected: percent(e.expected_share), outcome: percent(outcome) };
  if (outcome > e.expected_share + 0.1) return t('result.betterThanExpected', values);
  if (outcome < e.expected_share - 0.1) return t('result.worseThanExpected', values);
  return t('result.asExpected', values);
}

export function Summary({ result: r }: { result: Result }) {
  const s = r.score;
  const expected = expectationText(r);
  const probability = s?.pass_probability;
  return (
    <section class={`card summary summary-${r.verdict ?? 'none'}`} aria-labelledby="result-title">
      <p class="kind">{r.title}</p>
      <div class="summary-head">
        {r.verdict && <span class="summary-mark" aria-hidden="true"><Icon name={r.verdict === 'pass' ? 'check' : 'cross'} /></span>}
        <div>
          <h1 id="result-title" class="title-large">{r.verdict ? t(`result.${r.verdict}`) : t(r.mode === 'study' ? 'result.study' : 'result.title')}</h1>
          {s && <p class="lead">{t(s.error > 0 ? 'result.score' : 'result.scoreExact', { value: onScale(s.value, s.unit), error: onScale(s.error, s.unit === 'points' ? 'scaled' : s.unit) })}</p>}
          {!s && r.verdict && <p class="lead">{t('result.noScore')}</p>}
        </div>
      </div>
      {s && <ScalePlot score={s} />}
      {s && probability !== null && probability !== undefined && s.cut !== null && <p>{t('result.probability', { share: percent(probability) })} <a href={`/scoring?attempt=${encodeURIComponent(r.attempt)}`}>{t('nav.scoring')}</a></p>}
      {expected && <p class="summary-expected">{expected}</p>}
      <dl class="summary-facts">
        {r.counts && <Fact name={t('result.right')}>{number(r.counts.right)}</Fact>}
        {r.counts && r.counts.partial > 0 && <Fact name={t('result.partial')}>{number(r.counts.partial)}</Fact>}
        {r.counts && <Fact name={t('result.wrong')}>{number(r.counts.wrong)}</Fact>}
        {r.counts && <Fact name={t('result.unanswered')}>{number(r.counts.unanswered)}</Fact>}
        <Fact name={t('result.time')}>{duration(r.time.used_ms)}{r.time.limit_ms !== null && <small>{t('result.timeOf', { time: duration(r.time.limit_ms) })}</small>}</Fact>
        <Fact name={t('result.ended')}>{dateTime(r.ended_at)}{r.ended_by === 'time' && <small>{t('result.byTime')}</small>}</Fact>
      </dl>
      {(r.counts?.unscored ?? 0) > 0 && <p class="muted">{t('result.unscored', { n: r.counts!.unscored })}</p>}
      {!r.scoring.bank_official && <p class="muted">{t('result.unofficialBank')}</p>}
      {r.time.outages_ms > 0 && <p class="muted">{t('result.outages', { time: duration(r.time.outages_ms) })}</p>}
    </section>
  );
}
