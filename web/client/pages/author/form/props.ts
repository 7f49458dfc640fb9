/* What all parts of the form get: the fields, a way to change them, and what is wrong with each. */
import type { AuthorModel } from '../../../api/author-types.ts';
import type { Desk } from '../desk.ts';
import type { FieldErrors } from './errors.ts';

export interface PartProps {
  desk: Desk;
  path: string;
  model: AuthorModel;
  errors: FieldErrors;
  set: (change: Partial<AuthorModel>, now?: boolean) => void;
}

export const textOf = (v: unknown): string => (typeof v === 'string' ? v : '');
