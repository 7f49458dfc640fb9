/* One share of a whole as a bar, what is left named at its end. */
import { percent } from '../texts/index.ts';
import { Plot, type Canvas } from './frame.tsx';

export function SharePlot({ name, summary, share, part, rest }: { name: string; summary: string; share: number; part: string; rest: string }) {
  const held = Math.min(1, Math.max(0, share));
  const draw = ({ width, em }: Canvas) => (
    <>
      <text class="plot-name" x={0} y={em}>{part} {percent(held)}</text>
      {held < 1 && <text class="plot-label" x={width} y={em} text-anchor="end">{rest} {percent(1 - held)}</text>}
      <rect class="plot-rail" x={0} y={em * 1.6} width={width} height={em} rx={em * 0.25} />
      <rect class="plot-bar" x={0} y={em * 1.6} width={Math.max(2, width * held)} height={em} rx={em * 0.25} />
    </>
  );
  return <Plot name={name} summary={summary} height={({ em }) => em * 3} draw={draw} />;
}
