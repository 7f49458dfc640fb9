/* Another name: the id that everything refers to, the file's path, or both. The server changes all that refers to it. */
import { useId, useState } from 'preact/hooks';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { rename } from '../files.ts';
import type { Workbench } from '../workbench.ts';
import type { Row } from './rows.ts';

/* What can be named: [which text asks for it, what it is called now]. */
function namesOf(bench: Workbench, row: Row): ['author.renameId' | 'author.renamePath', string][] {
  const path = row.path!;
  if (row.what === 'item' && row.movable) return [['author.renameId', row.item!.id]];
  if (row.what === 'item' && row.kind === 'question') return [['author.renameId', row.item!.id], ['author.renamePath', path]];
  if (row.kind === 'task') return row.what === 'folder' || path.endsWith('/task.md') ? [['author.renameId', path.split('/')[1]!]] : [['author.renamePath', path]];
  if (row.kind === 'exam') return [['author.renameId', bench.tree.exams.find((e) => e.path === path)?.id ?? path.slice('exams/'.length).replace(/\.ya?ml$/, '')]];
  if (row.kind === 'case') return [['author.renameId', path.slice('cases/'.length).replace(/\.md$/, '')]];
  return [['author.renamePath', path]];
}

export function RenameDialog({ bench, row, onClose }: { bench: Workbench; row: Row; onClose: () => void }) {
  const id = useId();
  const [names] = useState(() => namesOf(bench, row));
  const [values, setValues] = useState(names.map(([, from]) => from));
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    for (const [i, [, from]] of names.entries()) {
      const to = values[i]!.trim();
      if (to === from) continue;
      if (!(await rename(bench, from, to))) return setBusy(false);
    }
    onClose();
  };
  const error = bench.messages.find((m) => m.id === 'error');
  return (
    <Dialog
      title={t('author.renameTitle', { name: row.label })}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" onClick={onClose}>{t('author.cancel')}</button>
          <button type="submit" form={id} class="button" disabled={busy || values.every((v, i) => !v.trim() || v.trim() === names[i]![1])}>{t('author.rename')}</button>
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
        {names.map(([label, from], i) => (
          <p key={label} class="field">
            <label for={`${id}-${i}`}>{t(label)}</label>
            <input id={`${id}-${i}`} type="text" required autocomplete="off" spellcheck={false} maxLength={300} value={values[i]} onInput={(e) => setValues(values.map((v, k) => (k === i ? e.currentTarget.value : v)))} />
            {label === 'author.renameId' && <span class="hint">{t('author.renameHint', { id: from })}</span>}
          </p>
        ))}
        {bench.unsaved.length > 0 && <p class="hint hint-warn">{t('author.renameSaves', { n: bench.unsaved.length })}</p>}
        {error && <Notice tone="bad"><p>{error.text}</p></Notice>}
      </form>
    </Dialog>
  );
}
