/** @file The bar of a search in a terminal: how many trials are done, how long the others will take, and the best so far. */
import { barLine, columnsOf } from '../../output/bar-line.js';
import { duration } from '../../output/duration.js';
import { type TerminalBar, terminalBar } from '../../output/terminal-bar.js';

/** How far a search has come. */
export interface SearchState {
  /** Trials that have ended. */
  readonly ended: number;
  /** Shown after the time left, the most important first. */
  readonly details: readonly string[];
}

/** Stands in the last line of standard error, where that is a terminal. */
export class SearchBar {
  private bar: TerminalBar | undefined;
  private state: SearchState;
  /** The parts of trials that run, by their numbers. */
  private readonly shares = new Map<number, number>();
  private readonly began = performance.now();
  /** In milliseconds, and when it was so. */
  private left: { readonly time: number; readonly at: number } | undefined;

  /** @param begun how far the search had come before */
  constructor(
    private readonly total: number,
    private readonly begun: SearchState,
  ) {
    this.state = begun;
    if (begun.ended < total) this.show();
  }

  /** So much of a trial is done, from 0 to 1. */
  advance(trial: number, share: number): void {
    this.shares.set(trial, share);
    this.estimate();
  }

  /** A trial has begun or ended. */
  update(state: SearchState, trial: number, isRunning: boolean): void {
    this.state = state;
    if (isRunning) this.shares.set(trial, this.shares.get(trial) ?? 0);
    else this.shares.delete(trial);
    this.estimate();
    this.bar?.update(Math.min(state.ended, this.total));
  }

  /** Puts something above the bar. */
  above(print: () => void): void {
    const isShown = this.bar !== undefined;
    this.close();
    print();
    if (isShown && this.state.ended < this.total) this.show();
  }

  /** Takes the bar away. */
  close(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private show(): void {
    const { stderr } = process;
    if (!stderr.isTTY) return;
    this.bar = terminalBar({
      format: (_, { value, total }) => barLine({ value, total, told: this.details() }, columnsOf(stderr)),
      total: this.total,
      value: Math.min(this.state.ended, this.total),
      clearOnComplete: true,
    });
  }

  private details(): readonly string[] {
    const { left } = this;
    const time = left && Math.max(0, left.time - (performance.now() - left.at));
    return [...(time === undefined ? [] : [`${duration(time / 1000)} left`]), ...this.state.details];
  }

  private estimate(): void {
    const at = performance.now();
    const done = this.state.ended + [...this.shares.values()].reduce((sum, share) => sum + share, 0);
    const here = done - this.begun.ended;
    if (here > 0) this.left = { time: ((at - this.began) / here) * Math.max(0, this.total - done), at };
  }
}
