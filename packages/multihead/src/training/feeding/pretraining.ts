/** @file Feature sources and evaluators of a tokenized corpus, for pretraining. */
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

/** Options of `corpusSource`. */
export interface CorpusBlockOptions {
  /** Tokens per block, including special tokens. */
  readonly blockSize: number;
  /** Whether each document is a block, instead of packing documents together. Default: false. */
  readonly lineByLine?: boolean | undefined;
  /** Token between packed documents. */
  readonly separatorId?: number | undefined;
}

const blockOptionNames = namesOf<CorpusBlockOptions>({ blockSize: true, lineByLine: true, separatorId: true });

/** Offset of the boundaries of packed blocks from one epoch to the next: the golden section of a block. */
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Creates a source of features from a tokenized corpus. The boundaries of packed blocks move from epoch to epoch, so
 * that no token is always at the end of a block.
 *
 * @throws UserError if the corpus is shorter than a block
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
  // The first epoch has the largest shift, so that no later epoch has fewer blocks.
  return blockSource((epoch) => packed((size - 1 + Math.round(epoch * golden * size)) % size), task);
}

/**
 * Creates a source of sentence pairs from a tokenized corpus, for next-sentence prediction. Pairs differ from epoch to
 * epoch.
 *
 * @param options `blockSize`: tokens per pair, including special tokens; `seed`: random seed of the pairs, 42 by
 *   default
 * @throws UserError if the corpus was not split into sentences, if no document has two sentences, or if it has fewer
 *   than two documents
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

/** Default number of blocks of an evaluation. */
export const usualMaxBlocks = 1000;

/** Options of `corpusEvaluator`. */
export interface EvaluatorOptions {
  /** Maximum number of blocks, evenly spaced over the corpus. Default: 1,000. */
  readonly maxBlocks?: number | undefined;
  /** Default: 32. */
  readonly batchSize?: number | undefined;
}

const evaluatorOptionNames = namesOf<EvaluatorOptions>({ maxBlocks: true, batchSize: true });

/**
 * Creates an evaluator of a language model on a held-out corpus: loss, perplexity, accuracy.
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
 * Creates an evaluator of a language model on the features of a source's first epoch.
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
