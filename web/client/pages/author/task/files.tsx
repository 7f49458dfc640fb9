/* The files of a task: what there is, what is missing, and new ways to do it right or wrong. */
import { useId, useState } from 'preact/hooks';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Notice } from '../../../parts/states/states.tsx';
import { t, type Key } from '../../../texts/index.ts';
import { add, idFrom, type NewKind, parts, type Part } from './folder.ts';
import { useTable } from './proof.tsx';
import type { PartProps } from './task.tsx';

/* What every task has, or may have; and what each is, in the texts. */
const MAIN: readonly (readonly [string, string])[] = [['task.md', 'task'], ['setup.sh', 'setup'], ['grader.lua', 'grader'], ['solution/run.sh', 'solution']];

function Entry({ p, desk, label }: { p: Part; desk: PartProps['desk']; label?: string }) {
  const here = desk.doc?.path === p.path;
  return <button type="button" class="ta-file" aria-current={here ? 'true' : undefined} onClick={() => void desk.open(p.path)}><Icon name="file" /> <span>{label ?? p.name}</span></button>;
}

/* One question more than a name: which checks a wrong way must fail. */
function Add({ kind, desk, slug, bench, onClose }: PartProps & { kind: NewKind; onClose: () => void }) {
  const id = useId();
  const table = useTable({ desk, slug, bench });
  const checks = bench.grade?.checks.map((c) => c.id) ?? table?.checks ?? [];
  const [name, setName] = useState('');
  const [fails, setFails] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const meant = kind === 'file' ? name.trim() : idFrom(name);
  const save = async (): Promise<void> => {
    try {
      const path = await add(desk.tree, slug, kind, meant, checks.filter((c) => fails.includes(c)));
      onClose();
      await desk.open(path);
    } catch (e) {
      setError(e);
    }
  };
  return (
    <Dialog
      title={t(`task.author.add.${kind}` as Key)}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button button-quiet" onClick={onClose}>{t('task.author.cancel')}</button>
          <button type="submit" form={`${id}-form`} class="button" disabled={!meant}>{t('task.author.create')}</button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (meant) void save();
        }}
      >
        <p>{t(`task.author.addText.${kind}` as Key)}</p>
        <div class="field">
          <label for={`${id}-name`}>{t(`task.author.name.${kind}` as Key)}</label>
          <input id={`${id}-name`} type="text" autocomplete="off" maxLength={200} value={name} onInput={(e) => setName(e.currentTarget.value)} />
          <small class="hint" aria-live="polite">{meant ? t('task.author.makes', { path: kind === 'file' ? `/${meant.replace(/^\/+/, '')}` : `${kind}/${meant}/run.sh` }) : ' '}</small>
        </div>
        {kind === 'wrong' && (
          <fieldset class="bp-field">
            <legend>{t('task.author.mustFail')}</legend>
            {checks.map((c) => (
              <label key={c} class="switch bp-switch"><input type="checkbox" checked={fails.includes(c)} onChange={(e) => setFails(e.currentTarget.checked ? [...fails, c] : fails.filter((f) => f !== c))} /> <span>{c}</span></label>
            ))}
            {!checks.length && <p class="hint">{t('task.author.noChecks')}</p>}
          </fieldset>
        )}
        {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
      </form>
    </Dialog>
  );
}

export function FilesPart(props: PartProps) {
  const { desk, slug } = props;
  const [adding, setAdding] = useState<NewKind | null>(null);
  const [error, setError] = useState<unknown>(null);
  const all = parts(desk.tree, slug);
  const named = (prefix: string): Part[] => all.filter((p) => p.name.startsWith(prefix));
  const main = MAIN.flatMap(([name, what]) => all.filter((p) => p.name === name).map((p) => ({ p, what })));
  const ways = (prefix: 'alt/' | 'wrong/'): [string, Part[]][] => [...new Set(named(prefix).map((p) => p.name.split('/')[1]!))].map((w) => [w, named(`${prefix}${w}/`)]);
  const setup = (): void => {
    add(desk.tree, slug, 'setup', '', []).then((path) => desk.open(path), setError);
  };
  const button = (kind: NewKind, label: Key, act: () => void = () => setAdding(kind)) => (
    <button type="button" class="button button-quiet button-small" onClick={act}><Icon name="plus" /> {t(label)}</button>
  );
  const list = (prefix: 'alt/' | 'wrong/', none: Key) => (
    <ul class="ta-ways">
      {ways(prefix).map(([w, files]) => (
        <li key={w}><strong>{w}</strong> <span class="ta-way-files">{files.map((p) => <Entry key={p.path} p={p} desk={desk} label={p.name.slice(prefix.length + w.length + 1)} />)}</span></li>
      ))}
      {!ways(prefix).length && <li class="muted">{t(none)}</li>}
    </ul>
  );
  return (
    <>
      <section>
        <h3>{t('task.author.itself')}</h3>
        <ul class="ta-files">
          {main.map(({ p, what }) => <li key={p.path}><Entry p={p} desk={desk} /> <small class="hint">{t(`task.author.what.${what}` as Key)}</small></li>)}
        </ul>
        {!all.some((p) => p.name === 'setup.sh') && <p>{button('setup', 'task.author.add.setup', setup)}</p>}
        {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
      </section>
      <section>
        <h3>{t('task.author.inBox')}</h3>
        <ul class="ta-files">{named('files/').map((p) => <li key={p.path}><Entry p={p} desk={desk} label={p.name.slice('files'.length)} /></li>)}</ul>
        <p>{button('file', 'task.author.add.file')}</p>
      </section>
      <section>
        <h3>{t('task.author.alts')}</h3>
        {list('alt/', 'task.author.noAlts')}
        <p>{button('alt', 'task.author.add.alt')}</p>
      </section>
      <section>
        <h3>{t('task.author.wrongs')}</h3>
        {list('wrong/', 'task.author.noWrongs')}
        <p>{button('wrong', 'task.author.add.wrong')}</p>
      </section>
      {adding && <Add {...props} kind={adding} onClose={() => setAdding(null)} />}
    </>
  );
}
