/* The display menu: theme, print size, zoom, language, shortcuts. A disclosure, not an ARIA menu: its content is ordinary form controls. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { LANGUAGES, onPreferences, preferences, setPreferences, zoomStep, type Theme } from '../../app/preferences.ts';
import { currentLanguage, LANGUAGE_NAMES, percent, t } from '../../texts/index.ts';
import { useChanges } from '../hooks.ts';
import { Icon } from '../icon/icon.tsx';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function Zoom() {
  const { zoom } = preferences();
  const step = (by: 1 | -1): void => setPreferences({ zoom: zoomStep(zoom, by) });
  return (
    <div class="row" role="group" aria-label={t('display.zoom')}>
      <span class="grow">{t('display.zoom')}</span>
      <button type="button" class="button-icon" aria-label={t('display.zoomOut')} disabled={zoomStep(zoom, -1) === zoom} onClick={() => step(-1)}>−</button>
      <output class="zoom-value">{percent(zoom / 100)}</output>
      <button type="button" class="button-icon" aria-label={t('display.zoomIn')} disabled={zoomStep(zoom, 1) === zoom} onClick={() => step(1)}>+</button>
    </div>
  );
}

function Panel() {
  const id = useId();
  const p = preferences();
  return (
    <>
      <fieldset class="segments">
        <legend>{t('display.theme')}</legend>
        {THEMES.map((theme) => (
          <label key={theme}>
            <input type="radio" name={`${id}-theme`} checked={p.theme === theme} onChange={() => setPreferences({ theme })} />
            <span>{t(`display.theme.${theme}`)}</span>
          </label>
        ))}
      </fieldset>
      <label class="switch">
        <input type="checkbox" checked={p.largePrint} onChange={(e) => setPreferences({ largePrint: e.currentTarget.checked })} />
        <span>{t('display.largePrint')}</span>
      </label>
      <Zoom />
      <label class="row">
        <span class="grow">{t('display.language')}</span>
        <select value={currentLanguage()} onChange={(e) => setPreferences({ language: LANGUAGES.find((l) => l === e.currentTarget.value) ?? null })}>
          {LANGUAGES.map((l) => <option key={l} value={l} lang={l}>{LANGUAGE_NAMES[l]}</option>)}
        </select>
      </label>
      <label class="switch">
        <input type="checkbox" checked={p.singleKeys} onChange={(e) => setPreferences({ singleKeys: e.currentTarget.checked })} />
        <span>{t('display.singleKeys')}</span>
      </label>
    </>
  );
}

export function DisplayMenu() {
  useChanges(onPreferences);
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (e: Event): void => {
      if (!root.current?.contains(e.target as Node)) setOpen(false);
    };
    const escape = (e: KeyboardEvent): void => {
      if (e.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <div class="menu" ref={root}>
      <button ref={button} type="button" class="button-quiet button-menu" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <Icon name="sliders" />
        <span>{t('display.open')}</span>
      </button>
      <div id={id} class="menu-panel" hidden={!open}>{open && <Panel />}</div>
    </div>
  );
}
