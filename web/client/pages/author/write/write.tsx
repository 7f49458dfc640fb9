/* The pane to write in: the open file as text, in CodeMirror, and below it what is wrong at the cursor. The editor lives in a shadow root, where its
 * styles are adopted sheets: the page's policy allows no inline styles. */
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import { goToProblem, mend, problemsHere } from '../mend.ts';
import type { PaneProps } from '../panes.ts';
import type { Workbench } from '../workbench.ts';
import { insertPictures } from './pictures.ts';

function PictureButton({ bench }: { bench: Workbench }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="tool" onClick={() => input.current?.click()}><Icon name="upload" /> {t('author.picture')}</button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept="image/png,image/jpeg,image/gif,image/webp,image/svg+xml"
        onChange={(e) => {
          void insertPictures(bench, bench.path!, [...(e.currentTarget.files ?? [])]).then(() => bench.focusEditor());
          e.currentTarget.value = '';
        }}
      />
    </>
  );
}

/* Always as high as it is, so that nothing jumps while one types. */
function Below({ bench }: { bench: Workbench }) {
  const here = problemsHere(bench);
  const p = here[0];
  return (
    <div class={`write-below ${p ? `is-${p.severity}` : ''}`} aria-live="polite">
      {p ? (
        <>
          <Icon name="warn" />
          <p class="grow"><strong>{p.message}</strong>{p.hint && <> {p.hint}</>}{here.length > 1 && <> <span class="muted">{t('author.andMore', { n: here.length - 1 })}</span></>}</p>
          {p.fixes.map((f) => <button key={f.title} type="button" class="button button-small" data-fix="" onClick={() => void mend(bench, p, f)}>{f.title}</button>)}
        </>
      ) : (
        <p class="grow muted">{t('author.keys')}</p>
      )}
    </div>
  );
}

export function WritePane({ desk }: PaneProps) {
  const bench = desk as Workbench;
  const place = useRef<HTMLDivElement>(null);
  const doc = bench.current!;

  useEffect(() => {
    const root = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: 'open' });
    const editor = new EditorView({ parent: root, root, state: doc.state });
    editor.setTabFocusMode(true);
    bench.attach(editor, doc);
    return () => {
      bench.attach(null, null);
      editor.destroy();
    };
  }, [doc]);

  return (
    <div class="write">
      <div class="write-bar">
        {doc.path.endsWith('.md') && <PictureButton bench={bench} />}
        <span class="grow" />
        <button type="button" class="button-icon" aria-label={t('author.previousProblem')} title={`${t('author.previousProblem')} (Shift+F8)`} disabled={!bench.problems.length} onClick={() => void goToProblem(bench, -1)}><Icon name="up" /></button>
        <button type="button" class="button-icon" aria-label={t('author.nextProblem')} title={`${t('author.nextProblem')} (F8)`} disabled={!bench.problems.length} onClick={() => void goToProblem(bench, 1)}><Icon name="down" /></button>
      </div>
      <div ref={place} class="editor" dir="ltr" data-editor={doc.path} />
      <Below bench={bench} />
    </div>
  );
}
