/* The kinds of question in the form: which fields each has, and what becomes of the answers when the kind changes. Pure. */
import type { AuthorModel, AuthorOption } from '../../../api/author-types.ts';
import type { ItemKind } from '../../../api/types.ts';
import { readGrid, writeGrid } from './table.ts';

export type FormKind = Exclude<ItemKind, 'task'>;
export const KINDS: readonly FormKind[] = ['single', 'multiple', 'true-false', 'ordering', 'matching', 'grid', 'numeric', 'text', 'cloze', 'hotspot', 'essay'];
export const isKind = (k: string | null): k is FormKind => KINDS.includes(k as FormKind);
export const isChoice = (k: string | null): boolean => k === 'single' || k === 'multiple' || k === 'true-false';

export const option = (text: string | null, right = false): AuthorOption => ({ text, right, why: null, pin: false, match: null });

type Change = Partial<AuthorModel>;

/* The texts that a question offers, whatever it is. */
function textsOf(m: AuthorModel): AuthorOption[] {
  if (m.options) return m.options;
  if (m.answers) return m.answers.map((a) => option(a, true));
  const grid = m.answer_text ? readGrid(m.answer_text) : null;
  return grid ? grid.rows.map((r) => option(r.text, r.right === 0)) : [];
}

/* The options as another kind of list. A right one stays right where only one may be. */
function optionsFor(kind: FormKind, m: AuthorModel): AuthorOption[] {
  const all = textsOf(m).map((o) => ({ ...o, text: o.text ?? o.match }));
  if (kind === 'true-false') {
    const truth = all.find((o) => o.right)?.text?.toLowerCase() !== 'false';
    return [option('True', truth), option('False', !truth)];
  }
  while (all.length < 2) all.push(option(null));
  if (kind === 'ordering') return all.map((o) => ({ ...o, right: false, pin: false, match: null }));
  if (kind === 'matching') return all.map((o) => ({ ...option(o.text), match: o.match !== o.text ? o.match : null }));
  const first = all.findIndex((o) => o.right);
  return all.map((o, i) => ({ ...o, match: null, right: kind === 'multiple' ? o.right : i === Math.max(0, first) }));
}

/* What changes when a question becomes one of another kind. */
export function becomes(kind: FormKind, m: AuthorModel): Change {
  const rest: Change = { type: kind };
  if (m.regions && kind !== 'hotspot') Object.assign(rest, { regions: null, image: null, 'image-alt': null });
  if (m.select && kind !== 'multiple' && kind !== 'hotspot') rest.select = null;
  switch (kind) {
    case 'numeric':
    case 'text': {
      const right = m.answers ?? textsOf(m).filter((o) => o.right).map((o) => o.text ?? '');
      return { ...rest, options: null, answer_text: null, answers: right.filter(Boolean).length ? right.filter(Boolean) : ['?'] };
    }
    case 'grid': {
      const rows = textsOf(m).map((o) => ({ text: o.text ?? '', right: o.right ? 0 : 1 }));
      return { ...rest, options: null, answers: null, answer_text: writeGrid({ corner: '', columns: ['True', 'False'], rows: rows.length > 1 ? rows : [...rows, { text: '', right: 0 }, { text: '', right: 1 }].slice(0, 2) }) };
    }
    case 'cloze':
    case 'essay':
    case 'hotspot':
      return { ...rest, options: null, answers: null, answer_text: '' };
    default:
      return { ...rest, answers: null, answer_text: null, options: optionsFor(kind, m) };
  }
}

/* Whether answers would be lost: the person is told before. */
export function loses(kind: FormKind, m: AuthorModel): boolean {
  const has = textsOf(m).some((o) => o.text);
  if (kind === 'cloze' || kind === 'essay' || kind === 'hotspot') return has || !!m.regions;
  if (kind === 'true-false') return has && m.type !== 'true-false';
  if (kind === 'numeric' || kind === 'text') return textsOf(m).some((o) => !o.right && o.text) || (m.options?.some((o) => o.why) ?? false) || !!m.regions;
  return !!m.regions || (m.type === 'grid' && has) || (m.options?.some((o) => o.why) ?? false ? kind === 'matching' || kind === 'grid' : false);
}
