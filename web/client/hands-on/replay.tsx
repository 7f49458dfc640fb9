/* The player of a recording: a terminal that nobody can type into, buttons for time, and the whole as text. */
import { Terminal } from '@xterm/xterm';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { formatLeft } from '../attempt/clock.ts';
import { onPreferences } from '../app/preferences.ts';
import { useLoad } from '../parts/hooks.ts';
import { Icon } from '../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import { CAST_BYTES_MAX, parseCast, withoutPauses, type Cast } from './cast.ts';
import { Player, type Stage } from './player.ts';
import { makeInert, makeTerminal, RESET, themeOf } from './terminal.ts';
import { pixels, read } from './terminal-preferences.ts';

const PAUSE_S = 2;
const SPEEDS = [0.5, 1, 2, 4, 8] as const;
const TEXT_LINES = 20000;

export interface Props { href: string } /* where the recording is */

async function fetchCast(href: string): Promise<Cast | null> {
  const response = await fetch(href, { credentials: 'same-origin', cache: 'no-store' });
  if (!response.ok || !response.body) throw new Error(String(response.status));
  /* No more than can be shown is read. */
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
    if (text.length > CAST_BYTES_MAX) {
      void reader.cancel();
      break;
    }
  }
  return parseCast(text);
}

/* Writing takes its time; resizing waits for its turn. */
const stageOf = (term: Terminal): Stage => ({
  reset: (cols, rows) => term.write(RESET, () => term.resize(cols, rows)),
  resize: (cols, rows) => term.write('', () => term.resize(cols, rows)),
  write: (text) => term.write(text),
});

/* What a terminal shows in the end, with what scrolled away: by playing everything on one that nobody sees. */
function transcript(cast: Cast): Promise<string> {
  return new Promise((done) => {
    const term = new Terminal({ cols: cast.cols, rows: cast.rows, scrollback: TEXT_LINES });
    makeInert(term);
    new Player(cast, stageOf(term), () => 0, () => {}).seek(cast.duration);
    term.write('', () => {
      const buffer = term.buffer.normal;
      const lines: string[] = [];
      for (let y = 0; y < buffer.length; y++) {
        const line = buffer.getLine(y);
        if (!line) continue;
        const text = line.translateToString(true);
        if (line.isWrapped && lines.length) lines[lines.length - 1] += text;
        else lines.push(text);
      }
      term.dispose();
      done(lines.join('\n').trimEnd());
    });
  });
}

function Screen({ cast, onPlayer }: { cast: Cast; onPlayer: (p: Player) => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { term } = makeTerminal(place.current!, { cols: cast.cols, rows: cast.rows, disableStdin: true, cursorBlink: false, scrollback: 1000, fontSize: pixels(read().size) });
    if (term.textarea) term.textarea.tabIndex = -1; /* nothing can be typed */
    onPlayer(new Player(cast, stageOf(term), () => performance.now(), () => {}));
    const recolour = (): void => void (term.options.theme = themeOf(place.current!));
    const forget = onPreferences(recolour);
    return () => {
      forget();
      term.dispose();
    };
  }, [cast]);
  return <div ref={place} class="replay-screen" dir="ltr" tabIndex={0} role="region" aria-label={t('replay.screen')} />;
}

function Controls({ cast, player }: { cast: Cast; player: Player }) {
  const id = useId();
  const [, drawn] = useState(0);
  const [skip, setSkip] = useState(true);
  const quick = useMemo(() => withoutPauses(cast, PAUSE_S), [cast]);
  useEffect(() => player.setCast(skip ? quick : cast), [skip, player]);
  useEffect(() => {
    let frame = 0;
    const step = (): void => {
      if (player.playing) {
        player.tick();
        drawn((n) => n + 1);
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [player]);
  const act = (f: () => void) => () => {
    f();
    drawn((n) => n + 1);
  };
  const at = formatLeft(player.position * 1000);
  const total = formatLeft(player.duration * 1000);
  return (
    <div class="replay-bar" role="group" aria-label={t('replay.title')}>
      <button type="button" class="button" onClick={act(() => (player.playing ? player.pause() : player.play()))}>
        <Icon name={player.playing ? 'pause' : 'play'} /> {t(player.playing ? 'replay.pause' : 'replay.play')}
      </button>
      <label for={`${id}-at`} class="sr-only">{t('replay.position')}</label>
      <input
        id={`${id}-at`}
        type="range"
        min="0"
        max={Math.max(1, Math.ceil(player.duration * 10))}
        step="1"
        value={Math.round(player.position * 10)}
        aria-valuetext={t('replay.positionText', { at, total })}
        onInput={(e) => act(() => player.seek(Number(e.currentTarget.value) / 10))()}
      />
      <span class="replay-time" aria-hidden="true">{t('replay.positionText', { at, total })}</span>
      <label>
        {t('replay.speed')}{' '}
        <select value={String(player.speed)} onChange={(e) => act(() => player.setSpeed(Number(e.currentTarget.value)))()}>
          {SPEEDS.map((s) => <option key={s} value={String(s)}>{s}×</option>)}
        </select>
      </label>
      <label class="switch"><input type="checkbox" checked={skip} onChange={(e) => setSkip(e.currentTarget.checked)} /> <span>{t('replay.pauses')}</span></label>
    </div>
  );
}

function AsText({ cast }: { cast: Cast }) {
  const [text, setText] = useState<string | null>(null);
  return (
    <details
      onToggle={(e) => {
        if (e.currentTarget.open && text === null) void transcript(cast).then(setText);
      }}
    >
      <summary>{t('replay.text')}</summary>
      <p class="hint">{t('replay.textHint')}</p>
      {text !== null && <pre class="replay-text" tabIndex={0} dir="ltr" data-transcript="">{text}</pre>}
    </details>
  );
}

export default function Replay({ href }: Props) {
  const loaded = useLoad(() => fetchCast(href), [href]);
  const [player, setPlayer] = useState<Player | null>(null);
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <Notice tone="bad"><p>{errorText(loaded.error)} <button type="button" class="button-link" onClick={loaded.retry}>{t('state.retry')}</button></p></Notice>;
  const cast = loaded.value;
  if (!cast) return <Notice tone="bad"><p>{t('replay.bad')}</p></Notice>;
  return (
    <div class="stack">
      {cast.damaged > 0 && <Notice tone="warn"><p>{t('replay.damaged', { n: cast.damaged })}</p></Notice>}
      {cast.cut && <Notice tone="warn"><p>{t('replay.cut')}</p></Notice>}
      {player && <Controls cast={cast} player={player} />}
      <Screen cast={cast} onPlayer={setPlayer} />
      <AsText cast={cast} />
    </div>
  );
}
