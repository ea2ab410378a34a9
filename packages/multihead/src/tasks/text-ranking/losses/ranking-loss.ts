/** @file The contract of a loss of rankings: one file in this folder and one row of the registry. */
import type { z } from 'zod';
import type { Tensor } from '../../../tensor/tensor.js';

/** What a loss is computed of. Documents of a query that has fewer than others are padded. */
export interface RankingLossParts<Options> {
  /** The model's scores: [queries, documents]; 0 where there is no document. */
  readonly scores: Tensor;
  /** How relevant each document is, from 0 on, float32: [queries, documents]; 0 where there is none. */
  readonly labels: Tensor;
  /** 1 where there is a document, else 0, float32: [queries, documents]. */
  readonly mask: Tensor;
  readonly options: Options;
}

/** Definition of a loss: a row of the registry. */
export interface RankingLoss<Schema extends z.ZodObject = z.ZodObject, Name extends string = string> {
  /** Name for the option `loss`. */
  readonly name: Name;
  /** Short description. */
  readonly description: string;
  /** Whether the documents of a query are compared with each other: they are then one training example. */
  readonly isListwise: boolean;
  /** The greatest label that it can use. Default: any. */
  readonly greatestLabel?: number;
  /** Schema of its settings, `lossArgs`. */
  readonly options: Schema;
  /** Builds the graph of the loss, a scalar. */
  build(parts: RankingLossParts<z.output<Schema>>): Tensor;
}

/**
 * Types a loss by its name and its options.
 *
 * @example
 * import { z } from 'zod';
 * const squares = defineRankingLoss({
 *   name: 'squares',
 *   description: 'scores are to be the labels',
 *   isListwise: false,
 *   options: z.object({}),
 *   build: ({ scores, labels, mask }) => scores.sub(labels).pow(2).mul(mask).sum().div(mask.sum()),
 * });
 */
export const defineRankingLoss = <Schema extends z.ZodObject, const Name extends string>(
  loss: RankingLoss<Schema, Name>,
): RankingLoss<Schema, Name> => loss;
