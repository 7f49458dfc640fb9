/* What the candidate has reported about this exam, and what came of it; with a way to report a question by its number where the exam does not
 * show its questions. Its words come when there is anything to say. */
import { useEffect, useState } from 'preact/hooks';
import { reports, type Reports } from '../../api/reports.ts';
import { ReportButton } from '../../parts/problem/button.tsx';
import { t, useMoreWords } from '../../texts/index.ts';
import { MORE } from '../../texts/more.ts';

export function OwnReports({ attempt, byNumber }: { attempt: string; byNumber: boolean }) {
  const [all, setAll] = useState<Reports | null>(null);
  const load = (): void => {
    reports(attempt).then(
      async (list) => {
        if (list.problems.length) await useMoreWords(MORE.problem);
        setAll(list);
      },
      () => setAll(null), /* the report is what the page is for */
    );
  };
  useEffect(load, [attempt]);
  if (!all?.problems.length) return byNumber ? <p class="no-print"><ReportButton attempt={attempt} item={null} onChange={load} /></p> : null;
  return (
    <section class="card stack" aria-labelledby="reports-title">
      <h2 id="reports-title">{t('report.own')}</h2>
      <ul class="own-reports">
        {all.problems.map((p) => (
          <li key={p.item} data-own-report={p.state}>
            <p><strong>{t('report.question', { n: p.number })}</strong> {t(`report.kind.${p.kind}`)} · <span class="muted">{t(`report.state.${p.state}`)}</span></p>
            {p.text && <p class="plain-text muted">{p.text}</p>}
            {p.answer && <blockquote class="plain-text">{p.answer}</blockquote>}
          </li>
        ))}
      </ul>
      {byNumber && <p class="no-print"><ReportButton attempt={attempt} item={null} onChange={load} /></p>}
    </section>
  );
}
