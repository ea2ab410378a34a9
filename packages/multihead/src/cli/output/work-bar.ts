/** @file A bar for work whose amount is known, such as examples that a model goes through. On standard error, in a terminal. */
import type { GenericFormatter } from 'cli-progress';
import { barLine, columnsOf } from './bar-line.js';
import { duration } from './duration.js';
import { terminalBar } from './terminal-bar.js';

/** Shows how far work has come. */
export interface WorkBar {
  /** So much is done, in all. */
  update(done: number): void;
  /** Takes the bar away: the cursor is shown again, at the beginning of its line. */
  close(): void;
}

const none: WorkBar = { update: () => undefined, close: () => undefined };

/**
 * Begins a bar; elsewhere than in a terminal there is none.
 *
 * @param unit  what is counted: `texts`
 * @param begun so much was done before
 */
export function workBar(total: number, unit: string, begun = 0): WorkBar {
  const { stderr } = process;
  if (!stderr.isTTY) return none;
  const start = performance.now();
  const format: GenericFormatter = (_, { value }) => {
    const seconds = (performance.now() - start) / 1000;
    const done = value - begun;
    const told = [`${duration((seconds / done) * (total - value))} left`, `${perSecond(done / seconds)} ${unit}/s`];
    return barLine({ value, total, told: done > 0 ? told : [] }, columnsOf(stderr));
  };
  const bar = terminalBar({ format, total, value: begun, clearOnComplete: true });
  return { update: (done) => bar.update(Math.floor(done)), close: bar.stop };
}

/** Three digits are enough. */
const perSecond = (rate: number): string => (rate < 100 ? rate.toPrecision(3) : rate.toFixed(0));
