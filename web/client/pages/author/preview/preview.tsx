/* The preview: the question that the cursor is in (or all of the file) as candidates see it, while it is being written. It can be answered;
 * the key is there when it is asked for. A text that is broken for a moment leaves what was last right, and says so. */
import { useEffect, useState } from 'preact/hooks';
import { Html } from '../../../parts/html/html.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { Draws } from './draws.tsx';
import { useLive } from './live.ts';
import { lookClass, LookBar, type Look } from './look.tsx';
import { ProblemList } from './problems.tsx';
import { Question } from './question.tsx';
import { isStale, type Shown } from './shown.ts';

interface EntryProps { desk: Desk; shown: Shown; n: number; only: boolean; withKey: boolean }

function Entry({ desk, shown, n, only, withKey }: EntryProps) {
  const doc = desk.doc!;
  const known = desk.tree.files.find((f) => f.path === doc.path)?.items.find((i) => i.id === shown.now.id);
  const errors = shown.now.problems.filter((p) => p.severity === 'error');
  const open = (p: { line: number; column: number }): void => void desk.open(doc.path, { line: p.line, column: p.column });
  return (
    <article class="preview-entry" aria-label={known?.title ?? shown.now.id}>
      {!only && (
        <h2 class="preview-name">
          <button type="button" class="button-link" onClick={() => void desk.open(doc.path, { item: shown.now.id })}>{known?.title ?? shown.now.id}</button>
        </h2>
      )}
      {isStale(shown) && <Notice tone="warn"><p>{t('preview.stale')}</p><ProblemList problems={errors} onOpen={open} /></Notice>}
      {shown.good ? (
        <Question path={doc.path} text={doc.text} shown={shown.good} n={n} withKey={withKey} level={only ? 2 : 3} />
      ) : (
        <Notice tone="bad"><p>{t('preview.nothing')}</p><ProblemList problems={errors} onOpen={open} /></Notice>
      )}
    </article>
  );
}

export function PreviewPane({ desk }: { desk: Desk }) {
  const [look, setLook] = useState<Look>({ theme: 'own', phone: false });
  const [withKey, setWithKey] = useState(false);
  const [many, setMany] = useState(false);
  const [seed, setSeed] = useState<number | null>(null);
  const doc = desk.doc;
  const items = desk.tree.files.find((f) => f.path === doc?.path)?.items ?? [];
  const item = desk.item ?? (items.length === 1 ? items[0]!.id : null);
  const alone = items.length <= 1;
  useEffect(() => {
    setSeed(null);
    setMany(false);
  }, [doc?.path, item]);
  /* The only question of a file is asked for without its name: that may be what is being changed. */
  const live = useLive(doc && { path: doc.path, text: doc.text, item: alone ? null : item, seed, alone });

  if (!doc) return null;
  const one = live.shown.length === 1 ? live.shown[0]! : null;
  const canDraw = !!one && (one.now.needs_seed === true || (one.good?.values ?? one.now.values) !== undefined || !!items.find((i) => i.id === one.now.id)?.parametrised);
  const showMany = many && canDraw;
  const canKey = live.shown.some((s) => s.good && s.good.view.kind !== 'task');
  const drawnSeed = one?.good?.seed ?? null;
  return (
    <section class="preview" aria-label={t('preview.title')}>
      <div class="preview-bar">
        <LookBar look={look} onChange={setLook} />
        {canKey && <button type="button" class="tool" aria-pressed={withKey} onClick={() => setWithKey(!withKey)}><Icon name="eye" /> {t('preview.withKey')}</button>}
        {canDraw && <button type="button" class="tool" aria-pressed={showMany} onClick={() => setMany(!many)}><Icon name="grid" /> {t('preview.draws')}</button>}
      </div>
      {canDraw && !showMany && (
        <p class="preview-seed">
          <span>{t('preview.seed', { seed: drawnSeed ?? 1 })}</span>
          <button type="button" class="button-link" onClick={() => setSeed((drawnSeed ?? 1) + 1)}>{t('preview.another')}</button>
        </p>
      )}
      {!canDraw && one?.good && hasOrder(one) && (
        <p class="preview-seed">
          <span>{drawnSeed === null ? t('preview.asWritten') : t('preview.shuffled')}</span>
          <button type="button" class="button-link" onClick={() => setSeed((drawnSeed ?? 0) + 1)}>{t('preview.shuffle')}</button>
          {drawnSeed !== null && <button type="button" class="button-link" onClick={() => setSeed(null)}>{t('preview.unshuffle')}</button>}
        </p>
      )}
      {live.error !== null && <Notice tone="warn"><p>{errorText(live.error)}</p></Notice>}
      <div class={`preview-sheet ${lookClass(look)}`}>
        <div class="preview-frame">
          {!live.ready && <Loading />}
          {showMany && one ? (
            <Draws path={doc.path} text={doc.text} item={one.now.id} onPick={(s) => { setSeed(s); setMany(false); }} />
          ) : (
            live.shown.map((s, i) => <Entry key={alone ? 'one' : s.now.id} desk={desk} shown={s} n={i + 1} only={live.shown.length === 1} withKey={withKey} />)
          )}
          {!live.shown.length && live.page && (
            <article class="preview-page"><h2 class="title-small">{live.page.title}</h2><Html html={live.page.html} level={2} /></article>
          )}
          {live.ready && !live.shown.length && !live.page && live.error === null && <p class="muted">{t('preview.empty')}</p>}
        </div>
      </div>
    </section>
  );
}

/* What is shuffled for candidates. */
const hasOrder = (s: Shown): boolean => !!s.good && /^(single|multiple|ordering|matching|grid)$/.test(s.good.view.kind);
