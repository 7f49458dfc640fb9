/* Beginning with a format that is shipped: a list to choose from, then the whole text is the format's, fitted to the bank. One step to undo. */
import { useState } from 'preact/hooks';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import type { Blueprint } from './model.ts';
import type { fitted, Preset } from './presets.ts';

type Loaded = { presets: readonly Preset[]; fitted: typeof fitted };

export function Formats({ desk, bp, edit }: { desk: Desk; bp: Blueprint; edit: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ask = (): void => {
    setOpen(true);
    import('./presets.ts').then(setLoaded, setError);
  };
  const choose = (p: Preset): void => {
    const id = /([^/]+)\.yml$/.exec(desk.doc!.path)![1]!;
    setOpen(false);
    edit(loaded!.fitted(p, desk.tree, { id: bp.get('id') || id, title: bp.get('title') || id }));
  };
  return (
    <>
      <button type="button" class="button button-quiet button-small" onClick={ask}><Icon name="copy" /> {t('plan.formats')}</button>
      {open && (
        <Dialog title={t('plan.formats')} onClose={() => setOpen(false)}>
          <p>{t('plan.formatsText')}</p>
          {error !== null && <Notice tone="bad"><p>{errorText(error)}</p></Notice>}
          <ul class="bp-formats">
            {loaded?.presets.map((p) => (
              <li key={p.id}>
                <button type="button" class="button-link" onClick={() => choose(p)} lang="en">{p.title.replace(/, form$/, '')}</button>
                <small class="muted" lang="en">{p.note}</small>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
