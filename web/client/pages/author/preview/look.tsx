/* How the preview is shown: in which theme, and how wide. */
import { t } from '../../../texts/index.ts';

export interface Look { theme: 'own' | 'light' | 'dark'; phone: boolean }

interface ChoiceProps<V extends string> { label: string; value: V; values: readonly V[]; name: (v: V) => string; onChange: (v: V) => void }

/* A small row of choices, of which one is on. */
export function Choose<V extends string>({ label, value, values, name, onChange }: ChoiceProps<V>) {
  return (
    <div class="choose" role="group" aria-label={label}>
      {values.map((v) => <button key={v} type="button" aria-pressed={v === value} onClick={() => onChange(v)}>{name(v)}</button>)}
    </div>
  );
}

export function LookBar({ look, onChange }: { look: Look; onChange: (l: Look) => void }) {
  return (
    <>
      <Choose label={t('preview.width')} value={look.phone ? 'phone' : 'wide'} values={['wide', 'phone'] as const} name={(v) => t(`preview.width.${v}`)} onChange={(v) => onChange({ ...look, phone: v === 'phone' })} />
      <Choose label={t('preview.theme')} value={look.theme} values={['own', 'light', 'dark'] as const} name={(v) => t(`preview.theme.${v}`)} onChange={(theme) => onChange({ ...look, theme })} />
    </>
  );
}

export const lookClass = (look: Look): string => `${look.theme === 'own' ? '' : `theme-${look.theme}`} ${look.phone ? 'is-phone' : ''}`;
