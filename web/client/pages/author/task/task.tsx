/* Writing a hands-on task: its files and the ways to do it, a box to try them in, and the proof that the grader is right. */
import { useId, useState } from 'preact/hooks';
import { panelId, tabId, Tabs } from '../../../hands-on/tabs.tsx';
import { useChanges } from '../../../parts/hooks.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t, type Key } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { benchFor, type TaskBench } from './bench.ts';
import { BoxPart } from './box.tsx';
import { FilesPart } from './files.tsx';
import { slugOf } from './folder.ts';
import { ProofPart } from './proof.tsx';

const PARTS = ['files', 'box', 'proof'] as const;
type PartId = (typeof PARTS)[number];
const VIEWS: Record<PartId, typeof FilesPart> = { files: FilesPart, box: BoxPart, proof: ProofPart };

export interface PartProps { desk: Desk; slug: string; bench: TaskBench }

/* Whether the proof is of the task as it is now: the checker says so. */
export function proofState(desk: Desk, slug: string): 'proved' | 'no-proof' | 'old-proof' | 'bad-proof' | 'mistakes' {
  const mine = desk.problems.filter((p) => p.path === `tasks/${slug}` || p.path.startsWith(`tasks/${slug}/`));
  const found = mine.find((p) => /^(no|old|bad)-proof$/.test(p.code));
  return (found?.code as 'no-proof' | undefined) ?? (mine.some((p) => p.severity === 'error') ? 'mistakes' : 'proved');
}

/* The part that was looked at last, of any task. */
let last: PartId = 'files';

function OneTask({ desk, slug }: { desk: Desk; slug: string }) {
  const id = useId();
  const bench = benchFor(slug);
  useChanges(bench.subscribe);
  const [part, setPart] = useState<PartId>(last);
  const select = (p: string): void => setPart((last = p as PartId));
  const proved = proofState(desk, slug);
  const title = desk.tree.files.find((f) => f.path === `tasks/${slug}/task.md`)?.items[0]?.title ?? slug;
  return (
    <div class="ta" data-part={part}>
      <div class="ta-head">
        <h2>{title}</h2>
        <span class={`badge ${proved === 'proved' ? 'badge-pass' : 'ta-unproved'}`} data-proof={proved}><Icon name={proved === 'proved' ? 'check' : 'half'} /> {t(`task.author.${proved}` as Key)}</span>
      </div>
      <Tabs name={t('task.author.parts')} prefix={id} class="tabs-small ta-tabs" current={part} onSelect={select} tabs={PARTS.map((p) => ({ id: p, label: t(`task.author.part.${p}` as Key) }))} />
      {PARTS.map((p) => {
        const View = VIEWS[p];
        /* The box stays while other parts are shown, with its terminal. */
        return (
          <div key={p} role="tabpanel" id={panelId(id, p)} aria-labelledby={tabId(id, p)} class={`ta-part ta-part-${p}`} hidden={p !== part}>
            {(p === part || (p === 'box' && bench.box)) && <View desk={desk} slug={slug} bench={bench} />}
          </div>
        );
      })}
    </div>
  );
}

export function TaskPane({ desk }: { desk: Desk }) {
  const slug = desk.doc && slugOf(desk.doc.path);
  return slug ? <OneTask key={slug} desk={desk} slug={slug} /> : null;
}
