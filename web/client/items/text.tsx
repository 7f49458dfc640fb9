/* text: one line. essay: many lines, with a count of words. */
import { useId } from 'preact/hooks';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import type { Response } from '../api/types.ts';

const LINE_MAX = 2000;
const ESSAY_MAX = 20000;

const textOf = (r: Response | null): string => (r && 'text' in r ? r.text : '');
export const words = (text: string): number => text.trim().split(/\s+/).filter(Boolean).length;

export function Text({ response, onAnswer, locked }: ControlProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('text.label')}</label>
      <input
        id={id}
        class="input-line"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        autocorrect="off"
        spellcheck={false}
        dir="auto"
        maxLength={LINE_MAX}
        value={textOf(response)}
        disabled={locked}
        onInput={(e) => onAnswer(e.currentTarget.value === '' ? null : { text: e.currentTarget.value }, 600)}
      />
    </div>
  );
}

export function Essay({ response, onAnswer, locked }: ControlProps) {
  const id = useId();
  const text = textOf(response);
  return (
    <div class="field">
      <label for={id}>{t('text.label')}</label>
      <textarea
        id={id}
        class="input-essay"
        rows={12}
        dir="auto"
        maxLength={ESSAY_MAX}
        value={text}
        disabled={locked}
        aria-describedby={`${id}-count`}
        onInput={(e) => onAnswer(e.currentTarget.value === '' ? null : { text: e.currentTarget.value }, 900)}
      />
      <p id={`${id}-count`} class="hint">{t('text.words', { n: words(text) })} {t('text.byPeople')}</p>
    </div>
  );
}

export function ShowText({ response }: ShowProps) {
  return <p class="shown-value shown-text" dir="auto">{textOf(response)}</p>;
}
