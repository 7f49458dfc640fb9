/* How CodeMirror looks in these pages: the colours are those of the terminals (styles/hands-on.css), so every theme has them. */
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

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

export const LOOK = EditorView.theme({
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

export const COLOURING: Extension = [syntaxHighlighting(COLOURS), syntaxHighlighting(defaultHighlightStyle, { fallback: true })];
