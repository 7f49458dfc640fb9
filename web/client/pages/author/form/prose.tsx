/* A box for text, with buttons for those who do not write Markdown, and pictures that are pasted or dropped into it. */
import { useRef, useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import { errorText } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import type { Attached } from './field.tsx';
import { asCode, inserted, linkTo, listed, rowsOf, wrapped, type Marked } from './markdown.ts';

const PICTURE_MAX = 8 << 20;

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let out = '';
  for (let i = 0; i < bytes.length; i += 0x8000) out += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(out);
}

/* Puts a picture into the bank; its path there. */
export async function putPicture(file: File): Promise<string> {
  if (file.size > PICTURE_MAX) throw new RangeError('too large');
  return (await author.media(file.name || 'picture.png', await base64Of(file))).path;
}
export const pictureError = (e: unknown): string => (e instanceof RangeError ? t('form.picture.tooLarge') : errorText(e));

interface Props extends Attached {
  value: string;
  onInput: (v: string) => void;
  path: string;
  least?: number;
  tools?: boolean;
  mono?: boolean;
  label?: string; /* where no <label> is */
  placeholder?: string;
  onKeyDown?: (e: KeyboardEvent) => void;
  area?: (e: HTMLTextAreaElement | null) => void;
}

/* Changes a box in a way that the browser can undo. */
function put(box: HTMLTextAreaElement, m: Marked): void {
  const before = box.value;
  let from = 0;
  while (from < before.length && before[from] === m.text[from]) from++;
  let tail = 0;
  while (tail < before.length - from && tail < m.text.length - from && before[before.length - 1 - tail] === m.text[m.text.length - 1 - tail]) tail++;
  box.focus();
  box.setSelectionRange(from, before.length - tail);
  const piece = m.text.slice(from, m.text.length - tail);
  if (!(piece ? document.execCommand('insertText', false, piece) : document.execCommand('delete'))) {
    box.setRangeText(piece, from, before.length - tail);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  box.setSelectionRange(m.from, m.to);
}

export function Prose({ value, onInput, path, least = 3, tools = true, mono, label, placeholder, onKeyDown, area, ...attached }: Props) {
  const box = useRef<HTMLTextAreaElement | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const act = (f: (text: string, from: number, to: number) => Marked): void => {
    const b = box.current;
    if (b) put(b, f(b.value, b.selectionStart, b.selectionEnd));
  };
  const picture = async (file: File | null | undefined): Promise<void> => {
    if (!file) return;
    setError(null);
    try {
      const link = linkTo(path, await putPicture(file));
      act((text, from, to) => {
        const alt = text.slice(from, to).trim() || t('form.picture.alt');
        const m = inserted(text, from, to, `![${alt}](${link})`);
        return { ...m, from: from + 2, to: from + 2 + alt.length };
      });
    } catch (e) {
      setError(pictureError(e));
    }
  };
  const fromEvent = (data: DataTransfer | null): File | undefined => [...(data?.files ?? [])].find((f) => f.type.startsWith('image/'));
  return (
    <div class="prose">
      {tools && (
        <div class="prose-tools" role="group" aria-label={t('form.tools')}>
          <button type="button" title={t('form.tools.strong')} aria-label={t('form.tools.strong')} onClick={() => act((x, a, b) => wrapped(x, a, b, '**', t('form.tools.words')))}><b aria-hidden="true">B</b></button>
          <button type="button" title={t('form.tools.stress')} aria-label={t('form.tools.stress')} onClick={() => act((x, a, b) => wrapped(x, a, b, '*', t('form.tools.words')))}><i aria-hidden="true">I</i></button>
          <button type="button" title={t('form.tools.code')} aria-label={t('form.tools.code')} onClick={() => act((x, a, b) => asCode(x, a, b, t('form.tools.codeWords')))}><code aria-hidden="true">{'<>'}</code></button>
          <button type="button" title={t('form.tools.list')} aria-label={t('form.tools.list')} onClick={() => act(listed)}><span aria-hidden="true">•—</span></button>
          <button type="button" title={t('form.tools.picture')} onClick={() => picker.current?.click()}>{t('form.tools.pictureShort')}</button>
          <input ref={picker} type="file" accept="image/*" hidden onChange={(e) => { void picture(e.currentTarget.files?.[0]); e.currentTarget.value = ''; }} />
        </div>
      )}
      <textarea
        {...attached}
        ref={(e) => {
          box.current = e;
          area?.(e);
        }}
        aria-label={label}
        class={mono ? 'is-mono' : ''}
        dir="auto"
        rows={rowsOf(value, least)}
        value={value}
        spellcheck={!mono}
        placeholder={placeholder}
        onInput={(e) => onInput(e.currentTarget.value)}
        onPaste={(e) => {
          const file = fromEvent(e.clipboardData);
          if (!file || !tools) return;
          e.preventDefault();
          void picture(file);
        }}
        onDrop={(e) => {
          const file = fromEvent(e.dataTransfer);
          if (!file || !tools) return;
          e.preventDefault();
          void picture(file);
        }}
        onKeyDown={(e) => {
          if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && (e.key === 'b' || e.key === 'i') && tools) {
            e.preventDefault();
            act((x, a, b) => wrapped(x, a, b, e.key === 'b' ? '**' : '*', t('form.tools.words')));
          } else onKeyDown?.(e);
        }}
      />
      {error && <p class="hint hint-warn" role="alert">{error}</p>}
    </div>
  );
}
