/* /attempts/ID/review: everything at a glance before it is handed in, and the button that does it. Of an exam with sections: before the open section
 * is left. Nothing is handed in while an answer has not reached the server. */
import { useEffect, useState } from 'preact/hooks';
import { navigate, type PageProps } from '../../app/router.ts';
import { useSession } from '../../attempt/registry.ts';
import type { AttemptSession } from '../../attempt/session.ts';
import { unsavedFiles } from '../../hands-on/unsaved.ts';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { useTitle } from '../../parts/hooks.ts';
import { plainText } from '../../parts/html/html.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { maybe, t } from '../../texts/index.ts';
import { Gate } from '../attempt/gate.tsx';
import { ExamHead } from '../exam/exam-head.tsx';
import { Help } from '../exam/help.tsx';
import { answerWord } from '../exam/palette.tsx';
import { SaveBanner } from '../exam/save-status.tsx';

const STEM_MAX = 90; /* characters of a question, to know it by */

/* A text's first words, with a sign that more follow. Pure. */
export function beginning(text: string, most: number): string {
  const words = text.replace(/\s+/g, ' ').trim();
  return words.length <= most ? words : `${words.slice(0, most).replace(/\s+\S*$/, '')} …`;
}

type Filter = 'all' | 'unanswered' | 'flagged';

/* What the end of this page leads to: the next section, a break, or the end. */
function isLastSection(session: AttemptSession): boolean {
  const sections = session.attempt!.sections;
  const at = sections.findIndex((s) => s.state === 'open');
  return !sections.slice(at + 1).some((s) => !s.break);
}

function Review({ session }: { session: AttemptSession }) {
  const attempt = session.attempt!;
  const [filter, setFilter] = useState<Filter>('all');
  const [dialog, setDialog] = useState<'end' | 'help' | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useTitle(t('review.title'));

  const here = session.items.filter((i) => attempt.sections[i.section]?.state === 'open');
  const unanswered = here.filter((i) => i.response === null);
  const flagged = here.filter((i) => i.flagged);
  const shown = filter === 'all' ? here : filter === 'flagged' ? flagged : unanswered;
  const last = isLastSection(session);
  const waiting = session.waitingCount();
  const unsaved = unsavedFiles(session.id);
  const total = attempt.sections.reduce((n, s) => n + (s.break ? 0 : s.count), 0);

  const go = (id: string): void => {
    session.go(session.items.findIndex((i) => i.id === id));
    navigate(`/attempts/${session.id}#${session.item?.n ?? 1}`);
  };
  const end = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      if (last) await session.submit();
      else {
        await session.leaveSection();
        navigate(`/attempts/${session.id}`, true);
      }
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };
  const tab = (f: Filter, n: number) => (
    <label>
      <input type="radio" name="filter" checked={filter === f} onChange={() => setFilter(f)} />
      <span>{t(`review.${f}`)} <small>{n}</small></span>
    </label>
  );

  return (
    <div class="frame frame-exam">
      <ExamHead session={session} title={attempt.title} answered={session.items.filter((i) => i.response !== null).length} total={total} onHelp={() => setDialog('help')} />
      <main id="main" class="exam-main page-narrow" tabIndex={-1}>
        <div class="exam-banners"><SaveBanner session={session} /></div>
        <div class="stack">
          <h1 class="title">{last ? t('review.title') : t('review.sectionTitle', { section: session.section?.title ?? '' })}</h1>
          <p class="lead">
            {unanswered.length === 0 ? t('review.allAnswered', { n: here.length }) : t('review.someUnanswered', { n: unanswered.length, total: here.length })}{' '}
            {flagged.length > 0 && t('review.someFlagged', { n: flagged.length })}
          </p>
          <fieldset class="segments">
            <legend class="sr-only">{t('review.filter')}</legend>
            {tab('all', here.length)}
            {tab('unanswered', unanswered.length)}
            {tab('flagged', flagged.length)}
          </fieldset>
        </div>
        {shown.length === 0 && <p class="muted">{t('review.none')}</p>}
        <ol class="review-list">
          {shown.map((i) => {
            const open = !session.isClosed(i) && (!session.noReturn(i) || i === session.item);
            return (
              <li key={i.id} class={i.response === null ? 'is-unanswered' : ''}>
                <button type="button" class="review-item" disabled={!open} onClick={() => go(i.id)}>
                  <span class="review-number">{i.n}</span>
                  <span class="grow">
                    <span>
                      <span class="review-state">{i.kind === 'task' && <Icon name="terminal" />} {answerWord(session.id, i)}</span>
                      {i.confidence !== null && <span class="muted"> · {maybe(`confidence.${i.confidence}`)}</span>}
                    </span>
                    <span class="review-stem" lang={attempt.bank.language} dir="auto">{beginning(plainText(i.stem), STEM_MAX)}</span>
                  </span>
                  {i.flagged && <span class="flag-badge"><Icon name="flag" /> <span>{t('palette.flagged')}</span></span>}
                  {!open && <Icon name="lock" />}
                  {open && <span class="review-go"><span>{t('review.go')}</span> <Icon name="next" /></span>}
                </button>
              </li>
            );
          })}
        </ol>
        <div class="question-foot">
          <button type="button" class="button button-quiet" onClick={() => navigate(`/attempts/${session.id}`)}><Icon name="back" /> {t('review.back')}</button>
          <button type="button" class="button" onClick={() => setDialog('end')}>{last ? t('review.submit') : t('review.leaveSection')}</button>
        </div>
      </main>
      {dialog === 'help' && <Help onClose={() => setDialog(null)} without={[]} />}
      {dialog === 'end' && (
        <Dialog
          title={last ? t('review.submitTitle') : t('review.leaveTitle')}
          onClose={() => setDialog(null)}
          actions={
            <>
              <button type="button" class="button button-quiet" onClick={() => setDialog(null)}>{t('review.notYet')}</button>
              <button type="button" class="button" disabled={busy || waiting > 0} onClick={() => void end()}>{last ? t('review.submit') : t('review.leaveSection')}</button>
            </>
          }
        >
          {unanswered.length > 0 && <p><strong>{t('review.unansweredWarning', { n: unanswered.length })}</strong></p>}
          <p>{last ? t('review.submitText') : t('review.leaveText')}</p>
          {unsaved > 0 && <Notice tone="warn" icon="file"><p>{t('review.unsaved', { n: unsaved })}</p></Notice>}
          {waiting > 0 && <Notice tone="warn" icon="cloud"><p>{t('review.waiting', { n: waiting })}</p></Notice>}
          {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
        </Dialog>
      )}
    </div>
  );
}

export default function ReviewPage({ params }: PageProps) {
  const id = params[0]!;
  const session = useSession(id);
  const away = session.phase === 'ended' ? `/attempts/${id}/result${session.tooLate ? `?late=${session.tooLate}` : ''}` : session.phase === 'live' && (session.attempt?.mode === 'study' || session.attempt?.state === 'on-break') ? `/attempts/${id}` : null;
  useEffect(() => {
    if (away) navigate(away, true);
  }, [away]);
  return <Gate session={session}>{() => (away ? null : <Review session={session} />)}</Gate>;
}
