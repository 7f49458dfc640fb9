/* Points in a picture, in its own pixels. Pure. */

export type Point = [number, number];
export interface Size { width: number; height: number }

const clamp = (v: number, most: number): number => Math.min(most, Math.max(0, Math.round(v)));

export function inside(p: Point, size: Size): Point {
  return [clamp(p[0], size.width - 1), clamp(p[1], size.height - 1)];
}

/* Where the pointer is, from its place on the scaled picture. */
export function fromPointer(client: { x: number; y: number }, box: { left: number; top: number; width: number; height: number }, size: Size): Point {
  return inside([((client.x - box.left) / box.width) * size.width, ((client.y - box.top) / box.height) * size.height], size);
}

export const DIRECTIONS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* The crosshair after an arrow key: a fortieth of the picture, or a single pixel for fine work. Null: not an arrow. */
export function step(at: Point, key: string, fine: boolean, size: Size): Point | null {
  const d = DIRECTIONS[key];
  if (!d) return null;
  const by = fine ? 1 : Math.max(1, Math.round(Math.min(size.width, size.height) / 40));
  return inside([at[0] + d[0] * by, at[1] + d[1] * by], size);
}

/* The points after one more: with one to choose it replaces, with several the oldest gives way. A point on top of another takes it away. */
export function marked(points: readonly Point[], p: Point, most: number, reach: number): Point[] {
  const near = points.findIndex(([x, y]) => Math.hypot(x - p[0], y - p[1]) <= reach);
  if (near >= 0 && most > 1) return points.filter((_, i) => i !== near);
  return [...points, p].slice(-Math.max(1, most));
}

export const samePoint = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];
