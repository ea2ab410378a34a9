/** @file The common part of language modeling objectives: features of blocks, and evaluation by loss. */
import type { TensorValue } from '../../engine/engine.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { countedMean } from '../../nn/losses/counted-mean.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { deriveSeed, Random } from '../../platform/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Feature } from '../feature.js';
import type { Evaluation, TrainingTask } from '../task.js';

/** Predicted scores and their labels. */
export interface Guesses {
  /** [..., vocabulary] */
  readonly logits: Tensor;
  /** [...] int64; -100 where there is nothing to predict */
  readonly labels: Tensor;
  /** Of pairs: whether the second text follows the first, [batch, 2] and [batch]. */
  readonly nextSentence?: Guesses | undefined;
}

/**
 * A language modeling objective on plain text, over blocks of tokens or (`Block`) something else, such as sentence
 * pairs.
 */
export interface LanguageModelingTask<Block = ArrayLike<number>, OneFeature extends Feature = Feature>
  extends TrainingTask<OneFeature> {
  /** Number of special tokens added to a block. */
  readonly specialTokens: number;
  /** Creates the feature of a block. */
  feature(block: Block): OneFeature;
  /** Builds the graph of scores and labels. */
  guesses(model: PretrainedModel): Guesses;
}

/**
 * The mean cross-entropy of guesses, as `crossEntropy` has it; but 0 where there is nothing to guess, such as for a batch
 * of one line with one token, of which the mean would be 0 / 0.
 */
export function guessingLoss({ logits, labels }: Guesses): Tensor {
  const ignored = labels.less(0);
  const counts = ignored.where(0, 1).cast('float32');
  const sum = logits.logLikelihood(ignored.where(0, labels)).mul(counts).sum();
  const { divisor, weigh } = countedMean(counts.sum());
  return weigh(sum.div(divisor.maximum(1)).neg());
}

/**
 * Evaluates a language model: mean cross-entropy over all predicted positions, its exponential (perplexity), and
 * accuracy. For sentence pairs also `next_sentence_loss` and `next_sentence_accuracy`, which are not part of the loss
 * by which models are compared.
 *
 * @param options `seed`: random seed of the masks
 * @example
 * const features = await source.read([0, 1, 2], 0);
 * const { metrics } = await evaluateLanguageModel(model, new MaskedLanguageModeling({ tokenizer }), features);
 */
export async function evaluateLanguageModel<OneFeature extends Feature>(
  model: PretrainedModel,
  task: LanguageModelingTask<never, OneFeature>,
  features: readonly OneFeature[],
  options: { batchSize?: number; seed?: number } = {},
): Promise<Evaluation> {
  checkOptionNames(options, ['batchSize', 'seed'], 'evaluateLanguageModel');
  const { batchSize = 32, seed = 0 } = options;
  const tokens = new Tally();
  const pairs = new Tally();
  for (let start = 0; start < features.length; start += batchSize) {
    const batch = task.collate(
      features.slice(start, start + batchSize),
      new Random(deriveSeed(seed, 'evaluate', start)),
    );
    const build = () => {
      const { nextSentence, ...guesses } = task.guesses(model);
      return { ...statistics(guesses, ''), ...(nextSentence && statistics(nextSentence, 'next sentence ')) };
    };
    const results = await model.weights.run(`evaluate ${task.name}`, build, batch);
    tokens.add(results, '');
    pairs.add(results, 'next sentence ');
  }
  const { loss, accuracy } = tokens;
  const perplexity = Math.exp(loss);
  const report = [
    `loss        ${loss.toFixed(4)}`,
    `perplexity  ${perplexity.toFixed(2)}`,
    `accuracy    ${accuracy.toFixed(4)}`,
    `guesses     ${tokens.count}`,
  ];
  if (pairs.count > 0)
    report.push(`next sentence: loss ${pairs.loss.toFixed(4)}, accuracy ${pairs.accuracy.toFixed(4)}`);
  const ofPairs = pairs.count > 0 && { next_sentence_loss: pairs.loss, next_sentence_accuracy: pairs.accuracy };
  const metrics = { loss, perplexity, accuracy, ...ofPairs };
  return { metrics, mainMetric: 'loss', greaterIsBetter: false, report: report.join('\n') };
}

/** Sums over batches. */
class Tally {
  count = 0;
  private lossSum = 0;
  private right = 0;

  add(results: Readonly<Record<string, TensorValue>>, prefix: string): void {
    const value = (name: string) => Number(results[prefix + name]?.data[0] ?? 0);
    if (value('count') === 0) return;
    this.count += value('count');
    this.right += value('right');
    this.lossSum += value('loss') * value('count');
  }

  get loss(): number {
    return this.lossSum / this.count;
  }

  get accuracy(): number {
    return this.right / this.count;
  }
}

function statistics({ logits, labels }: Guesses, prefix: string): Record<string, Tensor> {
  const counts = labels.less(0).where(0, 1).cast('float32');
  const isRight = logits.argmax(-1).equal(labels).cast('float32');
  return {
    [`${prefix}loss`]: guessingLoss({ logits, labels }),
    [`${prefix}count`]: counts.sum(),
    [`${prefix}right`]: isRight.sum(),
  };
}
