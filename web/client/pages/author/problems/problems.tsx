/* Everything that is wrong in the bank, with the unsaved text in place: by file, with what would put it right. */
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import type * as T from '../../../api/author-types.ts';
import { mend, showProblem } from '../mend.ts';
import type { PaneProps } from '../panes.ts';
import type { Workbench } from '../workbench.ts';

const SHOWN_MAX = 500;

export function ProblemsPane({ desk }: PaneProps) {
  const bench = desk as Workbench;
  const problems = bench.problems;
  if (!problems.length) return <p class="desk-nothing muted"><Icon name="check" /> {t('author.noProblems')}</p>;
  const { errors, warnings } = bench.counts;
  const hidden = errors + warnings - Math.min(problems.length, SHOWN_MAX);
  const byFile = new Map<string, T.AuthorProblem[]>();
  const mine = problems.filter((p) => p.path === bench.path);
  for (const p of [...mine, ...problems.filter((p) => p.path !== bench.path)].slice(0, SHOWN_MAX)) byFile.set(p.path, [...(byFile.get(p.path) ?? []), p]);
  /* The open file's first. */
  const files = [...byFile].sort(([a], [b]) => Number(b === bench.path) - Number(a === bench.path) || (a < b ? -1 : 1));
  return (
    <div class="problems">
      <p class="hint">{t('author.errors', { n: errors })}, {t('author.warnings', { n: warnings })}</p>
      {files.map(([path, list]) => (
        <section key={path}>
          <h2 class="problems-file" dir="ltr">{path}</h2>
          <ol>
            {list.map((p) => (
              <li key={`${p.line} ${p.column} ${p.code} ${p.message}`} class={`problem is-${p.severity}`}>
                <button type="button" class="problem-go" onClick={() => void showProblem(bench, p)}>
                  <span class="problem-mark" aria-hidden="true" />
                  <span class="grow">
                    <span class="sr-only">{t(`author.${p.severity}`)}: </span>
                    {p.message}
                    {p.hint && <small class="muted">{p.hint}</small>}
                  </span>
                  <small class="muted" title={p.code}>{t('author.line', { n: p.line })}</small>
                </button>
                {p.fixes.map((f) => <button key={f.title} type="button" class="tool problem-fix" onClick={() => void mend(bench, p, f)}><Icon name="bulb" /> {f.title}</button>)}
              </li>
            ))}
          </ol>
        </section>
      ))}
      {hidden > 0 && <p class="hint">{t('author.moreProblems', { n: hidden })}</p>}
    </div>
  );
}
