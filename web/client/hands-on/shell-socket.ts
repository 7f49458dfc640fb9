/* The connection of one shell: a WebSocket that comes back.
 *
 * Output: the server may have 100,000 bytes under way. What the screen has taken in is given back in steps of 5,000, so a program that prints for
 * ever goes as fast as the screen and no faster. Input: what is typed waits here for the server's credit, and, for a while and up to a limit, for
 * the connection. Loss of any kind (no answer to a ping, a closed socket, a server that restarts) leads to another try after a wait that grows,
 * with jitter. It ends when the server says that the shell is used elsewhere, has exited, or that the box is gone for good.
 *
 * On return the server sends the last output again, between two notices; the screen is cleared before it. The socket, the timers and chance are
 * passed in, for the tests. */
import { backoffMs } from '../attempt/backoff.ts';
import { creditFrame, dataFrame, INPUT_CHUNK, INPUT_WINDOW, OUTPUT_ACK, pingFrame, readFrame, sizeFrame, type Notice } from './frames.ts';

const PING_MS = 15000;
const PONG_MS = 10000;
const WAITING_MAX = 1 << 20; /* bytes of input that may wait for credit: a large paste */
const WAITING_APART_MAX = 4096; /* and while there is no connection */

export type ShellStatus = 'connecting' | 'connected' | 'reconnecting' | 'superseded' | 'exited' | 'ended' | 'stopped';

export interface Wire {
  binaryType: string;
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((e: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

export interface Screen {
  readonly rows: number;
  readonly cols: number;
  clear(): void;
  /* Shows output; `taken` is called when it has been. */
  write(bytes: Uint8Array, taken: () => void): void;
}

export interface Host {
  connect(rows: number, cols: number): Wire;
  changed(status: ShellStatus): void;
  notice(notice: Notice): void;
  /* Asked when a connection could not be made: is another try of any use? */
  hopeful(): Promise<boolean>;
}

export interface Timers {
  set(f: () => void, ms: number): unknown;
  clear(timer: unknown): void;
  now(): number;
  random(): number;
}

export const TIMERS: Timers = {
  set: (f, ms) => setTimeout(f, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  now: () => performance.now(),
  random: Math.random,
};

export class ShellSocket {
  status: ShellStatus = 'stopped';
  replaying = false; /* what the screen shows now was shown before: it must not answer to it */

  private wire: Wire | null = null;
  private failures = 0;
  private retry: unknown = null;
  private beat: unknown = null;
  private credit = 0;
  private taken = 0; /* bytes shown since the last acknowledgement */
  private heardAt = 0;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;

  constructor(
    private readonly screen: Screen,
    private readonly host: Host,
    private readonly timers: Timers = TIMERS,
  ) {}

  /* Connects, also anew after an end: takes the shell over, or starts it again. */
  start(): void {
    this.drop();
    this.failures = 0;
    this.open('connecting');
  }

  stop(): void {
    this.drop();
    this.forgetInput();
    this.become('stopped');
  }

  /* The network may be back: no need to wait for the next try. */
  kick(): void {
    if (this.status === 'reconnecting' && !this.wire) this.open('reconnecting');
  }

  private become(status: ShellStatus): void {
    if (this.status === status) return;
    this.status = status;
    this.host.changed(status);
  }

  private open(as: 'connecting' | 'reconnecting'): void {
    this.cancel();
    const wire = this.host.connect(this.screen.rows, this.screen.cols);
    this.wire = wire;
    let opened = false;
    wire.binaryType = 'arraybuffer';
    wire.onopen = () => {
      if (this.wire !== wire) return;
      opened = true;
      this.credit = INPUT_WINDOW;
      this.taken = 0;
      this.heardAt = this.timers.now();
      this.resize();
      this.become('connected');
      this.pulse(wire);
      this.flush();
    };
    wire.onmessage = ({ data }) => {
      if (this.wire === wire && data instanceof ArrayBuffer) this.receive(wire, new Uint8Array(data));
    };
    wire.onclose = () => {
      if (this.wire !== wire) return;
      this.wire = null;
      this.replaying = false;
      void this.lost(opened);
    };
    this.become(as);
  }

  /* Ends the wire without hearing of it again. */
  private drop(): void {
    this.cancel();
    const wire = this.wire;
    this.wire = null;
    this.replaying = false;
    wire?.close(1000);
  }

  private cancel(): void {
    if (this.retry !== null) this.timers.clear(this.retry);
    if (this.beat !== null) this.timers.clear(this.beat);
    this.retry = this.beat = null;
  }

  private async lost(opened: boolean): Promise<void> {
    this.cancel();
    if (this.status === 'superseded' || this.status === 'exited' || this.status === 'ended') return;
    this.failures = opened ? 1 : this.failures + 1;
    this.become('reconnecting');
    if (!opened && !(await this.host.hopeful())) {
      if (this.status === 'reconnecting' && !this.wire) this.become('ended');
      return;
    }
    if (this.status !== 'reconnecting' || this.wire || this.retry !== null) return;
    this.retry = this.timers.set(() => this.open('reconnecting'), backoffMs(this.failures, this.timers.random));
  }

  /* Asks now and then whether the other side is there: a connection that died quietly says nothing. */
  private pulse(wire: Wire): void {
    this.beat = this.timers.set(() => {
      const asked = this.timers.now();
      wire.send(pingFrame(asked));
      this.beat = this.timers.set(() => {
        if (this.heardAt >= asked) return this.pulse(wire);
        this.wire = null;
        wire.close(4000);
        void this.lost(true);
      }, PONG_MS);
    }, PING_MS);
  }

  /* ---- output ---- */

  private receive(wire: Wire, message: Uint8Array): void {
    this.heardAt = this.timers.now();
    const frame = readFrame(message);
    if (!frame) return;
    if (frame.type === 'data') {
      const { length } = frame.bytes;
      this.failures = 0;
      this.screen.write(frame.bytes, () => this.shown(wire, length));
    } else if (frame.type === 'credit') {
      this.credit += frame.bytes;
      this.flush();
    } else if (frame.type === 'notice') this.noticed(wire, frame.notice);
  }

  private shown(wire: Wire, bytes: number): void {
    if (this.wire !== wire) return; /* of a connection that is gone: its successor counts anew */
    this.taken += bytes;
    if (this.taken < OUTPUT_ACK) return;
    wire.send(creditFrame(this.taken));
    this.taken = 0;
  }

  private noticed(wire: Wire, notice: Notice): void {
    switch (notice.kind) {
      case 'replay-begin':
        this.replaying = true;
        this.screen.clear();
        break;
      case 'replay-end':
        /* True once the screen has taken in all of it. */
        this.screen.write(new Uint8Array(), () => {
          if (this.wire !== wire) return;
          this.replaying = false;
          this.flush();
        });
        break;
      case 'restored':
      case 'reset':
      case 'lost':
        this.forgetInput(); /* it was meant for what ran before */
        break;
      case 'exited':
      case 'superseded':
      case 'ended':
        this.forgetInput();
        this.become(notice.kind);
        break;
    }
    this.host.notice(notice);
  }

  /* ---- input ---- */

  /* Takes what was typed. False: it cannot be kept, and is not sent. */
  send(bytes: Uint8Array): boolean {
    const apart = this.status === 'reconnecting' || this.status === 'connecting';
    if (!apart && this.status !== 'connected') return false;
    if (this.waitingBytes + bytes.length > (apart ? WAITING_APART_MAX : WAITING_MAX)) return false;
    for (let at = 0; at < bytes.length; at += INPUT_CHUNK) this.waiting.push(bytes.subarray(at, at + INPUT_CHUNK));
    this.waitingBytes += bytes.length;
    this.flush();
    return true;
  }

  resize(): void {
    if (this.wire?.readyState === 1) this.wire.send(sizeFrame(this.screen.rows, this.screen.cols));
  }

  private flush(): void {
    if (this.wire?.readyState !== 1 || this.replaying) return;
    while (this.waiting.length && this.credit > 0) {
      const first = this.waiting[0]!;
      const now = first.subarray(0, this.credit);
      this.wire.send(dataFrame(now));
      this.credit -= now.length;
      this.waitingBytes -= now.length;
      if (now.length === first.length) this.waiting.shift();
      else this.waiting[0] = first.subarray(now.length);
    }
  }

  private forgetInput(): void {
    this.waiting = [];
    this.waitingBytes = 0;
  }
}
