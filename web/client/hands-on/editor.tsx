/* CodeMirror for one file. It lives in a shadow root, where its styles are adopted sheets: the page's policy allows no inline styles. Tab leaves it
 * as it leaves any field, unless the person has switched that off (Ctrl+M, the editor's own key), so the keyboard is never caught. */
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleTabFocusMode } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit, StreamLanguage } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import { useLatest } from '../parts/hooks.ts';
import { COLOURING, LOOK } from './editor-look.ts';
import { languageOf, loadLanguage } from './languages.ts';

/* `text` is what it begins with; from then on the editor has the text, and tells it. */
interface Props { path: string; text: string; label: string; readOnly: boolean; onChange: (text: string) => void; onSave: () => void }

export function Editor(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useLatest(props);

  useEffect(() => {
    const root = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: 'open' });
    const language = new Compartment();
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: props.text,
        extensions: [
          lineNumbers(), history(), drawSelection(), highlightSpecialChars(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
          indentOnInput(), bracketMatching(), indentUnit.of(/makefile$/i.test(props.path) ? '\t' : '  '), LOOK,
          COLOURING,
          keymap.of([
            { key: 'Mod-s', preventDefault: true, run: () => (latest.current.onSave(), true) },
            { key: 'Ctrl-m', mac: 'Shift-Alt-m', preventDefault: true, run: toggleTabFocusMode },
            indentWithTab, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
          ]),
          EditorView.contentAttributes.of({ 'aria-label': props.label }),
          EditorState.readOnly.of(props.readOnly),
          EditorView.updateListener.of((u) => u.docChanged && latest.current.onChange(u.state.doc.toString())),
          language.of([]),
        ],
      }),
    });
    editor.setTabFocusMode(true);
    let gone = false;
    const name = languageOf(props.path, props.text);
    if (name) {
      /* Without its colours a file can still be edited. */
      void loadLanguage(name).then((p) => gone || editor.dispatch({ effects: language.reconfigure(StreamLanguage.define(p)) }), () => {});
    }
    return () => {
      gone = true;
      editor.destroy();
    };
  }, []);

  return <div ref={place} class="editor" dir="ltr" data-editor={props.path} />;
}
