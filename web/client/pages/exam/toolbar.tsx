/* The tools for one question. Each says what it is and whether it is on. */
import type { Live } from '../../attempt/session.ts';
import { Icon, type IconName } from '../../parts/icon/icon.tsx';
import { t, type Key } from '../../texts/index.ts';
import { noteOf } from './notes.tsx';
import type { Action } from './keys.ts';

interface Props { item: Live; act: Record<Action, () => void>; notesOpen: boolean; docsOpen: boolean; hasDocs: boolean; canHighlight: boolean }

export function Toolbar({ item, act, notesOpen, docsOpen, hasDocs, canHighlight }: Props) {
  const tool = (action: Action, icon: IconName, label: Key, on: boolean | undefined, expands = false) => (
    <button
      type="button"
      class="tool"
      aria-pressed={expands ? undefined : on}
      aria-expanded={expands ? on : undefined}
      onMouseDown={action === 'highlight' ? (e) => e.preventDefault() : undefined /* the selection must survive the click */}
      onClick={act[action]}
    >
      <Icon name={icon} /> <span>{t(label)}</span>
    </button>
  );
  return (
    <div class="toolbar" role="group" aria-label={t('toolbar.label')}>
      {tool('flag', 'flag', 'toolbar.flag', item.flagged)}
      {canHighlight && tool('highlight', 'pen', 'toolbar.highlight', undefined)}
      {tool('notes', 'note', noteOf(item).text ? 'toolbar.notesSome' : 'toolbar.notes', notesOpen, true)}
      {hasDocs && tool('docs', 'book', 'toolbar.docs', docsOpen, true)}
    </div>
  );
}
