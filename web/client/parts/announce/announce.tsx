/* What a screen reader should say without moving the focus. One polite and one urgent region for the whole application; a message is
 * cleared after a while so that the same words can be said again. */
import { useEffect, useState } from 'preact/hooks';

type Listener = (text: string, urgent: boolean) => void;
const listeners = new Set<Listener>();

export function announce(text: string, urgent = false): void {
  for (const f of listeners) f(text, urgent);
}

export function Announcer() {
  const [polite, setPolite] = useState('');
  const [urgent, setUrgent] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say: Listener = (text, isUrgent) => {
      const set = isUrgent ? setUrgent : setPolite;
      /* The same words twice in a row are a change only with a difference that nobody hears. */
      set((before) => (before === text ? `${text}\u00a0` : text));
      clearTimeout(timer);
      timer = setTimeout(() => {
        setPolite('');
        setUrgent('');
      }, 7000);
    };
    listeners.add(say);
    return () => {
      listeners.delete(say);
      clearTimeout(timer);
    };
  }, []);
  return (
    <div class="sr-only">
      <div role="status" aria-live="polite" aria-atomic="true" data-announcer="polite">{polite}</div>
      <div role="alert" aria-live="assertive" aria-atomic="true" data-announcer="urgent">{urgent}</div>
    </div>
  );
}
