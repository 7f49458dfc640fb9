/* The proof of a task: each way to do it × each check, what came and where that is not what had to come. */
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../../api/author.ts';
import { Icon, type IconName } from '../../../parts/icon/icon.tsx';
import { errorText, Notice } from '../../../parts/states/states.tsx';
import { number, t, type Key } from '../../../texts/index.ts';
import { variants } from './folder.ts';
import { type Cell, type Outcome, type Row, type Table, tableOf, tableOfFile } from './proof.ts';
import { type PartProps, proofState } from './task.tsx';

const ICONS: Record<Outcome, IconName> = { pass: 'check', fail: 'cross', ungraded: 'clock' };

/* What has just been proved, else what proof.json says. */
export function useTable({ desk, slug, bench }: PartProps): Table | null {
  const path = `tasks/${slug}/proof.json`;
  const version = desk.tree.files.find((f) => f.path === path)?.version ?? null;
  const [kept, keep] = useState<Table | null>(null);
  useEffect(() => {
    let stale = false;
    if (version) calls.read(path).then((f) => !stale && keep(tableOfFile(f.text)), () => !stale && keep(null));
    else keep(null);
    return () => {
      stale = true;
    };
  }, [path, version]);
  if (bench.job?.table.length) return tableOf(bench.job.table);
  return kept;
}

function CellView({ cell }: { cell: Cell }) {
  const came = cell.came ? t(`check.${cell.came}` as Key) : t('task.author.nothing');
  return (
    <td class={`ta-cell is-${cell.came ?? 'none'} ${cell.right ? '' : 'is-wrong'}`} data-right={String(cell.right)}>
      <span class="ta-came">{cell.came && <Icon name={ICONS[cell.came]} />} <span class={cell.right ? 'sr-only' : ''}>{came}</span></span>
      {!cell.right && <small>{t('task.author.wanted', { outcome: t(`check.${cell.wanted}` as Key) })}</small>}
    </td>
  );
}

function Way({ row, desk, slug }: { row: Row } & PartProps) {
  const has = variants(desk.tree, slug).includes(row.variant);
  return (
    <tr class={row.right ? '' : 'is-wrong'} data-variant={row.variant}>
      <th scope="row">{has ? <button type="button" class="button-link" onClick={() => void desk.open(`tasks/${slug}/${row.variant}/run.sh`)}>{row.variant}</button> : row.variant === 'untouched' ? t('task.author.untouched') : row.variant}</th>
      {row.cells.map((c, i) => <CellView key={i} cell={c} />)}
      <td class="ta-number">{row.max === null ? number(row.points) : `${number(row.points)} / ${number(row.max)}`}</td>
    </tr>
  );
}

function ProofTable({ table, ...props }: PartProps & { table: Table }) {
  return (
    <div class="ta-scroll" tabIndex={0} role="region" aria-label={t('task.author.table')}>
      <table class="ta-table">
        <thead>
          <tr>
            <th scope="col">{t('task.author.way')}</th>
            {table.checks.map((c) => <th key={c} scope="col">{c}</th>)}
            <th scope="col" class="ta-number">{t('task.author.points')}</th>
          </tr>
        </thead>
        <tbody>{table.rows.map((r) => <Way key={r.variant} row={r} {...props} />)}</tbody>
      </table>
    </div>
  );
}

/* What each check said, where it said something. */
function Messages({ table }: { table: Table }) {
  const rows = table.rows.filter((r) => r.failure !== null || r.cells.some((c) => c.message));
  if (!rows.length) return null;
  return (
    <details class="ta-messages">
      <summary>{t('task.author.messages')}</summary>
      <dl>
        {rows.map((r) => (
          <div key={r.variant}>
            <dt>{r.variant}</dt>
            {r.failure !== null && <dd dir="auto">{r.failure}</dd>}
            {r.cells.map((c, i) => c.message && <dd key={i} dir="auto"><code>{table.checks[i]}</code> {c.message}</dd>)}
          </div>
        ))}
      </dl>
    </details>
  );
}

export function ProofPart(props: PartProps) {
  const { desk, slug, bench } = props;
  const table = useTable(props);
  const state = proofState(desk, slug);
  const { job } = bench;
  return (
    <>
      <p>{t(`task.author.state.${state}` as Key)}</p>
      <p class="row">
        <button type="button" class="button" disabled={bench.proving} onClick={() => void bench.prove(desk)}>{t(bench.proving ? 'task.author.proving' : desk.unsaved.length ? 'task.author.saveAndProve' : 'task.author.prove')}</button>
        <span role="status" class="ta-progress">
          {bench.proving && (
            <>
              <progress aria-label={t('task.author.proving')} {...(job?.total ? { value: job.done, max: job.total } : {})} />
              <span>{job?.total ? t('task.author.progress', { n: job.done, total: job.total }) : ' '}</span>
            </>
          )}
          {!bench.proving && job?.state === 'done' && <strong class={job.proved ? 'is-ok' : 'is-bad'} data-proved={String(job.proved)}><Icon name={job.proved ? 'check' : 'cross'} /> {t(job.proved ? 'task.author.isProved' : 'task.author.isNotProved')}</strong>}
        </span>
      </p>
      {bench.proofError !== null && <Notice tone="bad"><p>{errorText(bench.proofError)}</p></Notice>}
      {job && job.state !== 'running' && job.says.length > 0 && (
        <Notice tone={job.proved ? 'info' : 'bad'}>
          <ul class="ta-says" lang="en">{job.says.map((s, i) => <li key={i} dir="auto">{s}</li>)}</ul>
        </Notice>
      )}
      {table && <ProofTable {...props} table={table} />}
      {table && <Messages table={table} />}
    </>
  );
}
