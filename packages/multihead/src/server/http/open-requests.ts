/** @file The requests that are being answered. */
import type { RequestRecord } from './request-record.js';

/** Counts requests, and tells when there are none. */
export class OpenRequests {
  private readonly records = new Set<RequestRecord>();
  private onEmpty: (() => void)[] = [];

  get size(): number {
    return this.records.size;
  }

  add(record: RequestRecord): void {
    this.records.add(record);
  }

  delete(record: RequestRecord): void {
    this.records.delete(record);
    if (this.size === 0) for (const resolve of this.onEmpty.splice(0)) resolve();
  }

  /** Resolves when no request is being answered. */
  async drained(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => this.onEmpty.push(resolve));
  }
}
