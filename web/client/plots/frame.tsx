/* What all plots share: they are drawn at the width they have, so that words in them stay readable at any zoom; they have a name, a sentence
 * that says what is to be seen, and the same numbers as a table. */
import type { ComponentChild, ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../texts/index.ts';

export interface Canvas { width: number; em: number }

/* The width of an element in pixels, and the size of its letters. */
function useCanvas(): { ref: { current: HTMLDivElement | null }; canvas: Canvas | null } {
  const ref = useRef<HTMLDivElement>(null);
  const [canvas, set] = useState<Canvas | null>(null);
  useEffect(() => {
    const e = ref.current;
    if (!e) return undefined;
    const measure = (): void => {
      const em = Number.parseFloat(getComputedStyle(e).fontSize) || 16;
      const width = Math.floor(e.clientWidth);
      set((c) => (c && c.width === width && c.em === em ? c : { width, em }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(e);
    measure();
    return () => observer.disconnect();
  }, []);
  return { ref, canvas };
}

interface Props {
  name: string;
  summary: string;
  height: (c: Canvas) => number;
  draw: (c: Canvas) => ComponentChild;
  table?: { head: string[]; rows: (string | number)[][] };
  legend?: ComponentChildren;
}

export function Plot({ name, summary, height, draw, table, legend }: Props) {
  const id = useId();
  const { ref, canvas } = useCanvas();
  return (
    <figure class="plot">
      <div ref={ref} class="plot-canvas" dir="ltr">
        {canvas && canvas.width > 40 && (
          <svg role="img" aria-labelledby={`${id}-name`} aria-describedby={`${id}-text`} width={canvas.width} height={height(canvas)} viewBox={`0 0 ${canvas.width} ${height(canvas)}`}>
            <title id={`${id}-name`}>{name}</title>
            {draw(canvas)}
          </svg>
        )}
      </div>
      {legend && <div class="plot-legend" aria-hidden="true">{legend}</div>}
      <figcaption id={`${id}-text`}>{summary}</figcaption>
      {table && (
        <details class="plot-table">
          <summary>{t('plot.asTable')}</summary>
          <div class="scroll-x" tabIndex={0} role="region" aria-label={t('plot.tableOf', { name })}>
            <table>
              <thead><tr>{table.head.map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
              <tbody>
                {table.rows.map((r, i) => <tr key={i}>{r.map((c, j) => (j === 0 ? <th key={j} scope="row">{c}</th> : <td key={j}>{c}</td>))}</tr>)}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}
