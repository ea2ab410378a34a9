/** @file How a run is steered from outside while it goes on: by its listeners, or by a signal. */
import { UserError } from '../../platform/errors.js';

/** What a listener may ask of a run; it is done when the step under way is. */
export interface RunControl {
  /** Ends the run as if this were its last step: the result is evaluated and kept. */
  stop(): void;
  /** Evaluates the model. */
  evaluate(): void;
  /** Writes a checkpoint, where there is an output folder. */
  save(): void;
  /** Writes a checkpoint and ends `train` with a {@link TrainingInterrupted}; the run can be resumed. */
  interrupt(): void;
}

/**
 * A run was interrupted between two steps, and can be resumed from its checkpoint.
 *
 * @example
 * try {
 *   await trainer.train();
 * } catch (error) {
 *   if (!(error instanceof TrainingInterrupted)) throw error;
 *   console.log(error.message); // how to go on
 * }
 */
export class TrainingInterrupted extends UserError {}

/** What was asked of a run and is not done yet. */
export class Requests {
  private readonly asked = new Set<keyof RunControl>();
  /** What may ask. */
  readonly control: RunControl = {
    stop: () => this.asked.add('stop'),
    evaluate: () => this.asked.add('evaluate'),
    save: () => this.asked.add('save'),
    interrupt: () => this.asked.add('interrupt'),
  };

  /** Whether it was asked for since this was last called. */
  take(what: keyof RunControl): boolean {
    return this.asked.delete(what);
  }
}
