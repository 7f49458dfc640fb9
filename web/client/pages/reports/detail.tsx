/* One question: as candidates see it with its key, what was reported, how it behaves, what was done; and for operators how past exams score it. */
import { useState } from 'preact/hooks';
import { changeIssue, showIssue, type Change, type IssueDetail } from '../../api/reports.ts';
import { currentSession, Problem } from '../../api/http.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { errorText, Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { dateTime, t } from '../../texts/index.ts';
import { Care } from './care.tsx';
import { FiguresView } from './figures.tsx';
import { Question } from './question.tsx';
import { Rescore } from './rescore.tsx';

function Said({ issue }: { issue: IssueDetail }) {
  return (
    <section class="card" aria-labelledby="said-title">
      <h2 id="said-title">{t('reports.said', { n: issue.problems.length })}</h2>
      {issue.problems.length === 0 && <p class="muted">{t('reports.nobodySaid')}</p>}
      <ul class="said">
        {issue.problems.map((p, i) => (
          <li key={i} data-problem={p.kind}>
            <p><strong>{t(`reports.kind.${p.kind}`)}</strong> <span class="muted">{dateTime(p.at)}{p.study && <> · {t('reports.fromStudy')}</>}{!p.open && <> · {t('reports.decided')}</>}</span></p>
            {p.text && <p class="plain-text">{p.text}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function History({ issue }: { issue: IssueDetail }) {
  if (!issue.history.length) return null;
  return (
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">{t('reports.history')}</h2>
      <ol class="issue-history">
        {issue.history.map((e, i) => (
          <li key={i} data-entry={e.what}>
            <p class="muted">{dateTime(e.at)} · {e.what === 'reopened' ? t('reports.itself') : e.who} · {t(`reports.did.${e.what}`)}</p>
            {e.what !== 'reopened' && <p class="plain-text">{e.what === 'state' ? t(`reports.state.${e.text as 'open'}`) : e.text || t('reports.nobody')}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Detail({ bank, item }: { bank: string; item: string }) {
  const loaded = useLoad(() => showIssue(bank, item), [bank, item]);
  const [changed, setChanged] = useState<IssueDetail | null>(null);
  const [error, setError] = useState<unknown>(null);
  const issue = changed ?? (loaded.state === 'ready' ? loaded.value : null);
  const title = issue?.today?.title ?? issue?.reported?.title ?? item;
  useTitle(title);
  if (loaded.state === 'failed' && !issue) return <Failed error={loaded.error} retry={loaded.retry} />;
  if (!issue) return <Loading />;
  const again = async (): Promise<void> => setChanged(await showIssue(bank, item));
  const change = async (c: Omit<Change, 'seen'>): Promise<boolean> => {
    setError(null);
    try {
      setChanged(await changeIssue(bank, item, { ...c, seen: issue.seen }));
      announce(t('reports.saved'));
      return true;
    } catch (e) {
      setError(e);
      if (e instanceof Problem && e.code === 'conflict') await again().catch(() => {});
      return false;
    }
  };
  const session = currentSession();
  const operator = !session?.accounts || session.account?.role === 'operator';
  const conflict = error instanceof Problem && error.code === 'conflict';
  return (
    <div class="reports">
      <p><a href="/reports">{t('reports.back')}</a></p>
      <h1 class="title">{title}</h1>
      <p class="muted"><code>{bank}/{item}</code> <span class={`issue-state issue-${issue.state}`}>{t(`reports.state.${issue.state}`)}</span></p>
      {error !== null && <Notice tone="bad"><p role="alert">{conflict ? t('reports.conflict') : errorText(error)}</p></Notice>}
      <div class="reports-sides">
        <div class="stack">
          <Said issue={issue} />
          <Question issue={issue} />
          <FiguresView bank={bank} item={item} />
        </div>
        <div class="stack">
          <Care issue={issue} change={change} />
          {operator && <Rescore bank={bank} item={item} issue={issue} onDone={() => void again()} />}
          <History issue={issue} />
        </div>
      </div>
    </div>
  );
}
