/** @file What the two kinds of language modelling have in common: features of blocks, and an evaluation by loss. */
import type { PretrainedModel } from '../models/pretrained.js';
import { crossEntropy } from '../nn/losses.js';
import { deriveSeed, Random } from '../random.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Evaluation, Feature, TrainingTask } from './task.js';

/** Scores, and what they should have been highest at. */
export interface Guesses {
  /** [..., vocabulary] */
  readonly logits: Tensor;
  /** [...] int64; -100 where there is nothing to guess */
  readonly labels: Tensor;
}

/** A task that learns from plain text. */
export interface LanguageModelingTask extends TrainingTask<Feature> {
  /** Special tokens that are added to a block. */
  readonly specialTokens: number;
  /** A block of tokens as the model reads it. */
  feature(block: ArrayLike<number>): Feature;
  /** The graph of scores and labels. */
  guesses(model: PretrainedModel): Guesses;
}

/**
 * Evaluates a language model: mean cross-entropy over all that is to be guessed, its exponential (perplexity), and the
 * share of right guesses.
 *
 * @param seed decides what is hidden; the same seed hides the same
 */
export async function evaluateLanguageModel(
  model: PretrainedModel,
  task: LanguageModelingTask,
  features: readonly Feature[],
  { batchSize = 32, seed = 0 }: { batchSize?: number; seed?: number } = {},
): Promise<Evaluation> {
  let [loss, right, count] = [0, 0, 0];
  for (let start = 0; start < features.length; start += batchSize) {
    const batch = task.collate(
      features.slice(start, start + batchSize),
      new Random(deriveSeed(seed, 'evaluate', start)),
    );
    const results = await model.weights.run(`evaluate ${task.name}`, () => statistics(task.guesses(model)), batch);
    const value = (name: string) => Number(results[name]?.data[0]);
    count += value('count');
    right += value('right');
    loss += value('loss') * value('count');
  }
  const mean = loss / count;
  const metrics = { loss: mean, perplexity: Math.exp(mean), accuracy: right / count };
  const report = [
    `loss        ${mean.toFixed(4)}`,
    `perplexity  ${Math.exp(mean).toFixed(2)}`,
    `accuracy    ${(right / count).toFixed(4)}`,
    `guesses     ${count}`,
  ];
  return { metrics, mainMetric: 'loss', greaterIsBetter: false, report: report.join('\n') };
}

function statistics({ logits, labels }: Guesses): Record<string, Tensor> {
  const counts = labels.less(0).where(0, 1).cast('float32');
  const isRight = logits.argmax(-1).equal(labels).cast('float32');
  return { loss: crossEntropy(logits, labels), count: counts.sum(), right: isRight.sum() };
}
