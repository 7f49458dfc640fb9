/* Recordings of terminals: asciicast v2, a header line and then one event per line. Pure.
 *
 * A recording holds what a candidate's programs printed, so it is hostile: sizes and times are bounded, lines that are no events are counted and
 * left out, and of the output only text, and control sequences that move, colour or clear text, are kept. Strings for the terminal (OSC, DCS, APC,
 * PM, SOS: titles, links, the clipboard, device strings) are cut out here, before a terminal sees them, and the terminal ignores them once more. */

export const CAST_BYTES_MAX = 16 << 20;
const EVENTS_MAX = 500000;
const ROWS_MAX = 200;
const COLS_MAX = 500;
const SECONDS_MAX = 7 * 86400;

export interface CastEvent { at: number; text?: string; size?: [cols: number, rows: number] } /* at: seconds from the beginning */
export interface Cast { cols: number; rows: number; startedAt: number | null; events: CastEvent[]; duration: number; damaged: number; cut: boolean }

function bounded(v: unknown, max: number): number | null {
  return typeof v === 'number' && Number.isInteger(v) && v >= 1 ? Math.min(v, max) : null;
}

/* Removes the strings meant for a terminal; keeps its place between pieces, because a recording may cut them anywhere. */
export class Sanitizer {
  private state: 'text' | 'escape' | 'string' | 'string-escape' | 'csi' = 'text';
  private held = '';

  clean(piece: string): string {
    let out = '';
    for (const c of piece) out += this.next(c, c.charCodeAt(0));
    return out;
  }

  private next(c: string, code: number): string {
    switch (this.state) {
      case 'string': /* until BEL, ST (two characters, or one), CAN or SUB */
        if (code === 0x1b) this.state = 'string-escape';
        else if (code === 0x07 || code === 0x9c || code === 0x18 || code === 0x1a) this.state = 'text';
        return '';
      case 'string-escape':
        if (code === 0x5c) {
          this.state = 'text';
          return '';
        }
        this.state = 'escape'; /* another sequence ends the string */
        return this.next(c, code);
      case 'escape':
        if (']PX^_'.includes(c)) this.state = 'string';
        else if (c === '[') {
          this.state = 'csi';
          this.held = '\u001b[';
        } else if (code === 0x1b) this.state = 'escape';
        else if (code < 0x20) return this.control(c, code);
        else {
          this.state = 'text';
          /* Single steps that move or save; charsets and the rest are not needed to read a recording. */
          return '78DEHMc=>'.includes(c) ? `\u001b${c}` : '';
        }
        return '';
      case 'csi':
        return this.csi(c, code);
      default:
        return this.text(c, code);
    }
  }

  private csi(c: string, code: number): string {
    if (code >= 0x20 && code <= 0x3f) {
      if (this.held.length < 64) this.held += c;
      return '';
    }
    if (code >= 0x40 && code <= 0x7e) {
      const sequence = this.held + c;
      this.state = 'text';
      this.held = '';
      /* Moves, clearing, inserting, deleting, scrolling, colours, modes; no questions (c, n, p, q, t, x …). Mouse and paste modes mean nothing here. */
      return '@ABCDEFGHIJKLMPSTXZ`abdefghlmrsu'.includes(c) && !/\?(?:9|100\d|1015|1016|2004|2026)/.test(sequence) ? sequence : '';
    }
    if (code === 0x1b) {
      this.state = 'escape';
      this.held = '';
      return '';
    }
    if (code === 0x18 || code === 0x1a || code > 0x7e) {
      this.state = 'text';
      this.held = '';
      return '';
    }
    return this.control(c, code);
  }

  private text(c: string, code: number): string {
    if (code === 0x1b) {
      this.state = 'escape';
      return '';
    }
    if (code === 0x90 || code === 0x98 || code === 0x9d || code === 0x9e || code === 0x9f) {
      this.state = 'string';
      return '';
    }
    if (code === 0x9b) {
      this.state = 'csi';
      this.held = '\u001b[';
      return '';
    }
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ? this.control(c, code) : c;
  }

  /* Backspace, tab, line feed, vertical tab, form feed, return. The bell is silent. */
  private control(c: string, code: number): string {
    return code >= 8 && code <= 13 ? c : '';
  }
}

function header(line: string | undefined): Omit<Cast, 'events' | 'duration' | 'damaged' | 'cut'> | null {
  try {
    const h = JSON.parse(line ?? '') as Record<string, unknown> | null;
    if (h?.version !== 2) return null;
    const cols = bounded(h.width, COLS_MAX);
    const rows = bounded(h.height, ROWS_MAX);
    if (cols === null || rows === null) return null;
    return { cols, rows, startedAt: typeof h.timestamp === 'number' && Number.isFinite(h.timestamp) ? h.timestamp : null };
  } catch {
    return null;
  }
}

function sizeOf(text: string): [number, number] | null {
  const m = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  if (!m) return null;
  const cols = bounded(Number(m[1]), COLS_MAX);
  const rows = bounded(Number(m[2]), ROWS_MAX);
  return cols !== null && rows !== null ? [cols, rows] : null;
}

/* An event; null: a line that is none; undefined: one that shows nothing (input, markers). */
function eventOf(line: string, clean: Sanitizer): CastEvent | null | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return null;
  }
  if (!Array.isArray(raw) || raw.length !== 3) return null;
  const [at, code, data] = raw as unknown[];
  if (typeof at !== 'number' || !(at >= 0 && at <= SECONDS_MAX) || typeof data !== 'string') return null;
  if (code === 'o') return { at, text: clean.clean(data) };
  if (code === 'r') {
    const size = sizeOf(data);
    return size && { at, size };
  }
  return typeof code === 'string' ? undefined : null;
}

/* null: it is no recording at all. */
export function parseCast(text: string): Cast | null {
  const whole = text.length <= CAST_BYTES_MAX;
  const lines = (whole ? text : text.slice(0, CAST_BYTES_MAX)).split('\n');
  if (!whole) lines.pop(); /* cut in the middle */
  const head = header(lines[0]);
  if (!head) return null;
  const clean = new Sanitizer();
  const events: CastEvent[] = [];
  let damaged = 0;
  let last = 0;
  let cut = !whole;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!.trim();
    if (line === '') continue;
    if (events.length >= EVENTS_MAX) {
      cut = true;
      break;
    }
    const event = eventOf(line, clean);
    if (event === null) damaged++;
    if (!event) continue;
    event.at = last = Math.max(last, event.at); /* time does not run backwards */
    events.push(event);
  }
  return { ...head, events, duration: last, damaged, cut };
}

/* The same with pauses of at most `seconds`. */
export function withoutPauses(cast: Cast, seconds: number): Cast {
  let before = 0;
  let at = 0;
  const events = cast.events.map((e) => {
    at += Math.min(e.at - before, seconds);
    before = e.at;
    return { ...e, at };
  });
  return { ...cast, events, duration: at };
}
