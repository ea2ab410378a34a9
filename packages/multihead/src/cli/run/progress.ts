/** @file What a run of training shows: a bar and a table in a terminal, plain lines elsewhere, JSON lines where asked for. */
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { TrainingEvent } from '../../training/trainer/events.js';
import type { TrainingOptions } from '../../training/trainer/options.js';
import { JsonProgress } from './json-progress.js';
import { RunBar } from './run-bar.js';
import { StepLines } from './step-lines.js';
import { TextProgress } from './text-progress.js';

/** Shows a run. */
export interface Progress {
  /** Says what came of loading the model. */
  loaded(model: PretrainedModel): void;
  /** Listens to the run. */
  listen(event: TrainingEvent): void;
  /** An evaluation is on its way: so many of its examples are done. */
  evaluating?(done: number, total: number): void;
  /** Ends what is still being drawn: the cursor is shown again, at the beginning of a line. */
  close(): void;
  /** Says what came of the run, where the result is, and what to do with it. */
  finished(result: RunResult): void;
}

/** What a run leaves. */
export interface RunResult {
  readonly task: string;
  readonly output: string;
  /** The command that tries the model, behind `npx multihead`, for a folder of this name. */
  readonly tryIt: (folder: string) => string;
  /** The evaluation of the result as people read it; undefined where there is none, or the run's own is of the result. */
  readonly report?: string | undefined;
  /** The path of report.html, where there is one. */
  readonly page?: string | undefined;
}

/** What decides how a run is shown. */
export interface ProgressArguments
  extends Partial<
    Pick<TrainingOptions, 'evalSteps' | 'evalStrategy' | 'loadBestModelAtEnd' | 'maxSteps' | 'metricForBestModel'>
  > {
  readonly json?: boolean;
  /** When lines of steps are written: each epoch's last step, every so many steps, or never. */
  readonly loggingStrategy?: TrainingOptions['saveStrategy'];
  readonly loggingSteps: number;
}

/** Chooses by the options and by where standard output goes. */
export function progressListener(options: ProgressArguments): Progress {
  if (options.json) return new JsonProgress(options);
  const isTerminal = process.stdout.isTTY && process.env.TERM !== 'dumb';
  return isTerminal
    ? new TextProgress(options, new RunBar(), process.stdout.columns ?? 80)
    : new TextProgress(options, new StepLines(options));
}
