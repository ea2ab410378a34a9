/** @file The contract of a loss of sentence vectors: one file in this folder and one row of the registry. */
import type { z } from 'zod';
import type { SimilarityForm } from '../../../data/examples/similarity/similarity-form.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** A layer of a loss's own. */
export interface LossLayer {
  /** Computes the scores of the classes: [batch, headSize] -> [batch, classes]. */
  forward(x: Tensor): Tensor;
}

/** What a loss is computed of. */
export interface LossParts<Options> {
  /** The vectors of the examples' texts: of the first texts, of the second ones, ...; each [batch, size]. */
  readonly vectors: readonly Tensor[];
  /** The labels of pairs, float32 [batch]; undefined where the examples have none. */
  readonly labels: Tensor | undefined;
  /** The number of examples, a float32 scalar that depends on the batch's inputs alone, for `countedMean`. */
  readonly count: Tensor;
  /** The loss's own layer, where it has a `headSize`: [batch, headSize] -> [batch, classes]. */
  readonly head?: LossLayer | undefined;
  readonly options: Options;
}

/** The kinds of labels that examples may have. */
export type LabelKind = SimilarityForm['labels'];

/** Definition of a loss: a row of the registry. */
export interface SimilarityLoss<Schema extends z.ZodObject = z.ZodObject, Name extends string = string> {
  /** Name for the option `loss`. */
  readonly name: Name;
  /** Short description. */
  readonly description: string;
  /** The data that it is computed of. */
  readonly data: {
    /** How many texts an example has. */
    readonly texts: { readonly least: number; readonly most: number };
    /** The kinds of labels that it can use. */
    readonly labels: readonly LabelKind[];
    /** Whether it also takes an anchor, a positive and negatives without labels, where `texts` and `labels` say pairs. Default: false. */
    readonly withNegatives?: boolean;
    /** The kinds of labels for which it is chosen where no loss is named. */
    readonly usualFor?: readonly LabelKind[];
    /** Whether labels are numbers of classes, in the order of the form's. Default: they are values. */
    readonly asClasses?: boolean;
    /** Whether scores must be from -1 to 1, as cosines are. Default: only their order counts. */
    readonly asCosines?: boolean;
    /** Whether only the order of scores counts, so that they must differ. Default: false. */
    readonly byOrder?: boolean;
    /** Whether texts of other examples of the batch count as negatives: a text should then not be in a batch twice. Default: false. */
    readonly inBatch?: boolean;
  };
  /** Schema of its settings, `lossArgs`. */
  readonly options: Schema;
  /** Inputs of a layer of the loss's own with an output for each class; it is trained, but not saved. Default: none. */
  headSize?(size: number, options: z.output<Schema>): number;
  /** Builds the graph of the classes' scores by the loss's own layer, [batch, classes], for evaluations while it is trained. */
  scores?(parts: Pick<LossParts<z.output<Schema>>, 'vectors' | 'head' | 'options'>): Tensor;
  /** Builds the graph of the loss, a scalar. */
  build(parts: LossParts<z.output<Schema>>): Tensor;
}

/**
 * Types a loss by its name and its options.
 *
 * @example
 * import { z } from 'zod';
 * const similarDots = defineSimilarityLoss({
 *   name: 'similar-dots',
 *   description: 'lets pairs have a large dot product',
 *   data: { texts: { least: 2, most: 2 }, labels: ['none'] },
 *   options: z.object({}),
 *   build: ({ vectors: [a, b] }) => (a as Tensor).mul(b as Tensor).sum(-1).mean().neg(),
 * });
 */
export const defineSimilarityLoss = <Schema extends z.ZodObject, const Name extends string>(
  loss: SimilarityLoss<Schema, Name>,
): SimilarityLoss<Schema, Name> => loss;
