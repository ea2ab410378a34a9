/**
 * @file What a run of training shows: a progress bar in a terminal, one JSON object a line elsewhere.
 */
import { type GenericFormatter, Presets, SingleBar } from 'cli-progress';
import type { PretrainedModel } from '../models/pretrained.js';
import type { EvaluationEvent, StartEvent, StepEvent, TrainingEvent } from '../training/events.js';
import type { Strategy } from '../training/options.js';
import { type BarValues, barLine, StepTime } from './bar-line.js';
import { colorsFor } from './colors.js';
import { visible } from './print.js';

const colors = colorsFor(process.stdout);

/** Shows a run. */
export interface Progress {
  /** Says what came of loading the model. */
  loaded(model: PretrainedModel): void;
  /** Listens to the run. */
  listen(event: TrainingEvent): void;
  /** Ends what is still being drawn: the cursor is shown again, at the beginning of a line. */
  close(): void;
  /** Says where the result is and what to do with it. */
  finished(task: string, output: string): void;
}

/** When lines of steps are written: each epoch's last step, every so many steps, or never. */
export interface LoggingArguments {
  readonly loggingStrategy?: Strategy;
  readonly loggingSteps: number;
}

/** A bar in a terminal, lines elsewhere. */
export function progressListener(logging: LoggingArguments): Progress {
  return process.stdout.isTTY ? new ProgressBar() : new JsonLines(logging);
}

/** Steps over which rate and loss are averaged for the eye. */
const window = 20;

class ProgressBar implements Progress {
  private bar: SingleBar | undefined;
  private totalSteps = 0;
  private readonly stepTime = new StepTime();
  private readonly recent: StepEvent[] = [];

  loaded(model: PretrainedModel): void {
    const { newlyInitialized, unexpected, path } = model.loadingReport ?? { newlyInitialized: [], unexpected: [] };
    if (path) console.log(`loaded ${visible(path)}`);
    if (newlyInitialized.length > 0) console.log(colors.yellow(`newly initialised: ${newlyInitialized.join(', ')}`));
    if (unexpected.length > 0) console.log(colors.yellow(`not used: ${unexpected.join(', ')}`));
  }

  listen(event: TrainingEvent): void {
    if (event.type === 'start') this.start(event);
    else if (event.type === 'step') this.step(event);
    else if (event.type === 'evaluation') this.evaluation(event);
    else if (event.type === 'end') this.close();
  }

  finished(task: string, output: string): void {
    console.log(`\nsaved in ${colors.bold(output)}. Try it:`);
    console.log(`  npx multihead ${useOf(task, output)}`);
  }

  close(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private start(event: StartEvent): void {
    const { features, trainableParameters, totalSteps, resumedAt, previousTotalSteps, hasFreshOptimizer } = event;
    this.totalSteps = totalSteps;
    if (resumedAt === totalSteps) {
      console.log(`this run had ended before, after ${totalSteps} steps; nothing was changed`);
      return;
    }
    const resumed = resumedAt > 0 ? `, resumed at step ${resumedAt}` : '';
    console.log(`${features} features, ${(trainableParameters / 1e6).toFixed(1)} M trainable parameters${resumed}`);
    if (previousTotalSteps !== undefined) {
      const optimizer = hasFreshOptimizer
        ? ' No checkpoint of its end was kept (--save-total-limit 1 keeps one): it continues from the saved model, with a fresh optimizer.'
        : '';
      console.log(
        `extended from ${previousTotalSteps} to ${totalSteps} steps: the learning-rate schedule is now that of ${totalSteps} steps.${optimizer}`,
      );
    }
    this.show(resumedAt);
  }

  private show(value: number): void {
    const format: GenericFormatter = (_, { value, total }, { told }) =>
      barLine({ value, total, told }, (process.stdout.columns ?? 80) - '^C'.length); // the terminal shows that behind it
    this.bar = new SingleBar({ format, hideCursor: true, gracefulExit: false }, Presets.shades_classic);
    this.bar.start(this.totalSteps, value, {});
  }

  private step(event: StepEvent): void {
    this.recent.push(event);
    if (this.recent.length > window) this.recent.shift();
    const mean = (of: (event: StepEvent) => number) => this.recent.reduce((s, e) => s + of(e), 0) / this.recent.length;
    const milliseconds = mean((e) => e.milliseconds);
    const told: BarValues['told'] = {
      epoch: event.epoch.toFixed(2),
      loss: mean((e) => e.loss).toFixed(4),
      rate: event.learningRate.toExponential(2),
      speed: Math.round((mean((e) => e.tokens) / milliseconds) * 1000),
      left: duration(((event.totalSteps - event.step) * this.stepTime.add(event.milliseconds)) / 1000),
    };
    this.bar?.update(event.step, { told });
  }

  private evaluation({ epoch, report, best, step }: EvaluationEvent): void {
    const isOpen = this.bar !== undefined;
    this.close();
    console.log(`\nevaluation after epoch ${epoch}${best ? colors.green(' (best so far)') : ''}\n${visible(report)}\n`);
    if (isOpen && step < this.totalSteps) this.show(step);
  }
}

class JsonLines implements Progress {
  constructor(private readonly logging: LoggingArguments) {}

  close(): void {} // each line ends with the event that it tells

  loaded(model: PretrainedModel): void {
    if (model.loadingReport) print({ type: 'loaded', ...model.loadingReport });
  }

  listen(event: TrainingEvent): void {
    if (event.type !== 'step') {
      print(event);
      return;
    }
    if (!this.isDue(event)) return;
    const { batches: _, ...told } = event;
    const seconds = event.milliseconds / 1000;
    const secondsLeft = (event.totalSteps - event.step) * seconds;
    print({ ...told, tokensPerSecond: Math.round(event.tokens / seconds), secondsLeft: Math.round(secondsLeft) });
  }

  private isDue({ step, totalSteps, epoch }: StepEvent): boolean {
    const { loggingStrategy = 'steps', loggingSteps } = this.logging;
    if (loggingStrategy === 'no') return false;
    if (step === totalSteps) return true;
    return loggingStrategy === 'epoch' ? Number.isInteger(epoch) : step % loggingSteps === 0;
  }

  finished(task: string, output: string): void {
    print({ type: 'saved', task, output });
  }
}

/** The command that tries a model. */
function useOf(task: string, model: string): string {
  if (task === 'text-generation') return `generate --model ${model} --prompt "..."`;
  const texts = { 'question-answering': '--question "..." --context "..."', 'fill-mask': '"... [MASK] ..."' }[task];
  return `predict ${task} --model ${model} ${texts ?? '"..."'}`;
}

const print = (object: object): void => console.log(JSON.stringify(object));

/** Seconds as 1:02:03 or 2:03. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
