/* The form of an attempt as a page shows it: the questions of the open sections with the answers given so far, where the person is, and where
 * they may go. Knows nothing of saving; session.ts adds that. */
import type { Attempt, FormItem, Section } from '../api/types.ts';

export interface Live extends FormItem {
  confidence: number | null;
  section: number;
  refused: string | null; /* why the server would not take the last answer */
  late: boolean;
}

/* What of an item is still on its way from here, and must not be overwritten by what the server knows. */
export interface Keep { answer: boolean; note: boolean }

/* The server's item, put into the object that the page holds already if there is one. */
export function place(item: FormItem, section: number, known: Live | undefined, keep: Keep): Live {
  const confidence = item.confidence ?? null;
  if (!known) return { ...item, confidence, section, refused: null, late: false };
  const mine = { response: known.response, flagged: known.flagged, confidence: known.confidence };
  const { note, seq } = known;
  Object.assign(known, item, { confidence, section, seq: Math.max(seq, item.seq) });
  if (keep.answer) Object.assign(known, mine);
  if (keep.note) known.note = note;
  return known;
}

export class Form {
  attempt: Attempt | null = null;
  items: Live[] = [];
  current = 0; /* index into items */

  get item(): Live | null {
    return this.items[this.current] ?? null;
  }
  get section(): Section | null {
    return this.attempt?.sections.find((s) => s.state === 'open') ?? null;
  }

  /* Takes over the server's state. */
  protected replace(attempt: Attempt, keep: (id: string) => Keep): void {
    const known = new Map(this.items.map((i) => [i.id, i]));
    this.attempt = attempt;
    this.items = attempt.sections.flatMap((s, section) => (s.items ?? []).map((i) => place(i, section, known.get(i.id), keep(i.id))));
  }

  /* Whether an item is behind one once it is left. */
  noReturn(item: Live | null = this.item): boolean {
    if (!this.attempt || !item || this.attempt.mode !== 'exam') return false;
    return this.attempt.rules.no_return || (this.attempt.sections[item.section]?.no_return ?? false);
  }

  isClosed(item: Live): boolean {
    return item.closed === true || (this.attempt?.sections[item.section]?.state ?? 'open') !== 'open';
  }

  canGo(index: number): boolean {
    const to = this.items[index];
    return to !== undefined && index !== this.current && !this.isClosed(to) && !(this.noReturn() && index !== this.current + 1);
  }

  /* Where to begin: at the wanted number where one may go about freely, else at the first question that is open. */
  protected firstOpen(wanted: number): number {
    const open = this.items.findIndex((i) => !this.isClosed(i));
    if (open < 0) return 0;
    const at = this.items.findIndex((i) => i.n === wanted && !this.isClosed(i));
    return at >= 0 && !this.noReturn(this.items[open]) ? at : open;
  }
}
