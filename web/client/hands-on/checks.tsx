/* What a grader found, check by check: an icon and a word for the outcome, the points, and what it says about the work. Everything but titles and hints
 * is text that the candidate's work had a part in; it is shown as text. */
import type { Check } from '../api/types.ts';
import { Html } from '../parts/html/html.tsx';
import { Icon, type IconName } from '../parts/icon/icon.tsx';
import { number, t } from '../texts/index.ts';

const ICONS: Record<Check['outcome'], IconName> = { pass: 'check', fail: 'cross', ungraded: 'clock' };
const SHOWN_MAX = 4000;

const short = (text: string): string => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)} …` : text);

export function Checks({ checks, lang, level = 3 }: { checks: Check[]; lang?: string | undefined; level?: 3 | 4 }) {
  const H = `h${level}` as 'h3';
  return (
    <ul class="checks">
      {checks.map((c) => (
        <li key={c.id} class={`check check-${c.outcome}`} data-check={c.id} data-outcome={c.outcome}>
          <span class="check-mark"><Icon name={ICONS[c.outcome]} /></span>
          <div class="grow">
            <div class="check-head">
              <H lang={lang} dir="auto">{c.title}</H>
              <span class="check-outcome">{t(`check.${c.outcome}`)} <span class="outcome-points">{t('outcome.points', { points: number(c.points), max: number(c.max) })}</span></span>
            </div>
            {c.outcome !== 'pass' && c.message && <p class="check-message" dir="auto">{short(c.message)}</p>}
            {c.detail && <pre class="check-detail" tabIndex={0} dir="ltr">{short(c.detail)}</pre>}
            {c.hint && <div class="check-hint"><Icon name="bulb" /> <Html html={c.hint} inline lang={lang} /></div>}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function checksSummary(checks: readonly Check[]): string {
  const n = (o: Check['outcome']): number => checks.filter((c) => c.outcome === o).length;
  const ungraded = n('ungraded');
  return t('check.summary', { n: checks.length, passed: n('pass') }) + (ungraded ? ` ${t('check.ungradedSome', { n: ungraded })}` : '');
}
