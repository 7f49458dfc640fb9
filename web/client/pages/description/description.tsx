/* /exams/BANK/EXAM: what the exam is, its rules in plain words, and the way in. */
import { useState } from 'preact/hooks';
import * as calls from '../../api/calls.ts';
import type { ExamDetail } from '../../api/types.ts';
import type { PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { onScale, VerdictBadge } from '../../parts/verdict/verdict.tsx';
import { dateTime, number, percentSign, t } from '../../texts/index.ts';
import { Rules } from './rules.tsx';
import { Start } from './start.tsx';

function Domains({ exam }: { exam: ExamDetail }) {
  if (!exam.domains.length) return null;
  return (
    <section class="card" aria-labelledby="domains-title">
      <h2 id="domains-title" class="title-small">{t('description.domains')}</h2>
      <ul class="domain-list">
        {exam.domains.map((d) => (
          <li key={d.id}>
            <details>
              <summary>
                <span class="grow">{d.title}</span>
                {d.weight && <span class="muted">{percentSign(d.weight)}</span>}
              </summary>
              {d.objectives.length > 0 && <ul>{d.objectives.map((o) => <li key={o.id}>{o.title}</li>)}</ul>}
              <p class="muted">{t('description.itemsInBank', { n: d.items_in_bank })}</p>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function About({ exam }: { exam: ExamDetail }) {
  return (
    <dl class="about">
      <div><dt>{t('description.bank')}</dt><dd>{exam.bank.title}, {t('catalogue.version', { version: exam.bank.version })}</dd></div>
      {exam.authors.length > 0 && <div><dt>{t('description.authors')}</dt><dd>{exam.authors.join(', ')}</dd></div>}
      {exam.license && <div><dt>{t('description.license')}</dt><dd>{exam.license}</dd></div>}
      <div><dt>{t('description.hash')}</dt><dd><code class="hash">{exam.bank_hash.slice(0, 16)}</code></dd></div>
    </dl>
  );
}

function Past({ exam }: { exam: ExamDetail }) {
  const { done, best } = exam.attempts;
  if (!done) return null;
  return (
    <p class="past">
      {best?.verdict && <VerdictBadge verdict={best.verdict} />}{' '}
      {best?.score ? t('catalogue.doneBest', { n: done, best: onScale(best.score.value, best.score.unit) }) : t('catalogue.done', { n: done })}{' '}
      <a href="/history">{t('nav.history')}</a>
    </p>
  );
}

export default function Description({ params }: PageProps) {
  const id = params[0]!;
  const loaded = useLoad(() => calls.exam(id), [id]);
  const [starting, setStarting] = useState(false);
  useTitle(loaded.state === 'ready' ? loaded.value.title : '');
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  const exam = loaded.value;
  const next = exam.rules.retake?.next_at ?? null;
  const early = next !== null && Date.parse(next) > Date.now();
  const blocked = early && exam.rules.retake!.enforced; /* else the wait is advice */
  const canStart = exam.available && exam.modes.includes('exam') && !blocked;
  return (
    <div class="description">
      <div class="page-head">
        <p class="kind"><a href="/">{t('nav.exams')}</a> / {t(`kind.${exam.kind}`)}</p>
        <h1 class="title-large">{exam.title}</h1>
        {exam.description && <p class="lead">{exam.description}</p>}
        <Past exam={exam} />
      </div>
      <div class="description-columns">
        <div class="stack-large">
          <Rules exam={exam} />
          <Domains exam={exam} />
        </div>
        <aside class="start-card" aria-label={t('description.start')}>
          {exam.attempts.running ? (
            <>
              <p>{t('description.running')}</p>
              <a class="button button-wide" href={`/attempts/${exam.attempts.running}`}>{t('catalogue.continue')}</a>
            </>
          ) : (
            exam.modes.includes('exam') && <button type="button" class="button button-wide" disabled={!canStart} onClick={() => setStarting(true)}>{t('description.startExam')}</button>
          )}
          {early && (
            <Notice tone={blocked ? 'warn' : 'info'} icon="clock">
              <p>{t(blocked ? 'description.retakeAt' : 'description.retakeAdvice', { time: dateTime(next) })}</p>
            </Notice>
          )}
          {!exam.available && <Notice tone="warn"><p>{exam.unavailable_reason ?? t('catalogue.unavailable')}</p></Notice>}
          {exam.modes.includes('study') && (
            <>
              <a class="button button-quiet button-wide" href={`/study/${exam.id}`}>{t('description.study')}</a>
              <p class="hint">{t('description.studyHint', { n: exam.study.total, fresh: number(exam.study.new) })}</p>
            </>
          )}
          {exam.note && <p class="hint">{exam.note}</p>}
          <About exam={exam} />
        </aside>
      </div>
      {starting && <Start exam={exam} onClose={() => setStarting(false)} />}
    </div>
  );
}
