/* Whether forms can be drawn after the blueprint as it stands, asked again a moment after each change. What was known stays until the answer is
 * there, so nothing jumps while somebody types. */
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../../api/author.ts';
import type { AuthorFeasible } from '../../../api/author-types.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';

const ASK_AFTER_MS = 300;

/* While a text has a mistake nothing is known of its domains: then what was known before stays in sight. */
const kept = (now: AuthorFeasible, before: AuthorFeasible | null): AuthorFeasible => (now.domains.length || !before ? now : { ...now, domains: before.domains });

/* `change`: of the tree; other files make exams feasible, too. */
export function useFeasible(path: string, text: string, change: number): AuthorFeasible | null {
  const [known, set] = useState<{ path: string; says: AuthorFeasible } | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(() => {
      calls.feasible(path, text, asking.signal).then(
        (says) => !asking.signal.aborted && set((before) => ({ path, says: kept(says, before?.path === path ? before.says : null) })),
        () => {}, /* the next change asks again; the desk says when the server is gone */
      );
    }, known?.path === path ? ASK_AFTER_MS : 0);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [path, text, change]);
  return known?.path === path ? known.says : null;
}

type Need = AuthorFeasible['domains'][number];
export const missing = (d: Need): number => Math.max(0, d.need_min - d.have);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/* One line, always as high: the page below stays where it is. */
export function Verdict({ says }: { says: AuthorFeasible | null }) {
  const mistake = says?.problems.find((p) => p.severity === 'error' && p.code !== 'exam-impossible')?.message;
  const short = mistake === undefined ? (says?.domains.filter((d) => missing(d) > 0) ?? []) : [];
  const text = !says ? t('plan.looking')
    : says.feasible ? t('plan.feasible')
    : short.length ? short.map((d) => t('plan.needs', { domain: d.title, n: missing(d) })).join(' · ')
    : capital(mistake ?? says.says[says.says.length - 1] ?? '');
  const tone = !says ? 'wait' : says.feasible ? 'ok' : 'bad';
  return (
    <p class={`bp-verdict is-${tone}`} role="status" data-feasible={says ? String(says.feasible) : 'unknown'}>
      <Icon name={tone === 'ok' ? 'check' : tone === 'bad' ? 'cross' : 'clock'} /> <span>{text}</span>
    </p>
  );
}

/* What the checker says about some lines of this file. */
export function Complaints({ desk, lines }: { desk: Desk; lines: (line: number) => boolean }) {
  const mine = desk.problems.filter((p) => p.path === desk.doc?.path && lines(p.line));
  if (!mine.length) return null;
  return (
    <ul class="bp-complaints">
      {mine.map((p, i) => (
        <li key={i} class={`is-${p.severity}`}><Icon name={p.severity === 'error' ? 'cross' : 'flag'} /> <span>{p.message}{p.hint && <> <span class="muted">{p.hint}</span></>}</span></li>
      ))}
    </ul>
  );
}
