/** @file The line of a progress bar: what matters most stays where the terminal is narrow. */

/** What the line tells. */
export interface BarValues {
  readonly value: number;
  readonly total: number;
  /** What stands behind it, the most important first. */
  readonly told: readonly string[];
}

/** The columns that a bar has: the terminal shows ^C behind it. */
export const columnsOf = ({ columns = 80 }: { readonly columns?: number }): number => columns - '^C'.length;

const longestBar = 24;
const shortestBar = 8;

/**
 * The line for a terminal of so many columns. The first value stands beside the count and is never cut off (the
 * time left, of most bars); of the rest, from left to right, there is as much as fits.
 */
export function barLine({ value, total, told }: BarValues, columns: number): string {
  const parts = [`${value}/${total}`];
  for (const part of told) {
    const width = [...parts, part].join('  ').length + shortestBar + 2;
    if (width >= columns && parts.length > 1) break;
    parts.push(part);
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
