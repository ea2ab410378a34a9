/** @file What a training method is: a way to choose, or to add, the parameters that learn, and to save what was learned. */
import type { z } from 'zod';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { TrainingOptions } from '../trainer/options.js';

/** A method, made ready for a model. */
export interface PreparedMethod {
  /** Whether a parameter learns. Those that do not cost no gradient, no optimizer state, and no room in checkpoints. */
  trainable(name: string): boolean;
  /** The result's files by their names, as `savePretrained` would write them. */
  files(): Promise<Record<string, string | Uint8Array[]>>;
  /** The one of them without which the others are no model. */
  readonly keyFile: string;
  /** Puts back what a folder of such files holds. */
  load(folder: string): Promise<void>;
  /**
   * Refuses a folder for the result, before anything is trained.
   *
   * @throws UserError
   */
  checkOutput?(folder: string): Promise<void>;
}

/** A training method: a row of the registry. */
export interface TrainingMethod {
  /** The name that `method` has. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly description: string;
  /** Its own settings, `methodArgs`: the command line makes a flag of each. */
  readonly settings?: z.ZodObject;
  /** The learning rate where none is given, as a multiple of that of full training. Default: 1. */
  readonly rateFactor?: number;
  /**
   * Refuses settings that cannot be, before anything is read.
   *
   * @throws UserError
   */
  check?(args: Readonly<Record<string, unknown>>, options: TrainingOptions): void;
  /**
   * Makes a model ready: may change its modules, whose parameters keep their values.
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
