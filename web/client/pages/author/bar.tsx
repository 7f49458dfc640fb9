/* The page's bar: the bank, what is wrong in it, what is not saved, and the ways to try it out. */
import { useState } from 'preact/hooks';
import { begin } from '../../api/calls.ts';
import { Problem } from '../../api/http.ts';
import { navigate } from '../../app/router.ts';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { DisplayMenu } from '../../parts/shell/display.tsx';
import { Brand } from '../../parts/shell/shell.tsx';
import { t } from '../../texts/index.ts';
import type { Workbench } from './workbench.ts';

const KEYS = ['Ctrl+S', 'Ctrl+Shift+S', 'F8', 'Shift+F8', 'Ctrl+.', 'F6', 'Alt+↑ Alt+↓', 'F2', 'Del', 'Ctrl+F', 'Ctrl+Z', 'Ctrl+M'] as const;

function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('author.keysTitle')} wide onClose={onClose}>
      <dl class="keys">{KEYS.map((k, i) => <div key={k}><dt><kbd>{k}</kbd></dt><dd>{t(`author.key.${i}` as 'author.key.0')}</dd></div>)}</dl>
    </Dialog>
  );
}

const STUDY_TRIES = 12;
const STUDY_PAUSE_MS = 300;

/* A study session about one question. What was just saved is there a moment later. */
async function studyOne(exam: string, item: string): Promise<void> {
  for (let n = 1; ; n++) {
    try {
      const { id } = await begin({ exam, mode: 'study', focus: { item } });
      return navigate(`/attempts/${id}`);
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404 || n === STUDY_TRIES) throw e;
      await new Promise((done) => setTimeout(done, STUDY_PAUSE_MS));
    }
  }
}

/* Exams are those that are saved. */
function TryOut({ bench, onClose }: { bench: Workbench; onClose: () => void }) {
  const { bank, exams } = bench.tree;
  const unsaved = bench.unsaved.length;
  const go = async (to: string, save: boolean): Promise<void> => {
    if (save && !(await bench.saveAll())) return onClose();
    navigate(to);
  };
  const { item } = bench;
  const study = async (): Promise<void> => {
    if (await bench.saveAll()) await bench.attempt(() => studyOne(`${bank.id}/${list[0]!.id}`, item!));
    onClose();
  };
  /* The open one first. */
  const list = [...exams].sort((a, b) => Number(b.path === bench.path) - Number(a.path === bench.path));
  return (
    <Dialog title={t('author.tryOut')} wide onClose={onClose}>
      {unsaved > 0 && <p class="hint hint-warn">{t('author.trySaves', { n: unsaved })}</p>}
      {list.length === 0 && <p>{t('author.noExam')}</p>}
      {item !== null && list.length > 0 && <p><button type="button" class="button button-quiet" onClick={() => void study()}><Icon name="book" /> {t('author.studyOne', { id: item })}</button></p>}
      <ul class="try-list">
        {list.map((e) => (
          <li key={e.id}>
            <span class="grow">{e.title}</span>
            <button type="button" class="button button-small" aria-label={`${t('author.sit')}: ${e.title}`} onClick={() => void go(`/exams/${bank.id}/${e.id}`, unsaved > 0)}>{t('author.sit')}</button>
            <button type="button" class="button button-quiet button-small" aria-label={`${t('author.study')}: ${e.title}`} onClick={() => void go(`/study/${bank.id}/${e.id}`, unsaved > 0)}>{t('author.study')}</button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Status({ bench }: { bench: Workbench }) {
  const n = bench.unsaved.length;
  let text = bench.doc ? t('author.allSaved') : '';
  if (bench.away) text = t('author.away');
  else if (bench.current?.saving) text = t('author.saving');
  else if (n) text = t('author.unsavedFiles', { n });
  return <span class={`desk-status ${bench.away ? 'is-away' : n ? 'is-unsaved' : ''}`} role="status" title={bench.unsaved.map((d) => d.path).join('\n')}>{text}</span>;
}

export function Bar({ bench }: { bench: Workbench }) {
  const [dialog, setDialog] = useState<'keys' | 'try' | null>(null);
  const { errors, warnings } = bench.counts;
  return (
    <header class="desk-head">
      <Brand />
      <h1 class="desk-title" title={bench.tree.dir}>{bench.tree.bank.title}</h1>
      <button type="button" class={`tool desk-problems ${errors ? 'is-error' : warnings ? 'is-warning' : ''}`} onClick={() => bench.showPane('problems')}>
        <Icon name={errors || warnings ? 'warn' : 'check'} />
        {bench.problems.length > 0 && <b class="desk-count" aria-hidden="true">{errors || warnings}</b>}
        <span>{errors || !warnings ? t('author.errors', { n: errors }) : t('author.warnings', { n: warnings })}</span>
      </button>
      <Status bench={bench} />
      <button type="button" class="button button-small" disabled={!bench.doc?.dirty || bench.current?.saving} title="Ctrl+S" onClick={() => void bench.save()}>{t('author.save')}</button>
      {bench.unsaved.length > 1 && <button type="button" class="button button-quiet button-small" title="Ctrl+Shift+S" onClick={() => void bench.saveAll()}>{t('author.saveAll')}</button>}
      <button type="button" class="button button-quiet button-small" onClick={() => setDialog('try')}><Icon name="play" /> {t('author.tryOut')}</button>
      <button type="button" class="button-icon" aria-label={t('author.keysTitle')} title={t('author.keysTitle')} onClick={() => setDialog('keys')}><Icon name="help" /></button>
      <DisplayMenu />
      {dialog === 'keys' && <Keys onClose={() => setDialog(null)} />}
      {dialog === 'try' && <TryOut bench={bench} onClose={() => setDialog(null)} />}
    </header>
  );
}
