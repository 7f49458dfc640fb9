/* What a form of this exam looks like: drawn from the text as it stands, with the domains beside it; another one at a press; to be printed with
 * or without keys. */
import { useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import type { AuthorFeasible, AuthorSample } from '../../../api/author-types.ts';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { useQuiet } from '../preview/live.ts';
import { byDomain, range } from './groups.ts';
import { Paper } from './paper.tsx';

const QUIET_MS = 500;
const SEED_MAX = Number.MAX_SAFE_INTEGER;

interface Drawn { path: string; sample: AuthorSample | null; feasible: AuthorFeasible | null; error: unknown }

/* A form of the open text; the last one stays while none can be drawn. */
function useSample(path: string, text: string, seed: number): Drawn | null {
  const [drawn, set] = useState<Drawn | null>(null);
  useQuiet(text, `${path} ${seed}`, QUIET_MS, async (signal) => {
    const [sample, feasible] = await Promise.allSettled([author.sampleOf(path, text, seed, signal), author.feasible(path, text, signal)]);
    if (signal.aborted) return;
    set((before) => ({
      path,
      sample: sample.status === 'fulfilled' ? sample.value : before?.path === path ? before.sample : null,
      feasible: feasible.status === 'fulfilled' ? feasible.value : before?.path === path ? before.feasible : null,
      error: sample.status === 'rejected' ? sample.reason : null,
    }));
  });
  return drawn;
}

function Domains({ sample, feasible }: { sample: AuthorSample; feasible: AuthorFeasible | null }) {
  const needs = feasible?.domains ?? [];
  const rows = byDomain(sample.items, needs.map((d) => d.title));
  const most = Math.max(1, ...rows.map((r) => r.n + r.unscored));
  return (
    <div class="sample-domains">
      <h2 id="sample-domains">{t('sample.domains')}</h2>
      <div class="scroll-x" tabIndex={0} role="region" aria-labelledby="sample-domains">
        <table class="table">
          <thead><tr><th scope="col">{t('sample.domain')}</th><th scope="col">{t('sample.drawn')}</th><th scope="col">{t('sample.wanted')}</th><th scope="col">{t('sample.inBank')}</th></tr></thead>
          <tbody>
            {rows.map((r) => {
              const need = needs.find((d) => d.title === r.domain);
              return (
                <tr key={r.domain}>
                  <th scope="row">{r.domain}<meter class="sample-meter" aria-hidden="true" min={0} max={most} value={r.n + r.unscored} /></th>
                  <td>{r.n}{r.unscored > 0 && <span class="muted"> +{r.unscored}</span>}</td>
                  <td>{need ? range(need.need_min, need.need_max) : '–'}</td>
                  <td>{need?.have ?? '–'}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot><tr><th scope="row">{t('sample.total')}</th><td>{sample.items.length}</td><td /><td /></tr></tfoot>
        </table>
      </div>
    </div>
  );
}

export function SamplePane({ desk }: { desk: Desk }) {
  const [seed, setSeed] = useState(1);
  const [withKeys, setWithKeys] = useState(false);
  const doc = desk.doc;
  const drawn = useSample(doc?.path ?? '', doc?.text ?? '', seed);
  if (!doc) return null;
  const mine = drawn?.path === doc.path ? drawn : null;
  const open = (id: string): void => {
    const file = desk.tree.files.find((f) => f.items.some((i) => i.id === id));
    if (file) void desk.open(file.path, { item: id });
  };
  return (
    <section class="sample" aria-label={t('sample.title')}>
      <div class="preview-bar no-print">
        <label class="cell-field is-inline"><span>{t('sample.seed')}</span>
          <input
            type="number"
            min={0}
            step={1}
            value={seed}
            onChange={(e) => {
              const v = Number(e.currentTarget.value);
              if (Number.isInteger(v) && v >= 0 && v <= SEED_MAX) setSeed(v);
              else e.currentTarget.value = String(seed);
            }}
          />
        </label>
        <button type="button" class="tool" onClick={() => setSeed(seed < SEED_MAX ? seed + 1 : 0)}><Icon name="again" /> {t('sample.another')}</button>
        <button type="button" class="tool" aria-pressed={withKeys} onClick={() => setWithKeys(!withKeys)}><Icon name="eye" /> {t('sample.withKeys')}</button>
        <button type="button" class="tool" disabled={!mine?.sample} onClick={() => window.print()}><Icon name="file" /> {t('sample.print')}</button>
      </div>
      {!mine && <Loading />}
      {mine && mine.error !== null && (
        <div class="no-print">
          <Notice tone="warn">
            <p>{t(mine.sample ? 'sample.stale' : 'sample.none')}</p>
            {mine.feasible?.says.length ? <ul>{mine.feasible.says.map((s) => <li key={s}>{s}</li>)}</ul> : <p>{errorText(mine.error)}</p>}
          </Notice>
        </div>
      )}
      {mine?.sample && (
        <>
          <div class="no-print"><Domains sample={mine.sample} feasible={mine.feasible} /></div>
          <div class="sample-paper"><Paper sample={mine.sample} withKeys={withKeys} onOpen={open} /></div>
          <p class="hint no-print">{t('sample.export')}</p>
        </>
      )}
    </section>
  );
}
