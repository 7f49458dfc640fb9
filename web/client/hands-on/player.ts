/* Plays a recording on a screen: forward in time as it passes, to any place at once. Going back means beginning again and showing everything up to
 * there. The clock is passed in. */
import type { Cast } from './cast.ts';

export interface Stage {
  reset(cols: number, rows: number): void;
  resize(cols: number, rows: number): void;
  write(text: string): void;
}

const PIECE = 1 << 16; /* characters written at once */

export class Player {
  playing = false;
  speed = 1;
  private shown = 0; /* events that are on the stage */
  private at = 0; /* seconds, when the clock was last looked at */
  private since = 0;

  constructor(
    private cast: Cast,
    private readonly stage: Stage,
    private readonly now: () => number,
    private readonly changed: () => void,
  ) {
    stage.reset(cast.cols, cast.rows);
  }

  get duration(): number {
    return this.cast.duration;
  }
  get position(): number {
    if (!this.playing) return this.at;
    return Math.min(this.duration, this.at + ((this.now() - this.since) / 1000) * this.speed);
  }

  play(): void {
    if (this.playing) return;
    if (this.at >= this.duration) this.seek(0);
    this.since = this.now();
    this.playing = true;
    this.changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.at = this.position;
    this.playing = false;
    this.changed();
  }

  setSpeed(speed: number): void {
    this.at = this.position;
    this.since = this.now();
    this.speed = speed;
    this.changed();
  }

  /* The same recording with other times: stays at the event where it is. */
  setCast(cast: Cast): void {
    const event = this.shown > 0 ? cast.events[this.shown - 1] : undefined;
    this.cast = cast;
    this.at = event?.at ?? 0;
    this.since = this.now();
    this.changed();
  }

  /* Called again and again while it plays. */
  tick(): void {
    const position = this.position;
    this.show(position);
    if (this.playing && position >= this.duration) {
      this.at = this.duration;
      this.playing = false;
    }
    this.changed();
  }

  seek(to: number): void {
    const position = Math.min(this.duration, Math.max(0, to));
    const last = this.cast.events[this.shown - 1];
    if (last && last.at > position) {
      this.stage.reset(this.cast.cols, this.cast.rows);
      this.shown = 0;
    }
    this.at = position;
    this.since = this.now();
    this.show(position);
    this.changed();
  }

  private show(position: number): void {
    let text = '';
    const flush = (): void => {
      if (text) this.stage.write(text);
      text = '';
    };
    for (; this.shown < this.cast.events.length; this.shown++) {
      const e = this.cast.events[this.shown]!;
      if (e.at > position) break;
      if (e.size) {
        flush();
        this.stage.resize(...e.size);
      } else text += e.text ?? '';
      if (text.length >= PIECE) flush();
    }
    flush();
  }
}
