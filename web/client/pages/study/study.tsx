/* /study/BANK/EXAM: what to study: which questions, which domains, how many. Starts a study session. Addresses of results lead here with the choice
 * made: ?domains=files,users&pool=missed */
import { useState } from 'preact/hooks';
import * as calls from '../../api/calls.ts';
import { Problem } from '../../api/http.ts';
import type { ExamDetail } from '../../api/types.ts';
import { navigate, type PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { errorText, Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { number, t } from '../../texts/index.ts';

export const POOLS = ['all', 'new', 'missed', 'flagged'] as const;
export type Pool = (typeof POOLS)[number];
const SIZES = [5, 10, 20, 40] as const;

/* How many questions a choice gives: of the pool, in the domains (none: all of them). Pure. */
export function available(study: ExamDetail['study'], pool: Pool, domains: readonly string[]): number {
  const of = (s: { total?: number; new: number; missed: number; flagged: number }): number => (pool === 'all' ? s.total ?? 0 : s[pool]);
  if (!domains.length) return of(study);
  return domains.reduce((n, d) => n + (study.by_domain[d] ? of(study.by_domain[d]) : 0), 0);
}

function Chooser({ exam, query }: { exam: ExamDetail; query: URLSearchParams }) {
  const known = exam.domains.map((d) => d.id);
  const [pool, setPool] = useState<Pool>(POOLS.find((p) => p === query.get('pool')) ?? 'all');
  const [domains, setDomains] = useState<string[]>((query.get('domains') ?? '').split(',').filter((d) => known.includes(d)));
  const [size, setSize] = useState(10);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const count = available(exam.study, pool, domains);
  const running = error instanceof Problem && error.code === 'attempt-running' ? error.extra.attempt : null;

  const begin = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const focus = { pool, items: Math.min(size, count), ...(domains.length ? { domains } : {}) };
      const attempt = await calls.begin({ exam: exam.id, mode: 'study', focus });
      navigate(`/attempts/${attempt.id}`);
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };
  const toggle = (id: string, on: boolean): void => setDomains(on ? [...domains, id] : domains.filter((d) => d !== id));

  return (
    <div class="study-chooser">
      <div class="page-head">
        <p class="kind"><a href={`/exams/${exam.id}`}>{exam.title}</a></p>
        <h1 class="title-large">{t('study.title')}</h1>
        <p class="lead">{t('study.lead')}</p>
      </div>
      <div class="description-columns">
        <div class="card stack-large">
          <fieldset class="choice-cards">
            <legend>{t('study.pool')}</legend>
            {POOLS.map((p) => {
              const n = available(exam.study, p, domains);
              return (
                <label key={p} class={n === 0 ? 'is-off' : ''}>
                  <input type="radio" name="pool" checked={pool === p} onChange={() => setPool(p)} />
                  <span><strong>{t(`study.pool.${p}`)}</strong> <small>{t('study.count', { n })}</small></span>
                </label>
              );
            })}
          </fieldset>
          <fieldset class="lines">
            <legend>{t('study.domains')}</legend>
            <p class="hint">{t('study.domainsHint')}</p>
            {exam.domains.map((d) => (
              <label key={d.id} class="line">
                <input type="checkbox" checked={domains.includes(d.id)} onChange={(e) => toggle(d.id, e.currentTarget.checked)} />
                <span class="grow">{d.title}</span>
                <span class="muted">{number(available(exam.study, pool, [d.id]))}</span>
              </label>
            ))}
          </fieldset>
        </div>
        <aside class="start-card" aria-label={t('study.session')}>
          <fieldset class="segments">
            <legend>{t('study.size')}</legend>
            {SIZES.map((s) => (
              <label key={s}><input type="radio" name="size" checked={size === s} onChange={() => setSize(s)} /><span>{number(s)}</span></label>
            ))}
          </fieldset>
          <p aria-live="polite">{count === 0 ? t('study.none') : t('study.ready', { n: Math.min(size, count) })}</p>
          <button type="button" class="button button-wide" disabled={busy || count === 0} onClick={() => void begin()}>{t('study.start')}</button>
          {error !== null && (
            <Notice tone={running ? 'info' : 'bad'}>
              <p>{errorText(error)} {typeof running === 'string' && <a href={`/attempts/${running}`}>{t('catalogue.continue')}</a>}</p>
            </Notice>
          )}
          <p class="hint">{t('study.how')}</p>
        </aside>
      </div>
    </div>
  );
}

export default function Study({ params, query }: PageProps) {
  const id = params[0]!;
  const loaded = useLoad(() => calls.exam(id), [id]);
  useTitle(t('study.title'));
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  return <Chooser exam={loaded.value} query={query} />;
}
