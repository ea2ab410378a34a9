/** @file The feature extraction pipeline. */
import { z } from 'zod';
import { tokenizerFolder } from '../../models/adapters/locate-model.js';
import { AutoModel } from '../../models/auto-model.js';
import type { EncoderModel } from '../../models/encoder/encoder-model.js';
import { readSentenceSettings, type SentenceSettings } from '../../models/sentences/sentence-settings.js';
import { type Pooling, sentenceVectors } from '../../models/sentences/sentence-vectors.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { collateTokens } from '../../tasks/collate.js';
import { type TokenFeature, type Tokens, tokenFeature } from '../../tasks/feature.js';
import { defineService } from '../../tasks/pipeline-service.js';
import { runInBatches } from '../../tasks/run-in-batches.js';
import { checkFeatures, checkWhole, maxLengthFor } from '../../tasks/validate-features.js';
import { AutoTokenizer } from '../../text/tokenizer/auto-tokenizer.js';
import type { Vectors } from '../../vectors/vectors.js';
import { withWeights } from '../load-task.js';
import type { PipelineOptions } from '../pipeline-options.js';
import type { PipelineDefinition } from '../registry.js';

/** Options of a call. */
export interface FeatureExtractionOptions<P extends Pooling = Exclude<Pooling, 'none'>> {
  /**
   * Pooling of a text's tokens to one vector: `mean` of all without padding, `cls` for the first token, `max` of each
   * dimension, `lasttoken` for the last token, `pooler` for the first token through BERT's pooler, `none` for a vector per
   * token. Default: as sentence-transformers' files in the folder say; `mean` without them.
   */
  readonly pooling?: P | undefined;
  /** Whether to normalize vectors to length 1. Default: as those files say; false without them. */
  readonly normalize?: boolean | undefined;
}

const featureExtractionOptionNames = namesOf<FeatureExtractionOptions>({ pooling: true, normalize: true });

/** A text, or its token ids as {@link FeatureExtractionPipeline.encode} gives them. */
export type TextOrTokenIds = string | readonly number[];

/** Computes vectors of texts, in the texts' order. An empty text has a vector, too: that of [CLS] and [SEP]. */
export interface FeatureExtractionPipeline {
  /** Computes one vector per text: [texts, hiddenSize]. A single text is a list of one. */
  (texts: string | readonly TextOrTokenIds[], options?: FeatureExtractionOptions): Promise<Vectors>;
  /** Computes one vector per token, including special tokens: [tokens, hiddenSize] for each text, without padding. */
  (
    texts: string | readonly TextOrTokenIds[],
    options: FeatureExtractionOptions<'none'> & { readonly pooling: 'none' },
  ): Promise<Vectors[]>;
  /**
   * Encodes texts as the model reads them: with the folder's prompt, special tokens, and truncated to `maxLength`.
   *
   * @throws UserError for texts that are longer, with `truncate: false`
   */
  encode(
    texts: readonly string[],
    options?: { readonly truncate?: boolean | undefined },
  ): Promise<(readonly number[])[]>;
  /** Maximum number of tokens of a text. */
  readonly maxLength: number;
  /** Elements of a vector. */
  readonly hiddenSize: number;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

const poolings: readonly Pooling[] = ['mean', 'cls', 'max', 'lasttoken', 'pooler', 'none'];

declare module '../../tasks/pipelines.js' {
  interface Pipelines {
    'feature-extraction': FeatureExtractionPipeline;
  }
}

/** Feature extraction as a row of the registry. */
export const featureExtraction: PipelineDefinition<FeatureExtractionPipeline> = {
  name: 'feature-extraction',
  load: loadFeatureExtraction,
  service: defineService({
    summary: 'Vectors of texts',
    heads: ['Model', 'MaskedLM', 'PreTraining'],
    input: z.string(),
    parameters: z.object({
      pooling: z
        .enum(['mean', 'cls', 'max', 'lasttoken', 'pooler'])
        .optional()
        .describe("pooling of token vectors to one vector (default: as the model's files say, else mean)"),
      normalize: z
        .boolean()
        .optional()
        .describe('whether vectors get length 1 (default: as those files say, else not)'),
    }),
    output: z.array(z.number()),
    example: 'How do I get a refund?',
    texts: (text) => [text],
    async answer(embed: FeatureExtractionPipeline, texts, parameters) {
      const { data, shape } = await embed(texts, parameters);
      return texts.map((_, row) => Array.from(data.subarray(row * shape[1], (row + 1) * shape[1])));
    },
  }),
};

/**
 * Loads a model that makes vectors. Where the folder holds the files of Python's sentence-transformers, the vectors are
 * theirs. Longer texts than the model reads are cut.
 *
 * @example
 * const embed = await pipeline('feature-extraction', 'all-MiniLM-L6-v2');
 * const { data, shape } = await embed(['How do I get a refund?', 'Where is my money?']); // shape: [2, 384]
 */
async function loadFeatureExtraction(folder: string, options: PipelineOptions): Promise<FeatureExtractionPipeline> {
  const { batchSize = 32, device, dtype } = options;
  checkWhole({ batchSize, maxLength: options.maxLength });
  const settings = await readSentenceSettings(folder);
  const model = withWeights(await AutoModel.fromPretrained(settings?.modelFolder ?? folder, { device, dtype }));
  model.batchScheduler = options.batchScheduler;
  const tokenizer = await AutoTokenizer.fromPretrained(await tokenizerFolder(settings?.modelFolder ?? folder));
  const maxLength = maxLengthFor(model.limits, options.maxLength, settings?.maxSeqLength ?? tokenizer.modelMaxLength);
  const { hiddenSize } = model.config;

  async function encodingsOf(inputs: readonly TextOrTokenIds[], truncate: boolean): Promise<Tokens[]> {
    const texts = inputs.filter((input) => typeof input === 'string').map((text) => prepare(text, settings));
    const encodings = await tokenizer.encodeBatch(texts, truncate ? { maxLength } : {});
    let next = 0;
    const found = inputs.map((input): Tokens => {
      if (typeof input === 'string') return encodings[next++] as Tokens;
      return { inputIds: [...input], tokenTypeIds: input.map(() => 0) };
    });
    for (const [i, { inputIds }] of found.entries())
      checkLength(inputIds.length, i, { least: typeof inputs[i] === 'string' ? 0 : 1, most: maxLength });
    checkFeatures(found, model.limits);
    return found;
  }

  async function embed(
    texts: string | readonly TextOrTokenIds[],
    given: FeatureExtractionOptions<Pooling> = {},
  ): Promise<Vectors | Vectors[]> {
    checkOptionNames(given, featureExtractionOptionNames, 'feature-extraction');
    const { pooling = settings?.pooling ?? 'mean', normalize = settings?.normalize ?? false } = given;
    checkPooling(pooling, model);
    const encodings = await encodingsOf(typeof texts === 'string' ? [texts] : texts, true);
    const run = async (batch: readonly TokenFeature[]): Promise<Float32Array[]> => {
      const inputs = collateTokens(batch, tokenizer.padId);
      const vectors = await sentenceVectors(model, inputs, { pooling, normalize });
      const data = vectors.data as Float32Array; // [batch, hiddenSize] or [batch, longest, hiddenSize]
      const step = data.length / batch.length;
      return batch.map(({ length }, row) => {
        const count = pooling === 'none' ? length : 1;
        return data.slice(row * step, row * step + count * hiddenSize);
      });
    };
    const key = `vectors ${pooling} ${normalize}`;
    const features = encodings.map((encoding) => tokenFeature(encoding));
    const found = await runInBatches(model, { key, features, run, decode: (vector) => vector }, { batchSize });
    return pooling === 'none' ? found.map((data) => vectorsOf([data], hiddenSize)) : vectorsOf(found, hiddenSize);
  }
  const encode = async (
    texts: readonly string[],
    { truncate = true }: { readonly truncate?: boolean | undefined } = {},
  ) => (await encodingsOf(texts, truncate)).map(({ inputIds }) => inputIds);
  return Object.assign(embed, {
    encode,
    maxLength,
    hiddenSize,
    dispose: () => model.dispose(),
  }) as FeatureExtractionPipeline;
}

function checkLength(
  length: number,
  i: number,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (length >= least && length <= most) return;
  throw new UserError(
    `feature-extraction: input ${i + 1} has ${length} tokens; expected ${least} to ${most}, which is as many as the model reads`,
  );
}

function vectorsOf(parts: readonly Float32Array[], hiddenSize: number): Vectors {
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return { dtype: 'float32', data, shape: [data.length / hiddenSize, hiddenSize] };
}

/** A text as the tokenizer gets it. Lower case is by character, as Hugging Face's tokenizers have it. */
function prepare(text: string, settings: SentenceSettings | undefined): string {
  const prompted = `${settings?.prompt ?? ''}${text}`;
  return settings?.doLowerCase ? Array.from(prompted, (character) => character.toLowerCase()).join('') : prompted;
}

function checkPooling(pooling: Pooling, { loadingReport, pooler, config }: EncoderModel): void {
  if (!poolings.includes(pooling)) {
    throw new UserError(`pooling is ${JSON.stringify(pooling)}; there are: ${poolings.join(', ')}`);
  }
  if (pooling === 'pooler' && !pooler) {
    throw new UserError(
      `a model of the family ${config.modelType} has no pooler. Choose another pooling: mean, cls or none.`,
    );
  }
  if (pooling === 'pooler' && loadingReport?.newlyInitialized.some((name) => name.startsWith('pooler.'))) {
    throw new UserError(`${loadingReport.path}: has no trained pooler. Choose another pooling, such as mean or cls.`);
  }
}
