/* How long an item was before the person's eyes: counts while the item is shown and the page is visible. The clock is passed in. */

export class Spent {
  private readonly total = new Map<string, number>();
  private readonly reported = new Map<string, number>();
  private item: string | null = null;
  private since = 0;
  private visible = true;

  constructor(private readonly now: () => number) {}

  /* What the server knows already, so that the count goes on after a reload. */
  seed(item: string, ms: number): void {
    if (!this.total.has(item)) {
      this.total.set(item, ms);
      this.reported.set(item, ms);
    }
  }

  show(item: string | null): void {
    this.pause();
    this.item = item;
    this.since = this.now();
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    if (!visible) this.pause();
    this.visible = visible;
    this.since = this.now();
  }

  private pause(): void {
    if (this.item === null || !this.visible) return;
    this.total.set(this.item, this.of(this.item));
    this.since = this.now();
  }

  of(item: string): number {
    const before = this.total.get(item) ?? 0;
    return Math.round(item === this.item && this.visible ? before + Math.max(0, this.now() - this.since) : before);
  }

  /* The time to send along with an answer. */
  report(item: string): number {
    const ms = this.of(item);
    this.reported.set(item, ms);
    return ms;
  }

  unreported(item: string): number {
    return this.of(item) - (this.reported.get(item) ?? 0);
  }
}
