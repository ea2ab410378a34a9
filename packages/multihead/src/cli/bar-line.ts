/** @file The line of a training run's progress bar: what matters most stays where the terminal is narrow. */

/** What the line tells of a run. */
export interface BarValues {
  readonly value: number;
  readonly total: number;
  /** Undefined before the first step. */
  readonly told?: {
    readonly epoch: string;
    readonly loss: string;
    readonly rate: string;
    readonly speed: number;
    readonly left: string;
  };
}

const longestBar = 24;
const shortestBar = 8;

/**
 * The line for a terminal of so many columns. The time left stands beside the steps and is never cut off; of the rest, from
 * left to right, there is as much as fits.
 */
export function barLine({ value, total, told }: BarValues, columns: number): string {
  const parts = [`${value}/${total}`];
  if (told) {
    const { left, loss, epoch, speed, rate } = told;
    const others = [`${left} left`, `loss ${loss}`, `epoch ${epoch}`, `${speed} tokens/s`, `rate ${rate}`];
    for (const part of others) {
      const width = [...parts, part].join('  ').length + shortestBar + 2;
      if (width >= columns && parts.length > 1) break;
      parts.push(part);
    }
  }
  const text = parts.join('  ');
  const size = Math.min(longestBar, columns - 1 - text.length - 2);
  if (size < shortestBar) return text.slice(0, Math.max(0, columns - 1));
  const full = total === 0 ? size : Math.floor((Math.min(value, total) / total) * size);
  return `${'█'.repeat(full)}${'░'.repeat(size - full)}  ${text}`;
}

/** Steps that count in an average of durations: so many at most, or all that there were. */
const longestMemory = 200;

/** The duration of a step, as an average that does not jump: batches of long texts and of short ones take turns. */
export class StepTime {
  private steps = 0;
  private mean = 0;

  /** Adds a step; returns the average in the unit that it is given in. */
  add(duration: number): number {
    this.steps += 1;
    this.mean += (duration - this.mean) / Math.min(this.steps, longestMemory);
    return this.mean;
  }
}
