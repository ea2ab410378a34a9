/** @file Events of a training run. Progress bar, log file and callbacks listen to the same stream. */
import type { Evaluation } from '../../tasks/task.js';

/** A run starts or resumes. */
export interface StartEvent {
  readonly type: 'start';
  readonly features: number;
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Passes over the data, the last of which may end early. */
  readonly epochs: number;
  /** Optimizer steps in all. */
  readonly totalSteps: number;
  /** Steps done before the run was resumed; equal to `totalSteps` if it had already ended. */
  readonly resumedAt: number;
  /** Original number of steps of a run that is extended. The schedule is that of `totalSteps`. */
  readonly previousTotalSteps?: number;
  /** Whether the optimizer of an extended run is reset, because the run had ended and no checkpoint was kept. */
  readonly hasFreshOptimizer?: boolean;
}

/** An optimizer step was completed. */
export interface StepEvent {
  readonly type: 'step';
  /** Counts from 1. */
  readonly step: number;
  readonly totalSteps: number;
  /** Progress of the run, in epochs. */
  readonly epoch: number;
  readonly loss: number;
  /** Learning rate of this step. */
  readonly learningRate: number;
  readonly gradientNorm: number;
  /** Tokens in the step's batches, without padding. */
  readonly tokens: number;
  readonly milliseconds: number;
  /** Indices of the features in each of the step's micro-batches. */
  readonly batches: readonly (readonly number[])[];
}

/** The model was evaluated at the end of an epoch. */
export interface EvaluationEvent extends Evaluation {
  readonly type: 'evaluation';
  readonly epoch: number;
  readonly step: number;
  /** Whether it is the best so far, and was saved as the result. */
  readonly best: boolean;
}

/** A checkpoint was written. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly path: string;
}

/** The run has ended. */
export interface EndEvent {
  readonly type: 'end';
  readonly steps: number;
  readonly seconds: number;
  /** Mean loss over the last epoch. */
  readonly loss: number;
}

/** An event of a training run. */
export type TrainingEvent = StartEvent | StepEvent | EvaluationEvent | CheckpointEvent | EndEvent;
