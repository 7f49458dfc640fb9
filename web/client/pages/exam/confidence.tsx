/* How sure the person is. Asked beside each answer where the exam wants it; it never changes the score. */
import { useId } from 'preact/hooks';
import { percent, t } from '../../texts/index.ts';

export const LEVELS = [25, 50, 75, 95] as const;

export function Confidence({ value, onChange, disabled }: { value: number | null; onChange: (v: number) => void; disabled: boolean }) {
  const name = useId();
  return (
    <fieldset class="segments confidence" disabled={disabled}>
      <legend>{t('confidence.question')}</legend>
      {LEVELS.map((l) => (
        <label key={l}>
          <input type="radio" name={name} checked={value === l} onChange={() => onChange(l)} />
          <span>{t(`confidence.${l}`)} <small>{percent(l / 100)}</small></span>
        </label>
      ))}
    </fieldset>
  );
}
