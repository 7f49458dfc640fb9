/* The authoring page. Loaded with it: texts/index.ts. Panes of other folders have files of their own, spread here. */
import { enAuthorForm } from './en.author-form.ts';
import { enAuthorPreview } from './en.author-preview.ts';
import { enAuthorSample } from './en.author-sample.ts';

export const enAuthor = {
  ...enAuthorForm,
  ...enAuthorPreview,
  ...enAuthorSample,
  'author.title': 'Write',
  'author.notHere': 'There is no author here',
  'author.notHereText': 'This server serves candidates. To write questions, run assay author FOLDER and open the link that it prints.',
  'author.panes': 'Panes',
  'author.editors': 'Ways to edit',
  'author.beside': 'Beside the text',
  'author.pane.files': 'Files',
  'author.pane.write': 'Write',
  'author.pane.form': 'Form',
  'author.pane.blueprint': 'Blueprint',
  'author.pane.preview': 'Preview',
  'author.pane.problems': 'Problems',
  'author.pane.review': 'Review',
  'author.pane.sample': 'Sample',
  'author.pane.task': 'Box & proof',
  'author.editing': 'Text of {path}',
  'author.save': 'Save',
  'author.tree': 'The bank',
  'author.open': 'Choose a question or a file on the left.',
  'author.noProblems': 'Nothing is wrong.',
};
