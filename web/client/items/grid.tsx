/* grid: a table of statements with one radio button per column. On a narrow page each statement becomes a small group of its own. */
import { useId } from 'preact/hooks';
import { Html, plainText } from '../parts/html/html.tsx';
import { t } from '../texts/index.ts';
import type { ControlProps, ShowProps } from './kinds.ts';
import type { Response } from '../api/types.ts';

export const rowsOf = (r: Response | null): Record<string, string> => (r && 'rows' in r ? r.rows : {});

export function Grid({ item, response, onAnswer, locked, lang }: ControlProps) {
  const name = useId();
  const rows = rowsOf(response);
  const columns = item.columns ?? [];
  const set = (row: string, column: string): void => onAnswer({ rows: { ...rows, [row]: column } }, 350);
  return (
    <div class="grid-answer" role="group" aria-label={t('grid.label')}>
      <p class="hint">{t('grid.hint')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col"><span class="sr-only">{t('grid.statement')}</span></th>
            {columns.map((c) => <th key={c.id} scope="col"><Html html={c.html} inline lang={lang} /></th>)}
          </tr>
        </thead>
        <tbody>
          {(item.rows ?? []).map((r) => (
            <tr key={r.id} class={rows[r.id] ? 'is-answered' : ''}>
              <th scope="row" id={`${name}-${r.id}`}><Html html={r.html} inline lang={lang} /></th>
              {columns.map((c) => (
                <td key={c.id}>
                  <label>
                    <input
                      type="radio"
                      name={`${name}-${r.id}`}
                      checked={rows[r.id] === c.id}
                      disabled={locked}
                      aria-label={`${plainText(r.html)}: ${plainText(c.html)}`}
                      onChange={() => set(r.id, c.id)}
                    />
                    <span class="grid-column" aria-hidden="true"><Html html={c.html} inline lang={lang} /></span>
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ShowGrid({ item, response, lang }: ShowProps) {
  const rows = rowsOf(response);
  return (
    <dl class="shown-pairs">
      {(item.rows ?? []).map((r) => {
        const column = item.columns?.find((c) => c.id === rows[r.id]);
        return (
          <div key={r.id}>
            <dt><Html html={r.html} inline lang={lang} /></dt>
            <dd>{column ? <Html html={column.html} inline lang={lang} /> : t('shown.nothing')}</dd>
          </div>
        );
      })}
    </dl>
  );
}
