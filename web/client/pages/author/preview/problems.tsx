/* What is wrong with a question, where the preview shows an older text of it. */
import type { AuthorProblem } from '../../../api/author-types.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';

export function ProblemList({ problems, onOpen }: { problems: readonly AuthorProblem[]; onOpen?: ((p: AuthorProblem) => void) | undefined }) {
  if (!problems.length) return null;
  return (
    <ul class="preview-problems">
      {problems.map((p) => (
        <li key={`${p.line}:${p.column}:${p.code}`} class={`is-${p.severity}`}>
          <Icon name={p.severity === 'error' ? 'cross' : 'warn'} />
          <span>
            <span class="sr-only">{t(`preview.${p.severity}`)}: </span>
            {p.message}
            {p.hint && <span class="muted"> {p.hint}</span>}{' '}
            {onOpen && <button type="button" class="button-link" onClick={() => onOpen(p)}>{t('preview.line', { line: p.line })}</button>}
          </span>
        </li>
      ))}
    </ul>
  );
}
