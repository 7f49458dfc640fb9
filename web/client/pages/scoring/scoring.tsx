/* /scoring: how a score comes about, step by step. With ?attempt=ID the numbers of that result stand beside each step. */
import type { ComponentChildren } from 'preact';
import * as calls from '../../api/calls.ts';
import type { Result } from '../../api/types.ts';
import type { PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { onScale } from '../../parts/verdict/verdict.tsx';
import { maybe, number, percent, t } from '../../texts/index.ts';
import { handsOnText } from '../result/hands-on.tsx';

function Step({ n, title, children, yours }: { n: number; title: string; children: ComponentChildren; yours?: ComponentChildren }) {
  return (
    <li class="scoring-step">
      <span class="review-number" aria-hidden="true">{n}</span>
      <div>
        <h2>{title}</h2>
        {children}
        {yours && <div class="scoring-yours"><h3>{t('scoring.yours')}</h3>{yours}</div>}
      </div>
    </li>
  );
}

/* The rules for partly right answers; the one that applied is marked. */
function PartialRules({ used }: { used: string | null }) {
  return (
    <dl class="about">
      {(['none', 'per-option', 'net-correct', 'coverage'] as const).map((rule) => (
        <div key={rule} class={used === rule ? 'is-current' : ''}>
          <dt>{t(`scoring.partial.${rule}.name`)}{used === rule && <span class="sr-only"> ({t('scoring.used')})</span>}</dt>
          <dd>{t(`scoring.partial.${rule}`)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Formula({ children }: { children: ComponentChildren }) {
  return <p class="formula" dir="ltr">{children}</p>;
}

export default function Scoring({ query }: PageProps) {
  const id = query.get('attempt');
  useTitle(t('nav.scoring'));
  const loaded = useLoad(async (): Promise<Result | null> => {
    if (!id) return null;
    const { body } = await calls.result(id);
    return body.state === 'final' ? body : null;
  }, [id]);
  const r = loaded.state === 'ready' ? loaded.value : null;
  const s = r?.score;
  const counts = r?.counts;
  const show = (v: number): string => (s ? onScale(v, s.unit) : number(v));
  return (
    <div class="scoring">
      <div class="page-head">
        <h1 class="title-large">{t('nav.scoring')}</h1>
        <p class="lead">{t('scoring.lead')}</p>
        {r && <p><a href={`/attempts/${r.attempt}/result`}>{t('scoring.back', { exam: r.title })}</a></p>}
        {loaded.state === 'failed' && <Notice tone="warn"><p>{errorText(loaded.error)}</p></Notice>}
      </div>
      <ol class="scoring-steps card">
        <Step
          n={1}
          title={t('scoring.mark')}
          yours={counts && <p>{t('scoring.markYours', { right: counts.right, partial: counts.partial, wrong: counts.wrong, unanswered: counts.unanswered })}</p>}
        >
          <p>{t('scoring.markText')}</p>
          <PartialRules used={r?.scoring.partial ?? null} />
          <p>{t('scoring.negativeText')}</p>
          <p>{t('handsOn.scoring')}</p>
        </Step>
        <Step
          n={2}
          title={t('scoring.sum')}
          yours={counts && s && (
            <>
              <p>{t('scoring.sumYours', { n: counts.items, unscored: counts.unscored, share: percent(s.share, 1) })}</p>
              {r?.hands_on && r.hands_on.items > 0 && <p>{handsOnText(r.hands_on)}</p>}
            </>
          )}
        >
          <p>{t('scoring.sumText')}</p>
        </Step>
        <Step n={3} title={t('scoring.scale')} yours={s && r && <p>{maybe(`scoring.method.${r.scoring.method}`)} {t('scoring.scaleYours', { value: show(s.value), min: show(s.min), max: show(s.max) })}</p>}>
          <p>{t('scoring.scaleText')}</p>
          <Formula>{t('scoring.scaleFormula')}</Formula>
        </Step>
        <Step n={4} title={t('scoring.error')} yours={s && <p>{t('scoring.errorYours', { share: percent(s.share_error, 1), value: show(s.error) })}</p>}>
          <p>{t('scoring.errorText')}</p>
          <Formula>SE = √( x · (n − x) / (n − 1) )</Formula>
          <p>{t('scoring.errorMore')}</p>
        </Step>
        <Step
          n={5}
          title={t('scoring.decide')}
          yours={s && s.cut !== null && r?.verdict && <p>{t(`scoring.decide.${r.verdict}`, { value: show(s.value), cut: show(s.cut) })} {s.pass_probability !== null && s.pass_probability !== undefined && t('result.probability', { share: percent(s.pass_probability) })}</p>}
        >
          <p>{t('scoring.decideText')}</p>
          <Formula>P( Beta(x + ½, n − x + ½) ≥ {t('scoring.cut')} )</Formula>
        </Step>
        <Step n={6} title={t('scoring.sign')} yours={r?.signed && <p><a href={r.signed.download} download>{t('provenance.download')}</a></p>}>
          <p>{t('scoring.signText')}</p>
          <pre tabIndex={0} dir="ltr">assay verify result.json</pre>
        </Step>
      </ol>
    </div>
  );
}
