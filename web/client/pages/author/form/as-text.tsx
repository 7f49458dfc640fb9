/* What no field can hold: as it stands in the text, with the way to the editor. */
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';

export function AsText({ desk, path, text, line }: { desk: Desk; path: string; text: string; line?: number | undefined }) {
  return (
    <div class="as-text">
      <p class="hint">{t('form.asText')}</p>
      {text && <pre tabIndex={0}><code>{text}</code></pre>}
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          desk.showPane('write');
          if (line !== undefined) void desk.open(path, { line });
        }}
      >
        {t('form.toEditor')}
      </button>
    </div>
  );
}
