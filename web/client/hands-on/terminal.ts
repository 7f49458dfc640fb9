/* An xterm.js terminal as this page uses it: in the page's colours, and deaf to what output could ask of a browser. Loaded with the first terminal.
 *
 * Output comes from programs of a box and is hostile. It may colour and move text, and nothing else: titles, links (OSC 8), the clipboard (OSC 52),
 * palette changes and device strings are swallowed before xterm.js acts on them. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal, type ITerminalInitOnlyOptions, type ITerminalOptions, type ITheme } from '@xterm/xterm';

const SCROLLBACK = 5000;
/* Titles, icons, colours, folders, links, notifications, the clipboard, and what shells' integrations of other terminals say. */
const OSC = [0, 1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 22, 50, 52, 99, 104, 105, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 133, 633, 697, 777, 1337];
const DCS = [{ final: 'q' }, { final: 'p' }, { final: '{' }, { final: '|' }, { intermediates: '$', final: 'q' }, { intermediates: '+', final: 'q' }, { intermediates: '+', final: 'p' }, { intermediates: '$', final: 't' }];

export function makeInert(term: Terminal): void {
  for (const id of OSC) term.parser.registerOscHandler(id, () => true);
  for (const id of DCS) term.parser.registerDcsHandler(id, () => true);
  term.parser.registerCsiHandler({ final: 't' }, () => true); /* window operations */
}

/* The colours of the page for a terminal. */
export function themeOf(e: Element): ITheme {
  const style = getComputedStyle(e);
  const c = (name: string): string => style.getPropertyValue(`--term-${name}`).trim() || '#000';
  const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
  const theme: ITheme = { background: c('ground'), foreground: c('ink'), cursor: c('cursor'), cursorAccent: c('ground'), selectionBackground: c('selection') };
  for (const n of names) {
    theme[n] = c(n);
    theme[`bright${n[0]!.toUpperCase()}${n.slice(1)}` as 'brightRed'] = c(`bright-${n}`);
  }
  return theme;
}

export interface Made { term: Terminal; fit: FitAddon; search: SearchAddon }

export function makeTerminal(place: HTMLElement, more: ITerminalOptions & ITerminalInitOnlyOptions): Made {
  const fit = new FitAddon();
  const search = new SearchAddon();
  const term = new Terminal({
    fontFamily: getComputedStyle(place).getPropertyValue('--font-mono') || 'monospace',
    lineHeight: 1.15,
    scrollback: SCROLLBACK,
    minimumContrastRatio: 4.5,
    theme: themeOf(place),
    linkHandler: { activate: () => {} },
    allowProposedApi: true, /* the search's marks */
    ...more,
  });
  makeInert(term);
  term.loadAddon(fit);
  term.loadAddon(search);
  term.open(place);
  return { term, fit, search };
}

/* As if it were new; takes its turn behind what is being written. */
export const RESET = '\u001bc';

/* Clipboard text as a terminal may have it: without control characters that would end a bracketed paste early. Pure. */
export function cleanPaste(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
