/* Nothing is open: what there is, and where one can begin. */
import { useState } from 'preact/hooks';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';
import { goToProblem } from './mend.ts';
import { NewDialog } from './tree/new.tsx';
import type { Workbench } from './workbench.ts';

export function Welcome({ bench }: { bench: Workbench }) {
  const [asking, setAsking] = useState(false);
  const { counts, exams } = bench.tree;
  return (
    <div class="welcome">
      <h2 class="title">{bench.tree.bank.title}</h2>
      <p>{counts.questions || exams.length ? `${t('author.questions', { n: counts.questions })}, ${t('author.exams', { n: exams.length })}` : t('author.emptyBank')}</p>
      <p class="muted">{t('author.welcome')}</p>
      <p class="row">
        <button type="button" class="button" onClick={() => setAsking(true)}><Icon name="plus" /> {t('author.newQuestion')}</button>
        {bench.problems.length > 0 && <button type="button" class="button button-quiet" onClick={() => void goToProblem(bench, 1)}><Icon name="warn" /> {t('author.firstProblem')}</button>}
      </p>
      {asking && <NewDialog bench={bench} onClose={() => setAsking(false)} />}
    </div>
  );
}
