/* A question's status as a word in a frame; the colour says nothing that the word does not. */
import { maybe } from '../../../texts/index.ts';

export function StatusBadge({ status }: { status: string | null }) {
  return <span class={`status-badge status-${status ?? 'none'}`}>{maybe(`vetting.status.${status}`) ?? status ?? maybe('vetting.status.broken')}</span>;
}
