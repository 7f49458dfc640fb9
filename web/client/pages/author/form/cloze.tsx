/* The blanks of a cloze, beside the text they stand in. Both are the same text: a blank is made of the words that are marked in it. */
import { t } from '../../../texts/index.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { Choose } from '../preview/look.tsx';
import { blanksIn, withBlank, withoutBlank, type Blank } from './blanks.ts';
import { textOf, type PartProps } from './props.ts';
import { Rows } from './rows.tsx';

export function Blanks({ model, set }: PartProps) {
  const stem = textOf(model.stem);
  const blanks = blanksIn(stem);
  const put = (b: Blank, now = false): void => set({ stem: withBlank(stem, b) }, now);
  if (!blanks.length) return <p class="hint">{t('form.cloze.none')}</p>;
  return (
    <ol class="blanks">
      {blanks.map((b, i) => (
        <li key={i} class="blank-entry">
          <div class="blank-head">
            <h3>{t('cloze.blank', { id: String(i + 1) })}</h3>
            <Choose
              label={t('form.cloze.form', { n: i + 1 })}
              value={b.chosen ? 'chosen' : 'typed'}
              values={['typed', 'chosen'] as const}
              name={(v) => t(`form.cloze.${v}`)}
              onChange={(v) => put({ ...b, chosen: v === 'chosen', key: 0, texts: v === 'chosen' && b.texts.length < 2 ? [...b.texts, '?'] : v === 'typed' ? [b.texts[b.key] ?? b.texts[0]!] : b.texts }, true)}
            />
            <button type="button" class="button-link" onClick={() => set({ stem: withoutBlank(stem, b) }, true)}><Icon name="cross" /> {t('form.cloze.undo')}</button>
          </div>
          <Rows
            label={t(b.chosen ? 'form.cloze.list' : 'form.cloze.accepted', { n: i + 1 })}
            values={b.texts.map((text, k) => ({ text, right: b.chosen && k === b.key }))}
            onChange={(v, now) => v.length && put({ ...b, texts: v.map((x) => x.text), key: Math.max(0, v.findIndex((x) => x.right)) }, now)}
            name={(v, k) => v.text || t('form.options.nth', { n: k + 1 })}
            fresh={() => ({ text: '?', right: false })}
            add={t('form.cloze.add')}
            still={!b.chosen}
            row={({ value, index, set: change }) => (
              <div class="option-row">
                {b.chosen && (
                  <label class="option-key">
                    <input type="radio" name={`blank-${i}`} checked={value.right} onChange={() => put({ ...b, key: index }, true)} />
                    <span class="sr-only">{t('form.options.rightOf', { name: value.text })}</span>
                  </label>
                )}
                <input type="text" class="grow" dir="auto" aria-label={t('form.options.nth', { n: index + 1 })} value={value.text} onInput={(e) => change({ ...value, text: e.currentTarget.value.replace(/[{}|]/g, '') })} />
              </div>
            )}
          />
        </li>
      ))}
    </ol>
  );
}
