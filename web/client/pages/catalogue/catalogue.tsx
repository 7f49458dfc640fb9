/* /: what can be taken, by bank; first of all what is running, and last, folded, the formats of known exams, which are there to be copied. */
import * as calls from '../../api/calls.ts';
import type { ExamBrief } from '../../api/types.ts';
import type { PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { Empty, Failed, Loading } from '../../parts/states/states.tsx';
import { onScale, VerdictBadge } from '../../parts/verdict/verdict.tsx';
import { duration, t } from '../../texts/index.ts';
import { itemsText } from './items-text.ts';

/* Exams of one bank together, in the order of the list. Pure. */
export function byBank(exams: ExamBrief[]): { bank: ExamBrief['bank']; exams: ExamBrief[] }[] {
  const groups = new Map<string, { bank: ExamBrief['bank']; exams: ExamBrief[] }>();
  for (const e of exams) {
    const group = groups.get(e.bank.id) ?? { bank: e.bank, exams: [] };
    group.exams.push(e);
    groups.set(e.bank.id, group);
  }
  return [...groups.values()];
}

function Running({ exams }: { exams: ExamBrief[] }) {
  const running = exams.filter((e) => e.attempts.running);
  if (!running.length) return null;
  return (
    <section class="running" aria-labelledby="running-title">
      <h2 id="running-title" class="title-small">{t('catalogue.running')}</h2>
      <ul>
        {running.map((e) => (
          <li key={e.id}>
            <span><Icon name="clock" /> <strong>{e.title}</strong></span>
            <a class="button" href={`/attempts/${e.attempts.running}`}>{t('catalogue.continue')}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Card({ exam }: { exam: ExamBrief }) {
  const { best, done } = exam.attempts;
  return (
    <li class={`exam-card ${exam.available ? '' : 'is-off'}`}>
      <div class="exam-card-head">
        <p class="kind">{t(`kind.${exam.kind}`)}</p>
        {best?.verdict && <VerdictBadge verdict={best.verdict} />}
      </div>
      <h3><a href={`/exams/${exam.id}`}>{exam.title}</a></h3>
      {exam.description && <p class="exam-card-text">{exam.description}</p>}
      {!exam.available && <p class="hint hint-warn">{exam.unavailable_reason ?? t('catalogue.unavailable')}</p>}
      <ul class="facts">
        <li>{itemsText(exam.items)}</li>
        <li>{exam.duration_ms === null ? t('exam.untimed') : duration(exam.duration_ms)}</li>
        {done > 0 && <li>{best?.score ? t('catalogue.doneBest', { n: done, best: onScale(best.score.value, best.score.unit) }) : t('catalogue.done', { n: done })}</li>}
      </ul>
    </li>
  );
}

function Bank({ bank, exams }: { bank: ExamBrief['bank']; exams: ExamBrief[] }) {
  return (
    <section class="bank" aria-labelledby={`bank-${bank.id}`}>
      <div class="bank-head">
        <h2 id={`bank-${bank.id}`}>{bank.title}</h2>
        <p class="muted">{t('catalogue.version', { version: bank.version })} · {t('catalogue.exams', { n: exams.length })}</p>
      </div>
      <ul class="exam-cards">{exams.map((e) => <Card key={e.id} exam={e} />)}</ul>
    </section>
  );
}

function Formats({ exams }: { exams: ExamBrief[] }) {
  return (
    <details class="bank formats">
      <summary><h2>{t('catalogue.formats', { n: exams.length })}</h2></summary>
      <p class="hint">{t('catalogue.formatsHint')}</p>
      <ul class="format-list">
        {exams.map((e) => <li key={e.id}><a href={`/exams/${e.id}`}>{e.title}</a> <span class="muted">{itemsText(e.items)}{e.duration_ms === null ? '' : ` · ${duration(e.duration_ms)}`}</span></li>)}
      </ul>
    </details>
  );
}

export default function Catalogue(_: PageProps) {
  const loaded = useLoad(calls.exams, []);
  useTitle(t('catalogue.title'));
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  const { exams } = loaded.value;
  const offered = exams.filter((e) => e.kind !== 'preset');
  const formats = exams.filter((e) => e.kind === 'preset');
  return (
    <div class="catalogue">
      <div class="page-head">
        <h1 class="title-large">{t('catalogue.title')}</h1>
        <p class="lead">{t('catalogue.lead')}</p>
      </div>
      <Running exams={exams} />
      {offered.length === 0 && <Empty><p>{t('catalogue.empty')}</p></Empty>}
      {byBank(offered).map(({ bank, exams: list }) => <Bank key={bank.id} bank={bank} exams={list} />)}
      {formats.length > 0 && <Formats exams={formats} />}
    </div>
  );
}
