/** @file The feature extraction pipeline. */
import { z } from 'zod';
import { type SimilarityName, vectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import { AutoModel } from '../../models/auto-model.js';
import type { EncoderModel } from '../../models/encoder/encoder-model.js';
import { readSentenceSettings, type SentenceSettings } from '../../models/sentences/sentence-settings.js';
import { sentenceText } from '../../models/sentences/sentence-text.js';
import { type Pooling, sentenceVectors, vectorsKey } from '../../models/sentences/sentence-vectors.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { collateTokens } from '../../tasks/collate.js';
import { type TokenFeature, type Tokens, tokenFeature } from '../../tasks/feature.js';
import { defineService } from '../../tasks/pipeline-service.js';
import { runInBatches } from '../../tasks/run-in-batches.js';
import { checkFeatures, checkWhole, maxLengthFor } from '../../tasks/validate-features.js';
import { joinVectors, type Vectors } from '../../vectors/vectors.js';
import { withWeights } from '../load-task.js';
import { loadTokenizer } from '../load-tokenizer.js';
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
  /**
   * The name of a prompt of the folder that is put before every text, such as `query`. Default: the folder's
   * `default_prompt_name`; none without it.
   */
  readonly promptName?: string | undefined;
  /** A prompt of one's own, in place of a named one. */
  readonly prompt?: string | undefined;
  /**
   * The first elements of each vector that are kept, as of models that were trained for it (Matryoshka); normalized
   * vectors get length 1 anew. Default: all.
   */
  readonly dimensions?: number | undefined;
}

const featureExtractionOptionNames = namesOf<FeatureExtractionOptions>({
  pooling: true,
  normalize: true,
  promptName: true,
  prompt: true,
  dimensions: true,
});

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
  /** The folder's prompts, by name. */
  readonly prompts: Readonly<Record<string, string>>;
  /** How the folder wants vectors compared: the `scoreFunction` of a search. `cosine` where it does not say. */
  readonly similarity: SimilarityName;
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
      promptName: z
        .string()
        .optional()
        .describe("name of the model's prompt that is put before each text (default: as its files say, else none)"),
      prompt: z.string().optional().describe('text that is put before each text, in place of a named prompt'),
      dimensions: z.int().min(1).optional().describe('number of elements of a vector, the first ones (default: all)'),
    }),
    output: z.array(z.number()),
    example: 'How do I get a refund?',
    texts: (text) => [text],
    async answer(embed: FeatureExtractionPipeline, texts, parameters) {
      const { data, shape } = await embed(texts, parameters);
      return texts.map((_, row) => Array.from(data.subarray(row * shape[1], (row + 1) * shape[1])));
    },
    relevance: {
      method: 'embeddings',
      inputs: (query, documents) => [query, ...documents],
      scores([query, ...documents]) {
        const [of, ...others] = [query, ...documents].map((vector) => Float32Array.from(vector as number[]));
        return others.map((vector) => vectorSimilarity(of as Float32Array, vector).cosine);
      },
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
  const tokenizer = await loadTokenizer(model, settings?.modelFolder ?? folder);
  const maxLength = maxLengthFor(model.limits, options.maxLength, settings?.maxSeqLength ?? tokenizer.modelMaxLength);
  const { hiddenSize } = model.config;

  async function encodingsOf(
    inputs: readonly TextOrTokenIds[],
    { truncate, prompt }: { readonly truncate: boolean; readonly prompt: string },
  ): Promise<Tokens[]> {
    const texts = inputs
      .filter((input) => typeof input === 'string')
      .map((text) => sentenceText(text, { prompt, doLowerCase: settings?.doLowerCase }));
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
    const { pooling = settings?.pooling ?? 'mean', normalize = settings?.normalize ?? false, dimensions } = given;
    checkPooling(pooling, model);
    checkDimensions(dimensions, hiddenSize);
    const vectorOptions = { pooling, normalize, dimensions };
    const size = dimensions ?? hiddenSize;
    const prompt = promptOf(given, settings, folder);
    const encodings = await encodingsOf(typeof texts === 'string' ? [texts] : texts, { truncate: true, prompt });
    const run = async (batch: readonly TokenFeature[]): Promise<Float32Array[]> => {
      const inputs = collateTokens(batch, tokenizer.padId);
      const vectors = await sentenceVectors(model, inputs, vectorOptions);
      const data = vectors.data as Float32Array; // [batch, size] or [batch, longest, size]
      const step = data.length / batch.length;
      return batch.map(({ length }, row) => {
        const count = pooling === 'none' ? length : 1;
        return data.slice(row * step, row * step + count * size);
      });
    };
    const key = vectorsKey(vectorOptions);
    const features = encodings.map((encoding) => tokenFeature(encoding));
    const found = await runInBatches(model, { key, features, run, decode: (vector) => vector }, { batchSize });
    return pooling === 'none' ? found.map((data) => joinVectors([data], size)) : joinVectors(found, size);
  }
  const encode = async (
    texts: readonly string[],
    { truncate = true }: { readonly truncate?: boolean | undefined } = {},
  ) => (await encodingsOf(texts, { truncate, prompt: settings?.prompt ?? '' })).map(({ inputIds }) => inputIds);
  return Object.assign(embed, {
    encode,
    maxLength,
    hiddenSize,
    prompts: settings?.prompts ?? {},
    similarity: settings?.comparison ?? 'cosine',
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

/** The text that is put before every text. */
function promptOf(
  { prompt, promptName }: Pick<FeatureExtractionOptions, 'prompt' | 'promptName'>,
  settings: SentenceSettings | undefined,
  folder: string,
): string {
  if (prompt !== undefined) return prompt;
  if (promptName === undefined) return settings?.prompt ?? '';
  const prompts = settings?.prompts ?? {};
  if (Object.hasOwn(prompts, promptName)) return prompts[promptName] as string;
  const names = Object.keys(prompts);
  throw new UserError(
    `promptName is ${JSON.stringify(promptName)}; ${folder} has ` +
      `${names.length > 0 ? `the prompts ${names.join(', ')}` : 'no prompts'}. Give the text itself as \`prompt\`.`,
  );
}

function checkDimensions(dimensions: number | undefined, hiddenSize: number): void {
  if (dimensions === undefined || (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= hiddenSize)) return;
  throw new UserError(
    `dimensions is ${dimensions}; expected a whole number from 1 to ${hiddenSize}, the elements of the model's vectors`,
  );
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
