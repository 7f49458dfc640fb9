/* All questions at a glance: which are answered, flagged, closed, and where one is. Shape and words carry the state, colour only helps. */
import { useEffect, useRef } from 'preact/hooks';
import type { AttemptSession, Live } from '../../attempt/session.ts';
import { readTicks } from '../../hands-on/ticks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

/* What of an item is done. A hands-on task is "opened" before it is ticked off. */
export function answerWord(attempt: string, item: Live): string {
  if (item.kind !== 'task') return t(item.response === null ? 'palette.unanswered' : 'palette.answered');
  const state = t(item.response !== null ? 'palette.done' : isOpened(attempt, item) ? 'palette.opened' : 'palette.unanswered');
  return `${t('palette.task')}, ${state}`;
}
const isOpened = (attempt: string, item: Live): boolean => item.kind === 'task' && item.response === null && readTicks(attempt, item.id).opened;

export function stateWords(attempt: string, item: Live, closed: boolean): string {
  const words = [answerWord(attempt, item)];
  if (item.flagged) words.push(t('palette.flagged'));
  if (item.refused) words.push(t('palette.refused'));
  if (closed) words.push(t('palette.closed'));
  return words.join(', ');
}

function Cell({ session, item, index, onGo }: { session: AttemptSession; item: Live; index: number; onGo: (index: number) => void }) {
  const closed = session.isClosed(item);
  const current = index === session.current;
  const state = `${item.response === null ? '' : 'is-answered'} ${isOpened(session.id, item) ? 'is-opened' : ''} ${item.flagged ? 'is-flagged' : ''} ${closed ? 'is-closed' : ''} ${item.refused ? 'is-refused' : ''}`;
  return (
    <li>
      <button
        type="button"
        class={`cell ${state}`}
        aria-current={current ? 'true' : undefined}
        disabled={!current && !session.canGo(index)}
        aria-label={t('palette.cell', { n: item.n, state: stateWords(session.id, item, closed) })}
        onClick={() => onGo(index)}
      >
        <span>{item.n}</span>
        {item.kind === 'task' && <Icon name="terminal" />}
        {item.flagged && <Icon name="flag" />}
        {closed && <Icon name="lock" />}
      </button>
    </li>
  );
}

export function Palette({ session, onGo }: { session: AttemptSession; onGo: (index: number) => void }) {
  const sections = session.attempt?.sections ?? [];
  const nav = useRef<HTMLElement>(null);
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }), [session.current]);
  const several = sections.filter((s) => !s.break).length > 1;
  return (
    <nav ref={nav} class="palette" aria-label={t('palette.label')}>
      {sections.map((s, si) => {
        if (s.break) return null;
        const items = session.items.map((item, index) => ({ item, index })).filter((x) => x.item.section === si);
        return (
          <section key={s.id}>
            {several && <h2 class="palette-section">{s.title || t('palette.section', { n: si + 1 })} <span class="muted">{t(`palette.section.${s.state}`)}</span></h2>}
            {items.length > 0 && <ol>{items.map(({ item, index }) => <Cell key={item.id} session={session} item={item} index={index} onGo={onGo} />)}</ol>}
          </section>
        );
      })}
      <ul class="legend" aria-hidden="true">
        <li><span class="cell is-sample is-answered" /> {t('palette.answered')}</li>
        <li><span class="cell is-sample" /> {t('palette.unanswered')}</li>
        {session.items.some((i) => i.kind === 'task') && <li><span class="cell is-sample is-opened" /> {t('palette.opened')}</li>}
        <li><span class="cell is-sample is-flagged"><Icon name="flag" /></span> {t('palette.flagged')}</li>
      </ul>
    </nav>
  );
}
