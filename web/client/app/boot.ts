/* Runs before the first paint, as a classic script in the head: puts theme, print size, zoom and language on <html>, so that the page does
 * not flash in another look. Everything else happens in main.tsx. */
import { applyPreferences, readPreferences } from './preferences.ts';

applyPreferences(document.documentElement, readPreferences());
