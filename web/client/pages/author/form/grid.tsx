/* Tables that are filled in cell by cell: the statements of a grid, and the rubric of an essay. */
import { useId } from 'preact/hooks';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import { Errors } from './field.tsx';
import { AsText } from './as-text.tsx';
import { textOf, type PartProps } from './props.ts';
import { Rows } from './rows.tsx';
import { readGrid, readTable, withoutColumn, writeGrid, writeTable, type GridModel } from './table.ts';

const COLUMNS_MAX = 8;

export function Statements({ desk, model, errors, set, path }: PartProps) {
  const id = useId();
  const text = textOf(model.answer_text);
  const grid = text.trim() ? readGrid(text) : { corner: '', columns: ['True', 'False'], rows: [] };
  if (!grid) return <AsText desk={desk} path={path} text={text} />;
  const put = (g: GridModel, now = false): void => set({ answer_text: writeGrid(g) }, now);
  return (
    <div class="grid-form">
      <fieldset class="grid-columns">
        <legend>{t('form.grid.columns')}</legend>
        {grid.columns.map((c, i) => (
          <span key={i} class="grid-column-name">
            <input type="text" dir="auto" size={10} aria-label={t('form.grid.column', { n: i + 1 })} value={c} onInput={(e) => put({ ...grid, columns: grid.columns.map((x, k) => (k === i ? e.currentTarget.value : x)) })} />
            {grid.columns.length > 2 && <button type="button" class="button-icon" aria-label={t('form.rows.remove', { name: c })} onClick={() => put(withoutColumn(grid, i), true)}><Icon name="cross" /></button>}
          </span>
        ))}
        {grid.columns.length < COLUMNS_MAX && <button type="button" class="button-link" onClick={() => put({ ...grid, columns: [...grid.columns, t('form.grid.newColumn', { n: grid.columns.length + 1 })] }, true)}><Icon name="plus" /> {t('form.grid.addColumn')}</button>}
      </fieldset>
      <Rows
        label={t('form.grid.statements')}
        values={grid.rows}
        onChange={(rows, now) => put({ ...grid, rows }, now)}
        name={(r, i) => r.text || t('form.grid.nth', { n: i + 1 })}
        fresh={() => ({ text: '', right: 0 })}
        add={t('form.grid.add')}
        row={({ value, index, set: change }) => (
          <div class="grid-row-form">
            <input type="text" class="grow" dir="auto" aria-label={t('form.grid.nth', { n: index + 1 })} placeholder={t('form.grid.text')} value={value.text} onInput={(e) => change({ ...value, text: e.currentTarget.value })} />
            <span class="grid-marks" role="radiogroup" aria-label={t('form.grid.rightOf', { name: value.text || t('form.grid.nth', { n: index + 1 }) })}>
              {grid.columns.map((c, i) => (
                <label key={i}><input type="radio" name={`${id}-${index}`} checked={value.right === i} onChange={() => change({ ...value, right: i }, true)} /> {c}</label>
              ))}
            </span>
          </div>
        )}
      />
      <Errors problems={errors.get('answer_text')} />
    </div>
  );
}

const RUBRIC = ['Criterion', 'Points', 'Full marks when'];

export function Rubric({ desk, model, errors, set, path }: PartProps) {
  const text = textOf(model.rubric);
  const table = text.trim() ? readTable(text) : { head: RUBRIC, rows: [] };
  if (!table || table.head.length !== 3) {
    return <><AsText desk={desk} path={path} text={text} /><Errors problems={errors.get('rubric')} /></>;
  }
  const put = (rows: string[][], now = false): void => set({ rubric: rows.length ? writeTable({ head: table.head, rows }) : null }, now);
  return (
    <>
      <Rows
        label={t('feedback.rubric')}
        values={table.rows}
        onChange={put}
        name={(r, i) => r[0] || t('form.rubric.nth', { n: i + 1 })}
        fresh={() => ['', '1', '']}
        add={t('form.rubric.add')}
        row={({ value, index, set: change }) => (
          <div class="rubric-row">
            {value.map((cell, k) => (
              <label key={k} class="cell-field">
                <span>{[t('form.rubric.criterion'), t('form.rubric.points'), t('form.rubric.full')][k]}</span>
                <input type="text" dir="auto" inputMode={k === 1 ? 'decimal' : undefined} aria-label={`${table.head[k]} ${index + 1}`} value={cell} onInput={(e) => change(value.map((x, c) => (c === k ? e.currentTarget.value : x)))} />
              </label>
            ))}
          </div>
        )}
      />
      <Errors problems={errors.get('rubric')} />
    </>
  );
}
