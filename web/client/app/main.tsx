/* The entry: language and session first, then the page that the address names. */
import { render, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadSession } from '../api/http.ts';
import { Announcer } from '../parts/announce/announce.tsx';
import { Shell } from '../parts/shell/shell.tsx';
import { Failed, Loading } from '../parts/states/states.tsx';
import { useLanguage as speak } from '../texts/index.ts';
import { chooseLanguage, onPreferences, preferences, type Language } from './preferences.ts';
import { matchRoute, onNavigate, startRouter, type Match, type PageProps } from './router.ts';

interface Shown { page: ComponentType<PageProps> | null; match: Match; path: string; query: URLSearchParams; error: unknown }

const here = (): Shown => ({ page: null, match: matchRoute(location.pathname), path: location.pathname, query: new URLSearchParams(location.search), error: null });

/* Loads a page's module, then replaces what is shown; until then the old page stays. */
function usePage(): Shown {
  const [shown, set] = useState<Shown>(here);
  useEffect(() => {
    let latest = 0;
    const go = (first: boolean): void => {
      const mine = ++latest;
      const to = here();
      to.match.route.load().then(
        (m) => {
          if (mine !== latest) return;
          set({ ...to, page: m.default });
          if (!first) {
            window.scrollTo(0, 0);
            requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }));
          }
        },
        (error: unknown) => mine === latest && set({ ...to, error }),
      );
    };
    go(true);
    return onNavigate(() => go(false));
  }, []);
  return shown;
}

function App() {
  const { page: Page, match, path, query, error } = usePage();
  const key = path + (match.route.bare ? '' : `?${query}`);
  let content = <Loading />;
  if (error) content = <Failed error={error} retry={() => location.reload()} />;
  else if (Page) content = <Page key={key} params={match.params} query={query} />;
  return (
    <>
      {match.route.bare && !error ? content : <Shell path={path}>{content}</Shell>}
      <Announcer />
    </>
  );
}

let speaking: Language | null = null;

/* Draws everything in the chosen language; again from scratch when it is changed. */
async function draw(): Promise<void> {
  const wanted = chooseLanguage(preferences(), navigator.languages);
  if (wanted === speaking) return;
  await speak(wanted);
  const root = document.getElementById('app')!;
  if (speaking) render(null, root);
  speaking = wanted;
  render(<App />, root);
}

async function start(): Promise<void> {
  startRouter();
  /* Without an answer the pages still come up; they load what they need again and say what fails. */
  await Promise.all([loadSession().catch(() => null), draw()]);
  onPreferences(() => void draw());
}

void start();
