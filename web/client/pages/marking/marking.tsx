/* /marking: answers that wait for the marks of who is signed in, question by question; and /marking/agreement: how well markers agree. */
import { useState } from 'preact/hooks';
import * as calls from '../../api/marking.ts';
import type { PageProps } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Empty, Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { t } from '../../texts/index.ts';
import { Agreement } from './agreement.tsx';
import { Bench } from './bench.tsx';
import { Work } from './work.ts';

function Ways({ agreement }: { agreement: boolean }) {
  const link = (to: string, label: string, here: boolean) => <a href={to} aria-current={here ? 'page' : undefined}>{label}</a>;
  return (
    <nav class="marking-ways" aria-label={t('marking.ways')}>
      {link('/marking', t('marking.mark'), !agreement)}
      {link('/marking/agreement', t('marking.agreement'), agreement)}
    </nav>
  );
}

function GroupCard({ group: g, start }: { group: calls.Group; start: () => void }) {
  const all = g.marked + g.waiting.length;
  return (
    <li class="card marking-group">
      <div>
        <p class="kind">{g.exam_title}</p>
        <h2>{g.title || g.item}</h2>
        <p class="muted">
          {t('marking.waiting', { n: g.waiting.length })} · {t('marking.worth', { n: g.max })}
          {g.markers === 2 && <> · {t('marking.twoMarkers')}</>}
        </p>
        <p class="marking-progress">
          <meter class="meter" min={0} max={all} value={g.marked} aria-label={t('marking.progress', { title: g.title || g.item })} />
          <span>{t('marking.markedOf', { n: g.marked, all })}</span>
        </p>
      </div>
      <button type="button" class="button" aria-label={`${t('marking.start')}: ${g.title || g.item}`} onClick={start}>{t('marking.start')}</button>
    </li>
  );
}

function Overview({ queue: q, start }: { queue: calls.Queue; start: (places: calls.Place[]) => void }) {
  return (
    <>
      {q.nameless > 0 && <Notice tone="warn"><p>{t('marking.nameless', { n: q.nameless })}</p></Notice>}
      {q.more && <Notice tone="info"><p>{t('marking.more')}</p></Notice>}
      {q.groups.length === 0 && !q.more && <Empty><p>{t('marking.nothing')}</p></Empty>}
      {q.groups.length > 1 && (
        <p><button type="button" class="button button-quiet" onClick={() => start(q.groups.flatMap((g) => g.waiting))}>{t('marking.startAll', { n: q.waiting })}</button></p>
      )}
      <ul class="marking-groups">
        {q.groups.map((g) => <GroupCard key={`${g.exam}/${g.item}`} group={g} start={() => start(g.waiting)} />)}
      </ul>
    </>
  );
}

function Marking() {
  const [work, setWork] = useState<Work | null>(null);
  const loaded = useLoad(() => calls.queue(), []);
  const back = (): void => {
    setWork(null);
    loaded.retry();
  };
  if (work) return <Bench work={work} back={back} />;
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  if (loaded.state === 'loading') return <Loading />;
  return (
    <>
      <div class="page-head">
        <h1 class="title-large">{t('marking.title')}</h1>
        <p class="lead">{t('marking.lead')}</p>
      </div>
      <Overview queue={loaded.value} start={(places) => setWork(new Work(places))} />
    </>
  );
}

export default function MarkingPage({ params }: PageProps) {
  const agreement = params[0] === 'agreement';
  useTitle(t(agreement ? 'marking.agreement' : 'marking.title'));
  return (
    <div class="marking">
      <Ways agreement={agreement} />
      {agreement ? <Agreement /> : <Marking />}
    </div>
  );
}
