/** @file Calls that a model has accepted and not ended: it finishes them before it is closed. */

/** Counts open calls, or their inputs. */
export class OpenCalls {
  private count = 0;
  private onEmpty: (() => void)[] = [];

  /** Number of those that are open. */
  get size(): number {
    return this.count;
  }

  /** Counts a call, or so many inputs of it, until the returned function is called, once or more often. */
  begin(number = 1): () => void {
    let isOpen = true;
    this.count += number;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.count -= number;
      if (this.count === 0) for (const resolve of this.onEmpty.splice(0)) resolve();
    };
  }

  /** Resolves when no call is open. */
  async drained(): Promise<void> {
    if (this.count > 0) await new Promise<void>((resolve) => this.onEmpty.push(resolve));
  }
}

/** Passes values on, and says when the reader has ended or left. */
export async function* untilRead<Value>(
  values: AsyncIterable<Value>,
  end: () => void,
): AsyncGenerator<Value, void, undefined> {
  try {
    yield* values;
  } finally {
    end();
  }
}
