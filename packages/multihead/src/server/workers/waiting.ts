/** @file Waiting: for something that is given later, and no longer than somebody wants it. */

/** Something that is waited for. */
export interface Signal {
  readonly given: Promise<void>;
  give(): void;
  fail(error: unknown): void;
}

export function newSignal(): Signal {
  let give: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const given = new Promise<void>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  return { given, give, fail };
}

/** A promise that is rejected with the signal's reason where that comes first. */
export function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
