/* The blind reader's mode: over all of the window, so that nothing of the bank can be seen. A question as candidates see it; the answer goes on record
 * at the server, and only then the key comes. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import * as calls from '../../../api/author.ts';
import type * as T from '../../../api/author-types.ts';
import { Problem } from '../../../api/http.ts';
import type { Response } from '../../../api/types.ts';
import { FeedbackView } from '../../../items/feedback.tsx';
import { Item } from '../../../items/item.tsx';
import { announce } from '../../../parts/announce/announce.tsx';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { formItem } from '../preview/shown.ts';
import { Judge } from './judge.tsx';

interface Unread { q: T.AuthorUnread; n: number }

function Progress({ p }: { p: T.AuthorReading }) {
  const all = p.done + p.left;
  return (
    <p class="blind-progress">
      <progress max={all || 1} value={p.done} aria-hidden="true" />
      <span>{t('vetting.progress', { done: p.done, left: p.left })}</span>
    </p>
  );
}

/* Before: to be answered, put off, or left because it cannot be told. */
function Asking({ u, onRead, onLater, onGone }: { u: Unread; onRead: (r: T.AuthorRead, response: Response | null) => void; onLater: () => void; onGone: () => void }) {
  const [response, setResponse] = useState<Response | null>(null);
  const [struck, setStruck] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (r: Response | null): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      onRead(await calls.answerBlind(u.q, r), r);
    } catch (e) {
      if (e instanceof Problem && e.status === 409) return onGone();
      setError(e);
      setBusy(false);
    }
  };
  return (
    <>
      <Item item={formItem(u.q.view, u.n)} response={response} locked={busy} struck={struck} onStrike={(id) => setStruck(struck.includes(id) ? struck.filter((s) => s !== id) : [...struck, id])} onAnswer={setResponse} />
      {error !== null && <p class="hint hint-warn" role="alert">{errorText(error)}</p>}
      <div class="blind-actions">
        <button type="button" class="button" disabled={busy || response === null} onClick={() => void send(response)}>{t('vetting.answerIt')}</button>
        <button type="button" class="button button-quiet" disabled={busy} onClick={() => void send(null)}>{t('vetting.cannotTell')}</button>
        <button type="button" class="button button-quiet" disabled={busy} onClick={onLater}>{t('vetting.later')}</button>
      </div>
    </>
  );
}

const verdictText = (agrees: boolean | null): string => t(agrees === null ? 'vetting.recorded' : agrees ? 'vetting.youAgree' : 'vetting.youDisagree');

/* After: the key, what the reader makes of it, and on. */
function Told({ u, read, response, onNext }: { u: Unread; read: T.AuthorRead; response: Response | null; onNext: () => void }) {
  const id = useId();
  const [agrees, setAgrees] = useState(read.agrees);
  const [comment, setComment] = useState('');
  const [error, setError] = useState<unknown>(null);
  const outcome = useRef<HTMLDivElement>(null);
  const item = formItem(read.view, u.n);
  useEffect(() => {
    announce(verdictText(read.agrees));
    outcome.current?.focus();
  }, []);
  const put = async (did: T.AuthorDid, more: Partial<T.AuthorDecision>): Promise<boolean> => {
    setError(null);
    try {
      await calls.decide({ item: u.q.item, text: u.q.text, did, ...more });
      return true;
    } catch (e) {
      setError(e);
      return false;
    }
  };
  const judge = async (yes: boolean): Promise<void> => {
    if (await put('judged', { agrees: yes })) setAgrees(yes);
  };
  const next = async (): Promise<void> => {
    if (!comment.trim() || (await put('commented', { comment: comment.trim() }))) onNext();
  };
  return (
    <>
      <div ref={outcome} tabIndex={-1} class="blind-verdict"><Notice tone={agrees === null ? 'info' : agrees ? 'ok' : 'bad'}>{verdictText(agrees)}</Notice></div>
      <Item item={item} response={response} locked feedback={read.feedback} struck={[]} onAnswer={() => undefined} />
      <FeedbackView item={item} response={response} feedback={read.feedback} level={4} />
      {agrees === null && <Judge onJudge={(yes) => void judge(yes)} />}
      <div class="blind-comment">
        <label for={id}>{t('vetting.toAuthor')}</label>
        <textarea id={id} rows={2} maxLength={4000} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />
      </div>
      {error !== null && <p class="hint hint-warn" role="alert">{errorText(error)}</p>}
      <div class="blind-actions"><button type="button" class="button" disabled={agrees === null} onClick={() => void next()}>{t('vetting.next')}</button></div>
    </>
  );
}

export function Blind({ onClose }: { onClose: () => void }) {
  const [progress, setProgress] = useState<T.AuthorReading | null>(null);
  const [unread, setUnread] = useState<Unread | null>(null);
  const [read, setRead] = useState<{ read: T.AuthorRead; response: Response | null } | null>(null);
  const [skip, setSkip] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const [gone, setGone] = useState(false); /* the last one was changed while it was read */
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    let stale = false;
    setError(null);
    calls.unread(skip).then(({ question, ...p }) => {
      if (stale) return;
      setProgress(p);
      setRead(null);
      setUnread(question && { q: question, n: p.done + 1 });
    }, (e: unknown) => !stale && setError(e));
    return () => {
      stale = true;
    };
  }, [round, skip]);
  useEffect(() => {
    if (round || skip.length) heading.current?.focus();
  }, [unread?.q.item, unread === null]);
  const done = progress !== null && unread === null;
  return (
    <Dialog title={t('vetting.blind')} onClose={onClose} full>
      <div class="blind">
        {progress && <Progress p={progress} />}
        {error !== null && <p class="hint hint-warn" role="alert">{errorText(error)}</p>}
        {progress === null && error === null && <Loading />}
        {gone && <Notice tone="warn">{t('vetting.changed')}</Notice>}
        {unread && <h3 ref={heading} tabIndex={-1} class="blind-n">{t('vetting.number', { n: unread.n })}</h3>}
        {unread && !read && (
          <Asking
            key={`${unread.q.item} ${unread.q.seed}`}
            u={unread}
            onRead={(r, response) => {
              setGone(false);
              setProgress(r);
              setRead({ read: r, response });
            }}
            onLater={() => setSkip([...skip, unread.q.item])}
            onGone={() => {
              setGone(true);
              setRound(round + 1);
            }}
          />
        )}
        {unread && read && <Told key={unread.q.item} u={unread} {...read} onNext={() => setRound(round + 1)} />}
        {done && (
          <div class="blind-end">
            <h3 ref={heading} tabIndex={-1}>{t('vetting.allRead')}</h3>
            {skip.length > 0 && progress.left > 0 && <p><button type="button" class="button button-quiet" onClick={() => setSkip([])}>{t('vetting.putOff', { n: progress.left })}</button></p>}
            {progress.tasks > 0 && <p class="muted">{t('vetting.tasks', { n: progress.tasks })}</p>}
            <p><button type="button" class="button" onClick={onClose}>{t('vetting.close')}</button></p>
          </div>
        )}
      </div>
    </Dialog>
  );
}
