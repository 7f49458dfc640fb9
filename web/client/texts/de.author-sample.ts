/* The sample form of an exam, in German. */
import type { Translated } from './index.ts';
import type { enAuthorSample } from './en.author-sample.ts';

export const deAuthorSample: Translated<typeof enAuthorSample> = {
  'sample.title': 'Musterbogen',
  'sample.seed': 'Startwert',
  'sample.another': 'Anderer Bogen',
  'sample.withKeys': 'Mit Lösungen',
  'sample.print': 'Drucken',
  'sample.domains': 'Gebiete',
  'sample.domain': 'Gebiet',
  'sample.drawn': 'Gezogen',
  'sample.wanted': 'Gefordert',
  'sample.inBank': 'In der Bank',
  'sample.total': 'Zusammen',
  'sample.unscored': 'zählt nicht',
  'sample.points': { one: '1 Punkt', other: '{n} Punkte' },
  'sample.open': '{title} öffnen',
  'sample.stale': 'Gerade lässt sich kein Bogen ziehen. Das ist der letzte.',
  'sample.none': 'Noch lässt sich kein Bogen ziehen.',
  'sample.case': 'Fall zu den Fragen {from} bis {to}',
  'sample.caseOne': 'Fall zu Frage {n}',
  'sample.keys': 'Lösungen',
  'sample.pen.ordering': 'Nummerieren Sie die Einträge in ihrer Reihenfolge.',
  'sample.pen.matching': 'Schreiben Sie den Buchstaben des Partners in jedes Kästchen.',
  'sample.pen.hotspot': 'Markieren Sie die Stelle im Bild.',
  'sample.name': 'Vor- und Nachname',
  'sample.date': 'Datum',
  'sample.export': 'Eine Datei mit allen Fragen der Bank macht „assay bank export DIR --to html“.',
};
