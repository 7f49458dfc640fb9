/* The kinds of question. A kind is a Control to answer with and a Show that prints an answer (the person's, or the key). To add one: its file
 * here, and its line in the table. */
import type { ComponentChild, ComponentType } from 'preact';
import type { Feedback, FormItem, ItemKind, Response } from '../api/types.ts';
import type { AttemptSession } from '../attempt/session.ts';
import { Choice, ShowChoice } from './choice.tsx';
import { Cloze, ShowCloze } from './cloze.tsx';
import { Grid, ShowGrid } from './grid.tsx';
import { Hotspot, ShowHotspot } from './hotspot.tsx';
import { Matching, ShowMatching } from './matching.tsx';
import { Numeric, ShowNumeric } from './numeric.tsx';
import { Ordering, ShowOrdering } from './ordering.tsx';
import { ShowTask, Task } from './task.tsx';
import { Essay, ShowText, Text } from './text.tsx';

export interface ControlProps {
  item: FormItem;
  response: Response | null;
  /* `quiet`: how long to wait for more of the same before it is sent, in milliseconds. */
  onAnswer(response: Response | null, quiet?: number): void;
  locked: boolean; /* shown, not answered any more */
  feedback?: Feedback | undefined;
  struck: string[];
  onStrike?: ((option: string) => void) | undefined;
  lang?: string | undefined;
  /* For hands-on tasks: the attempt they belong to; what is shown beside the terminal instead of the instructions; a page of documentation is wanted. */
  session?: AttemptSession | undefined;
  aside?: ComponentChild;
  onDoc?: ((id: string) => void) | undefined;
}

export interface ShowProps { item: FormItem; response: Response; lang?: string | undefined }

export interface Kind {
  Control: ComponentType<ControlProps>;
  Show: ComponentType<ShowProps>;
  /* The options carry their own marks after feedback, so the answer need not be printed again. */
  marksItself?: true;
  /* The control holds the stem, because the answer is given inside it. */
  holdsStem?: true;
}

const CHOICE: Kind = { Control: Choice, Show: ShowChoice, marksItself: true };

const KINDS: Partial<Record<ItemKind, Kind>> = {
  single: CHOICE,
  multiple: CHOICE,
  'true-false': CHOICE,
  grid: { Control: Grid, Show: ShowGrid },
  ordering: { Control: Ordering, Show: ShowOrdering },
  matching: { Control: Matching, Show: ShowMatching },
  numeric: { Control: Numeric, Show: ShowNumeric },
  text: { Control: Text, Show: ShowText },
  essay: { Control: Essay, Show: ShowText },
  cloze: { Control: Cloze, Show: ShowCloze, holdsStem: true },
  hotspot: { Control: Hotspot, Show: ShowHotspot },
  task: { Control: Task, Show: ShowTask, holdsStem: true },
};

export const kindOf = (kind: ItemKind): Kind | null => KINDS[kind] ?? null;
