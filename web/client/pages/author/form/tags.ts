/* "[a, b]" as it stands in the fields, as somebody types it, and back. Pure. */
export const readTags = (text: string | null): string => (text ?? '').trim().replace(/^\[|\]$/g, '').trim();

export function writeTags(typed: string): string | null {
  const words = typed.split(',').map((w) => w.trim()).filter(Boolean);
  return words.length ? `[${words.join(', ')}]` : null;
}
