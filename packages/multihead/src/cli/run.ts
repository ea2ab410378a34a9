/** @file A run of training on the command line: its output folder locked, its events shown and written, Ctrl-C heeded. */
import type { PretrainedModel } from '../models/pretrained.js';
import type { TrainingEvent } from '../training/events.js';
import { TrainingInterrupted } from '../training/run-control.js';
import type { Trainer } from '../training/trainer.js';
import { EventsFile } from './events-file.js';
import { type LoggingArguments, type Progress, progressListener } from './progress.js';
import type { OutputArguments } from './run-options.js';
import { TensorBoardFile } from './tensorboard.js';

/** npx passes Ctrl-C on to a program that the terminal has told already: two so close together are one. */
const sameSignalMilliseconds = 1000;

/** Signals that end a run, and what a shell expects of a program that one of them ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** What a run needs to know of its options. */
export interface RunArguments extends OutputArguments, LoggingArguments {}

/** The listeners of a run, ready before there is a Trainer. */
export interface RunListeners {
  readonly progress: Progress;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** Makes the listeners. */
export function startRun(options: RunArguments, model: PretrainedModel): RunListeners {
  const { output, reportTo } = options;
  const progress = progressListener(options);
  progress.loaded(model);
  const files = [new EventsFile(output), ...(reportTo === 'tensorboard' ? [new TensorBoardFile(output)] : [])];
  return {
    progress,
    onEvent: (event) => {
      progress.listen(event);
      for (const file of files) file.listen(event);
    },
  };
}

/**
 * Trains to the end, or to the first Ctrl-C (or SIGTERM, which clusters send), which saves; a second one ends the process
 * at once. A run that came to its end in spite of it is whole, but the process's exit code still tells of the signal.
 *
 * @returns whether the run came to its end
 */
export async function trainUntilInterrupted(
  trainer: Pick<Trainer<never, never, never, never>, 'train' | 'control'>,
): Promise<boolean> {
  let firstAt: number | undefined;
  const interrupt = (signal: NodeJS.Signals) => {
    const code = exitCodes[signal as keyof typeof exitCodes];
    const now = performance.now();
    firstAt ??= now;
    if (now - firstAt > sameSignalMilliseconds) process.exit(code);
    if (now > firstAt) return;
    process.exitCode = code;
    const name = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    console.error(`\n${name}: saving after this step; once more ends at once`);
    trainer.control.interrupt();
  };
  for (const signal of Object.keys(exitCodes)) process.on(signal, interrupt);
  try {
    await trainer.train();
    return true;
  } catch (error) {
    if (!(error instanceof TrainingInterrupted)) throw error;
    console.error(`${error.message}: the same command with --resume goes on`);
    return false;
  } finally {
    for (const signal of Object.keys(exitCodes)) process.off(signal, interrupt);
  }
}
