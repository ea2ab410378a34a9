/** @file The trials that a worker runs, of which its storage hears as long as they do. */
import type { StoredStudy } from './storage/storage.js';

/** Trials that run in this process. Their storage regularly hears that the worker is alive. */
export class RunningTrials {
  private readonly ids = new Set<number>();
  private heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly stored: StoredStudy) {}

  has(id: number): boolean {
    return this.ids.has(id);
  }

  add(id: number): void {
    this.ids.add(id);
    if (this.heartbeat !== undefined) return;
    this.heartbeat = setInterval(() => {
      this.stored.heartbeat([...this.ids]).catch(() => undefined); // a storage that is away is met by who writes next
    }, this.stored.heartbeatEvery);
    (this.heartbeat as { unref?: () => void }).unref?.();
  }

  delete(id: number): void {
    this.ids.delete(id);
    if (this.ids.size > 0) return;
    clearInterval(this.heartbeat);
    this.heartbeat = undefined;
  }
}
