/* Arithmetic of plots. Pure. */

/* Maps a value from one range to another, held inside it. */
export function project(v: number, from: readonly [number, number], to: readonly [number, number]): number {
  const span = from[1] - from[0];
  const share = span === 0 ? 0 : Math.min(1, Math.max(0, (v - from[0]) / span));
  return to[0] + share * (to[1] - to[0]);
}

/* Round values for an axis: at most `most` steps of 1, 2 or 5 times a power of ten. */
export function ticks(min: number, max: number, most: number): number[] {
  if (!(max > min) || most < 1) return [min];
  const rough = (max - min) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const out: number[] = [];
  for (let v = Math.ceil(min / step) * step; v <= max + step * 1e-9; v += step) out.push(Number(v.toPrecision(12)));
  return out;
}

/* Moves labels apart so that no two are nearer than `gap`, keeping their order and staying inside the range as far as it can. */
export function spread(at: readonly number[], gap: number, from: number, to: number): number[] {
  const out = [...at];
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i]!, out[i - 1]! + gap);
  const over = out.length ? out[out.length - 1]! - to : 0;
  if (over > 0) {
    out[out.length - 1] = to;
    for (let i = out.length - 2; i >= 0; i--) out[i] = Math.min(out[i]!, out[i + 1]! - gap);
  }
  return out.map((v) => Math.max(from, v));
}

/* A text in lines of at most `most` characters, broken between words where that is possible. */
export function lines(text: string, most: number): string[] {
  const out: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = out[out.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= most) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out;
}

export function median(values: readonly number[]): number {
  if (!values.length) return 0;
  const s = [...values].sort((a, b) => a - b);
  const mid = s.length >> 1;
  return s.length % 2 ? s[mid]! : (s[mid - 1]! + s[mid]!) / 2;
}
