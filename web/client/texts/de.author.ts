/* Die Seite zum Schreiben; siehe en.author.ts. */
import type { enAuthor } from './en.author.ts';
import { deAuthorForm } from './de.author-form.ts';
import { deAuthorPreview } from './de.author-preview.ts';
import { deAuthorSample } from './de.author-sample.ts';
import type { Translated } from './index.ts';

export const deAuthor: Translated<typeof enAuthor> = {
  ...deAuthorForm,
  ...deAuthorPreview,
  ...deAuthorSample,
  'author.title': 'Schreiben',
  'author.notHere': 'Hier wird nicht geschrieben',
  'author.notHereText': 'Dieser Server ist für Prüflinge da. Wer Fragen schreiben will, startet assay author ORDNER und öffnet den Link, der dann dasteht.',
  'author.panes': 'Bereiche',
  'author.editors': 'Arten zu bearbeiten',
  'author.beside': 'Neben dem Text',
  'author.pane.files': 'Dateien',
  'author.pane.write': 'Text',
  'author.pane.form': 'Formular',
  'author.pane.blueprint': 'Prüfungsplan',
  'author.pane.preview': 'Vorschau',
  'author.pane.problems': 'Probleme',
  'author.pane.review': 'Begutachtung',
  'author.pane.sample': 'Muster',
  'author.pane.task': 'Box & Nachweis',
  'author.editing': 'Text von {path}',
  'author.save': 'Speichern',
  'author.tree': 'Die Fragenbank',
  'author.open': 'Wählen Sie links eine Frage oder eine Datei.',
  'author.noProblems': 'Es ist nichts zu beanstanden.',
};
