/* The pane to write in: the open file as text, in CodeMirror. It lives in a shadow root, where its styles are adopted sheets: the page's policy
 * allows no inline styles. */
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import type { PaneProps } from '../panes.ts';
import type { Workbench } from '../workbench.ts';

export function WritePane({ desk }: PaneProps) {
  const bench = desk as Workbench;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const doc = bench.open_!;

  useEffect(() => {
    const root = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: 'open' });
    const editor = new EditorView({ parent: root, root, state: doc.state });
    editor.setTabFocusMode(true);
    view.current = editor;
    bench.attach(editor);
    return () => {
      bench.attach(null);
      editor.destroy();
    };
  }, [doc.path]);

  return <div ref={place} class="editor" dir="ltr" data-editor={doc.path} />;
}
