/* A reader judges an answer of their own that no rule can mark. */
import { t } from '../../../texts/index.ts';

export function Judge({ onJudge }: { onJudge: (yes: boolean) => void }) {
  return (
    <fieldset class="blind-judge">
      <legend>{t('vetting.judge')}</legend>
      <button type="button" class="button button-quiet" onClick={() => onJudge(true)}>{t('vetting.judgeYes')}</button>
      <button type="button" class="button button-quiet" onClick={() => onJudge(false)}>{t('vetting.judgeNo')}</button>
    </fieldset>
  );
}
