/* What is wrong with a question: what kind of problem, and in words. One report for each question; while it is open it can be changed and
 * withdrawn, and then its state and the authors' answer are shown. */
import { useEffect, useId, useState } from 'preact/hooks';
import { KINDS, report, reports, withdraw, type Kind, type Report, type Reports } from '../../api/reports.ts';
import { t } from '../../texts/index.ts';
import { announce } from '../announce/announce.tsx';
import { Dialog } from '../dialog/dialog.tsx';
import { errorText, Loading, Notice } from '../states/states.tsx';

export interface ProblemProps { attempt: string; item: string | null; onClose: () => void }

const BYTES_MAX = 4000;
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

export function ReportState({ report: r }: { report: Report }) {
  return (
    <>
      <p>{t('report.state')} <strong>{t(`report.state.${r.state}`)}</strong></p>
      {r.answer && <blockquote class="plain-text">{r.answer}</blockquote>}
    </>
  );
}

export function ProblemDialog({ attempt, item, onClose }: ProblemProps) {
  const id = useId();
  const [all, setAll] = useState<Reports | null>(null);
  const [number, setNumber] = useState('');
  const [kind, setKind] = useState<Kind | null>(null);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const mine = (list: Reports): Report | undefined => list.problems.filter((p) => (item ? p.item === item : String(p.number) === number)).pop();
  const had = all ? mine(all) : undefined;
  const place = Number(number);
  const chosen = item ?? (all && Number.isInteger(place) && place >= 1 && place <= all.items ? number : null);
  const tooLong = bytesOf(text) > BYTES_MAX;

  const fill = (r: Report | undefined): void => {
    setKind(r?.kind ?? null);
    setText(r?.text ?? '');
  };
  useEffect(() => {
    reports(attempt).then((list) => {
      setAll(list);
      fill(mine(list));
    }, setError);
  }, []);
  const run = async (work: () => Promise<unknown>, said: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
      announce(said);
      onClose();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };
  const locked = had !== undefined && !had.open;
  const send = (): void => void (chosen && kind && run(() => report(attempt, chosen, { kind, text: text.trim() }), t('report.sent')));

  return (
    <Dialog
      title={t('report.title')}
      onClose={onClose}
      actions={
        <>
          {had?.open && <button type="button" class="button button-quiet" disabled={busy} onClick={() => void run(() => withdraw(attempt, item ?? number), t('report.withdrawn'))}>{t('report.withdraw')}</button>}
          <button type="button" class="button button-quiet" onClick={onClose}>{t(locked ? 'report.close' : 'report.cancel')}</button>
          {!locked && <button type="button" class="button" disabled={busy || !chosen || !kind || tooLong || (kind === 'other' && !text.trim())} onClick={send}>{t(had ? 'report.change' : 'report.send')}</button>}
        </>
      }
    >
      {!all && error === null && <Loading />}
      {had && <ReportState report={had} />}
      {all && !item && (
        <div class="field">
          <label for={`${id}-number`}>{t('report.number')}</label>
          <input id={`${id}-number`} class="input-number" type="text" inputMode="numeric" value={number} aria-describedby={`${id}-range`} onInput={(e) => setNumber(e.currentTarget.value.trim())} onChange={() => had && fill(had)} />
          <small id={`${id}-range`}>{t('report.range', { n: all.items })}</small>
        </div>
      )}
      {all && !locked && (
        <>
          <p>{t('report.text')}</p>
          <fieldset class="field">
            <legend>{t('report.kind')}</legend>
            {KINDS.map((k) => (
              <label class="line" key={k}>
                <input type="radio" name={`${id}-kind`} checked={kind === k} onChange={() => setKind(k)} />
                <span>{t(`report.kind.${k}`)}</span>
              </label>
            ))}
          </fieldset>
          <div class="field">
            <label for={`${id}-text`}>{t('report.words')}</label>
            <textarea id={`${id}-text`} rows={4} value={text} aria-invalid={tooLong} onInput={(e) => setText(e.currentTarget.value)} />
          </div>
          {tooLong && <Notice tone="bad"><p>{t('report.tooLong', { n: BYTES_MAX })}</p></Notice>}
        </>
      )}
      {error !== null && <Notice tone="bad"><p role="alert">{errorText(error)}</p></Notice>}
    </Dialog>
  );
}
