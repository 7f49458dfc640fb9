/* Lists whose order is the answer. Pure. */

/* A list with the element at `from` moved to `to`; out of range: as it was. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  if (from < 0 || from >= out.length || to < 0 || to >= out.length) return out;
  const [one] = out.splice(from, 1);
  out.splice(to, 0, one as T);
  return out;
}

/* The order to show: the answer if it names exactly the options there are, else the order in which they came. */
export function orderShown(options: readonly { id: string }[], order: readonly string[] | null): string[] {
  const ids = options.map((o) => o.id);
  if (!order || order.length !== ids.length || !ids.every((id) => order.includes(id))) return ids;
  return [...order];
}
