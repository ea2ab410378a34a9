/** @file Blocks of a tokenized corpus, made ready to pretrain on and to be evaluated on. */
import { lineBlocks } from '../../data/pretraining/line-blocks.js';
import { packedBlocks } from '../../data/pretraining/packed-blocks.js';
import { type SentencePair, sentencePairBlocks } from '../../data/pretraining/sentence-pair-blocks.js';
import type { TokenSource } from '../../data/pretraining/token-source.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Feature } from '../../tasks/feature.js';
import { evaluateLanguageModel, type LanguageModelingTask } from '../../tasks/pretraining/language-modeling.js';
import type { Evaluator } from '../trainer/trainer-inputs.js';
import { blockSource } from './block-source.js';
import type { FeatureSource } from './feature-source.js';

/** How a corpus becomes blocks. */
export interface CorpusBlockOptions {
  /** Tokens that the model reads at a time, special ones included. */
  readonly blockSize: number;
  /** A document a block, instead of packing documents together. Default: false. */
  readonly lineByLine?: boolean | undefined;
  /** Between packed documents. */
  readonly separatorId?: number | undefined;
}

const blockOptionNames = namesOf<CorpusBlockOptions>({ blockSize: true, lineByLine: true, separatorId: true });

/** By how much the cuts between packed blocks move from one epoch to the next: the golden section of a block. */
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Features of a corpus. Packed blocks are cut elsewhere in each epoch, so that no token always stands at a block's end.
 *
 * @throws UserError where the corpus is shorter than a block
 * @example
 * const corpus = await tokenizeCorpus({ sources: 'corpus/*.txt', tokenizer: 'tok', output: 'runs/corpus' });
 * const task = new MaskedLanguageModeling({ tokenizer });
 * const train = corpusSource(corpus.train, task, { blockSize: 128, separatorId: tokenizer.sepId });
 */
export function corpusSource<OneFeature extends Feature>(
  tokens: TokenSource,
  task: LanguageModelingTask<ArrayLike<number>, OneFeature>,
  options: CorpusBlockOptions,
): FeatureSource<OneFeature> {
  checkOptionNames(options, blockOptionNames, 'corpusSource');
  const { blockSize, lineByLine, separatorId } = options;
  const size = roomFor(1, blockSize, task);
  if (lineByLine) return blockSource(lineBlocks(tokens, { size }), task);
  const packed = (shift: number) => packedBlocks(tokens, { size, separatorId, shift });
  if (tokens.length < 2 * size) return blockSource(packed(0), task);
  // The first epoch begins as late as any, so that no other has fewer blocks.
  return blockSource((epoch) => packed((size - 1 + Math.round(epoch * golden * size)) % size), task);
}

/**
 * Features of a corpus in pairs, for next-sentence prediction: other pairs in each epoch.
 *
 * @param options `blockSize`: tokens that the model reads at a time, special ones included; `seed`: decides the pairs,
 *   42 by default
 * @throws UserError where sentences were not told apart, where no document has two of them, and for fewer than two documents
 * @example
 * const corpus = await tokenizeCorpus({ sources: 'books/', tokenizer: 'tok', output: 'runs/corpus', sentences: true });
 * const train = sentencePairSource(corpus.train, new NextSentencePrediction({ tokenizer }), { blockSize: 128 });
 */
export function sentencePairSource<OneFeature extends Feature>(
  tokens: TokenSource,
  task: LanguageModelingTask<SentencePair, OneFeature>,
  options: { blockSize: number; seed?: number | undefined },
): FeatureSource<OneFeature> {
  checkOptionNames(options, ['blockSize', 'seed'], 'sentencePairSource');
  const { blockSize, seed = 42 } = options;
  const size = roomFor(2, blockSize, task);
  const source = blockSource((epoch) => sentencePairBlocks(tokens, { size, seed, epoch }), task);
  const { sentenceStarts = [], documentStarts } = tokens;
  const documents = documentStarts.filter((start, i) => start < (documentStarts[i + 1] ?? start)).length;
  if (sentenceStarts.length - 1 > documents) return source;
  throw new UserError(
    `each of the ${documents} documents is a single sentence, so that none follows another. ` +
      "Documents of several sentences are needed: whole files (`documents: 'file'`), or paragraphs.",
  );
}

/** Tokens of a block without the special ones; at least `least`. */
function roomFor(least: number, blockSize: number, { specialTokens }: { readonly specialTokens: number }): number {
  const size = blockSize - specialTokens;
  if (Number.isInteger(size) && size >= least) return size;
  throw new UserError(`blockSize is ${blockSize}; it leaves no room for text`);
}

/** Blocks that are evaluated on, where nothing is said. */
export const usualMaxBlocks = 1000;

/** How much is evaluated at a time and in all. */
export interface EvaluatorOptions {
  /** At most so many blocks, evenly from the whole. Default: 1,000. */
  readonly maxBlocks?: number | undefined;
  /** Default: 32. */
  readonly batchSize?: number | undefined;
}

const evaluatorOptionNames = namesOf<EvaluatorOptions>({ maxBlocks: true, batchSize: true });

/**
 * Evaluates a language model on a corpus set aside: loss, perplexity, share of right guesses.
 *
 * @example
 * const { validation } = await openCorpus('runs/corpus');
 * if (!validation) throw new Error('nothing was set aside');
 * const evaluation = corpusEvaluator(model, new CausalLanguageModeling(), validation, { blockSize: 128 });
 */
export function corpusEvaluator(
  model: PretrainedModel,
  task: LanguageModelingTask,
  tokens: TokenSource,
  options: CorpusBlockOptions & EvaluatorOptions,
): Evaluator {
  checkOptionNames(options, [...blockOptionNames, ...evaluatorOptionNames], 'corpusEvaluator');
  const { maxBlocks, batchSize, ...blocks } = options;
  return sourceEvaluator(model, task, corpusSource(tokens, task, blocks), { maxBlocks, batchSize });
}

/**
 * Evaluates a language model on features that a source has in its first epoch.
 *
 * @example
 * const { metrics } = await sourceEvaluator(model, new CausalLanguageModeling(), source).evaluate();
 */
export function sourceEvaluator<OneFeature extends Feature>(
  model: PretrainedModel,
  task: LanguageModelingTask<never, OneFeature>,
  source: FeatureSource<OneFeature>,
  options: EvaluatorOptions = {},
): Evaluator {
  checkOptionNames(options, evaluatorOptionNames, 'sourceEvaluator');
  const { maxBlocks = usualMaxBlocks, batchSize = 32 } = options;
  const count = Math.min(maxBlocks, source.length);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * source.length) / count));
  let features: Promise<readonly OneFeature[]> | undefined;
  return {
    async evaluate() {
      features ??= source.read(indices, 0);
      return evaluateLanguageModel(model, task, await features, { batchSize });
    },
    fingerprint: () => `${source.fingerprint()} ${count}`,
  };
}
