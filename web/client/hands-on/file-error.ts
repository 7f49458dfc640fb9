/* Why the box did not do something with a file, in the reader's words: most codes mean something else here than in the rest of the application. */
import { Problem } from '../api/http.ts';
import { errorText } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';

export function fileError(e: unknown): string {
  if (!(e instanceof Problem)) return errorText(e);
  switch (e.code) {
    case 'forbidden':
      return t('files.forbidden');
    case 'not-found':
      return t('files.missing');
    case 'unsupported':
      return t('files.notText');
    case 'too-large':
      return t('files.tooLarge');
    default:
      return errorText(e);
  }
}
