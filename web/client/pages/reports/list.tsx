/* The queue: which questions were reported, by state, bank and owner. The filters stand in the address, so that a view can be passed on. */
import { issues, STATES, type Issue } from '../../api/reports.ts';
import { currentSession } from '../../api/http.ts';
import { navigate } from '../../app/router.ts';
import { useLoad, useTitle } from '../../parts/hooks.ts';
import { Empty, Failed, Loading } from '../../parts/states/states.tsx';
import { dateTime, number, t } from '../../texts/index.ts';

interface Filter { state: string | null; bank: string | null; owner: string | null }

/* Pure. Without a state: what is not closed. owner "-": nobody. */
export function wanted(i: Pick<Issue, 'state' | 'bank' | 'owner'>, f: Filter): boolean {
  const state = f.state === 'all' || (f.state ? i.state === f.state : i.state === 'open' || i.state === 'accepted');
  return state && (!f.bank || i.bank === f.bank) && (!f.owner || (f.owner === '-' ? !i.owner : i.owner === f.owner));
}

function go(f: Filter): void {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(f)) if (value) q.set(key, value);
  navigate(`/reports${q.size ? `?${q}` : ''}`, true);
}

function Row({ issue: i }: { issue: Issue }) {
  const kinds = Object.entries(i.kinds).map(([k, n]) => `${t(`reports.kind.${k as 'other'}`)} ${number(n)}`);
  return (
    <li data-issue={i.item}>
      <a href={`/reports?bank=${encodeURIComponent(i.bank)}&item=${encodeURIComponent(i.item)}`}>
        <span class={`issue-state issue-${i.state}`}>{t(`reports.state.${i.state}`)}</span>
        <span class="grow">
          <strong>{i.title ?? t('reports.gone')}</strong>
          <span class="muted"><code>{i.bank}/{i.item}</code>{kinds.length > 0 && <> · {kinds.join(', ')}</>}</span>
        </span>
        <span class="issue-facts">
          <span>{t('reports.count', { n: i.reports })}</span>
          <span class="muted">{i.owner ? t('reports.ownedBy', { name: i.owner }) : t('reports.unowned')}</span>
          {i.changed_at && <span class="muted">{dateTime(i.changed_at)}</span>}
        </span>
      </a>
    </li>
  );
}

export function List({ state, bank, owner }: Filter) {
  const loaded = useLoad(issues, []);
  useTitle(t('reports.title'));
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  if (loaded.state === 'loading') return <Loading />;
  const { issues: all, counts } = loaded.value;
  const f = { state, bank, owner };
  const shown = all.filter((i) => wanted(i, f));
  const banks = [...new Set(all.map((i) => i.bank))].sort();
  const me = currentSession()?.account?.name;
  const owners = [...new Set([...all.flatMap((i) => (i.owner ? [i.owner] : [])), ...(me ? [me] : [])])].sort();
  return (
    <div class="reports">
      <h1 class="title">{t('reports.title')}</h1>
      <p class="lead">{t('reports.lead')}</p>
      <div class="reports-filters">
        <fieldset class="segments">
          <legend class="sr-only">{t('reports.byState')}</legend>
          {[null, ...STATES, 'all' as const].map((s) => (
            <label key={s ?? ''}>
              <input type="radio" name="reports-state" checked={state === s} onChange={() => go({ ...f, state: s })} />
              <span>{t(s === null ? 'reports.toDo' : s === 'all' ? 'reports.all' : `reports.state.${s}`)} <small>{s === null ? counts.open + counts.accepted : s === 'all' ? all.length : counts[s]}</small></span>
            </label>
          ))}
        </fieldset>
        <label class="reports-filter">{t('reports.bank')} <select value={bank ?? ''} onChange={(e) => go({ ...f, bank: e.currentTarget.value || null })}><option value="">{t('reports.anyBank')}</option>{banks.map((b) => <option key={b}>{b}</option>)}</select></label>
        <label class="reports-filter">{t('reports.owner')} <select value={owner ?? ''} onChange={(e) => go({ ...f, owner: e.currentTarget.value || null })}><option value="">{t('reports.anybody')}</option><option value="-">{t('reports.nobody')}</option>{owners.map((o) => <option key={o}>{o}</option>)}</select></label>
      </div>
      {shown.length === 0 ? <Empty><p>{t('reports.none')}</p></Empty> : <ul class="issues">{shown.map((i) => <Row key={`${i.bank}/${i.item}`} issue={i} />)}</ul>}
    </div>
  );
}
