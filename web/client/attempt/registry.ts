/* The attempt that this tab holds. It lives on while the person goes to the review page and back, and goes on delivering what waits when they
 * look at another page; opening another attempt ends it. */
import { useEffect, useMemo } from 'preact/hooks';
import { useChanges } from '../parts/hooks.ts';
import { AttemptSession } from './session.ts';

let held: AttemptSession | null = null;

export function sessionFor(id: string): AttemptSession {
  if (held?.id === id && held.phase !== 'ended') return held;
  held?.close();
  held = new AttemptSession(id);
  return held;
}

/* The session of the page's attempt, opened when it is not yet; the page is drawn again whenever it changes. */
export function useSession(id: string): AttemptSession {
  const session = useMemo(() => sessionFor(id), [id]);
  useEffect(() => {
    if (session.phase === 'loading' || session.phase === 'failed' || session.phase === 'signed-out') void session.open();
  }, [session]);
  useChanges((f) => session.subscribe(f));
  return session;
}
