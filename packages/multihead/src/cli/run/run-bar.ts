/** @file A run's progress bar, in the last line of the terminal; what is said stands above it. */
import { clearLine, moveCursor } from 'node:readline';
import { type GenericFormatter, Presets, SingleBar } from 'cli-progress';
import type { StepEvent } from '../../training/trainer/events.js';
import { type BarValues, barLine, columnsOf, StepTime } from '../output/bar-line.js';
import { duration } from '../output/duration.js';
import type { Drawing } from './text-progress.js';

/** Steps over which speed and loss are averaged for the eye. */
const window = 20;

/** Draws the bar. */
export class RunBar implements Drawing {
  private bar: SingleBar | undefined;
  private totalSteps = 0;
  private value = 0;
  private told: BarValues['told'] = [];
  private readonly stepTime = new StepTime();
  private readonly recent: StepEvent[] = [];

  start(totalSteps: number, value: number): void {
    this.totalSteps = totalSteps;
    this.value = value;
    const format: GenericFormatter = (_, { value, total }, { told, evaluated }) =>
      barLine(evaluated ?? { value, total, told }, columnsOf(process.stdout));
    this.bar = new SingleBar({ format, hideCursor: true, gracefulExit: false }, Presets.shades_classic);
    this.bar.start(totalSteps, value, { told: this.told });
  }

  step(event: StepEvent): void {
    this.recent.push(event);
    if (this.recent.length > window) this.recent.shift();
    const mean = (of: (event: StepEvent) => number) => this.recent.reduce((s, e) => s + of(e), 0) / this.recent.length;
    const milliseconds = mean((e) => e.milliseconds);
    this.value = event.step;
    const secondsLeft = ((event.totalSteps - event.step) * this.stepTime.add(event.milliseconds)) / 1000;
    this.told = [
      `${duration(secondsLeft)} left`,
      `loss ${mean((e) => e.loss).toFixed(4)}`,
      `epoch ${event.epoch.toFixed(2)}`,
      `${Math.round((mean((e) => e.tokens) / milliseconds) * 1000)} tokens/s`,
      `rate ${event.learningRate.toExponential(2)}`,
    ];
    this.bar?.update(event.step, { told: this.told, evaluated: undefined });
  }

  /** An evaluation is on its way: so many of its examples are done. */
  evaluating(done: number, total: number): void {
    const evaluated: BarValues = { value: done, total, told: ['evaluated'] };
    this.bar?.update({ evaluated });
  }

  /** Puts a text in the bar's place, and the bar below it unless the run is over. */
  say(text: string): void {
    const isDrawn = this.bar !== undefined;
    if (isDrawn) this.erase();
    console.log(text);
    if (isDrawn && this.value < this.totalSteps) this.start(this.totalSteps, this.value);
  }

  close(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  /** Ending a bar leaves the cursor below it. */
  private erase(): void {
    this.close();
    moveCursor(process.stdout, 0, -1);
    clearLine(process.stdout, 0);
  }
}
