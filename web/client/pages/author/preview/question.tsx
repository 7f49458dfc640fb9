/* One question in the preview: the very component that candidates see, to be answered and checked as in study mode; or with its key. */
import { useEffect, useRef, useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import type { AuthorPreviewItem, AuthorView } from '../../../api/author-types.ts';
import type { Feedback, Response } from '../../../api/types.ts';
import { FeedbackView, Outcome } from '../../../items/feedback.tsx';
import { Item } from '../../../items/item.tsx';
import { announce } from '../../../parts/announce/announce.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { KeyView } from './key-view.tsx';
import { useQuiet } from './live.ts';
import { formItem, shapeOf } from './shown.ts';

interface Props {
  path: string;
  text: string;
  shown: AuthorPreviewItem & { view: AuthorView };
  n: number;
  withKey: boolean;
  level: 2 | 3; /* of its headings */
}

export function Question({ path, text, shown, n, withKey, level }: Props) {
  const [response, setResponse] = useState<Response | null>(null);
  const [checking, setChecking] = useState(false); /* the answer was given: its feedback is shown, and kept up with the text */
  const [feedback, setFeedback] = useState<Feedback | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [struck, setStruck] = useState<string[]>([]);
  const outcome = useRef<HTMLDivElement>(null);
  const focus = useRef(false);
  const item = formItem(shown.view, n);
  const shape = `${shown.id} ${shown.seed ?? ''} ${shapeOf(shown.view)}`;

  const reset = (): void => {
    setResponse(null);
    setChecking(false);
    setFeedback(null);
    setError(null);
    setStruck([]);
  };
  /* An answer to what the question was before is none to what it is now. */
  const before = useRef(shape);
  useEffect(() => {
    if (before.current !== shape) reset();
    before.current = shape;
  }, [shape]);

  useQuiet(checking ? text : '', checking ? `${shape} ${JSON.stringify(response)}` : '', 400, async (signal) => {
    if (!checking || !response) return;
    try {
      const got = await author.preview({ path, text, item: shown.id, seeds: shown.seed === null ? [] : [shown.seed], response }, signal);
      const f = got.items[0]?.feedback;
      if (signal.aborted || f?.outcome === undefined) return;
      setFeedback(f as Feedback);
      setError(null);
    } catch (e) {
      if (!signal.aborted) setError(e);
    }
  });
  useEffect(() => {
    if (!feedback || !focus.current) return;
    focus.current = false;
    announce(t(`outcome.${feedback.outcome}`));
    outcome.current?.focus();
  }, [feedback]);

  if (withKey) return <KeyView item={item} answer={shown.key} feedback={shown.feedback ?? {}} level={level} />;
  const f = checking ? (feedback ?? undefined) : undefined;
  return (
    <>
      <Item
        item={item}
        response={response}
        locked={checking}
        feedback={f}
        struck={struck}
        onStrike={(id) => setStruck(struck.includes(id) ? struck.filter((s) => s !== id) : [...struck, id])}
        onAnswer={(r) => setResponse(r)}
      />
      {f && (
        <div ref={outcome} class={`study-outcome study-${f.outcome}`} tabIndex={-1} role="group" aria-label={t('study.outcome')}>
          <p><Outcome outcome={f.outcome} points={f.points} max={f.max} /></p>
          <FeedbackView item={item} response={response} feedback={f} level={level} />
        </div>
      )}
      {error !== null && <p class="hint hint-warn" role="alert">{errorText(error)}</p>}
      {item.kind === 'task' ? (
        <TaskFacts item={item} />
      ) : (
        <p class="preview-foot">
          {checking ? (
            <button type="button" class="button button-quiet" onClick={reset}><Icon name="again" /> {t('preview.again')}</button>
          ) : (
            <button
              type="button"
              class="button"
              disabled={response === null}
              onClick={() => {
                focus.current = true;
                setChecking(true);
              }}
            >
              {t('study.check')}
            </button>
          )}
        </p>
      )}
    </>
  );
}

function TaskFacts({ item }: { item: ReturnType<typeof formItem> }) {
  const list = item.task?.checklist ?? [];
  if (!list.length) return null;
  return <ul class="preview-checklist">{list.map((c) => <li key={c}>{c}</li>)}</ul>;
}
