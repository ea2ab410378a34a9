/** @file Processors of a model's scores before the next token is chosen. */

/** A sequence generated so far. */
export interface Sequence {
  /** The prompt's tokens and those generated so far. */
  readonly tokenIds: readonly number[];
  /** How many of them are the prompt's. */
  readonly promptLength: number;
}

/**
 * Changes the scores of the next token, in place. A token that is ruled out gets -Infinity.
 *
 * @param scores one score a token of the vocabulary: logits or, in beam search, their log-softmax
 */
export type LogitsProcessor = (scores: Float32Array, sequence: Sequence) => void;
