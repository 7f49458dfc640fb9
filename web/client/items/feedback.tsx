/* What may be seen after an answer: whether it was right, the key, why, and where to read more. */
import type { Feedback, FormItem, Response } from '../api/types.ts';
import { Html } from '../parts/html/html.tsx';
import { Icon, type IconName } from '../parts/icon/icon.tsx';
import { number, t } from '../texts/index.ts';
import { kindOf } from './kinds.ts';

function Answers({ answers }: { answers: string[] }) {
  if (answers.length === 1) return <p><code dir="auto">{answers[0]}</code></p>;
  return <ul class="shown-list">{answers.map((a) => <li key={a}><code dir="auto">{a}</code></li>)}</ul>;
}

export const OUTCOME_ICONS: Record<Feedback['outcome'], IconName> = { right: 'check', partial: 'half', wrong: 'cross', unanswered: 'half', ungraded: 'clock' };

export function Outcome({ outcome, points, max }: { outcome: Feedback['outcome']; points?: number | undefined; max?: number | undefined }) {
  return (
    <span class={`outcome outcome-${outcome}`}>
      <Icon name={OUTCOME_ICONS[outcome]} />
      <span>{t(`outcome.${outcome}`)}</span>
      {points !== undefined && max !== undefined && <span class="outcome-points">{t('outcome.points', { points: number(points), max: number(max) })}</span>}
    </span>
  );
}

interface Props {
  item: FormItem;
  response?: Response | null; /* absent: nobody has answered, the key alone is shown */
  feedback: Omit<Feedback, 'outcome' | 'points' | 'max'> & Partial<Feedback>;
  lang?: string | undefined;
  level?: 2 | 3 | 4;
}

export function FeedbackView({ item, response, feedback: f, lang, level = 3 }: Props) {
  const kind = kindOf(item.kind);
  const Show = item.kind === 'task' ? undefined : kind?.Show; /* a task's answer is the state of its box */
  const H = `h${level}` as 'h3';
  const shown = { item, lang };
  return (
    <div class="feedback">
      {Show && !kind?.marksItself && (
        <div class="feedback-answers">
          {response !== undefined && (
            <div>
              <H>{t('feedback.yours')}</H>
              {response ? <Show {...shown} response={response} /> : <p class="muted">{t('shown.nothing')}</p>}
            </div>
          )}
          {(f.key || !!f.answers?.length) && f.outcome !== 'right' && (
            <div>
              <H>{t('feedback.key')}</H>
              {f.answers?.length ? <Answers answers={f.answers} /> : f.key && <Show {...shown} response={f.key} />}
            </div>
          )}
        </div>
      )}
      {f.reason && <div class="feedback-part"><H>{t('feedback.reason')}</H><Html html={f.reason} lang={lang} /></div>}
      {f.explanation && <div class="feedback-part"><H>{t('feedback.explanation')}</H><Html html={f.explanation} lang={lang} level={level} /></div>}
      {!!f.hints?.length && <div class="feedback-part"><H>{t('feedback.hints')}</H><ul>{f.hints.map((x) => <li key={x}><Html html={x} lang={lang} /></li>)}</ul></div>}
      {f.rubric && <div class="feedback-part"><H>{t('feedback.rubric')}</H><Html html={f.rubric} lang={lang} /></div>}
      {f.references && <div class="feedback-part feedback-references"><H>{t('feedback.references')}</H><Html html={f.references} lang={lang} /></div>}
    </div>
  );
}
