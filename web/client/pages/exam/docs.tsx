/* The documentation of an open-book exam, beside the question: a list, a search, and the page that was opened. Loaded when it is first opened. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import * as calls from '../../api/calls.ts';
import type { DocEntry } from '../../api/types.ts';
import { Html } from '../../parts/html/html.tsx';
import { useLoad } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';

interface Hit extends DocEntry { snippet?: string }
const QUIET_MS = 250;

/* The hits for what is typed, or null while nothing is. */
function useSearch(attempt: string, query: string): { hits: Hit[] | null; error: unknown } {
  const [found, set] = useState<{ hits: Hit[] | null; error: unknown }>({ hits: null, error: null });
  useEffect(() => {
    const q = query.trim();
    if (q.length < 2) {
      set({ hits: null, error: null });
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      calls.docsSearch(attempt, q, abort.signal).then(
        ({ hits }) => set({ hits, error: null }),
        (error: unknown) => !abort.signal.aborted && set({ hits: [], error }),
      );
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);
  return found;
}

function Page({ attempt, id, onBack, lang }: { attempt: string; id: string; onBack: () => void; lang?: string | undefined }) {
  const loaded = useLoad(() => calls.doc(attempt, id), [id]);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), [loaded.state]);
  return (
    <>
      <p><button type="button" class="button-link" onClick={onBack}><Icon name="back" /> {t('docs.back')}</button></p>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <Notice tone="bad">{errorText(loaded.error)}</Notice>}
      {loaded.state === 'ready' && (
        <article>
          <h3 ref={head} tabIndex={-1} class="title-small" lang={lang}>{loaded.value.title}</h3>
          <Html html={loaded.value.html} level={3} without={loaded.value.title} lang={lang} />
        </article>
      )}
    </>
  );
}

function List({ entries, onOpen, lang }: { entries: Hit[]; onOpen: (id: string) => void; lang?: string | undefined }) {
  return (
    <ul class="docs-list">
      {entries.map((d) => (
        <li key={d.id}>
          <button type="button" class="button-link" lang={lang} onClick={() => onOpen(d.id)}>{d.title}</button>
          {d.snippet && <p class="docs-snippet" lang={lang}>… {d.snippet} …</p>}
        </li>
      ))}
    </ul>
  );
}

export interface Props { attempt: string; docs: DocEntry[] | undefined; urls: string[]; first?: string | null; onClose: () => void; lang?: string | undefined }

export default function Docs({ attempt, docs, urls, first = null, onClose, lang }: Props) {
  const id = useId();
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState<string | null>(first);
  const field = useRef<HTMLInputElement>(null);
  const { hits, error } = useSearch(attempt, query);
  useEffect(() => setOpen(first), [first]);
  useEffect(() => field.current?.focus(), [open === null]);
  return (
    <aside class="docs" aria-labelledby={`${id}-title`}>
      <div class="docs-head">
        <h2 id={`${id}-title`} class="title-small">{t('docs.title')}</h2>
        <button type="button" class="button-icon" aria-label={t('docs.close')} onClick={onClose}><Icon name="cross" /></button>
      </div>
      {urls.length > 0 && (
        <div>
          <p class="hint">{t('docs.urls')}</p>
          <ul class="docs-list">{urls.map((u) => <li key={u}><a href={u} target="_blank" rel="noopener noreferrer">{u}</a></li>)}</ul>
        </div>
      )}
      {docs && open !== null && <Page attempt={attempt} id={open} onBack={() => setOpen(null)} lang={lang} />}
      {docs && open === null && (
        <>
          <div class="field" role="search">
            <label for={id}>{t('docs.search')}</label>
            <input ref={field} id={id} type="search" autocomplete="off" maxLength={100} value={query} onInput={(e) => setQuery(e.currentTarget.value)} />
          </div>
          <p role="status" class="hint">{hits ? t('docs.hits', { n: hits.length }) : t('docs.all', { n: docs.length })}</p>
          {error !== null && <Notice tone="bad">{errorText(error)}</Notice>}
          <List entries={hits ?? docs} onOpen={setOpen} lang={lang} />
        </>
      )}
    </aside>
  );
}
