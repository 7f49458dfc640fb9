/* The words of pages that few people open; each comes with its page (app/extras.ts). Not in index.ts, so that the one-file verifier goes without. */
import type { MoreWords } from './index.ts';

export const MORE = {
  author: { en: () => import('./en.author.ts').then((m) => m.enAuthor), de: () => import('./de.author.ts').then((m) => m.deAuthor) },
  marking: { en: () => import('./en.marking.ts').then((m) => m.enMarking), de: () => import('./de.marking.ts').then((m) => m.deMarking) },
  problem: { en: () => import('./en.problem.ts').then((m) => m.enProblem), de: () => import('./de.problem.ts').then((m) => m.deProblem) },
  reports: { en: () => import('./en.reports.ts').then((m) => m.enReports), de: () => import('./de.reports.ts').then((m) => m.deReports) },
} satisfies Record<string, MoreWords>;
