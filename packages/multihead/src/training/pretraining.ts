/** @file Blocks of a tokenized corpus, made ready to pretrain on and to be evaluated on. */
import { lineBlocks } from '../data/corpus/line-blocks.js';
import { packedBlocks } from '../data/corpus/packed-blocks.js';
import type { TokenSource } from '../data/corpus/token-source.js';
import { UserError } from '../errors.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { evaluateLanguageModel, type LanguageModelingTask } from '../tasks/language-modeling.js';
import type { Feature } from '../tasks/task.js';
import { blockSource } from './block-source.js';
import type { FeatureSource } from './feature-source.js';
import type { Evaluator } from './trainer.js';

/** How a corpus becomes blocks. */
export interface CorpusBlockOptions {
  /** Tokens that the model reads at a time, special ones included. */
  readonly blockSize: number;
  /** A document a block, instead of packing documents together. Default: false. */
  readonly lineByLine?: boolean | undefined;
  /** Between packed documents. */
  readonly separatorId?: number | undefined;
}

/** By how much the cuts between packed blocks move from one epoch to the next: the golden section of a block. */
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Features of a corpus. Packed blocks are cut elsewhere in each epoch, so that no token always stands at a block's end.
 *
 * @throws UserError where the corpus is shorter than a block
 * @example
 * const corpus = await tokenizeCorpus({ sources: 'corpus/*.txt', tokenizer: 'tok', output: 'runs/corpus' });
 * const train = corpusSource(corpus.train, task, { blockSize: 128, separatorId: tokenizer.sepId });
 */
export function corpusSource(
  tokens: TokenSource,
  task: LanguageModelingTask,
  { blockSize, lineByLine, separatorId }: CorpusBlockOptions,
): FeatureSource<Feature> {
  const size = blockSize - task.specialTokens;
  if (!(Number.isInteger(size) && size > 0))
    throw new UserError(`blockSize is ${blockSize}; it leaves no room for text`);
  if (lineByLine) return blockSource(lineBlocks(tokens, { size }), task);
  const packed = (shift: number) => packedBlocks(tokens, { size, separatorId, shift });
  if (tokens.length < 2 * size) return blockSource(packed(0), task);
  // The first epoch begins as late as any, so that no other has fewer blocks.
  return blockSource((epoch) => packed((size - 1 + Math.round(epoch * golden * size)) % size), task);
}

/**
 * Evaluates a language model on a corpus set aside: loss, perplexity, share of right guesses.
 *
 * @param maxBlocks at most so many blocks, evenly from the whole. Default: 1,000
 */
export function corpusEvaluator(
  model: PretrainedModel,
  task: LanguageModelingTask,
  tokens: TokenSource,
  { maxBlocks = 1000, batchSize = 32, ...options }: CorpusBlockOptions & { maxBlocks?: number; batchSize?: number },
): Evaluator {
  const source = corpusSource(tokens, task, options);
  const count = Math.min(maxBlocks, source.length);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * source.length) / count));
  let features: Promise<readonly Feature[]> | undefined;
  return {
    async evaluate() {
      features ??= source.read(indices, 0);
      return evaluateLanguageModel(model, task, await features, { batchSize });
    },
    fingerprint: () => `${source.fingerprint()} ${count}`,
  };
}
