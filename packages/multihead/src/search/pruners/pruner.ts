/** @file The contract of a pruner: a file and a row of the registry. */
import type { z } from 'zod';
import type { Direction, TrialRecord } from '../trial-record.js';

/** What a pruner knows when it decides about a trial. */
export interface PruningContext {
  /** The trial, with what it has reported so far. */
  readonly trial: TrialRecord;
  /** All trials of the study. */
  readonly trials: readonly TrialRecord[];
  /** The study's name. */
  readonly name: string;
  readonly direction: Direction;
}

/** A decision. */
export interface PruningDecision {
  readonly prune: boolean;
  /** System attributes to note at the trial, which other decisions read. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Decides whether a trial is worth continuing. */
export interface Pruner {
  /** Decides about a trial that has just reported a value. */
  decide(context: PruningContext): PruningDecision;
}

/** A pruner as a row of the registry. */
export interface PrunerDefinition<Options extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** For help and documentation. */
  readonly description: string;
  readonly options: Options;
  /** Creates the pruner. */
  create(options: z.output<Options>): Pruner;
}

/**
 * Defines a pruner, with inferred types.
 *
 * @example
 * import { z } from 'zod';
 *
 * const impatient = definePruner({
 *   name: 'impatient',
 *   description: 'ends each trial at its second report',
 *   options: z.object({}),
 *   create: () => ({ decide: ({ trial }) => ({ prune: trial.intermediateValues.size > 1 }) }),
 * });
 */
export const definePruner = <Options extends z.ZodObject>(
  definition: PrunerDefinition<Options>,
): PrunerDefinition<Options> => definition;
