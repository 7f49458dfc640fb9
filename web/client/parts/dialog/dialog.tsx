/* A modal dialog: the browser's own <dialog>, so focus stays inside, Escape closes and the page behind is inert. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../texts/index.ts';
import { Icon } from '../icon/icon.tsx';

interface Props {
  title: string;
  onClose?: () => void; /* absent: it cannot be dismissed, only answered */
  children: ComponentChildren;
  actions?: ComponentChildren;
  wide?: boolean;
  full?: boolean; /* all of the window: nothing of the page behind can be seen */
}

export function Dialog({ title, onClose, children, actions, wide, full }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${wide ? 'dialog-wide' : full ? 'dialog-full' : ''}`}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        onClose?.();
      }}
      onClose={() => onClose?.()}
    >
      <div class="dialog-head">
        <h2 id={id} tabIndex={-1} autofocus>{title}</h2>
        {onClose && (
          <button type="button" class="button-icon" aria-label={t('dialog.close')} onClick={onClose}>
            <Icon name="cross" />
          </button>
        )}
      </div>
      <div class="dialog-body">{children}</div>
      {actions && <div class="dialog-actions">{actions}</div>}
    </dialog>
  );
}
