/* What an editor's state consists of: one for each file that is open, kept with its history while another one is shown. */
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleTabFocusMode } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { linter, lintGutter } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { COLOURING, LOOK } from '../../../hands-on/editor-look.ts';
import { t } from '../../../texts/index.ts';
import { lineEnd } from '../docs.ts';
import type { Workbench } from '../workbench.ts';
import { languageFor, loadLanguageFor } from './languages.ts';
import { pictures } from './pictures.ts';

const MARKS = EditorView.theme({
  '&.cm-focused': { outlineWidth: '0.125rem', outlineOffset: '-0.125rem' },
  '.cm-content': { paddingBlockEnd: '40vh' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad) 0.1em', textUnderlineOffset: '0.22em', textDecorationSkipInk: 'none' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn) 0.1em', textUnderlineOffset: '0.22em', textDecorationSkipInk: 'none' },
  '.cm-lintRange-active': { backgroundColor: 'var(--warn-soft)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius-small)', boxShadow: 'var(--shadow-high)', maxInlineSize: '34rem' },
  '.cm-diagnostic': { fontFamily: 'var(--font)', fontSize: 'var(--text-small)', padding: 'var(--space-2) var(--space-3)', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderInlineStart: '0.3rem solid var(--bad)' },
  '.cm-diagnostic-warning': { borderInlineStart: '0.3rem solid var(--warn)' },
  '.cm-diagnosticAction': { font: 'inherit', fontWeight: '600', backgroundColor: 'var(--accent)', color: 'var(--on-accent)', borderRadius: 'var(--radius-small)', padding: '0.1rem 0.6rem', marginBlockStart: '0.3rem', marginInlineStart: '0' },
  '.cm-gutter-lint': { inlineSize: '0.9rem' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0.25rem 0.1rem' },
  '.cm-lint-marker': { inlineSize: '0.7rem', blockSize: '0.7rem' },
  '.cm-lint-marker-error': { content: 'none', borderRadius: '50%', backgroundColor: 'var(--bad)' },
  '.cm-lint-marker-warning': { content: 'none', borderRadius: '0.15rem', backgroundColor: 'var(--warn)', transform: 'rotate(45deg) scale(0.8)' },
});

export function newState(bench: Workbench, path: string, text: string): EditorState {
  const end = lineEnd(text);
  const language = new Compartment();
  /* Without its colours a file can still be edited. */
  void loadLanguageFor(path, text).then((found) => {
    const d = bench.docs.get(path);
    if (found && d && language.get(d.state)) bench.apply(d, { effects: language.reconfigure(found) });
  }, () => {});
  return EditorState.create({
    doc: text,
    extensions: [
      end ? [EditorState.lineSeparator.of(end), EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r?\n/g, end))] : [],
      lintGutter(), lineNumbers(), history(), drawSelection(), highlightSpecialChars(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
      indentOnInput(), bracketMatching(), indentUnit.of('  '), EditorView.lineWrapping, LOOK, MARKS, COLOURING,
      linter(null), /* the checker's marks come by themselves */
      language.of(languageFor(path)),
      pictures(bench, path),
      keymap.of([
        { key: 'Ctrl-m', mac: 'Shift-Alt-m', preventDefault: true, run: toggleTabFocusMode },
        indentWithTab, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
      ]),
      EditorView.contentAttributes.of(() => ({ 'aria-label': t('author.editing', { path }), tabindex: '0' })),
      EditorView.updateListener.of((u) => bench.took(path, u.state, u.docChanged)),
    ],
  });
}
