/** @file Memory for the weights of several models: those that were asked longest ago make room for others. */

/** A model that can be loaded and unloaded. */
export interface Sleeper {
  /** Bytes of its weights. */
  readonly size: number;
  /** Unloads it, after the calls that it has accepted. */
  sleep(): Promise<void>;
}

/** Decides which models are loaded. */
export class MemoryBudget {
  /** Those that are loaded, the one that was asked longest ago first. */
  private readonly loaded = new Set<Sleeper>();
  private admitting: Promise<void> = Promise.resolve();

  /** @param bytes of weights that may be loaded at a time */
  constructor(readonly bytes: number) {}

  /** Makes room for a model where there is room without unloading another, and says whether there was. */
  tryAdmit(model: Sleeper): boolean {
    if (this.used + model.size > this.bytes) return false;
    this.loaded.add(model);
    return true;
  }

  /** Resolves when there is room for a model. Of several, one follows the other. */
  admit(model: Sleeper): Promise<void> {
    this.admitting = this.admitting.then(async () => {
      for (const other of this.loaded) {
        if (this.used + model.size <= this.bytes) break;
        this.loaded.delete(other);
        await other.sleep();
      }
      this.loaded.add(model);
    });
    return this.admitting;
  }

  /** Says that a model is asked. */
  touch(model: Sleeper): void {
    if (this.loaded.delete(model)) this.loaded.add(model);
  }

  /** Forgets a model that is not loaded any more. */
  release(model: Sleeper): void {
    this.loaded.delete(model);
  }

  private get used(): number {
    return [...this.loaded].reduce((sum, { size }) => sum + size, 0);
  }
}
