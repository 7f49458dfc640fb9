/* The bar over an exam: its name, whether all is saved, the clock, the display menu, help; and a thin line that shows how much is answered. */
import type { AttemptSession } from '../../attempt/session.ts';
import { DisplayMenu } from '../../parts/shell/display.tsx';
import { BrandMark, SkipLink } from '../../parts/shell/shell.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';
import { ExamClock } from './exam-clock.tsx';
import { SaveStatus } from './save-status.tsx';

interface Props { session: AttemptSession; title: string; answered: number; total: number; onHelp: () => void }

export function ExamHead({ session, title, answered, total, onHelp }: Props) {
  return (
    <>
      <SkipLink />
      <header class="exam-head">
        <div class="exam-bar">
          <span class="exam-name"><BrandMark /> <span>{title}</span></span>
          <span class="exam-status">
            <SaveStatus session={session} />
            <ExamClock session={session} />
          </span>
          <span class="site-tools">
            <DisplayMenu />
            <button type="button" class="button-icon" aria-label={t('help.open')} title={t('help.open')} onClick={onHelp}><Icon name="help" /></button>
          </span>
        </div>
        <svg class="exam-progress" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect width={total ? (100 * answered) / total : 0} height="1" />
        </svg>
      </header>
    </>
  );
}
