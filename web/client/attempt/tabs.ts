/* Tabs of one browser talk to each other about one attempt: who took it over, and who has left answers behind in the shared queue. The server's
 * lease decides; this only makes the older tab notice at once. */

interface Message { attempt: string; lease?: number; left?: true }

export class Tabs {
  private readonly channel: BroadcastChannel | null;

  constructor(private readonly attempt: string, on: { newer(lease: number): void; left(): void }) {
    this.channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('assay-attempts') : null;
    if (!this.channel) return;
    this.channel.onmessage = (event: MessageEvent<Message>) => {
      if (event.data?.attempt !== attempt) return;
      if (typeof event.data.lease === 'number') on.newer(event.data.lease);
      if (event.data.left) on.left();
    };
  }

  announce(lease: number): void {
    this.channel?.postMessage({ attempt: this.attempt, lease } satisfies Message);
  }
  leave(): void {
    this.channel?.postMessage({ attempt: this.attempt, left: true } satisfies Message);
  }
  close(): void {
    this.channel?.close();
  }
}
