/* Everything that is wrong in the bank, with the unsaved text in place. */
import { t } from '../../../texts/index.ts';
import type { PaneProps } from '../panes.ts';

export function ProblemsPane({ desk }: PaneProps) {
  if (!desk.problems.length) return <p class="desk-nothing muted">{t('author.noProblems')}</p>;
  return (
    <ol class="problems">
      {desk.problems.map((p) => (
        <li key={`${p.path} ${p.line} ${p.column} ${p.code} ${p.message}`}>
          <button type="button" class="problem" onClick={() => void desk.open(p.path, { line: p.line, column: p.column })}>{p.path}:{p.line} {p.message}</button>
        </li>
      ))}
    </ol>
  );
}
