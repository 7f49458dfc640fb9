/* A picture of the bank: where it is shown from, and how large it is to the program that marks hotspots. */
import { useEffect, useState } from 'preact/hooks';
import type { AuthorTree } from '../../../api/author-types.ts';
import type { Size } from './regions.ts';

/* A path as it is written in a file ("../media/a.png"), from the bank's folder; null when it leads out of it. Pure. */
export function resolved(path: string, link: string): string | null {
  const at = path.split('/').slice(0, -1);
  for (const step of link.split('/')) {
    if (step === '..') {
      if (!at.length) return null;
      at.pop();
    } else if (step !== '.' && step !== '') at.push(step);
  }
  return at.join('/');
}

/* The address of a picture in the folder; null when there is none, or not yet. Pure. */
export function addressOf(tree: AuthorTree, path: string, link: string): string | null {
  const file = resolved(path, link);
  const found = tree.files.find((f) => f.path === file && f.kind === 'media');
  return found?.version ? `/media/${found.version}${/\.\w+$/.exec(found.path)?.[0] ?? ''}` : null;
}

/* What a vector picture says of its size: width and height in pixels, else its viewBox. Pure. */
export function sizeOfSvg(svg: { width: string | null; height: string | null; viewBox: string | null }): Size | null {
  const px = (v: string | null): number | null => (/^\s*\d+(\.\d+)?(px)?\s*$/.test(v ?? '') ? Math.round(Number.parseFloat(v!)) : null);
  const [w, h] = [px(svg.width), px(svg.height)];
  if (w && h) return { width: w, height: h };
  const box = (svg.viewBox ?? '').trim().split(/[\s,]+/).map(Number);
  return box.length === 4 && box[2]! > 0 && box[3]! > 0 ? { width: Math.round(box[2]!), height: Math.round(box[3]!) } : null;
}

/* The size of the picture at an address; null until it is known. */
export function useSize(address: string | null): Size | null {
  const [size, setSize] = useState<{ of: string; size: Size } | null>(null);
  useEffect(() => {
    if (!address) return;
    let stale = false;
    const set = (s: Size | null): void => {
      if (!stale && s) setSize({ of: address, size: s });
    };
    if (address.endsWith('.svg')) {
      void fetch(address).then((r) => r.text()).then((text) => {
        const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
        set(sizeOfSvg({ width: root.getAttribute('width'), height: root.getAttribute('height'), viewBox: root.getAttribute('viewBox') }));
      }, () => undefined);
    } else {
      const img = new Image();
      img.onload = () => set({ width: img.naturalWidth, height: img.naturalHeight });
      img.src = address;
    }
    return () => {
      stale = true;
    };
  }, [address]);
  return size && size.of === address ? size.size : null;
}
