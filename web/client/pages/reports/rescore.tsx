/* For operators: how past exams score the question. First a picture of what would change, then the doing; the server goes through the attempts by
 * itself, and the page shows how far it is. */
import { useEffect, useId, useState } from 'preact/hooks';
import { correction, rescore, type Correction, type How, type IssueDetail, type Rescoring } from '../../api/reports.ts';
import { Problem } from '../../api/http.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { bytesOf } from '../../parts/problem/dialog.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { dateTime, number, percent, t } from '../../texts/index.ts';

const HOWS: readonly How[] = ['key', 'credit-all', 'drop', 'original'];
const AGAIN_MS = 700;
const LIST_MAX = 200;

function Numbers({ r }: { r: Rescoring }) {
  const facts: [string, number][] = [
    [t('rescore.attempts'), r.attempts],
    [t('rescore.up'), r.up],
    [t('rescore.down'), r.down],
    [t('rescore.same'), r.same],
    [t('rescore.newlyPassed'), r.newly_passed],
    [t('rescore.noLongerPassed'), r.no_longer_passed],
    [t('rescore.left'), r.left],
    [t('rescore.granted'), r.certificates.granted],
    [t('rescore.reissued'), r.certificates.reissued],
    [t('rescore.revoked'), r.certificates.revoked],
    [t('rescore.waiting'), r.waiting],
  ];
  return <dl class="measures">{facts.filter(([, n], i) => n > 0 || i < 3).map(([name, n]) => <div key={name}><dt>{name}</dt><dd>{number(n)}</dd></div>)}</dl>;
}

/* Before and after for each attempt: a line from the one score to the other, in the order of what changes. */
function Picture({ r }: { r: Rescoring }) {
  const rows = r.list ?? [];
  if (!rows.length) return null;
  return (
    <details>
      <summary>{t('rescore.list', { n: rows.length })}</summary>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={t('rescore.list', { n: rows.length })}>
        <table>
          <thead><tr><th scope="col">{t('rescore.attempt')}</th><th scope="col">{t('rescore.before')}</th><th scope="col">{t('rescore.after')}</th><th scope="col">{t('rescore.verdict')}</th></tr></thead>
          <tbody>
            {rows.slice(0, LIST_MAX).map((x) => (
              <tr key={x.attempt} data-attempt={x.attempt}>
                <th scope="row"><code>{x.attempt.slice(0, 8)}…</code></th>
                {x.outcome === 'left' ? <td colSpan={3}>{t('rescore.leftBecause', { why: x.why ?? '' })}</td> : (
                  <>
                    <td>{x.before === null ? '–' : percent(x.before, 1)}</td>
                    <td>{x.after === null ? '–' : percent(x.after, 1)}</td>
                    <td>{x.passed_before === x.passed_after ? '' : t(x.passed_after ? 'rescore.passes' : 'rescore.fails')}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Past({ r }: { r: Rescoring }) {
  return (
    <li>
      <p><strong>{t(`rescore.how.${r.how}`)}</strong> <span class="muted">{dateTime(r.at)} · {r.by}</span></p>
      <p class="plain-text">{r.reason}</p>
      <Numbers r={r} />
    </li>
  );
}

interface Props { bank: string; item: string; issue: IssueDetail; onDone: () => void }

export function Rescore({ bank, item, issue, onDone }: Props) {
  const id = useId();
  const [how, setHow] = useState<How>('key');
  const [otherwise, setOtherwise] = useState<How | ''>('');
  const [forms, setForms] = useState<'all' | 'old' | ''>('');
  const [reason, setReason] = useState('');
  const [seen, setSeen] = useState<{ of: string; r: Rescoring } | null>(null);
  const [running, setRunning] = useState<Rescoring | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const undoable = issue.corrections.length > 0 && issue.corrections[issue.corrections.length - 1]!.how !== 'original';
  const body: Correction = { how, reason: reason.trim(), ...(how === 'key' && otherwise ? { otherwise } : {}), ...(forms && (how === 'credit-all' || how === 'drop') ? { forms } : {}) };
  const of = JSON.stringify(body);
  const preview = seen?.of === of ? seen.r : null;
  const fits = body.reason !== '' && bytesOf(body.reason) <= 1000;

  useEffect(() => {
    if (running?.state !== 'running' || !running.id) return undefined;
    const timer = setTimeout(() => correction(running.id!).then(setRunning, setError), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [running]);
  useEffect(() => {
    if (running?.state !== 'done') return;
    announce(t('rescore.done'));
    onDone();
  }, [running?.state]);

  const run = async (dry: boolean): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { body: r } = await rescore(bank, item, { ...body, dry_run: dry });
      if (dry) setSeen({ of, r });
      else {
        setSeen(null);
        setRunning(r);
      }
    } catch (e) {
      setError(e);
    }
    setBusy(false);
  };
  const said = error instanceof Problem && error.detail && error.code !== 'forbidden' ? error.detail : errorText(error);

  return (
    <section class="card stack" aria-labelledby={`${id}-title`} data-rescore>
      <h2 id={`${id}-title`}>{t('rescore.title')}</h2>
      {issue.corrections.length > 0 && <ol class="corrections">{issue.corrections.map((r) => <Past key={r.id} r={r} />)}</ol>}
      <p class="muted">{t('rescore.text')}</p>
      <fieldset class="field">
        <legend>{t('rescore.how')}</legend>
        {HOWS.filter((h) => h !== 'original' || undoable).map((h) => (
          <label class="line" key={h}>
            <input type="radio" name={`${id}-how`} value={h} checked={how === h} onChange={() => setHow(h)} />
            <span>{t(`rescore.how.${h}`)} <small class="muted">{t(`rescore.hint.${h}`)}</small></span>
          </label>
        ))}
      </fieldset>
      {how === 'key' && (
        <label class="field"><span>{t('rescore.otherwise')}</span>
          <select value={otherwise} onChange={(e) => setOtherwise(e.currentTarget.value as How | '')}>
            <option value="">{t('rescore.leave')}</option>
            <option value="credit-all">{t('rescore.how.credit-all')}</option>
            <option value="drop">{t('rescore.how.drop')}</option>
          </select>
        </label>
      )}
      {(how === 'credit-all' || how === 'drop') && (
        <label class="field"><span>{t('rescore.forms')}</span>
          <select value={forms} onChange={(e) => setForms(e.currentTarget.value as 'all' | 'old' | '')}>
            <option value="">{t('rescore.formsEither')}</option>
            <option value="old">{t('rescore.formsOld')}</option>
            <option value="all">{t('rescore.formsAll')}</option>
          </select>
        </label>
      )}
      <div class="field">
        <label for={`${id}-reason`}>{t('rescore.reason')}</label>
        <textarea id={`${id}-reason`} rows={3} value={reason} aria-describedby={`${id}-told`} onInput={(e) => setReason(e.currentTarget.value)} />
        <small id={`${id}-told`}>{t('rescore.reasonHint')}</small>
      </div>
      {error !== null && <Notice tone="bad"><p role="alert">{said}</p></Notice>}
      <p class="row">
        <button type="button" class="button button-quiet" disabled={busy || !fits} onClick={() => void run(true)}>{t('rescore.preview')}</button>
      </p>
      {preview && (
        <div class="stack preview" role="group" aria-label={t('rescore.would')} data-preview>
          <h3>{t('rescore.would')}</h3>
          <Numbers r={preview} />
          <Picture r={preview} />
          <p><button type="button" class="button" disabled={busy} onClick={() => void run(false)}>{t('rescore.do')}</button></p>
        </div>
      )}
      {running && (
        <div class="stack" role="status" data-running={running.state}>
          <h3>{t(running.state === 'done' ? 'rescore.done' : 'rescore.running')}</h3>
          {running.state === 'done' && <Picture r={running} />}
        </div>
      )}
    </section>
  );
}
