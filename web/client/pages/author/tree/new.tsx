/* Something new: a question, an exam, a hands-on task, a case, a page of documentation. */
import { useId, useState } from 'preact/hooks';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { append, create } from '../files.ts';
import { newTask } from '../task/folder.ts';
import type { Workbench } from '../workbench.ts';
import { caseText, docText, examText, freeId, QUESTION_KINDS, questionFile, questionText, slug, type QuestionKind } from './templates.ts';

const THINGS = ['question', 'exam', 'task', 'case', 'doc'] as const;
type Thing = (typeof THINGS)[number];
const FOLDERS: Record<Exclude<Thing, 'question'>, [string, string]> = { exam: ['exams/', '.yml'], task: ['tasks/', '/task.md'], case: ['cases/', '.md'], doc: ['docs/', '.md'] };

function taken(bench: Workbench, thing: Thing): Set<string> {
  if (thing === 'question') return new Set(bench.tree.files.flatMap((f) => f.items.map((i) => i.id)));
  const [folder, end] = FOLDERS[thing];
  return new Set(bench.tree.files.filter((f) => f.path.startsWith(folder)).map((f) => f.path.slice(folder.length, f.path.length - end.length)));
}

export function NewDialog({ bench, onClose }: { bench: Workbench; onClose: () => void }) {
  const id = useId();
  const [thing, setThing] = useState<Thing>('question');
  const [kind, setKind] = useState<QuestionKind>('single');
  const [title, setTitle] = useState('');
  const several = bench.tree.files.filter((f) => f.kind === 'question' && f.items.length > 1).map((f) => f.path);
  const here = bench.path !== null && several.includes(bench.path) ? bench.path : '';
  const [place, setPlace] = useState(here);
  const objectives = bench.tree.domains.flatMap((d) => (d.objectives.length ? d.objectives.map((o) => ({ id: `${d.id}.${o.id}`, title: `${d.title}: ${o.title}` })) : [{ id: d.id, title: d.title }]));
  const near = bench.path === null ? null : (bench.items(bench.path).find((i) => i.id === bench.item)?.objective ?? null);
  const [objective, setObjective] = useState(objectives.find((o) => o.id === near)?.id ?? objectives[0]?.id ?? '');
  const [busy, setBusy] = useState(false);
  const name = freeId(slug(title), taken(bench, thing));
  const inFolder = bench.doc?.kind === 'question' ? bench.doc.path.slice(0, bench.doc.path.lastIndexOf('/') + 1) : 'questions/';
  const path = thing === 'question' ? place || `${inFolder}${name}.md` : FOLDERS[thing].join(name);

  const send = async (): Promise<void> => {
    setBusy(true);
    const words = title.trim();
    const question = { kind, id: name, title: words, objective: bench.tree.domains.length > 1 || objectives.length > 1 ? objective : null, draft: false };
    let done;
    if (thing === 'question') done = place ? await append(bench, place, questionText(question)) : await create(bench, path, questionFile(question));
    else if (thing === 'task') done = await bench.attempt(async () => (await bench.open(await newTask(name)), true));
    else if (thing === 'exam') done = await create(bench, path, examText(name, words, Math.min(Math.max(bench.tree.counts.questions, 1), 20)));
    else done = await create(bench, path, thing === 'case' ? caseText(words) : docText(words));
    if (!done) return setBusy(false);
    onClose();
    requestAnimationFrame(() => bench.focusEditor());
  };
  const error = bench.messages.find((m) => m.id === 'error');
  return (
    <Dialog
      title={t('author.new')}
      wide
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" onClick={onClose}>{t('author.cancel')}</button>
          <button type="submit" form={id} class="button" disabled={busy || !title.trim()}>{t('author.create')}</button>
        </>
      }
    >
      <form
        id={id}
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <fieldset class="segments">
          <legend class="sr-only">{t('author.newWhat')}</legend>
          {THINGS.map((w) => <label key={w}><input type="radio" name={`${id}-what`} checked={thing === w} onChange={() => setThing(w)} /><span>{t(`author.new.${w}` as 'author.new.question')}</span></label>)}
        </fieldset>
        {thing !== 'question' && <p class="hint">{t(`author.new.${thing}Hint` as 'author.new.examHint')}</p>}
        {thing === 'question' && (
          <p class="field">
            <label for={`${id}-kind`}>{t('author.newKind')}</label>
            <select id={`${id}-kind`} value={kind} onChange={(e) => setKind(e.currentTarget.value as QuestionKind)}>
              {QUESTION_KINDS.map((k) => <option key={k} value={k}>{t(`author.kindOf.${k}` as 'author.kindOf.single')}</option>)}
            </select>
          </p>
        )}
        <p class="field">
          <label for={`${id}-title`}>{t('author.newTitle')}</label>
          <input id={`${id}-title`} type="text" required maxLength={120} autocomplete="off" value={title} onInput={(e) => setTitle(e.currentTarget.value)} aria-describedby={`${id}-path`} />
          <span class="hint" id={`${id}-path`}>{thing === 'question' ? t('author.newTitleHint') : ''} {title.trim() && (place && thing === 'question' ? t('author.newId', { id: name, path }) : t('author.newPath', { path }))}</span>
        </p>
        {thing === 'question' && objectives.length > 1 && (
          <p class="field">
            <label for={`${id}-objective`}>{t('author.newObjective')}</label>
            <select id={`${id}-objective`} value={objective} onChange={(e) => setObjective(e.currentTarget.value)}>{objectives.map((o) => <option key={o.id} value={o.id}>{o.title}</option>)}</select>
          </p>
        )}
        {thing === 'question' && several.length > 0 && (
          <p class="field">
            <label for={`${id}-place`}>{t('author.newPlace')}</label>
            <select id={`${id}-place`} value={place} onChange={(e) => setPlace(e.currentTarget.value)}>
              <option value="">{t('author.newOwnFile')}</option>
              {several.map((p) => <option key={p} value={p}>{t('author.newAtEnd', { path: p })}</option>)}
            </select>
          </p>
        )}
        {error && <Notice tone="bad"><p>{error.text}</p></Notice>}
      </form>
    </Dialog>
  );
}
