/* Something new: a question, an exam, a hands-on task, a case, a page of documentation. */
import { useId, useState } from 'preact/hooks';
import * as calls from '../../../api/author.ts';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { append, create } from '../files.ts';
import { EXAMPLE_PICTURE } from '../form/example-picture.ts';
import { KindPicture } from '../form/kind-picture.tsx';
import { linkTo } from '../form/markdown.ts';
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

/* What the question is like, by pictures. */
function KindCards({ name, kind, onKind }: { name: string; kind: QuestionKind; onKind: (k: QuestionKind) => void }) {
  return (
    <fieldset class="kind-cards">
      <legend>{t('form.kind')}</legend>
      {QUESTION_KINDS.map((k) => (
        <label key={k} class="kind-card">
          <input type="radio" name={name} value={k} checked={kind === k} onChange={() => onKind(k)} />
          <span><KindPicture kind={k} /><strong>{t(`form.kind.${k}`)}</strong><small>{t(`form.about.${k}`)}</small></span>
        </label>
      ))}
    </fieldset>
  );
}

/* The picture that a new hotspot begins with, put into the bank. */
async function examplePicture(bench: Workbench, path: string): Promise<string | undefined> {
  const picture = await bench.attempt(() => calls.media('example-boxes.svg', btoa(EXAMPLE_PICTURE)));
  return picture && linkTo(path, picture.path);
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

  /* Who writes in forms goes on in the form. */
  const pane = thing === 'question' && bench.panes.centre === 'form' ? 'form' : 'write';
  const ask = async (words: string): Promise<boolean> => {
    const picture = kind === 'hotspot' ? await examplePicture(bench, path) : null;
    if (picture === undefined) return false;
    const question = { kind, id: name, title: words, objective: bench.tree.domains.length > 1 || objectives.length > 1 ? objective : null, picture };
    return place ? append(bench, place, questionText(question), pane) : create(bench, path, questionFile(question), pane);
  };
  const send = async (): Promise<void> => {
    setBusy(true);
    const words = title.trim();
    let done;
    if (thing === 'question') done = await ask(words);
    else if (thing === 'task') done = await bench.attempt(async () => (await bench.open(await newTask(name)), true));
    else if (thing === 'exam') done = await create(bench, path, examText(name, words, Math.min(Math.max(bench.tree.counts.questions, 1), 20)));
    else done = await create(bench, path, thing === 'case' ? caseText(words) : docText(words));
    if (!done) return setBusy(false);
    onClose();
    if (pane === 'write') requestAnimationFrame(() => bench.focusEditor());
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
        {thing === 'question' && <KindCards name={`${id}-kind`} kind={kind} onKind={setKind} />}
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
