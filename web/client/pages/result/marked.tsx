/* How people have marked: by one or two, agreed or decided by a third. Its words come with the page for markers. */
import type { Marked } from '../../api/types.ts';
import { useLoad } from '../../parts/hooks.ts';
import { number, percent, t, useMoreWords } from '../../texts/index.ts';
import { MORE } from '../../texts/more.ts';

function toleranceOf(m: Marked): string {
  if (m.tolerance?.percent !== undefined) return percent(m.tolerance.percent / 100, 3);
  return t('marked.points', { n: m.tolerance?.points ?? 0 });
}

export function MarkedByPeople({ marked: m }: { marked: Marked }) {
  const words = useLoad(() => useMoreWords(MORE.marking), []);
  if (words.state !== 'ready') return null;
  const tolerance = toleranceOf(m);
  return (
    <section class="card marked" aria-labelledby="marked-title">
      <h2 id="marked-title">{t('marked.title')}</h2>
      <ul class="stack">
        {m.self ? <li>{t('marked.self', { n: m.one })}</li> : m.one > 0 && <li>{t('marked.one', { n: m.one })}</li>}
        {m.two > 0 && <li>{t('marked.two', { n: m.two, tolerance })}</li>}
        {m.third > 0 && <li>{t('marked.third', { n: m.third, all: number(m.answers) })}</li>}
        {m.decision > 0 && <li>{t('marked.decision', { n: m.decision })}</li>}
      </ul>
    </section>
  );
}
