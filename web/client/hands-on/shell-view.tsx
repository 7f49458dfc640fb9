/* One shell: an xterm.js terminal joined to its connection. It stays while other tabs are shown. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { onPreferences } from '../app/preferences.ts';
import { terminalUrl } from '../api/tasks.ts';
import { announce } from '../parts/announce/announce.tsx';
import { useLatest } from '../parts/hooks.ts';
import { Icon } from '../parts/icon/icon.tsx';
import { t } from '../texts/index.ts';
import { PROTOCOL, type Notice } from './frames.ts';
import { ShellSocket, type Screen, type ShellStatus, type Wire } from './shell-socket.ts';
import { cleanPaste, makeTerminal, RESET, themeOf, type Made } from './terminal.ts';
import { pixels, type TerminalPreferences } from './terminal-preferences.ts';
import type { Workplace } from './workplace.ts';

/* What the bar above the terminals does with the shell that is shown. */
export interface ShellHandle { made: Made; socket: ShellSocket; paste(text: string): void }

interface Props {
  work: Workplace;
  shell: number;
  shown: boolean;
  preferences: TerminalPreferences;
  describedBy: string;
  onReady: (shell: number, handle: ShellHandle | null) => void;
  onStatus: (shell: number, status: ShellStatus) => void;
  onNotice: (shell: number, notice: Notice) => void;
  onLeave: () => void;
  onFind: () => void;
  focus: boolean;
}

/* The keys that are the page's and not the shell's: the way out, copy and paste, search. */
function isLeave(e: KeyboardEvent): boolean {
  return e.ctrlKey && ((e.key === 'F6' && !e.shiftKey) || (e.key === 'Escape' && e.shiftKey));
}
const isCtrlShift = (e: KeyboardEvent, code: string): boolean => e.ctrlKey && e.shiftKey && !e.altKey && !e.metaKey && e.code === code;

export async function copySelection({ made }: ShellHandle): Promise<void> {
  const text = made.term.getSelection();
  if (!text) return announce(t('shell.nothingSelected'));
  try {
    await navigator.clipboard.writeText(text);
    announce(t('shell.copied'));
  } catch {
    announce(t('shell.copyFailed'));
  }
}

export function ShellView(props: Props) {
  const { work, shell, shown, preferences, onReady } = props;
  const place = useRef<HTMLDivElement>(null);
  const handle = useRef<ShellHandle | null>(null);
  const [status, setStatus] = useState<ShellStatus>('connecting');
  const latest = useLatest(props);

  useEffect(() => {
    const made = makeTerminal(place.current!, { fontSize: pixels(preferences.size), screenReaderMode: preferences.reader });
    const { term, fit } = made;
    const screen: Screen = {
      get rows() { return term.rows; },
      get cols() { return term.cols; },
      clear: () => term.write(RESET),
      write: (bytes, taken) => term.write(bytes, taken),
    };
    const socket = new ShellSocket(screen, {
      connect: (rows, cols) => new WebSocket(terminalUrl(work.where, shell, rows, cols), PROTOCOL) as Wire,
      changed: (s) => {
        setStatus(s);
        latest.current.onStatus(shell, s);
      },
      notice: (n) => latest.current.onNotice(shell, n),
      hopeful: () => work.hopeful(),
    });
    const encoder = new TextEncoder();
    const send = (bytes: Uint8Array): void => {
      if (!socket.replaying && !socket.send(bytes) && socket.status !== 'connected') announce(t('shell.notConnected'));
    };
    const paste = (text: string): void => term.paste(cleanPaste(text));
    term.onData((text) => send(encoder.encode(text)));
    term.onBinary((text) => send(Uint8Array.from(text, (c) => c.charCodeAt(0) & 255)));
    term.onResize(() => socket.resize());
    term.attachCustomKeyEventHandler((e) => {
      if (e.type !== 'keydown') return true;
      if (isLeave(e)) latest.current.onLeave();
      else if (isCtrlShift(e, 'KeyC')) void copySelection(handle.current!);
      else if (isCtrlShift(e, 'KeyF')) latest.current.onFind();
      else return !isCtrlShift(e, 'KeyV'); /* the browser pastes */
      e.preventDefault();
      return false;
    });
    const onPaste = (e: ClipboardEvent): void => {
      e.preventDefault();
      e.stopPropagation();
      paste(e.clipboardData?.getData('text/plain') ?? '');
    };
    place.current!.addEventListener('paste', onPaste, true);
    term.textarea?.setAttribute('aria-label', t('shell.label', { n: shell }));
    term.textarea?.setAttribute('aria-describedby', latest.current.describedBy);

    let frame = 0;
    const refit = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (place.current?.offsetParent) fit.fit();
      });
    };
    const sizes = new ResizeObserver(refit);
    sizes.observe(place.current!);
    const recolour = (): void => {
      term.options.theme = themeOf(place.current!);
      term.options.fontSize = pixels(latest.current.preferences.size);
      refit();
    };
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', recolour);
    const forget = onPreferences(recolour);
    const kick = (): void => socket.kick();
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') socket.kick();
    };
    window.addEventListener('online', kick);
    document.addEventListener('visibilitychange', onVisible);

    handle.current = { made, socket, paste };
    onReady(shell, handle.current);
    if (place.current!.offsetParent) fit.fit();
    socket.start();
    if (latest.current.focus) term.focus();
    return () => {
      window.removeEventListener('online', kick);
      document.removeEventListener('visibilitychange', onVisible);
      scheme.removeEventListener('change', recolour);
      forget();
      sizes.disconnect();
      cancelAnimationFrame(frame);
      socket.stop();
      term.dispose();
      onReady(shell, null);
    };
  }, []);

  useEffect(() => {
    const made = handle.current?.made;
    if (!made) return;
    made.term.options.fontSize = pixels(preferences.size);
    made.term.options.screenReaderMode = preferences.reader;
    if (shown) made.fit.fit();
  }, [preferences.size, preferences.reader, shown]);

  return (
    <div class="shell" data-status={status}>
      <div ref={place} class="shell-screen" dir="ltr" data-shell={shell} />
      {(status === 'superseded' || status === 'exited' || status === 'ended') && (
        <div class="shell-over" role="group" aria-label={t(`shell.over.${status}`)}>
          <p><strong>{t(`shell.over.${status}`)}</strong></p>
          <p>{t(`shell.overText.${status}`)}</p>
          {status !== 'ended' && (
            <p>
              <button
                type="button"
                class="button"
                onClick={() => {
                  handle.current?.socket.start();
                  handle.current?.made.term.focus();
                }}
              >
                <Icon name={status === 'superseded' ? 'terminal' : 'reset'} /> {t(`shell.again.${status}`)}
              </button>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
