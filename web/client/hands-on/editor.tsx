/* CodeMirror for one file. It lives in a shadow root, where its styles are adopted sheets: the page's policy allows no inline styles. Tab leaves it
 * as it leaves any field, unless the person has switched that off (Ctrl+M, the editor's own key), so the keyboard is never caught. */
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleTabFocusMode } from '@codemirror/commands';
import { bracketMatching, defaultHighlightStyle, indentOnInput, indentUnit, StreamLanguage, syntaxHighlighting, HighlightStyle } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';
import { useLatest } from '../parts/hooks.ts';
import { languageOf, loadLanguage } from './languages.ts';

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword], color: 'var(--term-magenta)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--term-green)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--term-blue)' },
  { tag: [tags.comment, tags.meta], color: 'var(--ink-soft)', fontStyle: 'italic' },
  { tag: [tags.definition(tags.variableName), tags.propertyName, tags.attributeName, tags.definitionKeyword], color: 'var(--term-cyan)' },
  { tag: [tags.typeName, tags.tagName, tags.className, tags.heading], color: 'var(--term-yellow)' },
  { tag: tags.inserted, color: 'var(--ok)' },
  { tag: [tags.deleted, tags.invalid], color: 'var(--bad)' },
]);

const LOOK = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--term-ground)', fontSize: 'var(--text-small)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 9%, transparent)' },
  '&.cm-focused': { outline: '0.19rem solid var(--focus)', outlineOffset: '-0.19rem' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--term-selection)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '.cm-panels input, .cm-panels button': { font: 'inherit', color: 'inherit', backgroundColor: 'var(--surface)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius-small)', backgroundImage: 'none' },
  '.cm-searchMatch': { backgroundColor: 'var(--highlight)', color: 'var(--highlight-ink)' },
});

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
          syntaxHighlighting(COLOURS), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
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
