/* Answers that are still being given: each is held back until the person has paused for a moment, so that not every keystroke is sent. */

export class Drafts {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  /* `settle` is called after `quiet` milliseconds without another hold(). */
  hold(id: string, quiet: number, settle: () => void): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(settle, quiet));
  }

  release(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  has(id: string): boolean {
    return this.timers.has(id);
  }
  ids(): string[] {
    return [...this.timers.keys()];
  }
}
