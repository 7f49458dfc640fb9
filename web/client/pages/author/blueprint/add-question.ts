/* A new question for a domain, from where it was missed: a file of its own, open in the form. */
import * as calls from '../../../api/author.ts';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { freeId, questionFile } from '../tree/templates.ts';

export async function addQuestion(desk: Desk, domain: { id: string; title: string; objectives: { id: string }[] }): Promise<void> {
  const taken = new Set(desk.tree.files.flatMap((f) => [...f.items.map((i) => i.id), f.path.replace(/^.*\/|\.md$/g, '')]));
  const id = freeId(domain.id.slice(0, 56), taken);
  const first = domain.objectives[0];
  const objective = first ? `${domain.id}.${first.id}` : domain.id;
  const path = `questions/${id}.md`;
  await calls.write(path, questionFile({ kind: 'single', id, title: t('plan.newTitle', { domain: domain.title }), objective }), null);
  await desk.open(path);
  desk.showPane('form');
}
