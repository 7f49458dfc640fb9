/* A list whose entries can be put in another order (two buttons, Alt with the arrow keys, or dragging), added, and taken out; what was taken
 * out comes back with one press. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { moved } from '../../../items/order.ts';
import { announce } from '../../../parts/announce/announce.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';

interface Row<T> { value: T; index: number; set: (v: T, now?: boolean) => void }
interface Props<T> {
  label: string;
  values: readonly T[];
  onChange: (values: T[], now: boolean) => void;
  row: (r: Row<T>) => ComponentChildren;
  name: (value: T, index: number) => string; /* to those who do not see it */
  fresh: () => T;
  add: string;
  most?: number;
  still?: boolean; /* its order is not to be changed */
  fixed?: boolean; /* nor its entries */
}

let lastKey = 0;

/* One key for each entry, which it keeps while it is moved. */
function useKeys(n: number): number[] {
  const keys = useRef<number[]>([]);
  while (keys.current.length < n) keys.current.push(++lastKey);
  keys.current.length = n;
  return keys.current;
}

export function Rows<T>({ label, values, onChange, row, name, fresh, add, most = 64, still, fixed }: Props<T>) {
  const keys = useKeys(values.length);
  const list = useRef<HTMLUListElement>(null);
  const focus = useRef<{ key: number; what: 'up' | 'down' | 'field' | 'keep' } | 'undo' | null>(null);
  const [gone, setGone] = useState<{ at: number; value: T; key: number; name: string } | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);

  useLayoutEffect(() => {
    const wanted = focus.current;
    focus.current = null;
    if (!wanted) return;
    if (wanted === 'undo') return void list.current?.querySelector<HTMLElement>('.row-undo')?.focus();
    const entry = list.current?.querySelector(`[data-row="${wanted.key}"]`);
    if (wanted.what === 'field') return void entry?.querySelector<HTMLElement>('textarea, input[type="text"]')?.focus();
    const button = entry?.querySelector<HTMLButtonElement>(`.row-${wanted.what}`);
    (button?.disabled ? entry?.querySelector<HTMLButtonElement>('.row-move:not(:disabled)') : button)?.focus();
  });

  const put = (from: number, to: number, what: 'up' | 'down' | 'keep'): void => {
    if (to < 0 || to >= values.length) return;
    if (what !== 'keep') focus.current = { key: keys[from]!, what };
    const [key] = keys.splice(from, 1);
    keys.splice(to, 0, key!);
    announce(t('form.rows.moved', { name: name(values[from]!, from), n: to + 1, all: values.length }));
    onChange(moved(values, from, to), true);
  };
  const remove = (at: number): void => {
    const [key] = keys.splice(at, 1);
    const called = name(values[at]!, at);
    setGone({ at, value: values[at]!, key: key!, name: called });
    focus.current = 'undo';
    announce(t('form.rows.removed', { name: called }));
    onChange(values.filter((_, i) => i !== at), true);
  };
  const undo = (): void => {
    if (!gone) return;
    const at = Math.min(gone.at, values.length);
    keys.splice(at, 0, gone.key);
    focus.current = { key: gone.key, what: 'field' };
    setGone(null);
    onChange([...values.slice(0, at), gone.value, ...values.slice(at)], true);
  };
  const append = (): void => {
    keys.push(++lastKey);
    focus.current = { key: lastKey, what: 'field' };
    setGone(null);
    onChange([...values, fresh()], true);
  };
  /* In an input the caret moves with Alt and the arrows on some systems only sideways; up and down are free everywhere. */
  const onKey = (e: KeyboardEvent, at: number): void => {
    if (still || !e.altKey || e.ctrlKey || e.metaKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    e.preventDefault();
    put(at, at + (e.key === 'ArrowUp' ? -1 : 1), 'keep');
  };
  const undoRow = (
    <li key="undo" class="row-gone">
      <span>{t('form.rows.removed', { name: gone?.name ?? '' })}</span>
      <button type="button" class="button-link row-undo" onClick={undo}>{t('form.rows.undo')}</button>
    </li>
  );

  return (
    <div class="rows" role="group" aria-label={label}>
      <ul ref={list}>
        {values.flatMap((value, i) => [
          gone?.at === i && undoRow,
            <li
              key={keys[i]}
              data-row={keys[i]}
              class={`row-entry ${dragged === i ? 'is-dragged' : ''} ${over === i && dragged !== i ? 'is-over' : ''}`}
              onKeyDown={(e) => onKey(e, i)}
              onDragOver={(e) => {
                if (dragged === null) return;
                e.preventDefault();
                setOver(i);
              }}
              onDrop={(e) => {
                if (dragged === null) return;
                e.preventDefault();
                if (dragged !== i) put(dragged, i, 'keep');
              }}
            >
              {!still && (
                <span
                  class="row-handle"
                  draggable
                  title={t('form.rows.drag')}
                  onDragStart={(e) => {
                    setDragged(i);
                    e.dataTransfer?.setData('text/plain', String(i));
                    const entry = e.currentTarget.closest('li');
                    if (entry) e.dataTransfer?.setDragImage(entry, 12, 12);
                  }}
                  onDragEnd={() => {
                    setDragged(null);
                    setOver(null);
                  }}
                >
                  <Icon name="drag" />
                </span>
              )}
              <div class="row-body">{row({ value, index: i, set: (v, now = false) => onChange(values.map((x, k) => (k === i ? v : x)), now) })}</div>
              {!fixed && (
                <span class="row-buttons">
                  {!still && (
                    <>
                      <button type="button" class="button-icon row-move row-up" disabled={i === 0} aria-label={t('form.rows.up', { name: name(value, i) })} onClick={() => put(i, i - 1, 'up')}><Icon name="up" /></button>
                      <button type="button" class="button-icon row-move row-down" disabled={i === values.length - 1} aria-label={t('form.rows.down', { name: name(value, i) })} onClick={() => put(i, i + 1, 'down')}><Icon name="down" /></button>
                    </>
                  )}
                  <button type="button" class="button-icon" aria-label={t('form.rows.remove', { name: name(value, i) })} onClick={() => remove(i)}><Icon name="cross" /></button>
                </span>
              )}
            </li>,
        ])}
        {gone && gone.at >= values.length && undoRow}
      </ul>
      {!fixed && <button type="button" class="button button-quiet rows-add" disabled={values.length >= most} onClick={append}><Icon name="plus" /> {add}</button>}
    </div>
  );
}
