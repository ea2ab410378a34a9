/** @file The token classification pipeline, which follows Hugging Face's TokenClassificationPipeline. */

import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { LoadedTask } from '../pipelines.js';
import { predictExamples } from '../predict.js';
import { checkWhole } from '../validate-features.js';
import {
  type AggregationStrategy,
  aggregationStrategies,
  type EntityGroup,
  type TaggedToken,
  type TokenGroup,
} from './aggregation.js';
import { TextTags } from './text-tags.js';
import type { TokenClassification, TokenClassificationOptions } from './token-classification.js';

/** Options of a call, with Hugging Face's names in camelCase. */
export interface TagOptions {
  /**
   * How tokens are aggregated to entities: `none`, each token by itself; `simple`, tokens with one tag after another
   * together; `first`, `average` and `max` first give all tokens of a word one tag: its first token's, that of the mean
   * of their probabilities, or the surest token's. Default: `none`.
   */
  readonly aggregationStrategy?: AggregationStrategy | undefined;
  /** Tags or entity types to omit. Default: `['O']`. */
  readonly ignoreLabels?: readonly string[] | undefined;
  /** Overlap of the windows of a long text, in tokens. Default: a quarter of the window. */
  readonly stride?: number | undefined;
}

const tagOptionNames = namesOf<TagOptions>({ aggregationStrategy: true, ignoreLabels: true, stride: true });

/** Options for tagging individual tokens. */
export interface TokenTagOptions extends TagOptions {
  readonly aggregationStrategy?: 'none' | undefined;
}

/** Options for finding entities. */
export interface EntityTagOptions extends TagOptions {
  readonly aggregationStrategy: Exclude<AggregationStrategy, 'none'>;
}

/**
 * Finds entities in texts: `text.slice(start, end)` is the entity, with offsets in UTF-16 units. Unlike in
 * Transformers, a text that is too long for the model is not truncated but read in windows, and words of byte-level
 * tokens are decoded once (Transformers decodes them twice, which breaks non-ASCII characters).
 *
 * @example
 * const ner = await pipeline('token-classification', 'runs/ner');
 * await ner('Anna moved to Paris', { aggregationStrategy: 'simple' });
 * // [{ entityGroup: 'PER', score: 0.99, word: 'anna', start: 0, end: 4 }, { entityGroup: 'LOC', ... }]
 */
export interface TokenClassificationPipeline {
  (text: string, options?: TokenTagOptions): Promise<TaggedToken[]>;
  (texts: readonly string[], options?: TokenTagOptions): Promise<TaggedToken[][]>;
  (text: string, options: EntityTagOptions): Promise<EntityGroup[]>;
  (texts: readonly string[], options: EntityTagOptions): Promise<EntityGroup[][]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../pipelines.js' {
  interface Pipelines {
    'token-classification': TokenClassificationPipeline;
    ner: TokenClassificationPipeline;
  }
  interface PipelineSettings {
    'token-classification': Pick<TokenClassificationOptions, 'stride'>;
    ner: Pick<TokenClassificationOptions, 'stride'>;
  }
}

/** Creates the token classification pipeline of a model. */
export function tokenClassificationPipeline({
  model,
  task,
  batchSize,
}: LoadedTask<TokenClassification>): TokenClassificationPipeline {
  const { tokenizer, labels, maxLength } = task;
  async function tag(texts: string | readonly string[], given: TagOptions = {}): Promise<unknown> {
    checkOptionNames(given, tagOptionNames, 'token-classification');
    const { aggregationStrategy = 'none', ignoreLabels = ['O'] } = given;
    const { stride = task.stride } = given;
    if (!aggregationStrategies.includes(aggregationStrategy)) {
      throw new UserError(
        `aggregationStrategy is ${JSON.stringify(aggregationStrategy)}; expected one of ${aggregationStrategies.join(', ')}`,
      );
    }
    checkWhole({ stride }, 0);
    for (const [i, text] of [texts].flat().entries()) {
      if (typeof text === 'string') continue;
      throw new UserError(`token-classification: input ${i + 1} is ${JSON.stringify(text)}; a text was expected`);
    }
    const tags = new TextTags({ tokenizer, labels, maxLength, stride, aggregationStrategy, ignoreLabels });
    const predictions = await predictExamples(model, tags, [texts].flat(), { batchSize });
    const found: (TaggedToken[] | EntityGroup[])[] = [];
    for (const prediction of predictions) {
      if ('tokens' in prediction) found.push(prediction.tokens);
      else found.push(await Promise.all(prediction.groups.map((group) => decoded(group, tokenizer))));
    }
    return Array.isArray(texts) ? found : found[0];
  }
  return Object.assign(tag, { dispose: () => model.dispose() }) as TokenClassificationPipeline;
}

/** An entity with its tokens decoded. What the vocabulary lacks is written as in the text. */
async function decoded({ tokens, ...group }: TokenGroup, tokenizer: Tokenizer): Promise<EntityGroup> {
  const { entityGroup, score, start, end } = group;
  const ids = tokens.map(({ id }) => id);
  const text = await tokenizer.decode(ids, { skipSpecialTokens: false, cleanUpTokenizationSpaces: false });
  const unknown = tokens.filter(({ id }) => id === tokenizer.unkId);
  const [first = '', ...rest] = unknown.length > 0 ? text.split(tokenizer.unkToken as string) : [text];
  const word = first + rest.map((part, i) => (unknown[i]?.word ?? '') + part).join('');
  return { entityGroup, score, word, start, end };
}
