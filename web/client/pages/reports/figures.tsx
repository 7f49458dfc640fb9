/* How a question behaves, drawn: how hard it is, how well it tells strong from weak people, and who chose what. Numbers from few people say little,
 * and it says so. */
import { figures, type Figures, type Interval, type Thirds } from '../../api/reports.ts';
import { Html } from '../../parts/html/html.tsx';
import { useLoad } from '../../parts/hooks.ts';
import { Icon } from '../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../parts/states/states.tsx';
import { BarsPlot } from '../../plots/bars.tsx';
import { duration, number, percent, t } from '../../texts/index.ts';

const FEW = 30;
const sum = (n: Thirds): number => n[0] + n[1] + n[2];

/* What stands out, in words. Pure. */
export function remarks(f: Figures): string[] {
  const out: string[] = [];
  if (f.n < FEW) out.push(t('figures.few', { n: f.n, few: FEW }));
  if (f.discrimination && f.discrimination.high < 0) out.push(t('figures.turned'));
  else if (f.discrimination && f.n >= FEW && f.discrimination.value < 0.1) out.push(t('figures.flat'));
  const key = f.options.filter((o) => o.key);
  const top = (o: { thirds: Thirds }): number => o.thirds[2];
  const rival = f.options.find((o) => o.id !== null && !o.key && key.length > 0 && top(o) > Math.max(...key.map(top)) && f.thirds[2] >= 5);
  if (rival) out.push(t('figures.rival'));
  if (f.n >= FEW && f.options.some((o) => o.id !== null && !o.key && sum(o.thirds) === 0)) out.push(t('figures.idle'));
  return out;
}

function Measure({ name, text, i }: { name: string; text: (v: number) => string; i: Interval | null }) {
  return <div><dt>{name}</dt><dd>{i ? <>{text(i.value)} <small>{t('figures.interval', { low: text(i.low), high: text(i.high) })}</small></> : t('figures.undefined')}</dd></div>;
}

function Cell({ n, of }: { n: number; of: number }) {
  return <td>{number(n)} <small class="muted">{of ? percent(n / of) : ''}</small></td>;
}

function Choices({ f }: { f: Figures }) {
  const cells = (n: Thirds) => (
    <>
      {n.map((v, g) => <Cell key={g} n={v} of={f.thirds[g]!} />)}
      <Cell n={sum(n)} of={f.n} />
    </>
  );
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={t('figures.choices')}>
      <table class="choices">
        <caption>{t('figures.choices')}</caption>
        <thead><tr><th scope="col">{t(f.options.length ? 'figures.option' : 'figures.outcome')}</th>{(['weak', 'middle', 'strong'] as const).map((g, i) => <th key={g} scope="col">{t(`figures.${g}`)} <small>({number(f.thirds[i]!)})</small></th>)}<th scope="col">{t('figures.all')}</th></tr></thead>
        <tbody>
          {f.options.length
            ? f.options.map((o) => (
              <tr key={o.id ?? ''} class={o.key ? 'is-key' : ''}>
                <th scope="row">{o.key && <><Icon name="check" /><span class="sr-only">{t('figures.key')} </span></>}{o.html ? <Html html={o.html} /> : <em>{t('figures.nothing')}</em>}</th>
                {cells(o.thirds)}
              </tr>
            ))
            : Object.entries(f.outcomes).map(([k, n]) => <tr key={k}><th scope="row">{t(`outcome.${k as 'right'}`)}</th>{cells(n)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}

function Set({ f, title }: { f: Figures; title: string }) {
  const groups = (['weak', 'middle', 'strong'] as const).flatMap((g, i) => (f.means[i] === null || f.means[i] === undefined ? [] : [{ id: g, title: t(`figures.${g}`), share: f.means[i], error: 0 }]));
  return (
    <div class="stack" data-figures={f.n}>
      <h3>{title}</h3>
      {f.n === 0 ? <p class="muted">{t('figures.nobody')}</p> : (
        <>
          <dl class="measures">
            <div><dt>{t('figures.n')}</dt><dd>{number(f.n)}</dd></div>
            <Measure name={t('figures.facility')} i={f.facility} text={(v) => percent(v)} />
            <Measure name={t('figures.discrimination')} i={f.discrimination} text={(v) => number(v)} />
            <div><dt>{t('figures.time')}</dt><dd>{f.median_ms === null ? t('figures.undefined') : duration(f.median_ms)}</dd></div>
            <div><dt>{t('figures.flagged')}</dt><dd>{percent(f.flagged)}</dd></div>
          </dl>
          {remarks(f).map((r) => <Notice key={r} tone="warn"><p>{r}</p></Notice>)}
          <BarsPlot groups={groups} name={t('figures.byThird')} cut={null} />
          <Choices f={f} />
        </>
      )}
    </div>
  );
}

export function FiguresView({ bank, item }: { bank: string; item: string }) {
  const loaded = useLoad(() => figures(bank, item), [bank, item]);
  return (
    <section class="card stack" aria-labelledby="figures-title">
      <h2 id="figures-title">{t('figures.title')}</h2>
      <p class="muted">{t('figures.text')}</p>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <Notice tone="bad"><p>{errorText(loaded.error)}</p></Notice>}
      {loaded.state === 'ready' && (
        <>
          {loaded.value.today && <Set f={loaded.value.today} title={t('figures.today')} />}
          {loaded.value.before && <Set f={loaded.value.before} title={t('figures.before')} />}
        </>
      )}
    </section>
  );
}
