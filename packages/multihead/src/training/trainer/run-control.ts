/** @file Control of a run in progress, by its listeners or by a signal. */
import { UserError } from '../../platform/errors.js';

/** Requests to a run in progress, which are carried out after the current step. */
export interface RunControl {
  /** Ends the run as if this were its last step: the result is evaluated and saved. */
  stop(): void;
  /** Evaluates the model. */
  evaluate(): void;
  /** Writes a checkpoint, if there is an output folder. */
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
 *   console.log(error.message); // how to resume
 * }
 */
export class TrainingInterrupted extends UserError {}

/** Pending requests to a run. */
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
