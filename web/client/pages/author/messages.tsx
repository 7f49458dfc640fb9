/* What the page has to say, at its lower edge: nothing moves for it. It stays until it is put away. */
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';
import type { Workbench } from './workbench.ts';

export function Messages({ bench }: { bench: Workbench }) {
  return (
    <div class="messages" role="region" aria-label={t('author.messages')} aria-live="polite">
      {bench.messages.map((m) => (
        <div key={m.id} class={`notice notice-${m.tone} message`}>
          <Icon name={m.tone === 'bad' || m.tone === 'warn' ? 'warn' : 'note'} />
          <div class="grow">
            <p>{m.text}</p>
            {m.details && m.details.length > 0 && <ul class="message-details">{m.details.map((d) => <li key={d}>{d}</li>)}</ul>}
            {m.actions && <p class="row">{m.actions.map((a) => <button key={a.label} type="button" class="button-link" onClick={a.run}>{a.label}</button>)}</p>}
          </div>
          <button type="button" class="button-icon" aria-label={t('author.putAway')} onClick={() => bench.unsay(m.id)}><Icon name="cross" /></button>
        </div>
      ))}
    </div>
  );
}
