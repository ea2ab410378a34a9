/** @file What a run of training tells while it goes on. Progress bar, log file and callbacks listen to one stream. */
import type { Evaluation } from '../../tasks/task.js';

/** A run begins, or goes on. */
export interface StartEvent {
  readonly type: 'start';
  readonly features: number;
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Passes over the data, the last of which may end early. */
  readonly epochs: number;
  /** Optimizer steps in all. */
  readonly totalSteps: number;
  /** Steps that a resumed run has behind it; all of them where the run had ended before, and nothing is left to do. */
  readonly resumedAt: number;
  /** Of a run that is resumed with more steps than it began with: the steps that it was to have. The schedule is that of `totalSteps`. */
  readonly previousTotalSteps?: number;
  /** Of such a run: whether its optimizer starts anew, as the run had ended and no checkpoint was kept. */
  readonly hasFreshOptimizer?: boolean;
}

/** An optimizer step is done. */
export interface StepEvent {
  readonly type: 'step';
  /** Counts from 1. */
  readonly step: number;
  readonly totalSteps: number;
  /** How far the run is, in epochs. */
  readonly epoch: number;
  readonly loss: number;
  /** The rate with which this step was made. */
  readonly learningRate: number;
  readonly gradientNorm: number;
  /** Tokens in the step's batches, padding not counted. */
  readonly tokens: number;
  readonly milliseconds: number;
  /** Which features the step's batches held, micro-batch by micro-batch. */
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

/** The run is over. */
export interface EndEvent {
  readonly type: 'end';
  readonly steps: number;
  readonly seconds: number;
  /** Mean loss over the last epoch. */
  readonly loss: number;
}

/** All that a run tells. */
export type TrainingEvent = StartEvent | StepEvent | EvaluationEvent | CheckpointEvent | EndEvent;
