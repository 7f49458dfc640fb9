/* The keyboard help of a study session. */
import { Help } from '../exam/help.tsx';
import { KEYS } from '../exam/keys.ts';

const USED = new Set(['next', 'flag', 'notes']);
const UNUSED = KEYS.map((k) => k.action).filter((a) => !USED.has(a));

export function StudyHelp({ onClose }: { onClose: () => void }) {
  return <Help onClose={onClose} without={UNUSED} />;
}
