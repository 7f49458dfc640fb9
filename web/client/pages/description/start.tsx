/* The last step before the clock starts. Before the first attempt three questions are asked, once and skippable; the result compares the answers
 * with the outcome. The attempt begins only when the button is pressed, so nobody pays for reading with exam time. */
import { useId, useState } from 'preact/hooks';
import * as calls from '../../api/calls.ts';
import { Problem } from '../../api/http.ts';
import type { ExamDetail, Expectation } from '../../api/types.ts';
import { navigate } from '../../app/router.ts';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { duration, percent, t } from '../../texts/index.ts';

const GOALS = ['pass', 'learn', 'refresh', 'curious'] as const;

interface Fields { goal: Expectation['goal'] | null; share: number | null; years: string }

/* What was filled in; nothing at all counts as skipped. Pure. */
export function expectationOf({ goal, share, years }: Fields): Expectation {
  const e: Expectation = {};
  if (goal) e.goal = goal;
  if (share !== null) e.expected_share = share / 100;
  const y = Number(years.replace(',', '.'));
  if (years.trim() !== '' && Number.isFinite(y) && y >= 0 && y <= 80) e.years = y;
  return Object.keys(e).length ? e : { skipped: true };
}

function Questions({ fields, set }: { fields: Fields; set: (f: Fields) => void }) {
  const id = useId();
  return (
    <div class="stack">
      <p>{t('expectation.why')}</p>
      <fieldset class="segments">
        <legend>{t('expectation.goal')}</legend>
        {GOALS.map((g) => (
          <label key={g}>
            <input type="radio" name={`${id}-goal`} checked={fields.goal === g} onChange={() => set({ ...fields, goal: g })} />
            <span>{t(`expectation.goal.${g}`)}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for={`${id}-share`}>{t('expectation.share')}</label>
        <div class="row">
          <input
            id={`${id}-share`}
            class="grow"
            type="range"
            min="0"
            max="100"
            step="5"
            value={fields.share ?? 50}
            aria-valuetext={fields.share === null ? t('expectation.notSaid') : percent(fields.share / 100)}
            onInput={(e) => set({ ...fields, share: Number(e.currentTarget.value) })}
          />
          <output class="zoom-value">{fields.share === null ? '–' : percent(fields.share / 100)}</output>
        </div>
      </div>
      <div class="field">
        <label for={`${id}-years`}>{t('expectation.years')}</label>
        <input id={`${id}-years`} class="input-number" type="text" inputMode="decimal" maxLength={5} autocomplete="off" value={fields.years} onInput={(e) => set({ ...fields, years: e.currentTarget.value })} />
      </div>
    </div>
  );
}

export function Start({ exam, onClose }: { exam: ExamDetail; onClose: () => void }) {
  const first = exam.attempts.done === 0;
  const [asking, setAsking] = useState(first);
  const [fields, setFields] = useState<Fields>({ goal: null, share: null, years: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const begin = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const attempt = await calls.begin({ exam: exam.id, mode: 'exam' });
      /* The questions are a courtesy: if they cannot be stored the exam starts all the same. */
      if (first) await calls.expectation(attempt.id, attempt.lease, expectationOf(fields)).catch(() => {});
      navigate(`/attempts/${attempt.id}`);
    } catch (e) {
      if (e instanceof Problem && e.code === 'attempt-running' && typeof e.extra.attempt === 'string') return navigate(`/attempts/${e.extra.attempt}`);
      setError(e);
      setBusy(false);
    }
  };

  if (asking) {
    return (
      <Dialog
        key="ask"
        title={t('expectation.title')}
        onClose={onClose}
        actions={
          <>
            <button type="button" class="button button-quiet" onClick={() => { setFields({ goal: null, share: null, years: '' }); setAsking(false); }}>{t('expectation.skip')}</button>
            <button type="button" class="button" onClick={() => setAsking(false)}>{t('expectation.next')}</button>
          </>
        }
      >
        <Questions fields={fields} set={setFields} />
      </Dialog>
    );
  }
  return (
    <Dialog
      key="start"
      title={t('start.title')}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" onClick={onClose}>{t('start.notYet')}</button>
          <button type="button" class="button" disabled={busy} onClick={() => void begin()}>{t('start.go')}</button>
        </>
      }
    >
      <ul class="ticks">
        {exam.duration_ms !== null && <li>{t('start.clock', { time: duration(exam.duration_ms) })}</li>}
        <li>{t('start.saved')}</li>
        <li>{t('start.keys')}</li>
      </ul>
      {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
    </Dialog>
  );
}
