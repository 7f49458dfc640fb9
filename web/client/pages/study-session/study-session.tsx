/* A study session: answer, check, read why, go on. The check is the answer being saved: the server sends the explanation only for an answer that
 * is durable. */
import type { ComponentChild } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Response } from '../../api/types.ts';
import type { AttemptSession, Live } from '../../attempt/session.ts';
import { FeedbackView, Outcome } from '../../items/feedback.tsx';
import { Item } from '../../items/item.tsx';
import { announce } from '../../parts/announce/announce.tsx';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { useTitle } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { ReportButton } from '../../parts/problem/button.tsx';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { maybe, t } from '../../texts/index.ts';
import { Confidence } from '../exam/confidence.tsx';
import { useDocs } from '../exam/docs-view.ts';
import { ExamHead } from '../exam/exam-head.tsx';
import { noteOf, Notes } from '../exam/notes.tsx';
import { SaveBanner } from '../exam/save-status.tsx';
import { StudyHelp } from './study-help.tsx';
import { useStudyKeys } from './study-keys.ts';

/* The first question without an answer after `from`, going round; null when all have one. Pure. */
export function nextOpen(items: readonly Pick<Live, 'response'>[], from: number): number | null {
  for (let i = 1; i <= items.length; i++) {
    const at = (from + i) % items.length;
    if (items[at]!.response === null) return at;
  }
  return null;
}

interface QuestionProps { session: AttemptSession; item: Live; onNext: () => void; last: boolean; aside: ComponentChild; onDoc: (id: string) => void }

function Question({ session, item, onNext, last, aside, onDoc }: QuestionProps) {
  const [draft, setDraft] = useState<Response | null>(item.response);
  const [confidence, setConfidence] = useState(item.confidence);
  const [notesOpen, setNotesOpen] = useState(noteOf(item).text !== '');
  const outcome = useRef<HTMLDivElement>(null);
  const attempt = session.attempt!;
  const lang = attempt.bank.language;
  const [again, setAgain] = useState(false);
  const f = again ? undefined : item.feedback;
  const waits = !item.feedback && item.response !== null && !item.refused && session.isPending(item);
  /* Saved, and no word about it: the question is on an exam of one's own that runs. */
  const withheld = !item.feedback && item.response !== null && !item.refused && !waits;
  /* A task is checked at its own place of work, as often as one likes; the answer only says that it is done. */
  const isTask = item.kind === 'task';

  const had = useRef(!!f);
  useEffect(() => {
    if (f && !had.current) {
      announce(t(`outcome.${f.outcome}`));
      outcome.current?.focus();
    }
    had.current = !!f;
  }, [f]);

  const check = (): void => {
    if (f || draft === null) return;
    item.confidence = confidence;
    delete item.feedback; /* it belongs to the answer before */
    setAgain(false);
    session.answer(item, draft, 0);
  };
  const strike = (id: string): void => {
    const note = noteOf(item);
    session.setNote(item, { ...note, struck: note.struck.includes(id) ? note.struck.filter((s) => s !== id) : [...note.struck, id] });
  };
  const leaveTask = (): void => {
    if (item.response === null) session.answer(item, { done: true }, 0);
    onNext();
  };
  useStudyKeys({ check: () => (isTask ? leaveTask() : f || withheld ? onNext() : check()), flag: () => session.setFlag(item, !item.flagged), notes: () => setNotesOpen(!notesOpen) });

  return (
    <>
      {item.refused && <Notice tone="bad"><p>{t('exam.refused', { reason: maybe(`problem.${item.refused}`) ?? item.refused })}</p></Notice>}
      <Item session={session} aside={aside} onDoc={onDoc} item={item} response={f || isTask ? item.response : draft} locked={!isTask && (!!f || waits || withheld)} feedback={f} struck={noteOf(item).struck} lang={lang} onStrike={strike} onAnswer={isTask ? (r) => session.answer(item, r, 0) : setDraft} />
      {attempt.rules.confidence && !f && !isTask && <Confidence value={confidence} disabled={waits || withheld} onChange={setConfidence} />}
      {f && (
        <div ref={outcome} class={`study-outcome study-${f.outcome}`} tabIndex={-1} role="group" aria-label={t('study.outcome')}>
          <h2><Outcome outcome={f.outcome} points={f.points} max={f.max} /></h2>
          <FeedbackView item={item} response={item.response} feedback={f} lang={lang} />
          <p><ReportButton attempt={session.id} item={item.id} /></p>
        </div>
      )}
      {(isTask || withheld) && <p><ReportButton attempt={session.id} item={item.id} /></p>}
      {withheld && !isTask && <Notice tone="info"><p>{t('study.withheld')}</p></Notice>}
      {notesOpen && <Notes session={session} item={item} />}
      <div class="question-foot">
        <button type="button" class="button button-quiet" aria-pressed={item.flagged} onClick={() => session.setFlag(item, !item.flagged)}><Icon name="flag" /> {t('toolbar.flag')}</button>
        {f && !isTask && f.outcome !== 'right' && <button type="button" class="button button-quiet" onClick={() => setAgain(true)}>{t('study.again')}</button>}
        {f || withheld || isTask ? (
          <button type="button" class="button" onClick={isTask ? leaveTask : onNext}>{last ? t('study.finish') : t('study.next')} <Icon name="next" /></button>
        ) : (
          <button type="button" class="button" disabled={draft === null || waits} onClick={check}>{waits ? t('study.checking') : t('study.check')}</button>
        )}
      </div>
    </>
  );
}

export function StudySession({ session }: { session: AttemptSession }) {
  const [dialog, setDialog] = useState<'end' | 'help' | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [docsOpen, setDocsOpen] = useState(false);
  const [doc, setDoc] = useState<string | null>(null);
  const Docs = useDocs(docsOpen);
  const head = useRef<HTMLHeadingElement>(null);
  const attempt = session.attempt!;
  const item = session.item;
  const checked = session.items.filter((i) => i.response !== null).length;
  const right = session.items.filter((i) => i.feedback?.outcome === 'right').length;
  useTitle(t('study.sessionTitle', { exam: attempt.title }));

  /* Opened in the middle: on with the first question that has no answer yet. */
  useEffect(() => {
    if (session.item && session.item.response !== null) {
      const open = nextOpen(session.items, session.current);
      if (open !== null) session.go(open);
    }
  }, []);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) head.current?.focus();
    first.current = false;
  }, [item?.id]);

  const next = (): void => {
    const at = nextOpen(session.items, session.current);
    if (at === null) setDialog('end');
    else session.go(at);
  };
  const end = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await session.submit();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };

  if (!item) return null;
  const openLeft = nextOpen(session.items, session.current);
  const isTask = item.kind === 'task';
  const hasDocs = isTask && !!attempt.docs?.length;
  return (
    <div class="frame frame-exam">
      <ExamHead session={session} title={attempt.title} answered={checked} total={session.items.length} onHelp={() => setDialog('help')} />
      <main id="main" class={`exam-main ${isTask ? 'has-task' : 'page-narrow'}`} tabIndex={-1}>
        <div class="exam-banners"><SaveBanner session={session} /></div>
        <article class="exam-question" aria-labelledby="question-title">
          <div class="question-head">
            <h1 id="question-title" ref={head} tabIndex={-1}>{t('exam.question', { n: item.n, total: session.items.length })}</h1>
            <p class="muted">{t('study.soFar', { right, n: checked })}</p>
            <div class="toolbar">
              {hasDocs && <button type="button" class="tool" aria-expanded={docsOpen} onClick={() => { setDoc(null); setDocsOpen(!docsOpen); }}><Icon name="book" /> {t('toolbar.docs')}</button>}
              <button type="button" class="tool" onClick={() => setDialog('end')}>{t('study.end')}</button>
            </div>
          </div>
          <Question key={item.id} session={session} item={item} onNext={next} last={openLeft === null} aside={Docs && hasDocs && <Docs attempt={session.id} docs={attempt.docs} urls={[]} first={doc} lang={attempt.bank.language} onClose={() => setDocsOpen(false)} />} onDoc={(id) => { setDoc(id); setDocsOpen(true); }} />
        </article>
      </main>
      {dialog === 'help' && <StudyHelp onClose={() => setDialog(null)} />}
      {dialog === 'end' && (
        <Dialog
          title={t('study.endTitle')}
          onClose={() => setDialog(null)}
          actions={
            <>
              <button type="button" class="button button-quiet" onClick={() => setDialog(null)}>{t('study.goOn')}</button>
              <button type="button" class="button" disabled={busy} onClick={() => void end()}>{t('study.endNow')}</button>
            </>
          }
        >
          <p>{t('study.endText', { right, n: checked, total: session.items.length })}</p>
          {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
        </Dialog>
      )}
    </div>
  );
}
