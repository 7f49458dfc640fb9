/* One answer after the other: the answer on one side, the rubric on the other. */
import { useEffect, useRef } from 'preact/hooks';
import type * as calls from '../../api/marking.ts';
import { kindOf } from '../../items/kinds.ts';
import { announce } from '../../parts/announce/announce.tsx';
import { useChanges } from '../../parts/hooks.ts';
import { Html } from '../../parts/html/html.tsx';
import { Empty, errorText, Loading, Notice } from '../../parts/states/states.tsx';
import { number, t } from '../../texts/index.ts';
import { Panel } from './panel.tsx';
import type { Work } from './work.ts';

/* Typed words as they were typed; what is no text is shown as its kind shows it. */
function Response({ answer: a }: { answer: calls.Answer }) {
  if ('text' in a.response) return <p class="marking-answer" dir="auto">{a.response.text}</p>;
  const Show = kindOf(a.question.kind)?.Show;
  return Show ? <Show item={a.question} response={a.response} /> : <pre class="marking-answer">{JSON.stringify(a.response, null, 1)}</pre>;
}

function Sheet({ answer: a, at, all }: { answer: calls.Answer; at: number; all: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [a]);
  return (
    <article class="card marking-sheet">
      <p class="kind">{a.exam_title}</p>
      <h1 ref={heading} tabIndex={-1} class="title-small">{a.title || t('marking.answer')} <span class="muted marking-at">{t('marking.at', { n: at, all })}</span></h1>
      <details class="marking-question" open>
        <summary>{t('marking.question')}</summary>
        {a.question.case && <details class="case"><summary>{t('item.case')}: {a.question.case.title}</summary><Html html={a.question.case.html} level={2} /></details>}
        <Html html={a.question.stem} class="stem" level={2} />
      </details>
      <h2 class="marking-label">{t('marking.answer')}</h2>
      <Response answer={a} />
    </article>
  );
}

function LastOne({ work }: { work: Work }) {
  const last = work.last;
  if (work.missed) return <Notice tone="warn"><p>{t('marking.missed')}</p></Notice>;
  if (!last) return null;
  const undo = async (): Promise<void> => {
    if (await work.undo()) announce(t('marking.undone'));
  };
  return (
    <div class="marking-last">
      <span>{t('marking.saved', { points: number(last.points, 3), max: number(last.max, 3) })}</span>
      {last.undo ? <button type="button" class="button-link" disabled={work.busy} onClick={() => void undo()}>{t('marking.undo')}</button> : <span class="muted">{t('marking.stands')}</span>}
    </div>
  );
}

export function Bench({ work, back }: { work: Work; back: () => void }) {
  useChanges(work.onChange);
  useEffect(() => {
    void work.next();
  }, [work]);
  const a = work.answer;
  const done = !a && !work.busy && !work.error;
  return (
    <div class="marking-bench">
      <div class="marking-bar">
        <button type="button" class="button-link" onClick={back}>{t('marking.back')}</button>
        <LastOne work={work} />
      </div>
      {work.error !== null && !a && <Notice tone="bad"><p role="alert">{errorText(work.error)}</p><p><button type="button" class="button button-quiet" onClick={() => void work.next()}>{t('state.retry')}</button></p></Notice>}
      {a && (
        <div class="marking-sides">
          <Sheet answer={a} at={work.done + 1} all={work.done + work.waiting} />
          <Panel key={`${a.attempt}/${a.item}`} work={work} answer={a} />
        </div>
      )}
      {!a && work.busy && <Loading />}
      {done && <Empty><h1 class="title-small">{t('marking.allDone')}</h1><p>{t('marking.allDoneText', { n: work.done })}</p><button type="button" class="button" onClick={back}>{t('marking.back')}</button></Empty>}
    </div>
  );
}
