/** @file The most likely class of tokens, and its probability. */

import type { TensorValue } from '../../engine/engine.js';
import { softmax } from '../../platform/softmax.js';

/** A class and its probability. */
export interface BestClass {
  readonly label: number;
  readonly score: number;
}

/**
 * The most likely class of each token of a row.
 *
 * @param logits [batch, sequence, labels]
 */
export function bestClasses(logits: TensorValue, row: number): (token: number) => BestClass {
  const of = probabilities(logits, row);
  return (token) => {
    const scores = of(token);
    const score = Math.max(...scores);
    return { label: scores.indexOf(score), score };
  };
}

/**
 * The probability of each class, of a token of a row.
 *
 * @param logits [batch, sequence, labels]
 */
export function probabilities({ data, shape }: TensorValue, row: number): (token: number) => number[] {
  const [, length, labels] = shape as [number, number, number];
  return (token) => {
    const begin = (row * length + token) * labels;
    return softmax(data.subarray(begin, begin + labels) as Float32Array);
  };
}
