/** @file Log-probabilities of tokens at a place of a generated text. */
import { exponentials, largest as largestOf } from '../../../platform/softmax.js';
import { largest } from '../../pipelines/top-k.js';

/** A token and the natural logarithm of its probability. */
export interface ScoredToken {
  readonly tokenId: number;
  readonly logprob: number;
}

/** The log-probability of a chosen token and the most likely tokens in its place, highest first. */
export interface TokenScores extends ScoredToken {
  readonly top: readonly ScoredToken[];
}

/**
 * Computes the scores of a place.
 *
 * @param logits    [vocabulary]
 * @param topLength number of most likely tokens
 */
export function tokenScores(logits: Float32Array, topLength: number): (tokenId: number) => TokenScores {
  const logTotal = largestOf(logits) + Math.log(exponentials(logits).total);
  const scored = (tokenId: number, logit: number): ScoredToken => ({ tokenId, logprob: logit - logTotal });
  const top = topLength > 0 ? largest(logits, topLength).map(({ index, value }) => scored(index, value)) : [];
  const kept = logits.slice(); // options of sampling change the logits in place
  return (tokenId) => ({ ...scored(tokenId, kept[tokenId] as number), top });
}
