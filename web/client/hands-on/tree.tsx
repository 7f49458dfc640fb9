/* The box's folders, opened one at a time. */
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../api/tasks.ts';
import type { FolderEntry } from '../api/types.ts';
import { Icon } from '../parts/icon/icon.tsx';
import { number, t } from '../texts/index.ts';
import { baseName, join } from './buffers.ts';
import { fileError } from './file-error.ts';
import type { Workplace } from './workplace.ts';

const SHOWN_MAX = 500;

interface Shared { work: Workplace; round: number; onOpen: (path: string) => void; onFolder: (path: string) => void }

function sizeText(bytes: number): string {
  if (bytes < 1024) return t('files.bytes', { n: bytes });
  return bytes < 1 << 20 ? t('files.kib', { size: number(bytes / 1024, 1) }) : t('files.mib', { size: number(bytes / (1 << 20), 1) });
}

/* Folders first, then by name. */
const ordered = (entries: FolderEntry[]): FolderEntry[] =>
  [...entries].sort((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || (a.name < b.name ? -1 : 1));

function Entry({ entry, path, depth, shared }: { entry: FolderEntry; path: string; depth: number; shared: Shared }) {
  if (entry.kind === 'folder') return <Folder path={path} depth={depth} shared={shared} entry={entry} />;
  const current = shared.work.file === path;
  return (
    <li>
      <button type="button" class="tree-entry" data-depth={Math.min(depth, 12)} aria-current={current ? 'true' : undefined} disabled={entry.kind === 'other'} title={`${entry.mode} ${entry.user}`} onClick={() => shared.onOpen(path)}>
        <Icon name="file" /> <span class="grow" dir="auto">{entry.name}</span> <small class="muted">{entry.kind === 'file' ? sizeText(entry.size) : t(`files.${entry.kind}`)}</small>
      </button>
    </li>
  );
}

export function Folder({ path, depth, shared, entry, first = false }: { path: string; depth: number; shared: Shared; entry?: FolderEntry; first?: boolean }) {
  const [open, setOpen] = useState(first);
  const [entries, setEntries] = useState<FolderEntry[] | null>(null);
  const [more, setMore] = useState(false); /* the server's list is not whole */
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!open) return undefined;
    let stale = false;
    calls.folder(shared.work.where, path).then(
      (f) => {
        if (stale) return;
        setEntries(ordered(f.entries));
        setMore(f.more === true);
        setError(null);
      },
      (e: unknown) => !stale && setError(e),
    );
    return () => {
      stale = true;
    };
  }, [open, path, shared.round]);
  return (
    <li>
      <button
        type="button"
        class="tree-entry"
        data-depth={Math.min(depth, 12)}
        aria-expanded={open}
        title={entry ? `${entry.mode} ${entry.user}` : path}
        onClick={() => {
          setOpen(!open);
          shared.onFolder(path);
        }}
      >
        <Icon name={open ? 'down' : 'next'} /> <Icon name="folder" /> <span class="grow" dir="auto">{depth === 0 ? path : baseName(path)}</span>
      </button>
      {open && error !== null && <p class="hint hint-warn tree-note">{fileError(error)}</p>}
      {open && entries && entries.length === 0 && <p class="hint tree-note">{t('files.empty')}</p>}
      {open && entries && entries.length > 0 && (
        <ul>
          {entries.slice(0, SHOWN_MAX).map((e) => <Entry key={e.name} entry={e} path={join(path, e.name)} depth={depth + 1} shared={shared} />)}
          {(more || entries.length > SHOWN_MAX) && <li class="hint tree-note">{t('files.more')}</li>}
        </ul>
      )}
    </li>
  );
}
