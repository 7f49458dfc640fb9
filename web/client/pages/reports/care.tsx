/* Who looks after a question, in what state it is, a comment for other authors, and what those who reported it are told. */
import { useId, useState } from 'preact/hooks';
import { STATES, type Change, type IssueDetail, type State } from '../../api/reports.ts';
import { currentSession } from '../../api/http.ts';
import { bytesOf } from '../../parts/problem/dialog.tsx';
import { t } from '../../texts/index.ts';

const BYTES_MAX = 4000;

interface Props { issue: IssueDetail; change: (c: Omit<Change, 'seen'>) => Promise<boolean> }

export function Care({ issue, change }: Props) {
  const id = useId();
  const [state, setState] = useState<State>(issue.state);
  const [owner, setOwner] = useState(issue.owner ?? '');
  const [answer, setAnswer] = useState(issue.answer ?? '');
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const me = currentSession()?.account?.name;
  const tooLong = bytesOf(answer) > BYTES_MAX || bytesOf(comment) > BYTES_MAX || bytesOf(owner) > 64;
  const c: Omit<Change, 'seen'> = {
    ...(state !== issue.state ? { state } : {}),
    ...(owner.trim() !== (issue.owner ?? '') ? { owner: owner.trim() } : {}),
    ...(answer.trim() !== (issue.answer ?? '') ? { answer: answer.trim() } : {}),
    ...(comment.trim() ? { comment: comment.trim() } : {}),
  };
  const closes = (state === 'fixed' || state === 'declined') && issue.open_reports > 0;
  const save = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    if (await change(c)) setComment('');
    setBusy(false);
  };
  return (
    <form class="card stack" aria-labelledby={`${id}-title`} onSubmit={(e) => void save(e)}>
      <h2 id={`${id}-title`}>{t('reports.care')}</h2>
      <fieldset class="segments">
        <legend>{t('reports.stateOf')}</legend>
        {STATES.map((s) => (
          <label key={s}>
            <input type="radio" name={`${id}-state`} value={s} checked={state === s} onChange={() => setState(s)} />
            <span>{t(`reports.state.${s}`)}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for={`${id}-owner`}>{t('reports.owner')}</label>
        <div class="row">
          <input id={`${id}-owner`} class="grow" type="text" value={owner} onInput={(e) => setOwner(e.currentTarget.value)} />
          {me && owner.trim() !== me && <button type="button" class="button button-quiet" onClick={() => setOwner(me)}>{t('reports.take')}</button>}
        </div>
      </div>
      <div class="field">
        <label for={`${id}-answer`}>{t('reports.answer')}</label>
        <textarea id={`${id}-answer`} rows={3} value={answer} aria-describedby={`${id}-hint`} onInput={(e) => setAnswer(e.currentTarget.value)} />
        <small id={`${id}-hint`}>{t('reports.answerHint')}</small>
      </div>
      <div class="field">
        <label for={`${id}-comment`}>{t('reports.comment')}</label>
        <textarea id={`${id}-comment`} rows={3} value={comment} aria-describedby={`${id}-own`} onInput={(e) => setComment(e.currentTarget.value)} />
        <small id={`${id}-own`}>{t('reports.commentHint')}</small>
      </div>
      {tooLong && <p class="field-bad" role="alert">{t('reports.tooLong', { n: BYTES_MAX })}</p>}
      {closes && <p class="muted">{t('reports.closes', { n: issue.open_reports })}</p>}
      <p><button type="submit" class="button" disabled={busy || tooLong || Object.keys(c).length === 0}>{t('reports.save')}</button></p>
    </form>
  );
}
