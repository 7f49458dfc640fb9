/* The rules of an exam, in plain words and in the order in which they matter to a candidate. */
import type { ComponentChildren } from 'preact';
import { currentSession } from '../../api/http.ts';
import type { ExamDetail } from '../../api/types.ts';
import { Icon, type IconName } from '../../parts/icon/icon.tsx';
import { onScale } from '../../parts/verdict/verdict.tsx';
import { duration, maybe, number, percent, spanOf, t } from '../../texts/index.ts';
import { itemsText } from '../catalogue/items-text.ts';

function Rule({ icon, title, children }: { icon: IconName; title: string; children: ComponentChildren }) {
  return (
    <li>
      <Icon name={icon} />
      <div>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  );
}

function Sections({ sections }: { sections: ExamDetail['rules']['sections'] }) {
  if (sections.length < 2) return null;
  return (
    <ol class="section-list">
      {sections.map((s, i) => (
        <li key={i}>
          {s.break ? t('rules.break') : s.title || t('palette.section', { n: i + 1 })}
          <span class="muted">
            {[s.break ? '' : t('exam.items', { n: s.items }), s.duration_ms ? duration(s.duration_ms) : '', s.no_return ? t('rules.noReturnShort') : ''].filter(Boolean).join(' · ')}
          </span>
        </li>
      ))}
    </ol>
  );
}

/* How the score comes about, and what passes. */
function scoring({ scoring: s }: ExamDetail['rules']): string {
  if (!s) return t('rules.scoring.hidden');
  const unit = s.method === 'percent' ? '%' : s.method === 'points' ? 'points' : 'scaled';
  if (s.method === 'pass-fail' || s.cut === null) return t('rules.scoring.passFail');
  const cut = onScale(s.cut, unit);
  if (s.method === 'percent') return t('rules.scoring.percent', { cut });
  return t('rules.scoring.scale', { min: number(s.min), max: number(s.max), cut });
}

export function Rules({ exam }: { exam: ExamDetail }) {
  const r = exam.rules;
  const noReturn = r.no_return || r.sections.some((s) => s.no_return);
  const partly = noReturn && !r.no_return && r.sections.some((s) => !s.no_return && !s.break);
  const extra = (currentSession()?.account?.extra_time ?? 1000) / 1000;
  const [least, most] = r.tasks ?? [0, 0];
  const partial = maybe(`rules.partial.${r.partial}`);
  return (
    <section class="card" aria-labelledby="rules-title">
      <h2 id="rules-title" class="title-small">{t('rules.title')}</h2>
      <ul class="rules">
        <Rule icon="clock" title={exam.duration_ms === null && !r.sections.some((s) => s.duration_ms) ? t('exam.untimed') : t('rules.time')}>
          <p>{itemsText(exam.items)}{exam.duration_ms !== null && `, ${duration(exam.duration_ms)}`}. {r.unscored > 0 && t('rules.unscored', { n: r.unscored })}</p>
          <Sections sections={r.sections} />
          {extra > 1 && <p><strong>{exam.duration_ms === null ? t('rules.extraTime', { share: percent(extra - 1) }) : t('rules.extraTimeIs', { time: duration(exam.duration_ms * extra) })}</strong></p>}
          <p class="muted">{t('rules.clock')}</p>
        </Rule>
        {most > 0 && (
          <Rule icon="terminal" title={least === most ? t('handsOn.rule', { n: most }) : t('handsOn.ruleRange', { from: least, to: most })}>
            <p>{t('handsOn.ruleText')}</p>
          </Rule>
        )}
        <Rule icon="scale" title={t('rules.scoring')}>
          <p>{scoring(r)} {partial} {r.negative > 0 ? t('rules.negative', { share: percent(r.negative) }) : t('rules.noPenalty')}</p>
          {(r.markers ?? 0) > 0 && <p>{t('rules.markers', { n: r.markers ?? 1 })}</p>}
          <p><a href="/scoring">{t('nav.scoring')}</a></p>
        </Rule>
        <Rule icon={noReturn ? 'lock' : 'back'} title={partly ? t('rules.noReturnSome') : noReturn ? t('rules.noReturn') : t('rules.return')}>
          <p>{noReturn ? t('rules.noReturnText') : t('rules.returnText')}</p>
        </Rule>
        <Rule icon="book" title={t(`rules.docs.${r.docs}`)}>
          <p>{t(`rules.docsText.${r.docs}`)}</p>
          {r.docs === 'urls' && <ul>{(r.doc_urls ?? []).map((u) => <li key={u}><a href={u} target="_blank" rel="noopener noreferrer">{u}</a></li>)}</ul>}
        </Rule>
        {r.confidence && <Rule icon="target" title={t('rules.confidence')}><p>{t('rules.confidenceText')}</p></Rule>}
        <Rule icon="eye" title={t('rules.report')}>
          <p>
            {maybe(`rules.report.${r.report.show}`)} {r.report.release_after_ms > 0 ? t('rules.reportDelayed', { time: duration(r.report.release_after_ms) }) : t('rules.reportNow')}{' '}
            {t(r.report.explanations ? 'rules.explanations' : 'rules.noExplanations')}
          </p>
        </Rule>
        {r.retake && (r.retake.waits.length > 0 || r.retake.max > 0) && (
          <Rule icon="again" title={t('rules.retake')}>
            <p>{r.retake.waits.length > 0 && t('rules.retakeWaits', { waits: r.retake.waits.map(spanOf).join(t('rules.retakeThen')) })} {r.retake.max > 0 && t('rules.retakeMax', { n: r.retake.max })}</p>
          </Rule>
        )}
      </ul>
    </section>
  );
}
