/* Pictures that are pasted or dropped into a text: they go into the bank's media/, and a link to them into the text, with the words that describe
 * the picture selected, because those are the author's to write. */
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import * as calls from '../../../api/author.ts';
import { announce } from '../../../parts/announce/announce.tsx';
import { t } from '../../../texts/index.ts';
import type { Workbench } from '../workbench.ts';

const TYPES = /^image\/(png|jpeg|gif|webp|svg\+xml)$/;
const SIZE_MAX = 10 << 20; /* a picture beyond that is a mistake */

export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

/* "../" as often as folders lie between the text and the bank. */
export const linkFrom = (path: string, picture: string): string => '../'.repeat(path.split('/').length - 1) + picture;

const picturesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])].filter((f) => TYPES.test(f.type));

async function insert(bench: Workbench, path: string, files: File[], at: number | null): Promise<void> {
  for (const file of files) {
    const done = await bench.attempt(async () => {
      if (file.size > SIZE_MAX) throw new Error('size');
      return calls.media(file.name || 'picture.png', await base64(file));
    });
    const d = bench.docs.get(path);
    if (!done || !d) {
      if (file.size > SIZE_MAX) bench.say({ id: 'error', tone: 'bad', text: t('author.pictureTooBig', { name: file.name }) });
      return;
    }
    const { from, to } = at === null ? d.state.selection.main : { from: at, to: at };
    const selected = d.state.sliceDoc(from, to).replace(/[[\]\n]/g, ' ').trim();
    const alt = selected || t('author.alt');
    bench.apply(d, {
      changes: { from, to, insert: `![${alt}](${linkFrom(path, done.path)})` },
      selection: { anchor: from + 2, head: from + 2 + alt.length },
      scrollIntoView: true,
      userEvent: 'input.paste',
    });
    announce(t('author.pictureAdded', { path: done.path }));
  }
}

export const insertPictures = (bench: Workbench, path: string, files: File[]): Promise<void> => insert(bench, path, files.filter((f) => TYPES.test(f.type)), null);

export function pictures(bench: Workbench, path: string): Extension {
  if (!path.endsWith('.md')) return [];
  return EditorView.domEventHandlers({
    paste(event) {
      const files = picturesOf(event.clipboardData);
      /* An office program's clipboard has its text as a picture, too. */
      if (!files.length || event.clipboardData?.getData('text/plain')) return false;
      event.preventDefault();
      void insert(bench, path, files, null);
      return true;
    },
    drop(event, view) {
      const files = picturesOf(event.dataTransfer);
      if (!files.length) return false;
      event.preventDefault();
      void insert(bench, path, files, view.posAtCoords({ x: event.clientX, y: event.clientY }));
      return true;
    },
  });
}
