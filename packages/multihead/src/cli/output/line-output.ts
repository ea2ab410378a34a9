/** @file Where lines go that a command writes one window after the other: to standard output, or to a file that survives a kill. */
import { once } from 'node:events';

/** A place for lines. */
export interface LineOutput {
  /** Lines that an interrupted run has left there; they are not written again. */
  readonly keptLines: number;
  /** Adds whole lines; ends when they are out of this process. */
  write(lines: readonly string[]): Promise<void>;
  /** All lines are written. */
  finish(): Promise<void>;
}

/** Standard output, no faster than it is read. */
export const standardOutput: LineOutput = {
  keptLines: 0,
  async write(lines) {
    if (!process.stdout.write(lines.join(''))) await once(process.stdout, 'drain');
  },
  async finish() {},
};
