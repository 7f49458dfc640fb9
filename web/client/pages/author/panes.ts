/* Which panes the authoring page has: one line each. A pane is a component of a folder of its own that gets the desk and nothing else; it is
 * loaded when it is first shown. Its name is the text author.pane.ID. The order here is that of the tabs; the first that fits is shown first. */
import type { ComponentType } from 'preact';
import type { Desk } from './desk.ts';

export type PaneProps = { desk: Desk };
export interface Pane {
  id: string;
  place: 'centre' | 'right'; /* centre: another way to edit the open text; right: beside it */
  fits: (desk: Desk) => boolean;
  load: () => Promise<ComponentType<PaneProps>>;
}

/* Which file is open. */
export const isQuestion = ({ doc }: Desk): boolean => doc?.kind === 'question';
export const isExam = ({ doc }: Desk): boolean => doc?.kind === 'exam';
export const isTask = ({ doc }: Desk): boolean => doc?.kind === 'task';
/* What candidates get to read. */
export const isShown = ({ doc }: Desk): boolean => !!doc && /^(question|case|doc)$|^task$/.test(doc.kind);
const always = (): boolean => true;

export const PANES: readonly Pane[] = [
  { id: 'write', place: 'centre', fits: always, load: () => import('./write/write.tsx').then((m) => m.WritePane) },
  { id: 'form', place: 'centre', fits: isQuestion, load: () => import('./form/form.tsx').then((m) => m.FormPane) },
  { id: 'blueprint', place: 'centre', fits: isExam, load: () => import('./blueprint/blueprint.tsx').then((m) => m.BlueprintPane) },
  { id: 'task', place: 'right', fits: isTask, load: () => import('./task/task.tsx').then((m) => m.TaskPane) },
  { id: 'preview', place: 'right', fits: isShown, load: () => import('./preview/preview.tsx').then((m) => m.PreviewPane) },
  { id: 'sample', place: 'right', fits: isExam, load: () => import('./sample/sample.tsx').then((m) => m.SamplePane) },
  { id: 'review', place: 'right', fits: (d) => !d.doc || isQuestion(d) || isTask(d), load: () => import('./review/review.tsx').then((m) => m.ReviewPane) },
  { id: 'problems', place: 'right', fits: always, load: () => import('./problems/problems.tsx').then((m) => m.ProblemsPane) },
];
