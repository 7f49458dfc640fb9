/* A picture of the bank, as it is. Where it is used is for the checker to say. */
import { t } from '../../texts/index.ts';
import type { Workbench } from './workbench.ts';

export function Picture({ bench }: { bench: Workbench }) {
  const f = bench.tree.files.find((x) => x.path === bench.picture);
  if (!f?.version) return <p class="desk-nothing muted">{t('author.noPicture')}</p>;
  return (
    <figure class="desk-picture">
      <img src={`/media/${f.version}`} alt={t('author.pictureOf', { path: f.path })} />
      <figcaption class="hint" dir="ltr">{f.path}</figcaption>
    </figure>
  );
}
