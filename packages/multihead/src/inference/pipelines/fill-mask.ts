/** @file Fill-mask as a pipeline: texts with hidden tokens in, the most likely tokens out. */
import { z } from 'zod';

import { AutoModelForMaskedLM } from '../../models/auto-model.js';
import type { MaskedLanguageModel } from '../../models/encoder/encoder-heads.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { collateTokens, int64 } from '../../tasks/collate.js';
import type { Tokens } from '../../tasks/feature.js';
import { defineService } from '../../tasks/pipeline-service.js';
import { runInBatches } from '../../tasks/run-in-batches.js';
import { checkFeatures, checkWhole, maxLengthFor } from '../../tasks/validate-features.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { withHead } from '../load-task.js';
import { loadTokenizer } from '../load-tokenizer.js';
import type { PipelineOptions } from '../pipeline-options.js';
import type { PipelineDefinition } from '../registry.js';
import { maskedProbabilities } from './masked-probabilities.js';
import { targetIds } from './targets.js';
import { largest, type Scored } from './top-k.js';

/** What may stand in a hidden place. */
export interface MaskFill {
  /** Probability among the whole vocabulary, 0 to 1. */
  readonly score: number;
  /** The token's number. */
  readonly token: number;
  /** The token as text. */
  readonly tokenStr: string;
  /** The whole text with the token in its place; where others are hidden too, with them and the special tokens. */
  readonly sequence: string;
}

/** What to give. */
export interface FillMaskOptions {
  /** How many tokens a hidden place. Default: 5. */
  readonly topK?: number | undefined;
  /** Only these tokens are looked at; their scores stay those among the whole vocabulary. */
  readonly targets?: string | readonly string[] | undefined;
}

const fillMaskOptionNames = namesOf<FillMaskOptions>({ topK: true, targets: true });

/** The fills of a text, the most likely first; of a text with several hidden places a list for each. */
export type MaskFills = MaskFill[] | MaskFill[][];

/** Guesses hidden tokens. */
export interface FillMaskPipeline {
  (text: string, options?: FillMaskOptions): Promise<MaskFills>;
  (texts: readonly string[], options?: FillMaskOptions): Promise<MaskFills[]>;
  /** The token that hides one, such as [MASK]. */
  readonly maskToken: string;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../../tasks/pipelines.js' {
  interface Pipelines {
    'fill-mask': FillMaskPipeline;
  }
}

/** Fill-mask as a row of the registry. */
export const fillMask: PipelineDefinition<FillMaskPipeline> = {
  name: 'fill-mask',
  load: loadFillMask,
  service: fillMaskService(),
  commands: {
    texts: 'texts with [MASK]',
    topK: 'tokens for a mask (default: 5)',
    maxLength: 'all that the model reads',
    async answer(fill, texts, { topK }) {
      if (texts.length === 0) throw new UserError('fill-mask needs a text: multihead predict ... "some [MASK]"');
      const all = await fill(texts, { topK });
      return all.map((fills, i) => ({ json: { text: texts[i], fills }, text: shownFills(fills) }));
    },
  },
};

/** Requests take a text with masks, and get the most likely tokens of each. */
function fillMaskService() {
  const fills = z.array(z.object({ score: z.number(), token: z.int(), tokenStr: z.string(), sequence: z.string() }));
  return defineService({
    summary: 'The most likely tokens at the masked positions of texts',
    heads: ['MaskedLM', 'PreTraining'],
    input: z.string().describe("a text with the tokenizer's mask token, such as [MASK]"),
    parameters: z.object({
      topK: z.int().min(1).default(5).describe('number of tokens for each masked position'),
      targets: z.array(z.string()).optional().describe('consider these tokens only'),
    }),
    output: z.union([fills, z.array(fills)]),
    example: 'I want my [MASK] back.',
    texts: (text) => [text],
    answer: (fill: FillMaskPipeline, texts, parameters) => fill(texts, parameters),
  });
}

/** A line for each token; an empty line between the masks of a text. */
const shownFills = (fills: MaskFills): string =>
  fills.map((fill) => [fill].flat().map(shownFill).join('\n')).join(Array.isArray(fills[0]) ? '\n\n' : '\n');

const shownFill = ({ score, tokenStr, sequence }: MaskFill): string => `${score.toFixed(4)}\t${tokenStr}\t${sequence}`;

/**
 * Loads a masked language model.
 *
 * A text is read whole unless `maxLength` is given, which cuts it.
 *
 * @throws UserError for a tokenizer without mask token; when called, for a text without one
 * @example
 * const fill = await pipeline('fill-mask', 'runs/mini');
 * await fill('The capital of France is [MASK].', { topK: 1 });
 * // [{ score: 0.42, token: 3000, tokenStr: 'paris', sequence: 'the capital of france is paris.' }]
 */
async function loadFillMask(folder: string, options: PipelineOptions): Promise<FillMaskPipeline> {
  const { batchSize = 32, device, dtype } = options;
  checkWhole({ batchSize, maxLength: options.maxLength });
  const model = withHead(await AutoModelForMaskedLM.fromPretrained(folder, { device, dtype }), 'fill-mask', 'pretrain');
  const tokenizer = await loadTokenizer(model, folder);
  const { maskToken, maskId } = tokenizer;
  if (maskToken === undefined || maskId === undefined) {
    await model.dispose();
    throw new UserError(
      `${folder}: its tokenizer has no mask token, which fill-mask needs. Name one of its vocabulary as mask_token in ` +
        'tokenizer_config.json, if the model was trained with one.',
    );
  }
  model.batchScheduler = options.batchScheduler;
  const maxLength = options.maxLength && maxLengthFor(model.limits, options.maxLength, options.maxLength);

  async function fill(texts: string | readonly string[], given: FillMaskOptions = {}): Promise<unknown> {
    checkOptionNames(given, fillMaskOptionNames, 'fill-mask');
    const { topK = 5, targets } = given;
    checkWhole({ topK });
    const candidates = targets === undefined ? undefined : await targetIds([targets].flat(), tokenizer);
    const encodings = await tokenizer.encodeBatch([texts].flat(), { maxLength });
    const hidden = encodings.map(({ inputIds: ids, tokenTypeIds: typeIds }, i): HiddenText => {
      const places = ids.flatMap((id, place) => (id === maskId ? [place] : []));
      if (places.length > 0) return { inputIds: ids, tokenTypeIds: typeIds, length: ids.length, places };
      const where = maxLength === undefined ? '' : ` within its first ${maxLength} tokens`;
      const text = [texts].flat()[i] as string;
      throw new UserError(
        `text ${i + 1} has no ${maskToken}${where}, which stands for the word to be guessed: "${beginning(text)}"`,
      );
    });
    checkFeatures(hidden, model.limits);
    const chosen = await runInBatches(
      model,
      {
        key: 'masked probabilities',
        features: hidden,
        run: (batch) => probabilitiesOf(batch, model, tokenizer.padId),
        decode: (places) => places.map((ofPlace) => largest(ofPlace, topK, candidates)),
      },
      { batchSize },
    );
    const results = await Promise.all(hidden.map((text, i) => fillsOf(text, chosen[i] as Scored[][], tokenizer)));
    return typeof texts === 'string' ? results[0] : results;
  }
  return Object.assign(fill, { maskToken, dispose: () => model.dispose() }) as FillMaskPipeline;
}

/** A text as the model reads it, and its hidden places. */
interface HiddenText extends Tokens {
  readonly length: number;
  readonly places: readonly number[];
}

/** Of each text and hidden place: the probability of each token, [vocabulary]. */
async function probabilitiesOf(
  texts: readonly HiddenText[],
  model: MaskedLanguageModel,
  padId: number,
): Promise<Float32Array[][]> {
  const longest = Math.max(...texts.map(({ inputIds }) => inputIds.length));
  const positions = texts.flatMap(({ places }, row) => places.map((place) => row * longest + place));
  const inputs = collateTokens(texts, padId);
  const { data, shape } = await maskedProbabilities(model, inputs, int64(positions, [positions.length]));
  const vocabSize = shape[1] as number;
  let row = 0;
  return texts.map(({ places }) => places.map(() => data.subarray(row * vocabSize, ++row * vocabSize) as Float32Array));
}

/** Puts the tokens chosen for each hidden place into the text. */
async function fillsOf(
  { inputIds, places }: HiddenText,
  chosen: readonly (readonly Scored[])[],
  tokenizer: Tokenizer,
): Promise<MaskFills> {
  const isAlone = places.length === 1;
  const filled = async (place: number, { index: token, value: score }: Scored): Promise<MaskFill> => ({
    score,
    token,
    tokenStr: await tokenizer.decode([token], { skipSpecialTokens: false }),
    // Where other places stay hidden, their masks must show, and with them the special tokens.
    sequence: await tokenizer.decode(inputIds.with(place, token), { skipSpecialTokens: isAlone }),
  });
  const fills = await Promise.all(
    places.map((place, i) => Promise.all((chosen[i] as readonly Scored[]).map((scored) => filled(place, scored)))),
  );
  return isAlone ? (fills[0] as MaskFill[]) : fills;
}

/** As much of a text as an error message has room for. */
const beginning = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text);
