/* How well markers agree: kappas with their intervals, what they mean, and the marks of one against those of the other. */
import { useId, useState } from 'preact/hooks';
import * as calls from '../../api/marking.ts';
import { useLoad } from '../../parts/hooks.ts';
import { Empty, Failed, Loading, Notice } from '../../parts/states/states.tsx';
import { number, percent, t } from '../../texts/index.ts';
import { intervalText, KappaPlot, type Row } from './kappa-plot.tsx';
import { shade, wordFor } from './meaning.ts';

const FEW = 30; /* answers: below this an interval is hardly worth having */

function nameOf(l: calls.Line): string {
  const who = l.markers ? t('agree.pair', { a: l.markers[0], b: l.markers[1] }) : t('agree.allMarkers');
  return l.item ? `${l.item}: ${who}` : l.markers ? who : t('agree.whole');
}

/* A mark as it stands in a matrix: in points where all questions are worth the same, else in percent of them. */
function labelOf(l: calls.Line, at: number): string {
  const low = l.matrix.labels[at]!;
  const value = (percents: number): string => (l.max === null ? percent(percents / 100) : number((percents * l.max) / 100, 2));
  return l.matrix.bands ? t('agree.band', { from: value(low), to: value(low + 20) }) : value(low);
}

function Matrix({ line: l }: { line: calls.Line }) {
  const { counts, labels } = l.matrix;
  const largest = Math.max(0, ...counts.flat());
  const [a, b] = l.markers ?? [t('agree.first'), t('agree.second')];
  const id = useId();
  return (
    <div>
      <p id={id} class="agree-text">{t('agree.matrixText', { a, b })} {t(l.max === null ? 'agree.inPercent' : 'agree.inPoints')}</p>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={nameOf(l)}>
        <table class="agree-matrix" aria-describedby={id}>
          <thead>
            <tr><td rowSpan={2} colSpan={2} /><th colSpan={labels.length} scope="colgroup">{b}</th></tr>
            <tr>{labels.map((_, j) => <th key={j} scope="col">{labelOf(l, j)}</th>)}</tr>
          </thead>
          <tbody>
            {counts.map((row, i) => (
              <tr key={i}>
                {i === 0 && <th class="agree-side" rowSpan={labels.length} scope="rowgroup"><span>{a}</span></th>}
                <th scope="row">{labelOf(l, i)}</th>
                {row.map((n, j) => <td key={j} class={`shade-${shade(n, largest)} ${i === j ? 'is-same' : ''}`}>{n === 0 ? <span class="muted">0</span> : number(n)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Meaning({ line: l }: { line: calls.Line }) {
  const k = l.weighted;
  return (
    <div class="stack agree-meaning">
      {k ? (
        <p>{t('agree.means', { value: number(k.value, 2), word: t(wordFor(k.value)), interval: intervalText(k) })}</p>
      ) : (
        <p>{t('agree.meansNothing')}</p>
      )}
      <p>{t('agree.observed', { n: l.n, share: percent(l.observed), chance: percent(l.expected), apart: percent(l.apart, 1) })}</p>
      {l.n < FEW && <Notice tone="info"><p>{t('agree.few', { n: l.n })}</p></Notice>}
    </div>
  );
}

function Exam({ lines }: { lines: readonly calls.Line[] }) {
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const line = lines[chosen] ?? lines[0]!;
  const rows = (of: (l: calls.Line) => boolean): Row[] => lines.filter(of).map((l) => ({ name: nameOf(l), line: l }));
  return (
    <>
      <section class="card" aria-labelledby={`${id}-plot`}>
        <h2 id={`${id}-plot`}>{t('agree.plot')}</h2>
        <KappaPlot name={t('agree.plot')} rows={rows((l) => l.item === null || l.markers === null)} />
      </section>
      <section class="card" aria-labelledby={`${id}-table`}>
        <h2 id={`${id}-table`}>{t('agree.matrix')}</h2>
        <p class="field agree-choice">
          <label for={`${id}-line`}>{t('agree.about')}</label>
          <select id={`${id}-line`} value={chosen} onChange={(e) => setChosen(Number(e.currentTarget.value))}>
            {lines.map((l, i) => <option key={i} value={i}>{nameOf(l)}</option>)}
          </select>
        </p>
        <div class="agree-sides">
          <Matrix line={line} />
          <Meaning line={line} />
        </div>
      </section>
    </>
  );
}

export function Agreement() {
  const loaded = useLoad(() => calls.agreement(), []);
  const [exam, setExam] = useState('');
  const id = useId();
  if (loaded.state === 'failed') return <Failed error={loaded.error} retry={loaded.retry} />;
  if (loaded.state === 'loading') return <Loading />;
  const { lines, more } = loaded.value;
  const exams = [...new Set(lines.map((l) => l.exam))];
  const shown = exams.includes(exam) ? exam : exams[0];
  return (
    <div class="result">
      <div class="page-head">
        <h1 class="title-large">{t('marking.agreement')}</h1>
        <p class="lead">{t('agree.lead')}</p>
      </div>
      {more && <Notice tone="info"><p>{t('agree.more', { n: lines.length })}</p></Notice>}
      {shown === undefined && <Empty><p>{t('agree.nothing')}</p></Empty>}
      {exams.length > 1 && (
        <p class="field agree-choice">
          <label for={id}>{t('agree.exam')}</label>
          <select id={id} value={shown} onChange={(e) => setExam(e.currentTarget.value)}>{exams.map((e) => <option key={e} value={e}>{e}</option>)}</select>
        </p>
      )}
      {shown !== undefined && <Exam key={shown} lines={lines.filter((l) => l.exam === shown)} />}
      <details class="card agree-how">
        <summary>{t('agree.how')}</summary>
        <div class="stack">{(['agree.how.1', 'agree.how.2', 'agree.how.3', 'agree.how.4'] as const).map((k) => <p key={k}>{t(k)}</p>)}</div>
      </details>
    </div>
  );
}
