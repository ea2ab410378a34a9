/** @file How fast a model has been lately, by which waiting times are estimated. */

/** A moving average of tokens per second, weighted by the time that they took. */
export class Throughput {
  private tokens = 0;
  private seconds = 0;

  /** @param memory seconds of work after which what came before counts half or less */
  constructor(private readonly memory = 10) {}

  /** Tokens per second; undefined before the first batch. */
  get perSecond(): number | undefined {
    return this.seconds > 0 ? this.tokens / this.seconds : undefined;
  }

  /** Counts tokens that took these seconds. */
  add(tokens: number, seconds: number): void {
    const kept = 2 ** (-seconds / this.memory);
    this.tokens = this.tokens * kept + tokens;
    this.seconds = this.seconds * kept + seconds;
  }

  /** Whole seconds in which tokens are done, from 1 on. */
  secondsFor(tokens: number): number {
    return Math.max(1, Math.ceil(tokens / (this.perSecond ?? Number.POSITIVE_INFINITY)));
  }
}
