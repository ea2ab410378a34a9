/** @file A run of training on the command line: its output folder locked, its events shown and written, signals heeded. */
import { checkLogPlace, joinPath, makeDirectory } from '#files';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { TrainingEvent } from '../../training/trainer/events.js';
import { TrainingInterrupted } from '../../training/trainer/run-control.js';
import type { Trainer } from '../../training/trainer/trainer.js';
import { resumeCommand } from '../command-line.js';
import { beforeEnd, endBySignal, endLaterBy, onSignal, signalInWords } from '../exit.js';
import { noteListener } from '../options/resolve-hub-model.js';
import type { OutputArguments } from '../options/run-options.js';
import { EventsFile, eventsFileName } from './events-file.js';
import { type Progress, type ProgressArguments, progressListener } from './progress.js';
import { TensorBoardFile, tensorBoardFolder } from './tensorboard.js';

/** npx passes Ctrl-C on to a program that the terminal has told already: two so close together are one. */
const sameSignalMilliseconds = 1000;

/** What a run needs to know of its options. */
export interface RunArguments extends OutputArguments, ProgressArguments {}

/** The listeners of a run, ready before there is a Trainer. */
export interface RunListeners {
  readonly progress: Progress;
  readonly onEvent: (event: TrainingEvent) => void;
}

/**
 * Makes the listeners.
 *
 * @throws UserError where something lies in the place of the files that they write
 */
export async function startRun(options: RunArguments, model: PretrainedModel): Promise<RunListeners> {
  const { output, reportTo } = options;
  checkLogPlace(joinPath(output, eventsFileName));
  if (reportTo === 'tensorboard') await makeDirectory(joinPath(output, tensorBoardFolder));
  const progress = progressListener(options);
  progress.loaded(model);
  const files = [new EventsFile(output), ...(reportTo === 'tensorboard' ? [new TensorBoardFile(output)] : [])];
  return {
    progress,
    onEvent: (event) => {
      if (event.type === 'start' && options.resume && event.resumedAt === 0) {
        noteListener(options.json ?? false)(`no checkpoint in ${output}: starts from the beginning`);
      }
      progress.listen(event);
      for (const file of files) file.listen(event);
    },
  };
}

/**
 * Trains to the end, or to the first Ctrl-C; SIGTERM, which clusters send, the end of the terminal, and that of whoever
 * reads our output are the same. It saves and tells how to resume; a second Ctrl-C or SIGTERM ends the process at once. A
 * run that came to its end in spite of a signal is whole, but the process still ends by that signal.
 *
 * @returns whether the run came to its end
 */
export async function trainUntilInterrupted(
  trainer: Pick<Trainer<never>, 'train' | 'control'>,
  progress: Pick<Progress, 'close'>,
): Promise<boolean> {
  let firstAt: number | undefined;
  const stopListening = onSignal((signal) => {
    const isAsked = signal === 'SIGINT' || signal === 'SIGTERM'; // a closed pipe fails at each write
    if (firstAt !== undefined && isAsked && performance.now() - firstAt > sameSignalMilliseconds) endBySignal(signal);
    if (firstAt !== undefined) return;
    firstAt = performance.now();
    endLaterBy(signal);
    progress.close();
    console.error(`${signalInWords[signal]}: saving after this step${isAsked ? '; once more ends at once' : ''}`);
    trainer.control.interrupt();
  });
  const keepTerminal = beforeEnd(() => progress.close());
  try {
    await trainer.train();
    return true;
  } catch (error) {
    progress.close();
    if (!(error instanceof TrainingInterrupted)) throw error;
    console.error(`${error.message}. Resume with:\n  ${resumeCommand(process.argv.slice(2))}`);
    return false;
  } finally {
    keepTerminal();
    stopListening();
  }
}
