/* ordering: a list that is put in order with two buttons on each entry, or by dragging. Every move is announced. An untouched list is no
 * answer: who finds it in the right order already says so with a button. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../parts/announce/announce.tsx';
import { Html, plainText } from '../parts/html/html.tsx';
import { Icon } from '../parts/icon/icon.tsx';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import { moved, orderShown } from './order.ts';
import type { Response } from '../api/types.ts';

const orderOf = (r: Response | null): string[] | null => (r && 'order' in r ? r.order : null);

export function Ordering({ item, response, onAnswer, locked, lang }: ControlProps) {
  const options = item.options ?? [];
  const order = orderShown(options, orderOf(response));
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const focus = useRef<{ id: string; by: -1 | 1 } | null>(null);

  /* After a move the focus stays on the button that was pressed, or on its neighbour when the entry has reached an end. */
  useLayoutEffect(() => {
    if (!focus.current) return;
    const { id, by } = focus.current;
    focus.current = null;
    const entry = list.current?.querySelector(`[data-entry="${id}"]`);
    const buttons = [...(entry?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const wanted = buttons[by < 0 ? 0 : 1];
    (wanted?.disabled ? buttons.find((b) => !b.disabled) : wanted)?.focus();
  });

  const put = (from: number, to: number): void => {
    const next = moved(order, from, to);
    const one = options.find((o) => o.id === order[from]);
    onAnswer({ order: next }, 500);
    announce(t('ordering.moved', { entry: plainText(one?.html ?? ''), position: to + 1, count: order.length }));
  };
  const step = (at: number, by: -1 | 1): void => {
    focus.current = { id: order[at]!, by };
    put(at, at + by);
  };

  return (
    <div class="ordering" role="group" aria-label={t('ordering.label')}>
      <p class="hint">{t('ordering.hint')}</p>
      <ol ref={list}>
        {order.map((id, at) => {
          const o = options.find((x) => x.id === id)!;
          const name = plainText(o.html);
          return (
            <li
              key={id}
              data-entry={id}
              class={`${dragged === at ? 'is-dragged' : ''} ${over === at && dragged !== at ? 'is-over' : ''}`}
              draggable={!locked}
              onDragStart={(e) => {
                setDragged(at);
                e.dataTransfer?.setData('text/plain', id);
              }}
              onDragOver={(e) => {
                if (dragged === null) return;
                e.preventDefault();
                setOver(at);
              }}
              onDrop={(e) => {
                e.preventDefault();
                if (dragged !== null && dragged !== at) put(dragged, at);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
            >
              {!locked && <Icon name="drag" class="drag-handle" />}
              <span class="ordering-number" aria-hidden="true">{at + 1}</span>
              <Html html={o.html} inline class="grow" lang={lang} />
              {!locked && (
                <span class="ordering-buttons">
                  <button type="button" class="button-icon" disabled={at === 0} aria-label={t('ordering.up', { entry: name })} onClick={() => step(at, -1)}><Icon name="up" /></button>
                  <button type="button" class="button-icon" disabled={at === order.length - 1} aria-label={t('ordering.down', { entry: name })} onClick={() => step(at, 1)}><Icon name="down" /></button>
                </span>
              )}
            </li>
          );
        })}
      </ol>
      {!response && !locked && (
        <p><button type="button" class="button button-quiet" onClick={() => onAnswer({ order }, 0)}>{t('ordering.keep')}</button></p>
      )}
    </div>
  );
}

export function ShowOrdering({ item, response, lang }: ShowProps) {
  return (
    <ol class="shown-list">
      {(orderOf(response) ?? []).map((id) => {
        const o = item.options?.find((x) => x.id === id);
        return <li key={id}>{o ? <Html html={o.html} inline lang={lang} /> : id}</li>;
      })}
    </ol>
  );
}
