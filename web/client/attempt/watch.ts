/* Notices what happens around a page that holds an attempt: the connection comes and goes, the page is hidden, shown or closed, the computer has
 * slept; and asks for the clock every now and then. */
import { slept } from './clock.ts';

const POLL_MS = 20000;
const POLL_OFFLINE_MS = 5000;
const LOOK_MS = 2000;

export interface WatchHost {
  back(): void; /* the connection may be there again, or time has passed unseen: look */
  gone(): void;
  shown(visible: boolean): void;
  leaving(): void;
  poll(): Promise<void>;
  isOffline(): boolean;
}

export class Watch {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private look: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly host: WatchHost) {}

  start(): void {
    this.stop();
    window.addEventListener('online', this.onOnline);
    window.addEventListener('offline', this.onOffline);
    window.addEventListener('pagehide', this.onHide);
    document.addEventListener('visibilitychange', this.onVisible);
    this.next();
    let wall = Date.now();
    let monotonic = performance.now();
    this.look = setInterval(() => {
      if (slept(Date.now() - wall, performance.now() - monotonic)) this.host.back();
      wall = Date.now();
      monotonic = performance.now();
    }, LOOK_MS);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.look) clearInterval(this.look);
    this.timer = this.look = null;
    window.removeEventListener('online', this.onOnline);
    window.removeEventListener('offline', this.onOffline);
    window.removeEventListener('pagehide', this.onHide);
    document.removeEventListener('visibilitychange', this.onVisible);
  }

  /* Spread by chance, so that a room full of pages does not ask in one instant. */
  private next(): void {
    const every = this.host.isOffline() ? POLL_OFFLINE_MS : POLL_MS;
    const timer = setTimeout(() => {
      void this.host.poll().finally(() => {
        if (this.timer === timer) this.next();
      });
    }, every * (0.75 + Math.random() / 2));
    this.timer = timer;
  }

  private readonly onOnline = (): void => this.host.back();
  private readonly onOffline = (): void => this.host.gone();
  private readonly onHide = (): void => this.host.leaving();
  private readonly onVisible = (): void => this.host.shown(document.visibilityState === 'visible');
}
