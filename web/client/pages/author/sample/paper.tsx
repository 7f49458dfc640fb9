/* A form on paper, and on the screen as it will be on paper: questions with room to answer, and with their keys when these are asked for. */
import type { AuthorSample } from '../../../api/author-types.ts';
import type { FormItem } from '../../../api/types.ts';
import { Item } from '../../../items/item.tsx';
import { Html, plainText } from '../../../parts/html/html.tsx';
import { t } from '../../../texts/index.ts';
import { KeyView } from '../preview/key-view.tsx';
import { formItem } from '../preview/shown.ts';
import { grouped, type Group } from './groups.ts';

type Entry = AuthorSample['items'][number];
const nothing = (): void => undefined;

/* How it is answered with a pen. */
function PenHint({ item }: { item: FormItem }) {
  if (item.kind !== 'ordering' && item.kind !== 'matching' && item.kind !== 'hotspot') return null;
  return <p class="print-only paper-hint">{t(`sample.pen.${item.kind}`)}</p>;
}

/* What a list to pick from hides on paper. */
function Lists({ item }: { item: FormItem }) {
  const lists = (item.blanks ?? []).flatMap((b, i) => (b.choices ? [{ n: i + 1, choices: b.choices }] : []));
  if (!lists.length) return null;
  return (
    <ul class="print-only paper-lists">
      {lists.map((l) => <li key={l.n}>{t('cloze.blank', { id: String(l.n) })}: {l.choices.map((c) => plainText(c.html)).join(' / ')}</li>)}
    </ul>
  );
}

interface EntryProps { entry: Entry; withKeys: boolean; onOpen: (item: string) => void }

function Question({ entry, withKeys, onOpen }: EntryProps) {
  const { case: _, ...view } = entry.view;
  const item = formItem(view, entry.n);
  return (
    <li class="paper-item" value={entry.n}>
      <div class="paper-head">
        <h3>{entry.n}</h3>
        <p>
          {item.points !== undefined && item.points !== 1 && <span>{t('sample.points', { n: item.points })}</span>}
          {entry.unscored && <span class="badge no-print">{t('sample.unscored')}</span>}
          <span class="muted no-print">{entry.domain}</span>
          <button type="button" class="button-link no-print" aria-label={t('sample.open', { title: entry.title })} onClick={() => onOpen(entry.item)}>{entry.title}</button>
        </p>
      </div>
      {withKeys ? <KeyView item={item} answer={entry.key} feedback={entry.feedback} level={4} /> : <Item item={item} response={null} locked struck={[]} onAnswer={nothing} />}
      {!withKeys && <PenHint item={item} />}
      {!withKeys && <Lists item={item} />}
      {!withKeys && item.kind === 'essay' && <div class="print-only paper-lines" aria-hidden="true" />}
    </li>
  );
}

function Case({ group }: { group: Group }) {
  if (!group.kase) return null;
  return (
    <section class="paper-case">
      <h3>{group.from === group.to ? t('sample.caseOne', { n: group.from }) : t('sample.case', { from: group.from, to: group.to })}: {group.kase.title}</h3>
      <Html html={group.kase.html} level={4} />
    </section>
  );
}

export function Paper({ sample, withKeys, onOpen }: { sample: AuthorSample; withKeys: boolean; onOpen: (item: string) => void }) {
  return (
    <article class={`paper ${withKeys ? 'has-keys' : ''}`} aria-label={sample.title}>
      <header class="paper-title">
        <h2>{sample.title}{withKeys && <span> · {t('sample.keys')}</span>}</h2>
        {!withKeys && <p class="print-only paper-name"><span>{t('sample.name')}:</span><span>{t('sample.date')}:</span></p>}
      </header>
      {grouped(sample.items).map((g) => (
        <div key={g.from} class="paper-group">
          <Case group={g} />
          <ol>{g.items.map((e) => <Question key={e.n} entry={e} withKeys={withKeys} onOpen={onOpen} />)}</ol>
        </div>
      ))}
    </article>
  );
}
