/* /author: where questions, exams and tasks are written. There only on a server that `assay author` runs. */
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/author.ts';
import type { AuthorTree } from '../../api/author-types.ts';
import { Problem } from '../../api/http.ts';
import type { PageProps } from '../../app/router.ts';
import { Shell } from '../../parts/shell/shell.tsx';
import { Empty, Failed, Loading } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';
import { Frame } from './frame.tsx';
import { Workbench } from './workbench.ts';

/* Outlives the page, so that coming back from an exam finds it as it was. */
let bench: Workbench | null = null;

/* From now on the browser asks before it throws unsaved text away, wherever one is, and keeps a copy in any case. */
function begin(tree: AuthorTree): Workbench {
  const made = new Workbench(tree);
  window.addEventListener('beforeunload', (e) => {
    if (made.unsaved.length) e.preventDefault();
  });
  window.addEventListener('pagehide', made.keep);
  document.addEventListener('visibilitychange', made.keep);
  return made;
}

function NotHere() {
  return <Empty><h1 class="title-small">{t('author.notHere')}</h1><p>{t('author.notHereText')}</p></Empty>;
}

export default function Author({ query }: PageProps) {
  const [ready, setReady] = useState(bench !== null);
  const [error, setError] = useState<unknown>(null);
  const load = (): void => {
    setError(null);
    calls.tree().then((tree) => {
      bench ??= begin(tree);
      setReady(true);
    }, setError);
  };
  useEffect(() => {
    if (!bench) load();
  }, []);
  if (ready && bench) return <Frame bench={bench} query={query} />;
  let content = <Loading />;
  if (error instanceof Problem && error.status === 404) content = <NotHere />;
  else if (error !== null) content = <Failed error={error} retry={load} />;
  return <Shell path="/author">{content}</Shell>;
}
