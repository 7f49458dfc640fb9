/* "Report a problem": a button. What it opens comes, with its words, when it is wanted. */
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { t, useMoreWords } from '../../texts/index.ts';
import { MORE } from '../../texts/more.ts';
import { Icon } from '../icon/icon.tsx';
import type { ProblemProps } from './dialog.tsx';

/* item: null where the exam does not show its questions; then the dialog asks for its number. */
export function ReportButton({ attempt, item, onChange }: { attempt: string; item: string | null; onChange?: () => void }) {
  const [dialog, setDialog] = useState<{ View: ComponentType<ProblemProps> } | null>(null);
  const open = async (): Promise<void> => {
    const [m] = await Promise.all([import('./dialog.tsx'), useMoreWords(MORE.problem)]);
    setDialog({ View: m.ProblemDialog });
  };
  const close = (): void => {
    setDialog(null);
    onChange?.();
  };
  return (
    <>
      <button type="button" class="button-link no-print" data-report={item ?? ''} onClick={() => void open()}><Icon name="flag" /> {t('report.button')}</button>
      {dialog && <dialog.View attempt={attempt} item={item} onClose={close} />}
    </>
  );
}
