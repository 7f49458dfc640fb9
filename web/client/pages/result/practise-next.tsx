/* Where practice pays most, as links into study sessions. */
import type { Result } from '../../api/types.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { percent, t } from '../../texts/index.ts';

export function PractiseNext({ exam, next }: { exam: string; next: NonNullable<Result['practise_next']> }) {
  return (
    <section class="card" aria-labelledby="next-title">
      <h2 id="next-title">{t('practise.title')}</h2>
      <p>{t('practise.text')}</p>
      <ul class="next-list">
        {next.map((p) => (
          <li key={`${p.domain}.${p.objective ?? ''}`}>
            <a href={`/study/${exam}?domains=${encodeURIComponent(p.domain)}`}>
              <span class="grow">{p.title}</span>
              <span class="muted">{t('practise.share', { share: percent(p.share), n: p.items })}</span>
              <Icon name="next" />
            </a>
          </li>
        ))}
        <li>
          <a href={`/study/${exam}?pool=missed`}><span class="grow">{t('practise.missed')}</span><Icon name="next" /></a>
        </li>
      </ul>
    </section>
  );
}
