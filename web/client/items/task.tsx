/* task: a hands-on task. Its place of work (hands-on/) is loaded for the first one that is shown; here is only what stands in for it until then.
 * The answer is no more than "done", ticked by the candidate: what counts is the state of the box. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Html } from '../parts/html/html.tsx';
import { Icon } from '../parts/icon/icon.tsx';
import { errorText, Notice } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';

type View = ComponentType<ControlProps>;
let loaded: View | null = null;

/* The style sheet that comes with hands-on tasks; the build fills in its name. */
declare const HANDS_ON_STYLES: string;

export function loadHandsOnStyles(): Promise<void> {
  return new Promise((done, fail) => {
    if (document.querySelector(`link[href="${HANDS_ON_STYLES}"]`)) return done();
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: HANDS_ON_STYLES, onload: () => done(), onerror: () => fail(new Error('styles')) });
    document.head.append(link);
  });
}

export function Task(props: ControlProps) {
  const [view, setView] = useState<{ View: View } | null>(loaded && { View: loaded });
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (loaded) return;
    Promise.all([import('../hands-on/task.tsx'), loadHandsOnStyles()]).then(([m]) => {
      loaded = m.default;
      setView({ View: m.default });
    }, setError);
  }, []);
  if (view && props.session) return <view.View {...props} />;
  return (
    <>
      <Html html={props.item.stem} class="stem" lang={props.lang} />
      {error !== null && <Notice tone="bad"><p>{errorText(error)} <button type="button" class="button-link" onClick={() => location.reload()}>{t('state.retry')}</button></p></Notice>}
    </>
  );
}

export function ShowTask({ response }: ShowProps) {
  return <p class="shown-value"><Icon name="check" /> {t('done' in response ? 'task.markedDone' : 'shown.nothing')}</p>;
}
