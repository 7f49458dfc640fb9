/* The shells of a task, as tabs, with one bar for the shell that is shown: its state, copy and paste, search, size of letters, screen reader. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { announce } from '../parts/announce/announce.tsx';
import { Icon, type IconName } from '../parts/icon/icon.tsx';
import { Notice as Note } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import type { Notice } from './frames.ts';
import type { ShellStatus } from './shell-socket.ts';
import { copySelection, ShellView, type ShellHandle } from './shell-view.tsx';
import { panelId, tabId, Tabs } from './tabs.tsx';
import { read, SIZES, step, write, type TerminalPreferences } from './terminal-preferences.ts';
import type { Workplace } from './workplace.ts';

const SHELLS_MAX = 8;
const STATUS_ICONS: Record<ShellStatus, IconName> = { connecting: 'clock', connected: 'check', reconnecting: 'cloud', superseded: 'lock', exited: 'half', ended: 'cross', stopped: 'half' };

function Find({ handle, onClose }: { handle: ShellHandle | undefined; onClose: () => void }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<{ at: number; n: number } | null>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const made = handle?.made;
    if (!made) return undefined;
    const results = made.search.onDidChangeResults(({ resultIndex, resultCount }) => setFound({ at: resultIndex + 1, n: resultCount }));
    return () => {
      results.dispose();
      made.search.clearDecorations();
    };
  }, [handle]);
  const look = (back: boolean, incremental = false): void => {
    const text = field.current?.value ?? '';
    if (!handle) return;
    if (!text) {
      handle.made.search.clearDecorations();
      setFound(null);
    } else if (back) handle.made.search.findPrevious(text, OPTIONS);
    else handle.made.search.findNext(text, { ...OPTIONS, incremental });
  };
  return (
    <form
      class="shell-find"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        look(false);
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        onClose();
        handle?.made.term.focus();
      }}
    >
      <label for={id} class="sr-only">{t('shell.find')}</label>
      <input ref={field} id={id} type="search" autocomplete="off" maxLength={200} placeholder={t('shell.find')} onInput={() => look(false, true)} />
      <span role="status" class="hint">{found && (found.n === 0 ? t('shell.findNone') : found.at > 0 ? t('shell.findAt', found) : t('shell.findMany', { n: found.n }))}</span>
      <button type="button" class="button-icon" aria-label={t('shell.findPrevious')} title={t('shell.findPrevious')} onClick={() => look(true)}><Icon name="up" /></button>
      <button type="submit" class="button-icon" aria-label={t('shell.findNext')} title={t('shell.findNext')}><Icon name="down" /></button>
      <button type="button" class="button-icon" aria-label={t('shell.findClose')} title={t('shell.findClose')} onClick={onClose}><Icon name="cross" /></button>
    </form>
  );
}
const OPTIONS = { decorations: { matchBackground: '#b58900', activeMatchBackground: '#d33682', matchOverviewRuler: '#b58900', activeMatchColorOverviewRuler: '#d33682' } };

export default function Terminals({ work, focus }: { work: Workplace; focus: boolean }) {
  const id = useId();
  const [ids, setIds] = useState<number[]>(() => {
    const running = (work.state?.shells ?? []).filter((s) => s.running).map((s) => s.id);
    return running.length ? running.sort((a, b) => a - b) : [1];
  });
  const [shown, setShown] = useState(ids[0]!);
  const [statuses, setStatuses] = useState<Record<number, ShellStatus>>({});
  const [clipboard, setClipboard] = useState(false); /* the browser did not let us read it */
  const [finding, setFinding] = useState(false);
  const [preferences, setPreferences] = useState<TerminalPreferences>(read);
  const handles = useRef(new Map<number, ShellHandle>());
  const [, drawn] = useState(0);
  const status = statuses[shown] ?? 'connecting';
  const handle = handles.current.get(shown);

  const set = (change: Partial<TerminalPreferences>): void => {
    const p = { ...preferences, ...change };
    setPreferences(p);
    write(p);
  };
  const add = (): void => {
    const free = Array.from({ length: SHELLS_MAX }, (_, i) => i + 1).find((n) => !ids.includes(n));
    if (free === undefined) return;
    setIds([...ids, free].sort((a, b) => a - b));
    setShown(free);
  };
  const close = (n: number): void => {
    const rest = ids.filter((i) => i !== n);
    setIds(rest);
    if (shown === n) setShown(rest[0]!);
  };
  const noticed = (shell: number, n: Notice): void => {
    if (n.kind === 'restored' || n.kind === 'reset') announce(t(`shell.${n.kind}`));
    if (n.kind === 'restored') void work.refresh();
    if (n.kind === 'superseded' || n.kind === 'exited') announce(t('shell.noticed', { n: shell, what: t(`shell.status.${n.kind}`) }));
  };
  const paste = async (): Promise<void> => {
    try {
      handle?.paste(await navigator.clipboard.readText());
      handle?.made.term.focus();
    } catch {
      announce(t('shell.pasteFailed'));
      setClipboard(true);
    }
  };
  const tool = (icon: IconName, label: string, act: () => void, more: { pressed?: boolean; disabled?: boolean } = {}) => (
    <button type="button" class="button-icon" aria-label={label} title={label} aria-pressed={more.pressed} disabled={more.disabled} onClick={act}><Icon name={icon} /></button>
  );

  return (
    <div class="shells">
      <div class="shells-bar">
        <Tabs
          name={t('shell.tabs')}
          prefix={id}
          current={String(shown)}
          onSelect={(n) => setShown(Number(n))}
          tabs={ids.map((n) => ({ id: String(n), label: t('shell.tab', { n }) }))}
          class="tabs-small"
        />
        {tool('plus', t('shell.add'), add, { disabled: ids.length >= SHELLS_MAX })}
        {ids.length > 1 && status === 'exited' && tool('cross', t('shell.close', { n: shown }), () => close(shown))}
        <span class={`shell-status is-${status}`} role="status" data-shell-status={status}><Icon name={STATUS_ICONS[status]} /> {t(`shell.status.${status}`)}</span>
        <div class="shell-tools" role="group" aria-label={t('shell.tools')}>
          {tool('copy', t('shell.copy'), () => handle && void copySelection(handle))}
          {tool('paste', t('shell.paste'), () => void paste())}
          {tool('search', t('shell.find'), () => setFinding(!finding), { pressed: finding })}
          {tool('minus', t('shell.smaller'), () => set({ size: step(preferences.size, -1) }), { disabled: preferences.size === SIZES[0] })}
          {tool('plus', t('shell.larger'), () => set({ size: step(preferences.size, 1) }), { disabled: preferences.size === SIZES[SIZES.length - 1] })}
          {tool('reader', t('shell.reader'), () => set({ reader: !preferences.reader }), { pressed: preferences.reader })}
        </div>
      </div>
      {finding && <Find key={shown} handle={handle} onClose={() => setFinding(false)} />}
      {work.notice && (
        <Note tone="info">
          <p>{t('shell.restored')} <button type="button" class="button-link" onClick={() => work.dismissNotice()}>{t('banner.understood')}</button></p>
        </Note>
      )}
      {clipboard && (
        <Note tone="warn">
          <p>{t('shell.pasteFailed')} <button type="button" class="button-link" onClick={() => setClipboard(false)}>{t('banner.understood')}</button></p>
        </Note>
      )}
      {ids.map((n) => (
        <div key={n} role="tabpanel" id={panelId(id, String(n))} aria-labelledby={tabId(id, String(n))} class="shell-panel" hidden={n !== shown}>
          <ShellView
            work={work}
            shell={n}
            shown={n === shown}
            preferences={preferences}
            describedBy={`${id}-keys`}
            focus={focus || n !== ids[0]}
            onReady={(s, h) => {
              if (h) handles.current.set(s, h);
              else handles.current.delete(s);
              drawn((x) => x + 1);
            }}
            onStatus={(s, to) => {
              setStatuses((all) => ({ ...all, [s]: to }));
              if (to === 'connected') void work.refresh();
            }}
            onNotice={noticed}
            onLeave={() => {
              document.getElementById(tabId(id, String(n)))?.focus();
              announce(t('shell.left'));
            }}
            onFind={() => setFinding(true)}
          />
        </div>
      ))}
      <p id={`${id}-keys`} class="hint shell-keys">{t('shell.keys')}</p>
    </div>
  );
}
