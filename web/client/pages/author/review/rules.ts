/* What review says of a bank's questions, put in order: who waits for what. Pure. */
import type * as T from '../../../api/author-types.ts';

export const STATUSES = ['draft', 'review', 'approved', 'pretest', 'active', 'retired'] as const;
export type Status = (typeof STATUSES)[number];

/* Why a question is on the list, the most urgent first; null: nothing is to be done. */
export const REASONS = ['disagrees', 'stale', 'missing', 'review', 'approved'] as const;
export type Reason = (typeof REASONS)[number];

export interface Row { item: T.AuthorItem; path: string; reason: Reason | null }

const DRAWN = ['approved', 'pretest', 'active'];

export function reasonOf(item: T.AuthorItem): Reason | null {
  const r = item.review;
  if (!r) return null;
  if (r.disagrees && item.status !== 'retired') return 'disagrees';
  if (DRAWN.includes(item.status ?? '') && r.approvals < r.needed) return r.stale ? 'stale' : 'missing';
  return item.status === 'review' || item.status === 'approved' ? item.status : null;
}

/* All questions of the bank. Without `review:` in bank.yml what was never approved is not missing. */
export function rowsOf(tree: T.AuthorTree): Row[] {
  return tree.files.flatMap((f) =>
    f.items.map((item) => {
      const reason = reasonOf(item);
      return { item, path: f.path, reason: reason === 'missing' && !tree.review ? null : reason };
    }),
  );
}

export function waiting(rows: readonly Row[]): (Row & { reason: Reason })[] {
  const some = rows.filter((r): r is Row & { reason: Reason } => r.reason !== null);
  return some.sort((a, b) => REASONS.indexOf(a.reason) - REASONS.indexOf(b.reason) || a.item.id.localeCompare(b.item.id));
}

export function countByStatus(rows: readonly Row[]): { status: Status; n: number }[] {
  return STATUSES.map((status) => ({ status, n: rows.filter((r) => r.item.status === status).length }));
}

/* What this person can still read blind. */
export function unreadBy(rows: readonly Row[]): number {
  return rows.filter(({ item: i }) => i.status === 'review' && i.kind !== 'task' && !i.review?.answered && !i.review?.own).length;
}

export interface Action { did: T.AuthorDid; main: boolean; needsWhy: boolean }

/* What can be decided, in the order of the buttons; the one that leads on is the main one, and comes first. */
export function actionsOf(r: T.AuthorReview): Action[] {
  const on: Record<string, T.AuthorDid | undefined> = { draft: 'submitted', review: 'approved', approved: 'activated', pretest: 'activated', retired: 'activated' };
  const lacks = r.review.approvals < r.review.needed || r.review.disagrees > 0;
  const main = lacks && r.may.includes('approved') ? 'approved' : on[r.status];
  const order: T.AuthorDid[] = ['submitted', 'approved', 'activated', 'pretested', 'returned', 'retired', 'commented'];
  const fits = (did: T.AuthorDid): boolean => {
    if (!r.may.includes(did)) return false;
    if (did === 'submitted') return r.status === 'draft' || (r.status === 'review' && !r.review.submitted_by);
    if (did === 'pretested') return r.status === 'approved' && r.kind !== 'task';
    if (did === 'activated') return r.status !== 'draft' && r.status !== 'review';
    if (did === 'returned') return r.status !== 'retired';
    if (did === 'retired') return r.status === 'active' || r.status === 'pretest' || r.status === 'approved';
    return true;
  };
  return order.filter(fits).sort((a, b) => Number(b === main) - Number(a === main)).map((did) => ({
    did,
    main: did === main,
    needsWhy: did === 'returned' || did === 'retired' || did === 'commented' || (did === 'approved' && r.review.disagrees > 0),
  }));
}
