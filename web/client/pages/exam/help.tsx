/* The keyboard help behind "?". */
import { onPreferences, preferences, setPreferences } from '../../app/preferences.ts';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { useChanges } from '../../parts/hooks.ts';
import { t } from '../../texts/index.ts';
import { KEYS, type Action } from './keys.ts';

export function Help({ onClose, without }: { onClose: () => void; without: readonly Action[] }) {
  useChanges(onPreferences);
  const on = preferences().singleKeys;
  return (
    <Dialog title={t('help.title')} onClose={onClose} wide>
      <label class="switch">
        <input type="checkbox" checked={on} onChange={(e) => setPreferences({ singleKeys: e.currentTarget.checked })} />
        <span>{t('display.singleKeys')}</span>
      </label>
      <dl class={`keys ${on ? '' : 'is-off'}`}>
        <div><dt><kbd>1</kbd> – <kbd>9</kbd></dt><dd>{t('help.choose')}</dd></div>
        {KEYS.filter((k) => !without.includes(k.action)).map(({ key, action }) => (
          <div key={action}><dt><kbd>{key === '-' ? '−' : key.toUpperCase()}</kbd></dt><dd>{t(`help.${action}`)}</dd></div>
        ))}
      </dl>
      <dl class="keys">
        <div><dt><kbd>Alt</kbd> <kbd>Page&nbsp;↓</kbd></dt><dd>{t('help.next')}</dd></div>
        <div><dt><kbd>Alt</kbd> <kbd>Page&nbsp;↑</kbd></dt><dd>{t('help.previous')}</dd></div>
        <div><dt><kbd>Tab</kbd></dt><dd>{t('help.tab')}</dd></div>
        <div><dt><kbd>↑</kbd> <kbd>↓</kbd></dt><dd>{t('help.arrows')}</dd></div>
        <div><dt><kbd>{t('help.spaceKey')}</kbd></dt><dd>{t('help.space')}</dd></div>
      </dl>
      <p class="hint">{t('help.pictures')}</p>
    </Dialog>
  );
}
