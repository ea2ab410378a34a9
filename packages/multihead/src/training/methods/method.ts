/** @file The contract of a training method: it selects or adds the trainable parameters, and saves the result. */
import type { z } from 'zod';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { TrainingOptions } from '../trainer/options.js';

/** A training method, prepared for a model. */
export interface PreparedMethod {
  /** Whether a parameter is trainable. Others need no gradient, no optimizer state and no space in checkpoints. */
  trainable(name: string): boolean;
  /** Returns the files of the result by name, as `savePretrained` would write them. */
  files(): Promise<Record<string, string | Uint8Array[]>>;
  /** The file without which the others are not a model. */
  readonly keyFile: string;
  /** Restores the result from a folder with these files. */
  load(folder: string): Promise<void>;
  /**
   * Checks the output folder before training starts.
   *
   * @throws UserError
   */
  checkOutput?(folder: string): Promise<void>;
}

/** Definition of a training method: a row of the registry. */
export interface TrainingMethod {
  /** Name for the option `method`. */
  readonly name: string;
  /** Short description. */
  readonly description: string;
  /** Schema of its settings, `methodArgs`; the command line has a flag for each. */
  readonly settings?: z.ZodObject;
  /** Default learning rate, as a multiple of that of full training. Default: 1. */
  readonly rateFactor?: number;
  /**
   * Validates settings before anything is read.
   *
   * @throws UserError
   */
  check?(args: Readonly<Record<string, unknown>>, options: TrainingOptions): void;
  /**
   * Prepares a model. It may change the model's modules; their parameters keep their values.
   *
   * @param args    the method's settings, as they were given
   * @param options the run's other settings
   */
  prepare(
    model: PretrainedModel,
    args: Readonly<Record<string, unknown>>,
    options: Pick<TrainingOptions, 'freeze' | 'seed'>,
  ): Promise<PreparedMethod>;
}
