/* /history: all attempts, and what they say together: results over time, what of the banks was seen, strengths and weaknesses, calibration. */
import * as calls from '../../api/calls.ts';
import type { AttemptBrief, Progress } from '../../api/types.ts';
import type { PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Empty, Failed, Loading } from '../../parts/states/states.tsx';
import { onScale, VerdictBadge } from '../../parts/verdict/verdict.tsx';
import { BarsPlot } from '../../plots/bars.tsx';
import { CalibrationPlot } from '../../plots/calibration.tsx';
import { TrendPlot } from '../../plots/trend.tsx';
import { dateTime, percent, t } from '../../texts/index.ts';

const MODES = ['exam', 'study'] as const;

function counted(attempts: AttemptBrief[]): string {
  const sessions = attempts.filter((a) => a.mode === 'study').length;
  const exams = attempts.length - sessions;
  return [exams > 0 && t('history.lead', { n: exams }), sessions > 0 && t('history.sessions', { n: sessions })].filter(Boolean).join(' · ');
}

const HEAD = ['history.exam', 'history.started', 'history.answers', 'history.result'] as const;

/* Roles are given although a table has them: on a narrow page its rows are no longer laid out as a table's. */
function Row({ attempt: a }: { attempt: AttemptBrief }) {
  const score = a.result?.score;
  const ended = a.state === 'ended' || a.state === 'reviewing';
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <a href={ended ? `/attempts/${a.id}/result` : `/attempts/${a.id}`}>{a.title}</a>
        <span class="muted"> {t(`mode.${a.mode}`)}</span>
      </th>
      <td role="cell">{dateTime(a.started_at)}</td>
      <td role="cell">{t('history.answered', { n: a.answered, total: a.items })}</td>
      <td role="cell">
        {!ended && <span class="badge">{t('history.running')}</span>}
        {a.state === 'reviewing' && <span class="badge">{t('history.marking')}</span>}
        {score && <span>{a.mode === 'study' ? percent(score.share) : onScale(score.value, score.unit)}</span>}{' '}
        {a.result && <VerdictBadge verdict={a.result.verdict} />}
      </td>
    </tr>
  );
}

function Over({ progress: p, titles }: { progress: Progress; titles: Map<string, string> }) {
  const banks = [...new Set(p.domains.map((d) => d.bank))];
  /* Sessions choose their questions, so their results do not continue those of the exam. */
  const trends = p.exams
    .flatMap((e) => MODES.map((mode) => ({
      id: `${e.id}-${mode}`,
      title: mode === 'study' ? t('study.sessionTitle', { exam: e.title }) : e.title,
      points: e.attempts.flatMap((a) => (a.mode !== mode || a.share === null ? [] : [{ ...a, share: a.share }])),
    })))
    .filter((e) => e.points.length > 0);
  const bankTitle = (bank: string): string => titles.get(bank) ?? bank;
  return (
    <>
      {p.items.total > 0 && (
        <section class="card" aria-labelledby="seen-title">
          <h2 id="seen-title">{t('history.seen')}</h2>
          <p>{t('history.seenText', { seen: p.items.seen, total: p.items.total })}</p>
          <progress class="meter" aria-labelledby="seen-title" max={p.items.total} value={p.items.seen} />
        </section>
      )}
      {trends.length > 0 && (
        <div class="result-pair">
          {trends.map((e) => (
            <section key={e.id} class="card" aria-labelledby={`trend-${e.id}`}>
              <h2 id={`trend-${e.id}`}>{e.title}</h2>
              <TrendPlot name={t('history.trend', { exam: e.title })} points={e.points.sort((a, b) => a.ended_at.localeCompare(b.ended_at))} />
            </section>
          ))}
        </div>
      )}
      {banks.map((bank) => (
        <section key={bank} class="card" aria-labelledby={`domains-${bank}`}>
          <h2 id={`domains-${bank}`}>{t('history.domains', { bank: bankTitle(bank) })}</h2>
          <BarsPlot
            name={t('history.domains', { bank: bankTitle(bank) })}
            cut={null}
            groups={p.domains.filter((d) => d.bank === bank).map((d) => ({ id: d.domain, title: d.title, items: d.seen, points: Math.round(d.right_share * d.seen), max: d.seen, share: d.right_share, error: 0 }))}
          />
        </section>
      ))}
      {p.calibration.some((c) => c.n > 0) && (
        <section class="card" aria-labelledby="calibration-title">
          <h2 id="calibration-title">{t('calibration.name')}</h2>
          <CalibrationPlot points={p.calibration} />
        </section>
      )}
    </>
  );
}

export default function History(_: PageProps) {
  const loaded = useLoad(() => Promise.all([calls.attempts(), calls.progress(), calls.exams()]), []);
  useTitle(t('history.title'));
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  const [{ attempts }, progress, { exams }] = loaded.value;
  const titles = new Map(exams.map((e) => [e.bank.id, e.bank.title]));
  return (
    <div class="history">
      <div class="page-head">
        <h1 class="title-large">{t('history.title')}</h1>
        {attempts.length > 0 && <p class="lead">{counted(attempts)}</p>}
      </div>
      {attempts.length === 0 ? (
        <Empty><p class="lead">{t('history.none')}</p><p><a class="button" href="/">{t('nav.exams')}</a></p></Empty>
      ) : (
        <div class="card">
          <h2 id="attempts-title">{t('history.attempts')}</h2>
          <div class="scroll-x" tabIndex={0} role="region" aria-labelledby="attempts-title">
            <table class="table" role="table" aria-labelledby="attempts-title">
              <thead role="rowgroup"><tr role="row">{HEAD.map((key) => <th key={key} scope="col" role="columnheader">{t(key)}</th>)}</tr></thead>
              <tbody role="rowgroup">{attempts.map((a) => <Row key={a.id} attempt={a} />)}</tbody>
            </table>
          </div>
        </div>
      )}
      {attempts.length > 0 && <Over progress={progress} titles={titles} />}
    </div>
  );
}
