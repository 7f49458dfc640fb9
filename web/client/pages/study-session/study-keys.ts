/* The keyboard of a study session: N checks and goes on, digits choose, F flags, M opens notes. */
import { useEffect } from 'preact/hooks';
import { preferences } from '../../app/preferences.ts';
import { useLatest } from '../../parts/hooks.ts';
import { keyAction, typed } from '../exam/keys.ts';

interface Handlers { check: () => void; flag: () => void; notes: () => void }

export function useStudyKeys(handlers: Handlers): void {
  const latest = useLatest(handlers);
  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || document.querySelector('dialog[open]')) return;
      const found = keyAction({ key: e.key, ctrl: e.ctrlKey, alt: e.altKey, meta: e.metaKey }, { typing: typed(e), singleKeys: preferences().singleKeys });
      if (!found) return;
      if ('choose' in found) {
        const input = document.querySelector<HTMLInputElement>(`.item [data-option="${found.choose}"]`);
        input?.focus();
        if (input && !input.disabled) input.click();
      } else if (found.action === 'next') latest.current.check();
      else if (found.action === 'flag') latest.current.flag();
      else if (found.action === 'notes') latest.current.notes();
      else return;
      e.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
