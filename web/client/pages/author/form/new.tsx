/* A new question: its kind from pictures, a title, and where it goes. It begins as an example that is changed, not as an empty page. */
import { useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { errorText, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { EXAMPLE_PICTURE } from './example-picture.ts';
import { Select } from './field.tsx';
import { KindPicture } from './kind-picture.tsx';
import { behind, idFrom, KINDS, needsType, ownFile, type FormKind, type NewQuestion } from './kinds.ts';
import { linkTo } from './markdown.ts';

const OWN = '';

/* The fields of a new hotspot, with its picture put into the bank. */
async function hotspotFields(path: string): Promise<string> {
  const picture = await author.media('example-boxes.svg', btoa(EXAMPLE_PICTURE));
  return [
    `image: ${linkTo(path, picture.path)}`,
    `image-alt: "${t('form.example.alt')}"`,
    'regions:',
    `  - {id: area-1, label: "${t('form.example.areaA')}", shape: rect, at: [40, 60, 200, 180], correct: true}`,
    `  - {id: area-2, label: "${t('form.example.areaB')}", shape: rect, at: [280, 60, 440, 180]}`,
  ].join('\n');
}

/* Where a question of its own may go: beside the one that is open. */
const folderOf = (path: string | undefined): string => (path?.startsWith('questions/') ? path.slice(0, path.lastIndexOf('/') + 1) : 'questions/');

export function NewQuestionDialog({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const [kind, setKind] = useState<FormKind>('single');
  const [title, setTitle] = useState('');
  const doc = desk.doc;
  const files = desk.tree.files.filter((f) => f.kind === 'question' && f.items.length > 1).map((f) => f.path);
  const [where, setWhere] = useState(doc && files.includes(doc.path) ? doc.path : OWN);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const make = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const taken = desk.tree.files.flatMap((f) => f.items.map((i) => i.id));
      const called = title.trim() || t(`form.kind.${kind}`);
      const id = idFrom(called, taken);
      const here = desk.item && desk.tree.files.flatMap((f) => f.items).find((i) => i.id === desk.item)?.objective;
      const path = where === OWN ? `${folderOf(doc?.path)}${id}.md` : where;
      const more = kind === 'hotspot' ? await hotspotFields(path) : '';
      const q: NewQuestion = { id, title: called, objective: where === OWN ? (here ?? null) : null, kind, body: t(`form.example.${kind}`), type: needsType(kind), more };
      if (where === OWN) await author.write(path, ownFile(q), null);
      await desk.open(path, where === OWN ? {} : undefined);
      if (where !== OWN && desk.doc?.path === path) {
        desk.edit(behind(desk.doc.text, q));
        await desk.open(path, { line: desk.doc.text.split('\n').findIndex((l) => l.includes(`{#${id}}`)) + 1 });
      }
      desk.showPane('form');
      onClose();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };

  return (
    <Dialog
      wide
      title={t('form.new')}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" onClick={onClose}>{t('form.new.cancel')}</button>
          <button type="button" class="button" disabled={busy} onClick={() => void make()}>{t('form.new.make')}</button>
        </>
      }
    >
      <form
        class="new-question"
        onSubmit={(e) => {
          e.preventDefault();
          void make();
        }}
      >
        <fieldset class="kind-cards">
          <legend>{t('form.kind')}</legend>
          {KINDS.map((k) => (
            <label key={k} class="kind-card">
              <input type="radio" name="new-kind" checked={kind === k} onChange={() => setKind(k)} />
              <span><KindPicture kind={k} /><strong>{t(`form.kind.${k}`)}</strong><small>{t(`form.about.${k}`)}</small></span>
            </label>
          ))}
        </fieldset>
        <div class="form-grid">
          <label class="form-field">
            <span class="form-label">{t('form.title')}</span>
            <input type="text" dir="auto" maxLength={200} placeholder={t(`form.kind.${kind}`)} value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
          </label>
          {files.length > 0 && <Select label={t('form.new.where')} value={where} onChange={setWhere} values={[{ value: OWN, name: t('form.new.own') }, ...files.map((f) => ({ value: f, name: f }))]} />}
        </div>
      </form>
      {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
    </Dialog>
  );
}
