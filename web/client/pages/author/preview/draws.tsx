/* Many draws of a question with parameters at once: their values side by side, each as candidates would get it, and what fails. */
import { useRef, useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import type { AuthorPreviewItem } from '../../../api/author-types.ts';
import { Item } from '../../../items/item.tsx';
import { kindOf } from '../../../items/kinds.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import { useQuiet } from './live.ts';
import { Choose } from './look.tsx';
import { ProblemList } from './problems.tsx';
import { formItem, parameterNames, pieces, repeated } from './shown.ts';

const STEP = 12;
const MOST = 200;
const QUIET_MS = 600; /* all of them run a program */

interface Props { path: string; text: string; item: string; onPick: (seed: number) => void }

const errorsOf = (i: AuthorPreviewItem) => i.problems.filter((p) => p.severity === 'error');
const nothing = (): void => undefined;

function Key({ draw }: { draw: AuthorPreviewItem }) {
  if (draw.feedback?.answers?.length) return <code dir="auto">{draw.feedback.answers.join(' · ')}</code>;
  const Show = draw.view && kindOf(draw.view.kind)?.Show;
  const key = draw.key ?? draw.feedback?.key;
  return Show && key ? <Show item={formItem(draw.view!)} response={key} /> : null;
}

function Table({ draws, names, onPick }: { draws: AuthorPreviewItem[]; names: string[]; onPick: (seed: number) => void }) {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={t('preview.draws.table')}>
      <table class="table draws-table">
        <thead>
          <tr>
            <th scope="col">{t('preview.draws.seed')}</th>
            {names.map((n) => <th key={n} scope="col"><code>{n}</code></th>)}
            <th scope="col">{t('preview.key')}</th>
          </tr>
        </thead>
        <tbody>
          {draws.map((d) => (
            <tr key={d.seed} class={d.view ? '' : 'is-failed'}>
              <th scope="row"><button type="button" class="button-link" aria-label={t('preview.draws.show', { seed: d.seed ?? 0 })} onClick={() => onPick(d.seed ?? 1)}>{d.seed}</button></th>
              {names.map((n) => <td key={n}>{d.values?.[n] === undefined ? <span class="muted">–</span> : <span dir="auto">{String(d.values[n])}</span>}</td>)}
              <td>{d.view ? <Key draw={d} /> : <span class="draw-error"><Icon name="cross" /> {errorsOf(d).at(-1)?.message ?? t('preview.draws.failed')}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cards({ draws, onPick }: { draws: AuthorPreviewItem[]; onPick: (seed: number) => void }) {
  return (
    <ul class="draws-cards">
      {draws.map((d) => (
        <li key={d.seed} class={d.view ? '' : 'is-failed'}>
          <h2><button type="button" class="button-link" onClick={() => onPick(d.seed ?? 1)}>{t('preview.draws.show', { seed: d.seed ?? 0 })}</button></h2>
          {d.values && (
            <dl class="draws-values">
              {Object.entries(d.values).map(([name, value]) => <div key={name}><dt>{name}</dt><dd dir="auto">{String(value)}</dd></div>)}
            </dl>
          )}
          {d.view ? (
            <>
              <Item item={formItem(d.view)} response={null} locked struck={[]} onAnswer={nothing} />
              <div class="draw-key"><span class="key-title"><Icon name="check" /> {t('preview.key')}</span> <Key draw={d} /></div>
            </>
          ) : (
            <ProblemList problems={errorsOf(d)} />
          )}
        </li>
      ))}
    </ul>
  );
}

export function Draws({ path, text, item, onPick }: Props) {
  const [count, setCount] = useState(STEP);
  const [cards, setCards] = useState(false);
  const [draws, setDraws] = useState<AuthorPreviewItem[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const list = useRef<HTMLDivElement>(null);

  useQuiet(text, `${path} ${item} ${count}`, QUIET_MS, async (signal) => {
    try {
      const all: AuthorPreviewItem[] = [];
      for (const seeds of pieces(1, count)) all.push(...(await author.preview({ path, text, item, seeds }, signal)).items);
      if (signal.aborted) return;
      setDraws(all);
      setError(null);
    } catch (e) {
      if (!signal.aborted) setError(e);
    }
  });

  if (!draws) return error ? <Notice tone="bad"><p>{errorText(error)}</p></Notice> : <Loading />;
  const failed = draws.filter((d) => !d.view);
  const same = repeated(draws);
  return (
    <div class="draws" ref={list}>
      <div class="draws-head">
        <p role="status">
          {failed.length ? (
            <span class="draw-error"><Icon name="cross" /> {t('preview.draws.someFail', { n: failed.length, all: draws.length })}</span>
          ) : (
            <span class="draw-fine"><Icon name="check" /> {t('preview.draws.fine', { n: draws.length })}</span>
          )}
          {same > 0 && <span class="muted"> {t('preview.draws.same', { n: same })}</span>}
        </p>
        <Choose label={t('preview.draws.as')} value={cards ? 'cards' : 'values'} values={['values', 'cards'] as const} name={(v) => t(`preview.draws.${v}`)} onChange={(v) => setCards(v === 'cards')} />
      </div>
      {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
      {cards ? <Cards draws={draws} onPick={onPick} /> : <Table draws={draws} names={parameterNames(draws)} onPick={onPick} />}
      {count < MOST && <p><button type="button" class="button button-quiet" onClick={() => setCount(Math.min(MOST, count + STEP))}><Icon name="plus" /> {t('preview.draws.more', { n: STEP })}</button></p>}
    </div>
  );
}
