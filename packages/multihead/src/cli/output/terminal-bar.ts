/** @file A progress bar in a terminal, which is gone when its command is: at a signal it is closed, and the command ends. */
import { type GenericFormatter, Presets, SingleBar } from 'cli-progress';
import { beforeEnd } from '../exit.js';

/** A bar that is shown. */
export interface TerminalBar {
  update(value: number): void;
  /** The cursor is shown again. */
  stop(): void;
}

/** How a bar looks. */
export interface TerminalBarOptions {
  /** Its line, or what it is made of, such as `{bar} {percentage} %`. */
  readonly format: string | GenericFormatter;
  readonly total: number;
  /** Where it begins. Default: 0. */
  readonly value?: number | undefined;
  /** Whether nothing is left of it. Default: false, its last state stays. */
  readonly clearOnComplete?: boolean | undefined;
}

/** Shows a bar on standard error, which must be a terminal. */
export function terminalBar({ format, total, value = 0, clearOnComplete = false }: TerminalBarOptions): TerminalBar {
  // With gracefulExit, cli-progress listens for SIGINT to stop the bar; with a listener, Ctrl-C no longer ends the process.
  const settings = { stream: process.stderr, barsize: 24, hideCursor: true, gracefulExit: false, clearOnComplete };
  const bar = new SingleBar({ format, ...settings }, Presets.shades_classic);
  bar.start(total, value);
  const stop = () => {
    if (bar.isActive) bar.stop();
  };
  const keepTerminal = beforeEnd(stop);
  return {
    update: (now) => bar.update(now),
    stop() {
      stop();
      keepTerminal();
    },
  };
}
