/** @file `--json`: a run's events, one JSON object a line. */
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { TrainingEvent } from '../../training/trainer/events.js';
import type { Progress, ProgressArguments, RunResult } from './progress.js';
import { isStepDue } from './step-lines.js';

/** Prints events as they come; of steps, those that are due. */
export class JsonProgress implements Progress {
  constructor(private readonly options: ProgressArguments) {}

  close(): void {} // each line ends with the event that it tells

  loaded(model: PretrainedModel): void {
    if (model.loadingReport) print({ type: 'loaded', ...model.loadingReport });
  }

  listen(event: TrainingEvent): void {
    if (event.type !== 'step') {
      print(event);
      return;
    }
    if (!isStepDue(event, this.options)) return;
    const { batches: _, ...told } = event;
    const seconds = event.milliseconds / 1000;
    const secondsLeft = (event.totalSteps - event.step) * seconds;
    print({ ...told, tokensPerSecond: Math.round(event.tokens / seconds), secondsLeft: Math.round(secondsLeft) });
  }

  finished({ task, output }: RunResult): void {
    print({ type: 'saved', task, output });
  }
}

const print = (object: object): void => console.log(JSON.stringify(object));
