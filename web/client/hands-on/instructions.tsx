/* The left side of a task: what is to be done, what of it is ticked off, and in study mode hints, checks and the solution. */
import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import type { ControlProps } from '../items/kinds.ts';
import { announce } from '../parts/announce/announce.tsx';
import { Dialog } from '../parts/dialog/dialog.tsx';
import { Html } from '../parts/html/html.tsx';
import { Icon } from '../parts/icon/icon.tsx';
import { Notice } from '../parts/states/states.tsx';
import { duration, number, t } from '../texts/index.ts';
import { Checks, checksSummary } from './checks.tsx';
import type { Workplace } from './workplace.ts';

/* Facts about the task in one line of small print. */
function Facts({ item }: { item: ControlProps['item'] }) {
  const task = item.task!;
  const facts = [
    task.time_ms ? t('task.time', { time: duration(task.time_ms) }) : '',
    item.points !== undefined ? t('score.points', { value: number(item.points) }) : '',
    t(task.user === 'root' ? 'task.asRoot' : 'task.asUser', { user: task.user }),
    task.ports.length ? t('task.ports', { n: task.ports.length, ports: task.ports.join(', ') }) : '',
  ];
  return <ul class="task-facts">{facts.filter(Boolean).map((f) => <li key={f}>{f}</li>)}</ul>;
}

function Checklist({ work, points, lang }: { work: Workplace; points: string[]; lang?: string | undefined }) {
  if (!points.length) return null;
  const done = points.filter((_, i) => work.isTicked(i)).length;
  return (
    <fieldset class="task-checklist">
      <legend>{t('task.checklist')} <small class="muted">{t('task.ticked', { n: done, total: points.length })}</small></legend>
      {points.map((p, i) => (
        <label key={i} class={`line ${work.isTicked(i) ? 'is-ticked' : ''}`}>
          <input type="checkbox" checked={work.isTicked(i)} onChange={(e) => work.tick(i, e.currentTarget.checked)} />
          <Html html={p} inline lang={lang} />
        </label>
      ))}
      <p class="hint">{t('task.checklistHint')}</p>
    </fieldset>
  );
}

function Pages({ ids, docs, onDoc }: { ids: string[]; docs: { id: string; title: string }[]; onDoc: (id: string) => void }) {
  const pages = ids.flatMap((id) => docs.find((d) => d.id === id) ?? []);
  if (!pages.length) return null;
  return (
    <div class="task-docs">
      <h2 class="task-heading">{t('task.docs')}</h2>
      <ul>{pages.map((d) => <li key={d.id}><button type="button" class="button-link" onClick={() => onDoc(d.id)}><Icon name="book" /> {d.title}</button></li>)}</ul>
    </div>
  );
}

/* Hints, a check while one works, the solution: study mode only. */
function Study({ work, lang }: { work: Workplace; lang?: string | undefined }) {
  const [asking, setAsking] = useState(false);
  const s = work.state!;
  const check = async (): Promise<void> => {
    await work.check();
    if (work.report && work.error === null) announce(checksSummary(work.report.checks));
  };
  return (
    <>
      <section class="task-study" aria-label={t('task.checkTitle')}>
        <p class="row">
          <button type="button" class="button" disabled={work.busy !== null || s.state !== 'open'} onClick={() => void check()}>
            <Icon name="check" /> {t(work.busy === 'checking' ? 'task.checking' : 'task.check')}
          </button>
          {work.report && <span class="muted">{t('check.points', { points: number(work.report.points), max: number(work.report.max) })}</span>}
        </p>
        {work.report && (
          <>
            <p class="sr-only">{checksSummary(work.report.checks)}</p>
            {work.report.ungraded > 0 && <Notice tone="warn" icon="clock"><p>{t('check.ungradedText')}</p></Notice>}
            <Checks checks={work.report.checks} lang={lang} />
          </>
        )}
      </section>
      {(s.hints.length > 0 || s.hints_left > 0) && (
        <section class="task-study" aria-label={t('feedback.hints')}>
          <h2 class="task-heading">{t('feedback.hints')}</h2>
          {s.hints.length > 0 && <ol class="task-hints">{s.hints.map((h, i) => <li key={i}><Html html={h} lang={lang} /></li>)}</ol>}
          {s.hints_left > 0 && (
            <p><button type="button" class="button button-quiet" disabled={work.busy !== null} onClick={() => void work.hint()}><Icon name="bulb" /> {t(s.hints.length ? 'task.hintNext' : 'task.hint', { n: s.hints_left })}</button></p>
          )}
        </section>
      )}
      {s.solution !== null ? (
        <section class="task-study" aria-label={t('task.solution')}>
          <h2 class="task-heading">{t('task.solution')}</h2>
          <div class="html"><pre tabIndex={0} dir="ltr"><code>{s.solution}</code></pre></div>
        </section>
      ) : (
        <p><button type="button" class="button-link" disabled={work.busy !== null} onClick={() => setAsking(true)}>{t('task.giveUp')}</button></p>
      )}
      {asking && (
        <Dialog
          title={t('task.giveUpTitle')}
          onClose={() => setAsking(false)}
          actions={
            <>
              <button type="button" class="button button-quiet" onClick={() => setAsking(false)}>{t('task.giveUpNot')}</button>
              <button type="button" class="button" onClick={() => { setAsking(false); void work.giveUp(); }}>{t('task.giveUpDo')}</button>
            </>
          }
        >
          <p>{t('task.giveUpText')}</p>
        </Dialog>
      )}
    </>
  );
}

export function Instructions({ work, item, response, onAnswer, locked, lang, session, onDoc, children }: ControlProps & { work: Workplace; children?: ComponentChild }) {
  const task = item.task!;
  const study = session?.attempt?.mode === 'study';
  const done = response !== null && 'done' in response;
  return (
    <>
      <Facts item={item} />
      <Html html={item.stem} class="stem" lang={lang} />
      <Checklist work={work} points={task.checklist} lang={lang} />
      {onDoc && <Pages ids={task.docs} docs={session?.attempt?.docs ?? []} onDoc={onDoc} />}
      {study && work.state && <Study work={work} lang={lang} />}
      {!study && <p class="hint">{t('task.endState')}</p>}
      <label class="switch task-done">
        <input type="checkbox" checked={done} disabled={locked} onChange={(e) => onAnswer(e.currentTarget.checked ? { done: true } : null, 0)} />
        <span><strong>{t('task.done')}</strong> <small class="muted">{t('task.doneHint')}</small></span>
      </label>
      {children}
    </>
  );
}
