/** @file Lines of steps, where the output is no terminal: a log has no use for a bar. */
import type { StepEvent } from '../../training/trainer/events.js';
import { StepTime } from '../output/bar-line.js';
import { duration } from '../output/duration.js';
import { print } from '../output/print.js';
import { evaluatesBySteps } from './epoch-lines.js';
import type { ProgressArguments } from './progress.js';
import type { Drawing } from './text-progress.js';

/** Whether `--logging-strategy` and `--logging-steps` ask for a line of a step. */
export function isStepDue(
  { step, totalSteps, epoch }: StepEvent,
  { loggingStrategy = 'steps', loggingSteps }: ProgressArguments,
): boolean {
  if (loggingStrategy === 'no') return false;
  if (step === totalSteps) return true;
  return loggingStrategy === 'epoch' ? Number.isInteger(epoch) : step % loggingSteps === 0;
}

/** Prints the steps that are due. Of `--logging-strategy epoch`, those are the last of each epoch, unless it has a line of its own. */
export class StepLines implements Drawing {
  private readonly stepTime = new StepTime();

  constructor(private readonly options: ProgressArguments) {}

  start(): void {}

  step(event: StepEvent): void {
    const time = this.stepTime.add(event.milliseconds);
    const hasOwnLine = this.options.loggingStrategy === 'epoch' && !evaluatesBySteps(this.options);
    if (hasOwnLine || !isStepDue(event, this.options)) return;
    const { step, totalSteps, epoch, loss, learningRate, tokens, milliseconds } = event;
    const parts = [
      `step ${String(step).padStart(String(totalSteps).length)}/${totalSteps}`,
      `epoch ${epoch.toFixed(2)}`,
      `loss ${loss.toFixed(4)}`,
      `rate ${learningRate.toExponential(2)}`,
      `${Math.round((tokens / milliseconds) * 1000)} tokens/s`,
      `${duration(((totalSteps - step) * time) / 1000)} left`,
    ];
    print(parts.join('  '));
  }

  say(text: string): void {
    print(text);
  }

  close(): void {}
}
