/** @file A run of training on the command line: its output folder locked, its events shown and written, Ctrl-C heeded. */
import type { PretrainedModel } from '../models/pretrained.js';
import type { TrainingEvent } from '../training/events.js';
import { type Trainer, TrainingInterrupted } from '../training/trainer.js';
import { EventsFile } from './events-file.js';
import { type Progress, progressListener } from './progress.js';
import { lockOutput } from './run-lock.js';
import type { OutputArguments } from './run-options.js';
import { TensorBoardFile } from './tensorboard.js';

/** What a shell expects of a program that Ctrl-C ended. */
const interruptedCode = 130;

/** What a run needs to know of its options. */
export interface RunArguments extends OutputArguments {
  readonly loggingSteps: number;
}

/** The listeners of a run, ready before there is a Trainer. */
export interface RunListeners {
  readonly progress: Progress;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** Locks the output folder and makes the listeners. */
export function startRun({ output, loggingSteps, reportTo }: RunArguments, model: PretrainedModel): RunListeners {
  lockOutput(output);
  const progress = progressListener(loggingSteps);
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
 * Trains to the end, or to the first Ctrl-C, which saves; a second one ends the process at once.
 *
 * @returns whether the run came to its end
 */
export async function trainUntilInterrupted(
  trainer: Pick<Trainer<never, never, never, never>, 'train' | 'control'>,
): Promise<boolean> {
  const interrupt = () => {
    process.once('SIGINT', () => process.exit(interruptedCode));
    console.error('\nCtrl-C: saving after this step; once more ends at once');
    trainer.control.interrupt();
  };
  process.once('SIGINT', interrupt);
  try {
    await trainer.train();
    return true;
  } catch (error) {
    if (!(error instanceof TrainingInterrupted)) throw error;
    console.error(`${error.message}: the same command with --resume goes on`);
    process.exitCode = interruptedCode;
    return false;
  } finally {
    process.removeAllListeners('SIGINT');
  }
}
