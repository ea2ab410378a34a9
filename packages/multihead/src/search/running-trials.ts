/** @file Sends heartbeats for running trials. */
import type { StoredStudy } from './storage/storage.js';

/** Trials that run in this process, for which heartbeats are sent to their storage. */
export class RunningTrials {
  private readonly ids = new Set<number>();
  private heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly stored: StoredStudy) {}

  add(id: number): void {
    this.ids.add(id);
    if (this.heartbeat !== undefined) return;
    this.heartbeat = setInterval(() => {
      this.stored.heartbeat([...this.ids]).catch(() => undefined); // an unreachable storage is reported by the next write
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
