/** @file Tokens on their way from the generator to the one who reads them. */

/** A list that is read as it grows. One reads it; leaving the loop closes it. */
export class TokenQueue<Token> implements AsyncIterable<Token> {
  private readonly tokens: Token[] = [];
  private wake: (() => void) | undefined;
  private end: { readonly error?: unknown } | undefined;

  /** @param onLeave called when the reader leaves before the end */
  constructor(private readonly onLeave: () => void) {}

  push(token: Token): void {
    this.tokens.push(token);
    this.wake?.();
  }

  /** Ends the list: after the tokens that it holds or, with an error, at once. */
  close(end: { readonly error?: unknown } = {}): void {
    this.end ??= end;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Token, void, undefined> {
    try {
      for (;;) {
        if (this.end && 'error' in this.end) throw this.end.error;
        const token = this.tokens.shift();
        if (token !== undefined) yield token;
        else if (this.end) return;
        else
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
      }
    } finally {
      if (!this.end) this.onLeave();
    }
  }
}
