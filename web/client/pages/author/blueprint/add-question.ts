/* A new question for a domain, from where it was missed: a file of its own, open in the form. */
import * as calls from '../../../api/author.ts';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';

/* A path that is free. Pure. */
export function freePath(paths: readonly string[], stem: string): string {
  const taken = new Set(paths);
  for (let n = 1; ; n++) {
    const path = `questions/${stem}-${n}.md`;
    if (!taken.has(path)) return path;
  }
}

export async function addQuestion(desk: Desk, domain: string): Promise<void> {
  const path = freePath(desk.tree.files.map((f) => f.path), domain);
  const text = `---\nobjective: ${domain}\nstatus: draft\n---\n${t('plan.newStem')}\n\n- [x] ${t('plan.newRight')}\n- [ ] ${t('plan.newWrong')}\n- [ ] ${t('plan.newWrongToo')}\n\n### Explanation\n${t('plan.newWhy')}\n`;
  await calls.write(path, text, null);
  await desk.open(path);
  desk.showPane('form');
}
