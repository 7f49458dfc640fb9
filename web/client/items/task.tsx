/* task: a hands-on task. Its place of work (hands-on/) is loaded for the first one that is shown; here is only what stands in for it until then.
 * The answer is no more than "done", ticked by the candidate: what counts is the state of the box. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadSheet } from '../app/extras.ts';
import { Html } from '../parts/html/html.tsx';
import { Icon } from '../parts/icon/icon.tsx';
import { errorText, Notice } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';

type View = ComponentType<ControlProps>;
let loaded: View | null = null;

export function Task(props: ControlProps) {
  const [view, setView] = useState<{ View: View } | null>(loaded && { View: loaded });
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (loaded) return;
    Promise.all([import('../hands-on/task.tsx'), loadSheet('hands-on')]).then(([m]) => {
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
