/* The open question in review: how it stands, what can be decided, and who did what when. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import * as calls from '../../../api/author.ts';
import type * as T from '../../../api/author-types.ts';
import { announce } from '../../../parts/announce/announce.tsx';
import { useLoad } from '../../../parts/hooks.ts';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { Problem } from '../../../api/http.ts';
import type { Desk } from '../desk.ts';
import { StatusBadge } from './badge.tsx';
import { History } from './history.tsx';
import { Judge } from './judge.tsx';
import { actionsOf, type Action } from './rules.ts';

/* What the server says is in the way is written for people, and more exact than our words for its code. */
const saidBy = (e: unknown): string => (e instanceof Problem && e.detail ? e.detail : errorText(e));

function Stand({ r }: { r: T.AuthorReview }) {
  const s = r.review;
  return (
    <>
      <dl class="review-facts">
        <div><dt>{t('vetting.status')}</dt><dd><StatusBadge status={r.status} /></dd></div>
        <div><dt>{t('vetting.approvals')}</dt><dd>{t('vetting.ofNeeded', { have: s.approvals, needed: s.needed })}</dd></div>
        <div><dt>{t('vetting.readers')}</dt><dd>{s.readers}</dd></div>
        {s.submitted_by && <div><dt>{t('vetting.submittedBy')}</dt><dd>{s.submitted_by}</dd></div>}
      </dl>
      {s.disagrees > 0 && <Notice tone="bad">{t('vetting.disagree', { n: s.disagrees })}</Notice>}
      {s.stale && <Notice tone="warn">{t('vetting.stale')}</Notice>}
      {r.kind === 'task' && <p class="hint">{t(r.proved ? 'vetting.proved' : 'vetting.unproved')}</p>}
      {s.own && r.status === 'review' && <p class="hint">{t('vetting.own')}</p>}
    </>
  );
}

function Decide({ r, onDone }: { r: T.AuthorReview; onDone: (after: T.AuthorReview) => void }) {
  const id = useId();
  const [why, setWhy] = useState('');
  const [missing, setMissing] = useState<Action | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const decide = async (a: Action): Promise<void> => {
    const text = why.trim();
    setError(null);
    setMissing(a.needsWhy && !text ? a : null);
    if (a.needsWhy && !text) {
      box.current?.focus();
      return;
    }
    setBusy(true);
    try {
      const over = a.did === 'approved' && r.review.disagrees > 0;
      const after = await calls.decide({ item: r.item, text: r.review.text, did: a.did, [over ? 'despite' : 'comment']: text || null });
      setWhy('');
      announce(t(`vetting.done.${a.did as 'approved'}`));
      onDone(after);
    } catch (e) {
      setError(e);
    }
    setBusy(false);
  };
  const judge = async (agrees: boolean): Promise<void> => {
    setError(null);
    try {
      onDone(await calls.decide({ item: r.item, text: r.review.text, did: 'judged', agrees }));
    } catch (e) {
      setError(e);
    }
  };
  return (
    <div class="review-decide">
      {r.may.includes('judged') && <Judge onJudge={(yes) => void judge(yes)} />}
      <label for={id}>{t(r.review.disagrees > 0 && r.may.includes('approved') ? 'vetting.whyDespite' : 'vetting.why')}</label>
      <textarea
        id={id}
        ref={box}
        rows={2}
        value={why}
        maxLength={4000}
        aria-invalid={missing !== null}
        aria-describedby={missing ? `${id}-missing` : undefined}
        onInput={(e) => {
          setWhy(e.currentTarget.value);
          setMissing(null);
        }}
      />
      {missing && <p id={`${id}-missing`} class="hint hint-warn" role="alert">{t(missing.did === 'approved' ? 'vetting.needsDespite' : 'vetting.needsWhy')}</p>}
      <div class="review-actions">
        {actionsOf(r).map((a) => <button key={a.did} type="button" class={`button button-small ${a.main ? '' : 'button-quiet'}`} disabled={busy} onClick={() => void decide(a)}>{t(`vetting.do.${a.did as 'approved'}`)}</button>)}
      </div>
      {error !== null && <p class="hint hint-warn" role="alert">{saidBy(error)}</p>}
    </div>
  );
}

export function Question({ desk, id }: { desk: Desk; id: string }) {
  const loaded = useLoad(() => calls.review(id), [id]);
  const [after, setAfter] = useState<T.AuthorReview | null>(null);
  /* The folder has changed: what is shown stays until the new state is there. */
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) loaded.retry();
    first.current = false;
  }, [desk.tree.change]);
  useEffect(() => setAfter(null), [loaded.state === 'ready' ? loaded.value : null]);
  if (loaded.state === 'loading') return <Loading />;
  if (loaded.state === 'failed') return <p class="desk-nothing muted">{loaded.error instanceof Problem && loaded.error.status === 404 ? t('vetting.broken') : errorText(loaded.error)}</p>;
  const r = after ?? loaded.value;
  return (
    <section class="review-question" aria-label={r.title}>
      <h2 class="review-title">{r.title}</h2>
      <Stand r={r} />
      {desk.doc?.dirty ? (
        <div class="review-decide">
          <p class="hint">{t('vetting.saveFirst')}</p>
          <button type="button" class="button button-small" onClick={() => void desk.save()}>{t('author.save')}</button>
        </div>
      ) : (
        <Decide r={r} onDone={setAfter} />
      )}
      <History entries={r.entries} />
    </section>
  );
}
