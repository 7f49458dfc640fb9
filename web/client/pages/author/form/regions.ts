/* The regions of a hotspot: the lines of a YAML list ("- {id: a, label: …, shape: rect, at: […]}") as shapes, and back. A line that was not
 * changed is written as it stood. Null for what is written in another way. Pure. */

export type Shape = 'rect' | 'circle' | 'poly';
export interface Region { id: string; label: string; shape: Shape; at: number[]; correct: boolean; line?: string | undefined }

/* The members of a flow mapping, as texts; null when it is none. */
function members(s: string): Map<string, string> | null {
  const out = new Map<string, string>();
  let rest = s;
  while (rest.trim() !== '') {
    const m = /^\s*([a-z-]+)\s*:\s*("(?:[^"\\]|\\["\\])*"|'(?:[^']|'')*'|\[[^\][]*\]|[^,{}[\]"'#]*?)\s*(?:,|$)/.exec(rest);
    if (!m || out.has(m[1]!)) return null;
    out.set(m[1]!, m[2]!);
    rest = rest.slice(m[0].length);
  }
  return out;
}

function plain(s: string): string {
  if (s.startsWith('"')) return s.slice(1, -1).replace(/\\(["\\])/g, '$1');
  if (s.startsWith("'")) return s.slice(1, -1).replace(/''/g, "'");
  return s;
}

function readRegion(line: string): Region | null {
  const flow = /^-\s*\{(.*)\}$/.exec(line);
  const m = flow && members(flow[1]!);
  if (!m || [...m.keys()].some((k) => !/^(id|label|shape|at|correct)$/.test(k))) return null;
  const shape = plain(m.get('shape') ?? '');
  const numbers = /^\[(.*)\]$/.exec(m.get('at') ?? '')?.[1];
  const at = numbers === undefined ? [] : numbers.split(',').map((n) => Number(n.trim()));
  if (!/^(rect|circle|poly)$/.test(shape) || !at.length || at.some((n) => !Number.isFinite(n))) return null;
  return { id: plain(m.get('id') ?? ''), label: plain(m.get('label') ?? ''), shape: shape as Shape, at, correct: /^(true|yes)$/i.test(m.get('correct') ?? ''), line };
}

export function readRegions(text: string | null): Region[] | null {
  const lines = (text ?? '').split('\n').map((l) => l.trim()).filter(Boolean);
  const all = lines.map(readRegion);
  return all.every((r): r is Region => r !== null) ? all : null;
}

const quoted = (s: string): string => `"${s.replace(/\s*\n\s*/g, ' ').replace(/(["\\])/g, '\\$1')}"`;

export function writeRegion(r: Region): string {
  return r.line ?? `- {id: ${r.id}, label: ${quoted(r.label)}, shape: ${r.shape}, at: [${r.at.join(', ')}]${r.correct ? ', correct: true' : ''}}`;
}
export const writeRegions = (all: readonly Region[]): string => all.map(writeRegion).join('\n');

/* ---- geometry ---- */

export interface Size { width: number; height: number }

const within = (v: number, most: number): number => Math.min(most, Math.max(0, Math.round(v)));

/* Numbers stay in the picture; a rectangle keeps its corners in order. */
export function tidy(shape: Shape, at: readonly number[], size: Size): number[] {
  if (shape === 'circle') return [within(at[0]!, size.width), within(at[1]!, size.height), Math.max(1, Math.round(at[2]!))];
  const out = at.map((v, i) => within(v, i % 2 ? size.height : size.width));
  if (shape !== 'rect') return out;
  const [a, b, c, d] = out as [number, number, number, number];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c, Math.min(a, c) + 1), Math.max(b, d, Math.min(b, d) + 1)];
}

/* A shape moved as a whole; it stops at the edge without changing. */
export function movedBy(shape: Shape, at: readonly number[], dx: number, dy: number, size: Size): number[] {
  const points = shape === 'circle' ? [at[0]!, at[1]!] : at;
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const bx = Math.min(size.width - Math.max(...xs), Math.max(-Math.min(...xs), Math.round(dx)));
  const by = Math.min(size.height - Math.max(...ys), Math.max(-Math.min(...ys), Math.round(dy)));
  if (shape === 'circle') return [at[0]! + bx, at[1]! + by, at[2]!];
  return at.map((v, i) => v + (i % 2 ? by : bx));
}

/* The shape between where the pointer went down and where it is. */
export function drawn(shape: Exclude<Shape, 'poly'>, from: [number, number], to: [number, number], size: Size): number[] {
  if (shape === 'circle') return tidy('circle', [...from, Math.hypot(to[0] - from[0], to[1] - from[1])], size);
  return tidy('rect', [...from, ...to], size);
}

/* The handles of a shape: its corners, or the centre's distance. */
export function handles(shape: Shape, at: readonly number[]): [number, number][] {
  if (shape === 'rect') return [[at[0]!, at[1]!], [at[2]!, at[1]!], [at[2]!, at[3]!], [at[0]!, at[3]!]];
  if (shape === 'circle') return [[at[0]! + at[2]!, at[1]!]];
  const out: [number, number][] = [];
  for (let i = 0; i + 1 < at.length; i += 2) out.push([at[i]!, at[i + 1]!]);
  return out;
}

/* One handle at another place. */
export function reshaped(shape: Shape, at: readonly number[], handle: number, to: [number, number], size: Size): number[] {
  if (shape === 'circle') return tidy('circle', [at[0]!, at[1]!, Math.hypot(to[0] - at[0]!, to[1] - at[1]!)], size);
  const out = [...at];
  if (shape === 'rect') {
    out[handle === 1 || handle === 2 ? 2 : 0] = to[0];
    out[handle >= 2 ? 3 : 1] = to[1];
    return tidy('rect', out, size);
  }
  out[handle * 2] = to[0];
  out[handle * 2 + 1] = to[1];
  return tidy('poly', out, size);
}

/* The same place as another shape. */
export function asShape(to: Shape, r: Pick<Region, 'shape' | 'at'>, size: Size): number[] {
  if (to === r.shape) return [...r.at];
  const points = r.shape === 'circle' ? [r.at[0]! - r.at[2]!, r.at[1]! - r.at[2]!, r.at[0]! + r.at[2]!, r.at[1]! + r.at[2]!] : r.at;
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const [l, t, rr, b] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  if (to === 'rect') return tidy('rect', [l, t, rr, b], size);
  if (to === 'circle') return tidy('circle', [(l + rr) / 2, (t + b) / 2, Math.min(rr - l, b - t) / 2], size);
  return tidy('poly', [l, t, rr, t, rr, b, l, b], size);
}

/* An id that none of them has. */
export function freeId(all: readonly Region[]): string {
  for (let n = all.length + 1; ; n++) if (!all.some((r) => r.id === `area-${n}`)) return `area-${n}`;
}
