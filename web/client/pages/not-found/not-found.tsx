/* An address that leads nowhere. */
import { useTitle } from '../../parts/hooks.ts';
import { t } from '../../texts/index.ts';

export default function NotFound() {
  useTitle(t('notFound.title'));
  return (
    <div class="card stack">
      <h1 class="title">{t('notFound.title')}</h1>
      <p>{t('notFound.text')}</p>
      <p><a class="button" href="/">{t('nav.exams')}</a></p>
    </div>
  );
}
