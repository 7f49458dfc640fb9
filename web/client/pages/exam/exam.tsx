/* The running exam: one question at a time, with everything a person may want around it and nothing that distracts. State and rules are in
 * attempt/session.ts; this file puts the parts together and connects keyboard and buttons. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { preferences, setPreferences, zoomStep } from '../../app/preferences.ts';
import { navigate } from '../../app/router.ts';
import type { AttemptSession } from '../../attempt/session.ts';
import { Item } from '../../items/item.tsx';
import { announce } from '../../parts/announce/announce.tsx';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { useLatest, useTitle } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { Notice } from '../../parts/states/states.tsx';
import { maybe, t } from '../../texts/index.ts';
import { Confidence } from './confidence.tsx';
import { useDocs } from './docs-view.ts';
import { ExamHead } from './exam-head.tsx';
import { Help } from './help.tsx';
import { canHighlight, HighlightDialog, toggleSelection, usePaint } from './highlighting.tsx';
import { keyAction, typed, type Action } from './keys.ts';
import { noteOf, Notes } from './notes.tsx';
import { Palette } from './palette.tsx';
import { SaveBanner } from './save-status.tsx';
import { Toolbar } from './toolbar.tsx';

type Open = 'help' | 'palette' | 'highlight' | 'skip' | null;

/* Strikes out the answer that has the focus. */
function strikeFocused(strike: (id: string) => void): void {
  const id = document.activeElement?.closest('.option')?.querySelector<HTMLInputElement>('[data-option-id]')?.dataset.optionId;
  if (id) strike(id);
}

export function Exam({ session }: { session: AttemptSession }) {
  const [open, setOpen] = useState<Open>(null);
  const [notesOpen, setNotesOpen] = useState(false);
  const [docsOpen, setDocsOpen] = useState(false);
  const [doc, setDoc] = useState<string | null>(null); /* the page of documentation that a task names */
  const head = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  const attempt = session.attempt!;
  const item = session.item;
  const total = attempt.sections.reduce((n, s) => n + (s.break ? 0 : s.count), 0);
  const last = session.current === session.items.length - 1;
  const hasDocs = attempt.rules.docs !== 'closed' && !!(attempt.docs?.length || attempt.rules.doc_urls?.length);
  const Docs = useDocs(docsOpen && hasDocs);
  const isTask = item?.kind === 'task';
  const docs = Docs && <Docs attempt={session.id} docs={attempt.docs} urls={attempt.rules.doc_urls ?? []} first={doc} lang={attempt.bank.language} onClose={() => setDocsOpen(false)} />;

  useTitle(item ? t('exam.title', { n: item.n, exam: attempt.title }) : attempt.title);
  usePaint(body, item);
  useEffect(() => {
    if (!first.current) head.current?.focus();
    first.current = false;
    setNotesOpen(!!item && noteOf(item).text !== '');
  }, [item?.id]);

  const review = (): void => navigate(`/attempts/${session.id}/review`);
  const next = (sure = false): void => {
    if (!sure && item && session.noReturn(item) && item.response === null && !last) return setOpen('skip');
    setOpen(null);
    if (last) review();
    else session.go(session.current + 1);
  };
  const strike = (id: string): void => {
    if (!item) return;
    const note = noteOf(item);
    const on = note.struck.includes(id);
    session.setNote(item, { ...note, struck: on ? note.struck.filter((s) => s !== id) : [...note.struck, id] });
    announce(t(on ? 'choice.unstruckNow' : 'choice.struckNow'));
  };
  const goFromPalette = (index: number): void => {
    setOpen(null);
    session.go(index);
  };

  const act: Record<Action, () => void> = {
    next: () => next(),
    previous: () => session.go(session.current - 1),
    flag: () => {
      if (!item) return;
      session.setFlag(item, !item.flagged);
      announce(t(item.flagged ? 'exam.flagged' : 'exam.unflagged'));
    },
    strike: () => strikeFocused(strike),
    highlight: () => {
      if (item && canHighlight() && !toggleSelection(session, item, body.current)) setOpen('highlight');
    },
    notes: () => setNotesOpen(!notesOpen),
    docs: () => {
      setDoc(null);
      if (hasDocs) setDocsOpen(!docsOpen);
    },
    clock: () => setPreferences({ clockHidden: !preferences().clockHidden }),
    palette: () => {
      const side = document.querySelector<HTMLElement>('.exam-side [aria-current]');
      if (side?.offsetParent) side.focus();
      else setOpen('palette');
    },
    review,
    help: () => setOpen('help'),
    'zoom-in': () => setPreferences({ zoom: zoomStep(preferences().zoom, 1) }),
    'zoom-out': () => setPreferences({ zoom: zoomStep(preferences().zoom, -1) }),
  };
  const latest = useLatest({ act, open });

  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || latest.current.open) return;
      const found = keyAction({ key: e.key, ctrl: e.ctrlKey, alt: e.altKey, meta: e.metaKey }, { typing: typed(e), singleKeys: preferences().singleKeys });
      if (!found) return;
      e.preventDefault();
      if ('action' in found) latest.current.act[found.action]();
      else {
        const input = document.querySelector<HTMLInputElement>(`.item [data-option="${found.choose}"]`);
        input?.focus();
        if (input && !input.disabled) input.click();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  if (!item) return null;
  const section = attempt.sections[item.section];
  const locked = session.isClosed(item);
  const answered = session.items.filter((i) => i.response !== null).length;
  return (
    <div class="frame frame-exam">
      <ExamHead session={session} title={attempt.title} answered={answered} total={total} onHelp={act.help} />
      <main id="main" class={`exam-main ${isTask ? 'has-task' : Docs ? 'has-docs' : ''}`} tabIndex={-1}>
        <div class="exam-banners"><SaveBanner session={session} /></div>
        <div class="exam-columns">
          <article class="exam-question" aria-labelledby="question-title">
            <div class="question-head">
              <h1 id="question-title" ref={head} tabIndex={-1}>
                {t('exam.question', { n: item.n, total })}
                {item.flagged && <span class="flag-badge"><Icon name="flag" /> {t('palette.flagged')}</span>}
              </h1>
              {section && attempt.sections.length > 1 && <p class="muted question-section">{section.title}</p>}
              <Toolbar item={item} act={act} notesOpen={notesOpen} docsOpen={docsOpen} hasDocs={hasDocs} canHighlight={canHighlight()} />
            </div>
            {item.refused && <Notice tone="bad">{t('exam.refused', { reason: maybe(`problem.${item.refused}`) ?? item.refused })}</Notice>}
            {item.late && <Notice tone="info">{t('exam.late')}</Notice>}
            <Item
              key={item.id}
              body={body}
              item={item}
              response={item.response}
              locked={locked}
              struck={noteOf(item).struck}
              lang={attempt.bank.language}
              onStrike={strike}
              onAnswer={(r, quiet) => session.answer(item, r, quiet)}
              session={session}
              aside={isTask ? docs : null}
              onDoc={(id) => {
                setDoc(id);
                setDocsOpen(true);
              }}
            />
            {item.response !== null && !locked && !isTask && (
              <p><button type="button" class="button-link clear-answer" onClick={() => session.answer(item, null, 0)}>{t('exam.clear')}</button></p>
            )}
            {attempt.rules.confidence && <Confidence value={item.confidence} disabled={locked} onChange={(c) => session.setConfidence(item, c)} />}
            {notesOpen && <Notes key={item.id} session={session} item={item} />}
            <div class="question-foot">
              {!session.noReturn(item) && (
                <button type="button" class="button button-quiet" disabled={!session.canGo(session.current - 1)} onClick={act.previous}><Icon name="back" /> <span class="short-narrow">{t('exam.previous')}</span></button>
              )}
              <button type="button" class="button button-quiet only-narrow" onClick={() => setOpen('palette')}>
                <Icon name="grid" /> <span aria-hidden="true">{answered}/{total}</span><span class="sr-only">{t('palette.open', { n: answered, total })}</span>
              </button>
              <button type="button" class="button" onClick={() => next()}>{last ? t('exam.toReview') : t('exam.next')} <Icon name="next" /></button>
            </div>
          </article>
          {!isTask && docs}
          <div class="exam-side">
            <p class="palette-count">{t('palette.count', { n: answered, total })}</p>
            <Palette session={session} onGo={goFromPalette} />
            <p><button type="button" class="button button-quiet button-wide" onClick={review}>{t('exam.toReview')}</button></p>
          </div>
        </div>
      </main>
      {open === 'help' && <Help onClose={() => setOpen(null)} without={[...(hasDocs ? [] : ['docs' as const]), ...(canHighlight() ? [] : ['highlight' as const])]} />}
      {open === 'highlight' && body.current && <HighlightDialog session={session} item={item} body={body.current} onClose={() => setOpen(null)} />}
      {open === 'palette' && (
        <Dialog title={t('palette.title')} onClose={() => setOpen(null)} actions={<button type="button" class="button button-quiet" onClick={review}>{t('exam.toReview')}</button>}>
          <p>{t('palette.count', { n: answered, total })}</p>
          <Palette session={session} onGo={goFromPalette} />
        </Dialog>
      )}
      {open === 'skip' && (
        <Dialog
          title={t('skip.title')}
          onClose={() => setOpen(null)}
          actions={
            <>
              <button type="button" class="button button-quiet" onClick={() => setOpen(null)}>{t('skip.stay')}</button>
              <button type="button" class="button" onClick={() => next(true)}>{t('skip.go')}</button>
            </>
          }
        >
          <p>{t('skip.text')}</p>
        </Dialog>
      )}
    </div>
  );
}
