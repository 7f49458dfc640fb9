/* The question as candidates see it, with its key: as the bank has it today, and as it was when it was reported, if that is another text. */
import type { IssueDetail, QuestionView } from '../../api/reports.ts';
import { FeedbackView } from '../../items/feedback.tsx';
import { Item } from '../../items/item.tsx';
import { kindOf } from '../../items/kinds.ts';
import { Html } from '../../parts/html/html.tsx';
import { Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';

/* Feedback without an answer: what is right, and why. */
function Shown({ view: v }: { view: QuestionView }) {
  const marks = kindOf(v.item.kind)?.marksItself === true;
  return (
    <div class="question-shown" data-question={v.item.kind}>
      <p class="muted">{t('reports.where', { version: v.version, file: v.file })} · {t(`reports.status.${v.status as 'active'}`)}{v.parametrised && <> · {t('reports.parametrised')}</>}{marks && v.feedback.key && <> · {t('reports.keyChosen')}</>}</p>
      {marks ? <Item item={v.item} response={v.feedback.key} locked struck={[]} feedback={v.feedback} onAnswer={() => {}} /> : <Html html={v.item.stem} class="stem" />}
      <FeedbackView item={v.item} response={v.feedback.key} feedback={v.feedback} level={3} />
    </div>
  );
}

export function Question({ issue }: { issue: IssueDetail }) {
  return (
    <section class="card" aria-labelledby="question-title">
      <h2 id="question-title">{t('reports.question')}</h2>
      {issue.today ? <Shown view={issue.today} /> : <Notice tone="warn"><p>{t('reports.goneText')}</p></Notice>}
      {issue.reported && (
        <details class="question-before" open={!issue.today}>
          <summary>{t('reports.asReported')}</summary>
          <Shown view={issue.reported} />
        </details>
      )}
    </section>
  );
}
