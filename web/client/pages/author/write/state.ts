/* What an editor's state consists of: one for each file that is open, kept with its history while another one is shown. */
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleTabFocusMode } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { COLOURING, LOOK } from '../../../hands-on/editor-look.ts';
import { t } from '../../../texts/index.ts';
import { lineEnd } from '../docs.ts';
import type { Workbench } from '../workbench.ts';

export function newState(bench: Workbench, path: string, text: string): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      EditorState.lineSeparator.of(lineEnd(text)), lineNumbers(), history(), drawSelection(), highlightSpecialChars(), highlightActiveLine(),
      highlightActiveLineGutter(), highlightSelectionMatches(), indentOnInput(), bracketMatching(), indentUnit.of('  '), EditorView.lineWrapping, LOOK, COLOURING,
      keymap.of([
        { key: 'Mod-s', preventDefault: true, run: () => (void bench.save(), true) },
        { key: 'Ctrl-m', mac: 'Shift-Alt-m', preventDefault: true, run: toggleTabFocusMode },
        indentWithTab, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
      ]),
      EditorView.contentAttributes.of({ 'aria-label': t('author.editing', { path }) }),
      EditorView.updateListener.of((u) => bench.took(path, u.state, u.docChanged)),
    ],
  });
}
