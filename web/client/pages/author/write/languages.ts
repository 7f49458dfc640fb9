/* Colours for what a bank consists of: Markdown with its front matter, YAML, Lua, shell scripts; and whatever else a task's files are. */
import { defineLanguageFacet, HighlightStyle, Language, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { lua } from '@codemirror/legacy-modes/mode/lua';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { Extension } from '@codemirror/state';
import { parseMixed, type Parser } from '@lezer/common';
import { tags } from '@lezer/highlight';
import { GFM, parseCode, parser, type MarkdownConfig } from '@lezer/markdown';
import { languageOf, loadLanguage } from '../../../hands-on/languages.ts';

const YAML = StreamLanguage.define(yaml);
const LUA = StreamLanguage.define(lua);
const SHELL = StreamLanguage.define(shell);

/* Code in fences, by its first word: ```lua params, ```yaml item, ```sh */
function codeParser(info: string): Parser | null {
  const name = /^\w+/.exec(info)?.[0] ?? '';
  if (name === 'lua') return LUA.parser;
  if (name === 'yaml' || name === 'yml') return YAML.parser;
  return /^(sh|bash|shell|console)$/.test(name) ? SHELL.parser : null;
}

/* Between two lines "---" at the very beginning. */
const FRONT_MATTER: MarkdownConfig = {
  defineNodes: [{ name: 'FrontMatter', block: true }],
  parseBlock: [
    {
      name: 'FrontMatter',
      before: 'HorizontalRule',
      parse(cx, line) {
        if (cx.lineStart !== 0 || !/^---\s*$/.test(line.text)) return false;
        while (cx.nextLine() && !/^---\s*$/.test(line.text));
        const end = cx.lineStart + line.text.length;
        cx.addElement(cx.elt('FrontMatter', 0, end));
        cx.nextLine();
        return true;
      },
    },
  ],
  wrap: parseMixed((node) => (node.name === 'FrontMatter' && node.to - node.from > 8 ? { parser: YAML.parser, overlay: [{ from: node.from + 4, to: node.to - 3 }] } : null)),
};

const MARKDOWN = new Language(defineLanguageFacet({ commentTokens: { block: { open: '<!--', close: '-->' } } }), parser.configure([GFM, FRONT_MATTER, parseCode({ codeParser })]), [], 'markdown');

const MARKDOWN_LOOK = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.heading, fontWeight: '600', color: 'var(--accent)' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: [tags.link, tags.url], color: 'var(--term-blue)' },
  { tag: tags.monospace, color: 'var(--term-green)' },
  { tag: tags.quote, color: 'var(--ink-soft)' },
  { tag: [tags.processingInstruction, tags.contentSeparator], color: 'var(--ink-soft)' },
]));

/* What is known at once. */
export function languageFor(path: string): Extension {
  if (path.endsWith('.md')) return [MARKDOWN, MARKDOWN_LOOK];
  if (/\.ya?ml$/.test(path)) return YAML;
  if (path.endsWith('.lua')) return LUA;
  return path.endsWith('.sh') ? SHELL : [];
}

/* What has to be loaded, for other files. */
export async function loadLanguageFor(path: string, text: string): Promise<Extension | null> {
  if (/\.(md|ya?ml|lua|sh)$/.test(path)) return null;
  const name = languageOf(path, text);
  return name ? StreamLanguage.define(await loadLanguage(name)) : null;
}
