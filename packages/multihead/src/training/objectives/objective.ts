/** @file What a pretraining objective is: what is learned of plain text, by which head, from which features. */
import type { z } from 'zod';
import type { TokenSource } from '../../data/pretraining/token-source.js';
import type { Family, HeadName } from '../../models/family.js';
import type { Feature } from '../../tasks/feature.js';
import type { LanguageModelingTask } from '../../tasks/pretraining/language-modeling.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { FeatureSource } from '../feeding/feature-source.js';

/** How documents of the corpus become blocks. */
export interface ObjectiveBlocks {
  /** A document a block, instead of packing documents together. */
  readonly lineByLine?: boolean | undefined;
}

/** What an objective is prepared with. */
export interface ObjectiveContext<Options> extends ObjectiveBlocks {
  readonly tokenizer: Tokenizer;
  /** The objective's own options, completed by their defaults. */
  readonly options: Options;
  /** Decides what is drawn once for all epochs or anew for each. */
  readonly seed?: number | undefined;
}

/** The models that an objective trains. */
export interface ObjectiveModels {
  readonly head: HeadName;
  /** What trains them, for messages: the objective's name, or that of the option which asks for this head. */
  readonly trainedBy: string;
  /** Of families with the head, those that it can train. Default: all. */
  suits?(family: Family): boolean;
}

/** An objective, ready for a tokenizer. */
export interface PreparedObjective<OneFeature extends Feature = Feature> {
  readonly task: LanguageModelingTask<never, OneFeature>;
  /** The features of a tokenized corpus, in blocks of at most so many tokens, special ones included. */
  featuresOf(tokens: TokenSource, blockSize: number): FeatureSource<OneFeature>;
}

/** A pretraining objective: a row of the registry. */
export interface PretrainingObjective<Schema extends z.ZodObject = z.ZodObject> {
  /** As `multihead pretrain NAME` has it; the hub's name of the task that the model can do then. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly description: string;
  /** Its own options: the command line makes a flag of each. */
  readonly options: Schema;
  /** Which models it trains. */
  models(options: z.output<Schema>): ObjectiveModels;
  /** Whether the corpus must say where sentences begin. Default: no. */
  needsSentences?(options: z.output<Schema>): boolean;
  /**
   * Refuses what does not go together, before anything is read.
   *
   * @throws UserError
   */
  check?(options: z.output<Schema>, blocks: ObjectiveBlocks): void;
  /** Makes the task and its features. */
  prepare(context: ObjectiveContext<z.output<Schema>>): PreparedObjective;
  /** What stands behind `multihead` to try the model of a folder. */
  tryIt(model: string): string;
}

/**
 * Types an objective by its options.
 *
 * @example
 * defineObjective(objectiveNamed('text-generation')).name; // 'text-generation'
 */
export const defineObjective = <Schema extends z.ZodObject>(
  objective: PretrainingObjective<Schema>,
): PretrainingObjective<Schema> => objective;
