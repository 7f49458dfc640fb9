/* /attempts/ID/result: what the exam's report allows to be shown, from the verdict to the last explanation. While something is still being marked
 * the page waits and asks again; a report that is released later says when. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/calls.ts';
import { Problem } from '../../api/http.ts';
import type { Corrected } from '../../api/reports.ts';
import type { Pending, Result } from '../../api/types.ts';
import { navigate, type PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { BarsPlot } from '../../plots/bars.tsx';
import { CalibrationPlot } from '../../plots/calibration.tsx';
import { TimesPlot } from '../../plots/times.tsx';
import { TrendPlot } from '../../plots/trend.tsx';
import { dateTime, t, useMoreWords } from '../../texts/index.ts';
import { MORE } from '../../texts/more.ts';
import { Bands } from './bands.tsx';
import { Waiting } from './grading.tsx';
import { HandsOn } from './hands-on.tsx';
import { ItemList } from './item-list.tsx';
import { OwnReports } from './own-reports.tsx';
import { MarkedByPeople } from './marked.tsx';
import { PractiseNext } from './practise-next.tsx';
import { Provenance } from './provenance.tsx';
import { Summary } from './summary.tsx';

/* The cut as a share of the scale, to draw it among shares: only where the scale is the share itself. */
function cutShare(r: Result): number | null {
  if (!r.score || r.score.cut === null) return null;
  if (r.score.unit === '%') return r.score.cut / 100;
  return r.score.unit === 'points' && r.score.max > 0 ? r.score.cut / r.score.max : null;
}

/* Rare: it comes, with its words, when it is needed. */
function Correction({ result }: { result: Result }) {
  const [note, setNote] = useState<{ Note: ComponentType<{ result: Result; corrected: Corrected }> } | null>(null);
  useEffect(() => {
    if (result.corrected) void Promise.all([import('./corrected.tsx'), useMoreWords(MORE.problem)]).then(([m]) => setNote({ Note: m.CorrectedNote }));
  }, [result]);
  return note && result.corrected ? <note.Note result={result} corrected={result.corrected} /> : null;
}

function Report({ result: r, late }: { result: Result; late: number }) {
  const timed = r.items?.some((i) => i.spent_ms > 0);
  const calibration = r.calibration?.some((c) => c.n > 0);
  return (
    <div class="result">
      {late > 0 && <Notice tone="warn"><p>{t('result.tooLate', { n: late })}</p></Notice>}
      <Summary result={r} />
      <Correction result={r} />
      {r.certificate && <Notice tone="ok"><p>{t('wallet.earned')} <a href={`/certificates?id=${r.certificate.id}`}>{t('wallet.open')}</a></p></Notice>}
      {r.practise_next && r.practise_next.length > 0 && <PractiseNext exam={r.exam} next={r.practise_next} />}
      {r.domains && r.domains.length > 0 && (
        <section class="card" aria-labelledby="domains-title">
          <h2 id="domains-title">{t('result.domains')}</h2>
          <BarsPlot groups={r.domains} name={t('result.domains')} cut={cutShare(r)} />
          {r.objectives && r.objectives.length > 0 && (
            <details>
              <summary>{t('result.objectives')}</summary>
              <BarsPlot groups={r.objectives} name={t('result.objectives')} cut={null} />
            </details>
          )}
        </section>
      )}
      {r.bands && r.bands.length > 0 && <Bands bands={r.bands} />}
      {r.hands_on && r.hands_on.items > 0 && <HandsOn measured={r.hands_on} host={!!r.items?.some((i) => i.task?.image === 'host')} />}
      {r.marking && <MarkedByPeople marked={r.marking} />}
      {(calibration || timed) && (
        <div class="result-pair">
          {calibration && <section class="card" aria-labelledby="calibration-title"><h2 id="calibration-title">{t('calibration.name')}</h2><CalibrationPlot points={r.calibration!} /></section>}
          {timed && <section class="card" aria-labelledby="times-title"><h2 id="times-title">{t('times.name')}</h2><TimesPlot items={r.items!} /></section>}
        </div>
      )}
      {r.history && r.history.length > 1 && (
        <section class="card" aria-labelledby="trend-title">
          <h2 id="trend-title">{t('result.history')}</h2>
          <TrendPlot points={r.history} name={t('result.history')} />
        </section>
      )}
      {r.items?.some((i) => i.item) && <ItemList items={r.items} attempt={r.attempt} />}
      <OwnReports attempt={r.attempt} byNumber={!r.items?.some((i) => i.item)} />
      <Provenance result={r} />
    </div>
  );
}

export default function ResultPage({ params, query }: PageProps) {
  const id = params[0]!;
  const loaded = useLoad(() => calls.result(id), [id]);
  useTitle(t('result.title'));
  const error = loaded.state === 'failed' ? loaded.error : null;
  const running = error instanceof Problem && error.code === 'conflict';
  useEffect(() => {
    if (running) navigate(`/attempts/${id}`, true);
  }, [running]);
  if (error instanceof Problem && error.code === 'not-released') {
    const at = typeof error.extra.release_at === 'string' ? error.extra.release_at : null;
    return (
      <div class="card stack">
        <h1 class="title">{t('result.laterTitle')}</h1>
        <p>{at ? t('result.laterAt', { time: dateTime(at) }) : t('result.later')}</p>
        <p><a class="button" href="/history">{t('nav.history')}</a></p>
      </div>
    );
  }
  if (error && !running) return <Failed error={error} retry={loaded.retry} />;
  if (loaded.state !== 'ready') return <Loading />;
  const { status, body } = loaded.value;
  if (status === 202 || body.state === 'grading' || body.state === 'reviewing') return <Waiting pending={body as Pending} retry={loaded.retry} />;
  return <Report result={body as Result} late={Number(query.get('late')) || 0} />;
}
