/** @file A run of training in words: how it begins, a line for each evaluation or epoch, and where the result is. */

import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { EvaluationEvent, StartEvent, StepEvent, TrainingEvent } from '../../training/trainer/events.js';
import { colorsFor } from '../output/colors.js';
import { duration } from '../output/duration.js';
import { forStream } from '../output/print.js';
import { EpochLines, evaluatesBySteps } from './epoch-lines.js';
import type { Progress, ProgressArguments, RunResult } from './progress.js';

const colors = colorsFor(process.stdout);
const shown = (text: string): string => forStream(text, process.stdout);

/** How steps are shown, and what is said between them. */
export interface Drawing {
  /** Begins, or continues at a step. */
  start(totalSteps: number, step: number): void;
  step(event: StepEvent): void;
  /** An evaluation is on its way: so many of its examples are done. */
  evaluating?(done: number, total: number): void;
  /** Prints lines. */
  say(text: string): void;
  close(): void;
}

/** How many parameters learn and, where others do not, which share that is. */
function trainableInWords({
  parameters,
  trainableParameters: count,
}: Pick<StartEvent, 'parameters' | 'trainableParameters'>): string {
  const share =
    count === parameters ? '' : ` (${((100 * count) / parameters).toFixed(2)} % of ${inMillions(parameters)})`;
  return `${inMillions(count)} trainable parameters${share}`;
}

const inMillions = (count: number): string =>
  count < 1e5 ? count.toLocaleString('en') : `${(count / 1e6).toFixed(count < 1e6 ? 2 : 1)} M`;

/** Tells of a run in text. */
export class TextProgress implements Progress {
  private readonly lines: EpochLines;
  /** The last step of an epoch, which has no line yet: its evaluation may follow. */
  private untold: StepEvent | undefined;
  private kept: EvaluationEvent | undefined;
  private hasEndedBefore = false;
  private began = performance.now();

  /** @param columns those of the terminal; none elsewhere */
  constructor(
    private readonly options: ProgressArguments,
    private readonly drawing: Drawing,
    columns?: number,
  ) {
    this.lines = new EpochLines(options, columns);
  }

  loaded(model: PretrainedModel): void {
    const { newlyInitialized, unexpected, path } = model.loadingReport ?? { newlyInitialized: [], unexpected: [] };
    if (path) console.log(`loaded ${shown(path)}`);
    if (newlyInitialized.length > 0) console.log(colors.yellow(`newly initialized: ${newlyInitialized.join(', ')}`));
    if (unexpected.length > 0) console.log(colors.yellow(`not used: ${shown(unexpected.join(', '))}`));
  }

  listen(event: TrainingEvent): void {
    if (event.type === 'start') this.start(event);
    else if (event.type === 'step') this.step(event);
    else if (event.type === 'evaluation') this.evaluation(event);
    else if (event.type === 'end') this.end(event.steps, event.seconds);
  }

  evaluating(done: number, total: number): void {
    this.drawing.evaluating?.(done, total);
  }

  close(): void {
    this.drawing.close();
  }

  finished({ output, tryIt, report = this.kept?.report, page }: RunResult): void {
    if (report !== undefined) console.log(`\n${shown(report)}`);
    if (page !== undefined) console.log(`\nreport: ${colors.bold(shown(page))}`);
    console.log(`${page === undefined ? '\n' : ''}saved in ${colors.bold(shown(output))}. Try it:`);
    console.log(`  npx multihead ${tryIt(shown(output))}`);
  }

  private start({ totalSteps, resumedAt, epochs, ...event }: StartEvent): void {
    this.began = performance.now();
    if (resumedAt === totalSteps) {
      this.hasEndedBefore = true;
      console.log(`this run had ended before, after ${totalSteps} steps; nothing was changed`);
      return;
    }
    const resumed = resumedAt > 0 ? `, resumed at step ${resumedAt}` : '';
    const parameters = trainableInWords(event);
    console.log(`${event.features} features, ${parameters}, ${totalSteps} steps${resumed}`);
    if (event.previousTotalSteps !== undefined) {
      const optimizer = event.hasFreshOptimizer
        ? ' No checkpoint of its end was kept (--save-total-limit 1 keeps one): it continues from the saved model, with a fresh optimizer.'
        : '';
      console.log(
        `extended from ${event.previousTotalSteps} to ${totalSteps} steps: the learning-rate schedule is now that of ${totalSteps} steps.${optimizer}`,
      );
    }
    this.lines.start(epochs);
    this.drawing.start(totalSteps, resumedAt);
  }

  private step(event: StepEvent): void {
    this.tellEpoch();
    this.lines.add(event.loss);
    this.drawing.step(event);
    const endsEpoch = Number.isInteger(event.epoch) || event.step === event.totalSteps;
    if (endsEpoch && !evaluatesBySteps(this.options)) this.untold = event;
  }

  private evaluation(event: EvaluationEvent): void {
    this.untold = undefined;
    if (event.best || !this.lines.keepsBest) this.kept = event;
    this.say(this.lines.evaluated(event, this.time()));
  }

  private end(steps: number, seconds: number): void {
    this.tellEpoch();
    this.drawing.close();
    if (!this.hasEndedBefore) console.log(`${steps} steps, ${duration(seconds)} of training`);
  }

  /** The line of an epoch that no evaluation followed. */
  private tellEpoch(): void {
    if (this.untold) this.say(this.lines.passed(this.untold.epoch, this.time()));
    this.untold = undefined;
  }

  private say(lines: string): void {
    this.drawing.say(lines.replace(/best$/, colors.green('best')));
  }

  private time(): string {
    return duration((performance.now() - this.began) / 1000);
  }
}
