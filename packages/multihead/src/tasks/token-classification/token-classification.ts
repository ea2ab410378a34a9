/**
 * @file Token classification: a tag for each word of a sentence, such as named entities, as Hugging Face's run_ner trains it.
 *
 * A word has the tag of its first token; the others do not count in the loss. A sentence that is too long is cut into windows
 * that overlap by `stride` tokens, so that no word is lost (run_ner cuts it off): each word is learned and predicted in the
 * window where most tokens stand around it.
 */

import { placeOf } from '../../data/examples/place-of.js';
import type { TokenClassificationExample } from '../../data/examples/token-classification/token-examples.js';
import { labelIds } from '../../data/labels/label-names.js';
import type { TensorValue, Values } from '../../engine/engine.js';
import { confusionMatrix } from '../../metrics/classification/confusion-matrix.js';
import { entityReport } from '../../metrics/sequence-labeling/entity-report.js';
import { formatEntityReport } from '../../metrics/sequence-labeling/format-entity-report.js';
import type { TaggingScheme } from '../../metrics/sequence-labeling/schemes.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { crossEntropy } from '../../nn/losses/losses.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { WordEncoding } from '../../text/tokenizer/word-encoding.js';
import { checkLabels } from '../check-labels.js';
import { collateTokens, int64 } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import type { Confusion, Evaluation, Task } from '../task.js';
import { checkWhole } from '../validate-features.js';
import { bestClasses } from './best-classes.js';
import { readingOf, type TagReading } from './reading.js';
import { type WordStart, wordsOfWindows } from './window-words.js';

/** Options of `TokenClassification`. */
export interface TokenClassificationOptions {
  readonly tokenizer: Tokenizer;
  /** Names of the tags, in the order of the model's scores. */
  readonly labels: readonly string[];
  /** Tokens per window, including special tokens. */
  readonly maxLength?: number;
  /** Overlap of the windows of a long sentence, in tokens. Default: a quarter of the window. */
  readonly stride?: number;
  /** Whether all tokens of a word count in the loss, those after the first with I- for B-. Default: false. */
  readonly labelAllTokens?: boolean;
  /** Mode of the evaluation; see `EntityOptions`. Default: `default`, but `strict` for BILOU tags. */
  readonly mode?: 'default' | 'strict';
  /** Tagging scheme of strict mode. Default: detected from the labels. */
  readonly scheme?: TaggingScheme | undefined;
}

const optionNames = namesOf<TokenClassificationOptions>({
  tokenizer: true,
  labels: true,
  maxLength: true,
  stride: true,
  labelAllTokens: true,
  mode: true,
  scheme: true,
});

/** The feature of a sentence, or of one of its windows. */
export interface SentenceFeature extends TokenFeature {
  /** The words that are tagged from this window: index in the sentence, and first token in the window. */
  readonly words: readonly WordStart[];
  /** The class of each token; -100 where it does not count. */
  readonly targets?: readonly number[];
}

/** The tags of a sentence's words. */
export interface TagPrediction {
  /** The most likely tag of each word. */
  readonly tags: readonly string[];
  /** Its probability, from 0 to 1. */
  readonly scores: readonly number[];
}

/** The tag of a word, from one window. */
export interface TaggedWord {
  /** The word's number in the sentence. */
  readonly word: number;
  /** The most likely class. */
  readonly label: number;
  /** Its probability. */
  readonly score: number;
}

/** Default maximum number of tokens of a sentence. */
export const usualSentence = 128;

/** Labels that do not count, as PyTorch and Transformers have it. */
const ignored = -100;

/**
 * Token classification: a tag for each word, such as named entities.
 *
 * @example
 * const task = new TokenClassification({ tokenizer, labels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'] });
 */
export class TokenClassification
  implements Task<TokenClassificationExample, SentenceFeature, readonly TaggedWord[], TagPrediction>
{
  readonly name = 'token-classification';
  readonly cutsExamples = true;
  readonly labels: readonly string[];
  readonly tokenizer: Tokenizer;
  /** Tokens in a window, special tokens included. */
  readonly maxLength: number;
  /** Tokens by which the windows of a long sentence overlap. */
  readonly stride: number;
  private readonly idOf: (name: string) => number | undefined;
  private readonly insideOf: readonly number[];

  constructor(private readonly options: TokenClassificationOptions) {
    checkOptionNames(options, optionNames, 'TokenClassification');
    const { labels, maxLength = usualSentence, stride = Math.floor(maxLength / 4) } = options;
    checkWhole({ maxLength });
    checkWhole({ stride }, 0);
    this.labels = labels;
    this.tokenizer = options.tokenizer;
    this.maxLength = maxLength;
    this.stride = stride;
    this.idOf = labelIds(labels);
    this.insideOf = labels.map((label, id) => {
      const inside = label.startsWith('B-') ? labels.indexOf(label.replace('B-', 'I-')) : -1;
      return inside < 0 ? id : inside;
    });
  }

  checkModel(model: PretrainedModel): void {
    checkLabels(this, model);
  }

  check(examples: readonly TokenClassificationExample[]): void {
    for (const [i, example] of examples.entries()) {
      if (!example.tags)
        throw new UserError(`${placeOf(example, i)}: no tags, with which a prediction could be compared`);
      this.targetsOf(example, i);
    }
  }

  async encode(examples: readonly TokenClassificationExample[]): Promise<SentenceFeature[][]> {
    const { maxLength, stride } = this;
    const targets = examples.map((example, i) => (example.tags ? this.targetsOf(example, i) : undefined));
    const sentences = examples.map(({ tokens }) => tokens);
    const encoded = await this.tokenizer.encodeWords(sentences, { maxLength, stride });
    return encoded.map((windows, i) => {
      const owned = wordsOfWindows(windows.map(({ wordIds }) => wordIds));
      return windows.map((window, k) => this.feature(window, owned[k] as WordStart[], targets[i]));
    });
  }

  /** Pads features to a batch; `labels` [batch, sequence] are there where all sentences have tags, -100 for what does not count. */
  collate(features: readonly SentenceFeature[]): Values {
    const inputs = collateTokens(features, this.tokenizer.padId);
    const targets = features.flatMap(({ targets: each }) => (each ? [each] : []));
    if (targets.length === 0) return inputs;
    if (targets.length < features.length) throw new UserError('some examples have tags and others have none');
    const longest = Math.max(...targets.map(({ length }) => length));
    const padded = targets.flatMap((each) => [...each, ...new Array<number>(longest - each.length).fill(ignored)]);
    return { ...inputs, labels: int64(padded, [features.length, longest]) };
  }

  /** Builds the loss: the mean cross-entropy over the labelled tokens. */
  loss(model: PretrainedModel): Tensor {
    const logits = model.forward(modelInputs()).scores.logits as Tensor; // [batch, sequence, labels]
    return crossEntropy(logits, input('labels', 'int64', ['batch_size', 'sequence_length']));
  }

  decode(
    { logits }: Readonly<Record<string, TensorValue>>,
    row: number,
    { words }: SentenceFeature,
  ): readonly TaggedWord[] {
    const best = bestClasses(logits as TensorValue, row);
    return words.map(([word, token]) => ({ word, ...best(token) }));
  }

  /** A word of which the tokenizer makes no token, such as a control character, is outside of all entities. */
  combine({ tokens }: TokenClassificationExample, decoded: readonly (readonly TaggedWord[])[]): TagPrediction {
    const outside = this.labels.includes('O') ? 'O' : (this.labels[0] as string);
    const tags = tokens.map(() => outside);
    const scores = tokens.map(() => 0);
    for (const { word, label, score } of decoded.flat()) {
      tags[word] = this.labels[label] as string;
      scores[word] = score;
    }
    return { tags, scores };
  }

  /**
   * Computes entity metrics as seqeval does: `precision`, `recall` and `f1` over all of them; and the `accuracy` of the
   * tags.
   */
  metrics(predictions: readonly TagPrediction[], examples: readonly TokenClassificationExample[]): Evaluation {
    this.check(examples);
    const references = examples.map((example) => this.ownTags(example));
    const found = predictions.map(({ tags }) => tags);
    const report = entityReport(references, found, this.reading());
    const { micro, macro, weighted, accuracy } = report;
    return {
      metrics: {
        precision: micro.precision,
        recall: micro.recall,
        f1: micro.f1,
        macro_f1: macro.f1,
        weighted_f1: weighted.f1,
        accuracy,
      },
      mainMetric: 'f1',
      confusion: this.confusion(references.flat(), found.flat()),
      report: `${formatEntityReport(report, { digits: 4 })}\n${'accuracy of tags'.padEnd(28)}${accuracy.toFixed(4)}`,
    };
  }

  /** How evaluation reads the tags. */
  reading(): TagReading {
    const { mode, scheme } = this.options;
    return readingOf(this.labels, { ...(mode && { mode }), ...(scheme && { scheme }) });
  }

  /** A sentence's tags by the names that the model has for them. */
  ownTags({ tags = [] }: TokenClassificationExample): string[] {
    return tags.map((tag) => this.labels[this.idOf(tag) ?? -1] ?? tag);
  }

  /** In which kinds of entities words are, and in which they were taken to be. */
  private confusion(references: readonly string[], found: readonly string[]): Confusion {
    const labels = [...new Set(this.labels.map(kindOf))];
    return { labels, matrix: confusionMatrix(references.map(kindOf), found.map(kindOf), labels) };
  }

  private feature(
    encoding: WordEncoding,
    words: readonly WordStart[],
    ofWords: readonly number[] | undefined,
  ): SentenceFeature {
    if (!ofWords) return tokenFeature(encoding, { words });
    const { inputIds, wordIds } = encoding;
    const targets = new Array<number>(inputIds.length).fill(ignored);
    for (const [word, token] of words) {
      const label = ofWords[word] as number;
      targets[token] = label;
      if (!this.options.labelAllTokens) continue;
      for (let next = token + 1; wordIds[next] === word; next++) targets[next] = this.insideOf[label] as number;
    }
    return tokenFeature(encoding, { words, targets });
  }

  private targetsOf(example: TokenClassificationExample, index: number): number[] {
    const { tokens, tags = [] } = example;
    if (tags.length !== tokens.length) {
      throw new UserError(
        `${placeOf(example, index)}: ${tokens.length} tokens but ${tags.length} tags; each needs one`,
      );
    }
    return tags.map((tag) => {
      const id = this.idOf(tag);
      if (id !== undefined) return id;
      throw new UserError(
        `${placeOf(example, index)}: the tag "${tag}" is not among the model's: ${this.labels.join(', ')}`,
      );
    });
  }
}

/** The kind of entity that a tag is of: `PER` of `B-PER`. */
const kindOf = (tag: string): string => tag.replace(/^[BIESLU]-/, '');
