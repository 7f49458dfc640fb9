/* The box's files: the tree, the files that are open, the editor, and in study mode a way in and out for whole files. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import * as calls from '../api/tasks.ts';
import { announce } from '../parts/announce/announce.tsx';
import { Dialog } from '../parts/dialog/dialog.tsx';
import { Icon } from '../parts/icon/icon.tsx';
import { Notice } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import { absolute, baseName, isDirty, join } from './buffers.ts';
import { Editor } from './editor.tsx';
import { fileError } from './file-error.ts';
import { panelId, tabId, Tabs } from './tabs.tsx';
import { Folder } from './tree.tsx';
import type { Workplace } from './workplace.ts';

const UPLOAD_MAX = 700000; /* bytes; a request holds a megabyte */

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

function Conflict({ work, path, tell }: { work: Workplace; path: string; tell: (e: unknown) => void }) {
  return (
    <Notice tone="warn">
      <p><strong>{t('files.conflict', { name: baseName(path) })}</strong> {t('files.conflictText')}</p>
      <p class="row">
        <button type="button" class="button button-quiet" onClick={() => void work.reloadFile(path).catch(tell)}>{t('files.reload')}</button>
        <button type="button" class="button button-quiet" onClick={() => void work.saveFile(path, true).catch(tell)}>{t('files.overwrite')}</button>
      </p>
    </Notice>
  );
}

export default function Files({ work, study }: { work: Workplace; study: boolean }) {
  const id = useId();
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const [folder, setFolder] = useState(work.home);
  const [typed, setTyped] = useState('');
  const [closing, setClosing] = useState<string | null>(null);
  const [treeOpen, setTreeOpen] = useState(true);
  const upload = useRef<HTMLInputElement>(null);
  const b = work.current;

  const act = async (f: () => Promise<void>): Promise<void> => {
    setError(null);
    try {
      await f();
    } catch (e) {
      setError(e);
    }
  };
  const openFile = (path: string): void => void act(async () => {
    await work.openFile(path);
    if (matchMedia('(max-width: 44em)').matches) setTreeOpen(false);
  });
  const save = (): void => {
    const path = work.file;
    if (path !== null) {
      void act(async () => {
        await work.saveFile(path);
        const now = work.buffers.find((x) => x.path === path);
        if (now && !isDirty(now)) {
          announce(t('files.saved', { name: baseName(path) }));
          setRound((n) => n + 1);
        }
      });
    }
  };
  const close = (path: string): void => {
    const open = work.buffers.find((x) => x.path === path);
    if (open && isDirty(open) && open.text !== '') setClosing(path);
    else work.closeFile(path);
  };
  const send = (file: File | undefined): void => {
    if (!file) return;
    void act(async () => {
      if (file.size > UPLOAD_MAX) throw new Error('size');
      await calls.upload(work.where, join(folder, file.name), await base64(file));
      announce(t('files.uploaded', { name: file.name }));
      setRound((n) => n + 1);
    });
  };
  useEffect(() => {
    if (!work.buffers.length) setTreeOpen(true);
  }, [work.buffers.length]);

  return (
    <div class={`files ${treeOpen ? '' : 'is-narrow-tree'}`}>
      <nav class="tree" aria-label={t('files.tree')} tabIndex={0}>
        <div class="tree-head">
          <form
            class="tree-path"
            onSubmit={(e) => {
              e.preventDefault();
              const path = absolute(typed, folder);
              if (path) openFile(path);
              setTyped('');
            }}
          >
            <label for={id} class="sr-only">{t('files.path')}</label>
            <input id={id} type="text" class="input-line" autocomplete="off" autocapitalize="off" spellcheck={false} maxLength={4000} placeholder={t('files.pathShort')} value={typed} onInput={(e) => setTyped(e.currentTarget.value)} />
          </form>
          <button type="button" class="button-icon" aria-label={t('files.refresh')} title={t('files.refresh')} onClick={() => setRound(round + 1)}><Icon name="reset" /></button>
          {study && (
            <>
              <button type="button" class="button-icon" aria-label={t('files.upload', { folder })} title={t('files.upload', { folder })} onClick={() => upload.current?.click()}><Icon name="upload" /></button>
              <input
                ref={upload}
                type="file"
                hidden
                onChange={(e) => {
                  send(e.currentTarget.files?.[0]);
                  e.currentTarget.value = '';
                }}
              />
            </>
          )}
        </div>
        <ul>
          <Folder path={work.home} depth={0} first shared={{ work, round, onOpen: openFile, onFolder: setFolder }} />
          <Folder path="/" depth={0} shared={{ work, round, onOpen: openFile, onFolder: setFolder }} />
        </ul>
      </nav>
      <div class="files-main">
        {error !== null && <Notice tone="bad"><p>{error instanceof Error && error.message === 'size' ? t('files.tooBig') : fileError(error)}</p></Notice>}
        {b ? (
          <>
            <div class="files-bar">
              <button type="button" class="button-icon files-tree-toggle" aria-label={t('files.tree')} aria-expanded={treeOpen} onClick={() => setTreeOpen(!treeOpen)}><Icon name="folder" /></button>
              <Tabs
                name={t('files.open')}
                prefix={id}
                class="tabs-small"
                current={b.path}
                onSelect={(p) => work.show(p)}
                tabs={work.buffers.map((x) => ({
                  id: x.path,
                  panel: panelId(id, 'editor'),
                  name: isDirty(x) ? t('files.tabUnsaved', { path: x.path }) : x.path,
                  label: <span dir="auto">{baseName(x.path)}{isDirty(x) && <span aria-hidden="true"> ●</span>}</span>,
                }))}
              />
              <span class="grow" />
              {study && b.sha256 !== null && <a class="button-icon" href={calls.downloadPath(work.where, b.path)} download={baseName(b.path)} aria-label={t('files.download', { name: baseName(b.path) })} title={t('files.download', { name: baseName(b.path) })}><Icon name="download" /></a>}
              <button type="button" class="button button-small" disabled={!isDirty(b) || b.state === 'saving'} onClick={save}>{t(b.state === 'saving' ? 'saving.saving' : 'files.save')}</button>
              <button type="button" class="button-icon" aria-label={t('files.close', { name: baseName(b.path) })} title={t('files.close', { name: baseName(b.path) })} onClick={() => close(b.path)}><Icon name="cross" /></button>
            </div>
            {b.state === 'conflict' && <Conflict work={work} path={b.path} tell={setError} />}
            {b.sha256 === null && b.state === 'idle' && <p class="hint files-note">{t('files.isNew', { path: b.path })}</p>}
            <div role="tabpanel" id={panelId(id, 'editor')} aria-labelledby={tabId(id, b.path)} class="files-editor">
              <Editor key={`${b.version} ${b.path}`} path={b.path} text={b.text} label={t('files.editing', { path: b.path })} readOnly={false} onChange={(text) => work.edit(b.path, text)} onSave={save} />
            </div>
            <p class="hint files-note">{t('files.keys')}</p>
          </>
        ) : (
          <p class="bench-closed muted">{t('files.none')}</p>
        )}
      </div>
      {closing !== null && (
        <Dialog
          title={t('files.closeTitle')}
          onClose={() => setClosing(null)}
          actions={
            <>
              <button type="button" class="button button-quiet" onClick={() => setClosing(null)}>{t('files.keep')}</button>
              <button type="button" class="button" onClick={() => { work.closeFile(closing); setClosing(null); }}>{t('files.discard')}</button>
            </>
          }
        >
          <p>{t('files.closeText', { name: baseName(closing) })}</p>
        </Dialog>
      )}
    </div>
  );
}
