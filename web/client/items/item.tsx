/* One question: its case if it has one, its text, and what to answer with. `body` is the element whose text can be highlighted (attempt/highlights.ts). */
import type { Ref } from 'preact';
import { Html } from '../parts/html/html.tsx';
import { Notice } from '../parts/states/states.tsx';
import { t } from '../texts/index.ts';
import { kindOf, type ControlProps } from './kinds.ts';

interface Props extends ControlProps { body?: Ref<HTMLDivElement> }

export function Item({ body, ...props }: Props) {
  const { item, lang } = props;
  const kind = kindOf(item.kind);
  if (!kind) return <Notice tone="warn">{t('item.unknownKind', { kind: item.kind })}</Notice>;
  const { Control, holdsStem } = kind;
  return (
    <div ref={body} data-kind={item.kind} class={`item ${item.case ? 'has-case' : ''}`}>
      {item.case && (
        <details class="case" open>
          <summary>{t('item.case')}: <span lang={lang}>{item.case.title}</span></summary>
          <Html html={item.case.html} lang={lang} />
        </details>
      )}
      <div class="item-main">
        {!holdsStem && <Html html={item.stem} class="stem" lang={lang} />}
        <Control key={item.id} {...props} />
      </div>
    </div>
  );
}
