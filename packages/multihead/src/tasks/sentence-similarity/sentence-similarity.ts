/**
 * @file Sentence similarity: texts become vectors, so that similar texts have nearby vectors (bi-encoders; Reimers and Gurevych
 *   2019).
 *
 * The texts of an example go through one encoder, each by itself: in the graph of the loss, each column of texts has inputs of
 * its own (`input_ids`, `input_ids_1`, ...), padded to the longest of the column.
 */
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import type { SimilarityForm } from '../../data/examples/similarity/similarity-form.js';
import type { TensorValue, Values } from '../../engine/engine.js';
import { type SimilarityName, similarityNames, vectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { EncoderModel } from '../../models/encoder/encoder-model.js';
import { sentenceFiles } from '../../models/sentences/sentence-files.js';
import { type SentencePooling, sentencePoolings } from '../../models/sentences/sentence-poolings.js';
import { sentenceText } from '../../models/sentences/sentence-text.js';
import { sentenceVectors, vectorsGraph } from '../../models/sentences/sentence-vectors.js';
import { Linear } from '../../nn/layers/linear.js';
import { UserError } from '../../platform/errors.js';
import { checkChoice, checkOptionNames } from '../../platform/option-names.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Encoding, Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { CachedLoss } from '../cached-loss.js';
import { collateTokens } from '../collate.js';
import { columnOf, cutRows, joinColumns, suffixOf } from '../columns.js';
import { type TextsFeature, textsFeature } from '../feature.js';
import type { Evaluation, MetricsCollector, Task } from '../task.js';
import { checkWhole } from '../validate-features.js';
import { checkEvaluationExamples, checkTrainingExamples } from './check-examples.js';
import { type ChosenLoss, lossOf, unlabelledPairs } from './losses/choose-loss.js';
import {
  checkHiddenSize,
  checkModelSize,
  type SentenceSimilarityOptions,
  sentenceSimilarityOptionNames,
} from './sentence-similarity-options.js';
import { SimilarityCollector } from './similarity-metrics.js';
import type { DecodedTexts, SimilarityPrediction } from './similarity-prediction.js';

/** The texts of an example, with their score in training. */
export interface SimilarityFeature extends TextsFeature {
  readonly target?: number;
}

/** Default maximum number of tokens of a text. */
export const usualLength = 128;

/**
 * Sentence similarity, with an encoder without a head as its model.
 *
 * @example
 * const train = await readSimilarityExamples('pairs.csv');
 * const model = await AutoModel.fromPretrained('models/minilm');
 * const task = new SentenceSimilarity({ tokenizer, hiddenSize: model.config.hiddenSize, form: similarityForm(train) });
 */
export class SentenceSimilarity
  implements Task<SimilarityExample, SimilarityFeature, DecodedTexts, SimilarityPrediction>
{
  readonly name = 'sentence-similarity';
  readonly tokenizer: Tokenizer;
  readonly pooling: SentencePooling;
  readonly normalize: boolean;
  readonly similarity: SimilarityName;
  readonly maxLength: number;
  private readonly form: SimilarityForm;
  private readonly scale: number;
  private readonly chosen: ChosenLoss;
  readonly cached: CachedLoss | undefined;

  constructor(private readonly options: SentenceSimilarityOptions) {
    checkOptionNames(options, sentenceSimilarityOptionNames, 'SentenceSimilarity');
    const { tokenizer, maxLength = usualLength, pooling = 'mean', normalize = false, form, maxScore } = options;
    const { similarity = 'cosine' } = options;
    checkWhole({ maxLength });
    checkHiddenSize(options);
    checkChoice('pooling', pooling, sentencePoolings);
    checkChoice('similarity', similarity, similarityNames);
    if (maxScore !== undefined && !(maxScore > 0)) throw new UserError(`maxScore is ${maxScore}; it must be above 0`);
    this.tokenizer = tokenizer;
    this.pooling = pooling;
    this.normalize = normalize;
    this.similarity = similarity;
    this.maxLength = maxLength;
    this.form = form ?? unlabelledPairs;
    const [least = 0, most = 1] = this.form.range ?? [];
    this.scale = maxScore ?? Math.max(1, most, -least);
    this.chosen = lossOf(options, form);
    if (this.chosen.asCosines && Math.max(most, -least) > this.scale) {
      throw new UserError(
        `maxScore is ${maxScore}, and the scores are from ${least} to ${most}; it must be the score of texts that mean the same`,
      );
    }
    const { miniBatchSize } = options;
    checkWhole({ miniBatchSize });
    const { length: classes } = this.form.classes;
    if (this.chosen.asClasses && (classes < 2 || classes > 100)) {
      throw new UserError(
        `loss ${this.chosen.name} needs labels of 2 to 100 classes, and there ${classes === 1 ? 'is only 1' : `are ${classes}`}`,
      );
    }
    const hasHead = this.chosen.headSize(options.hiddenSize) !== undefined;
    if (hasHead && (miniBatchSize !== undefined || options.matryoshka)) {
      throw new UserError(
        `loss ${this.chosen.name} has a layer of its own; it goes neither with miniBatchSize nor with matryoshka`,
      );
    }
    this.cached = miniBatchSize === undefined ? undefined : this.cachedLoss(miniBatchSize);
  }

  /** Where texts of other examples are negatives, a batch holds each text once. */
  apart({ texts }: SimilarityExample): readonly string[] {
    return this.chosen.inBatch ? texts : [];
  }

  checkModel({ config }: PretrainedModel): void {
    checkModelSize(this.options, config);
  }

  check(examples: readonly SimilarityExample[]): void {
    checkEvaluationExamples(examples, { form: this.form, loss: this.chosen });
  }

  async encode(examples: readonly SimilarityExample[]): Promise<SimilarityFeature[][]> {
    const texts = examples.flatMap(({ texts: each }) => each.map((text, place) => this.prepare(text, place)));
    const encodings = await this.tokenizer.encodeBatch(texts, { maxLength: this.maxLength });
    let next = 0;
    return examples.map((example) => {
      const own = encodings.slice(next, next + example.texts.length) as Encoding[];
      next += own.length;
      const target = this.target(example);
      return [textsFeature(own, target === undefined ? undefined : { target })];
    });
  }

  async encodeTraining(examples: readonly SimilarityExample[]): Promise<SimilarityFeature[][]> {
    checkTrainingExamples(examples, { form: this.form, loss: this.chosen, maxScore: this.scale });
    return this.encode(examples);
  }

  /** Encodes texts, each by itself; a text's place is 0 for a query, and 1 for what is compared with it. */
  async encodeTexts(texts: readonly { readonly text: string; readonly place: number }[]): Promise<SimilarityFeature[]> {
    const prepared = texts.map(({ text, place }) => this.prepare(text, place));
    const encodings = await this.tokenizer.encodeBatch(prepared, { maxLength: this.maxLength });
    return encodings.map((encoding) => textsFeature([encoding]));
  }

  collate(features: readonly SimilarityFeature[]): Values {
    const columns = features[0]?.texts.length ?? 0;
    if (features.some(({ texts }) => texts.length !== columns)) {
      throw new UserError('some examples have more texts than others; each must have as many');
    }
    const values = joinColumns(
      Array.from({ length: columns }, (_, column) => {
        const tokens = features.map(({ texts }) => texts[column] as Encoding);
        return collateTokens(tokens, this.tokenizer.padId);
      }),
    );
    const targets = features.flatMap(({ target }) => target ?? []);
    if (targets.length === 0) return values;
    const labels: TensorValue = { dtype: 'float32', shape: [targets.length], data: Float32Array.from(targets) };
    return { ...values, labels };
  }

  loss(model: PretrainedModel): Tensor {
    const vectors = Array.from({ length: this.form.texts }, (_, column) =>
      vectorsGraph(model as EncoderModel, modelInputs(suffixOf(column)), this),
    );
    const head = model.lossHead as Linear | undefined;
    if (!head && this.lossHead()) {
      throw new UserError(`loss ${this.chosen.name} has a layer of its own, which the Trainer adds to the model`);
    }
    return this.chosen.build({ vectors, labels: this.labels(), head, count: modelInputs().inputIds.size([0]) });
  }

  lossHead(): Linear | undefined {
    const size = this.chosen.headSize(this.options.hiddenSize);
    return size === undefined ? undefined : new Linear(size, this.form.classes.length);
  }

  /**
   * The vectors of each column of texts: `vectors`, `vectors_1`, ..., each [batch, hiddenSize]. While a loss with a classifier
   * is trained, also the `class_scores` of pairs, [batch, classes].
   */
  async run(model: PretrainedModel, batch: Values): Promise<Readonly<Record<string, TensorValue>>> {
    const { pooling, normalize } = this;
    const outputs: Record<string, TensorValue> = {};
    for (let column = 0; `input_ids${suffixOf(column)}` in batch; column++) {
      const inputs = columnOf(batch, column);
      const vectors = await sentenceVectors(model as EncoderModel, inputs, { pooling, normalize });
      outputs[`vectors${suffixOf(column)}`] = vectors;
    }
    return { ...outputs, ...(await this.classScores(model, outputs)) };
  }

  decode(outputs: Readonly<Record<string, TensorValue>>, row: number, { texts }: SimilarityFeature): DecodedTexts {
    const rowOf = ({ data, shape }: TensorValue): Float32Array => {
      const size = shape[1] as number;
      return (data as Float32Array).slice(row * size, (row + 1) * size);
    };
    const vectors = texts.map((_, column) => rowOf(outputs[`vectors${suffixOf(column)}`] as TensorValue));
    const { class_scores: scores } = outputs;
    return scores ? { vectors, classScores: rowOf(scores) } : { vectors };
  }

  combine({ texts, label }: SimilarityExample, [decoded]: readonly DecodedTexts[]): SimilarityPrediction {
    const { vectors, classScores } = decoded as DecodedTexts;
    const [first, ...others] = vectors as readonly [Float32Array, ...Float32Array[]];
    const similarities = others.map((other) => vectorSimilarity(first, other));
    const compared = { similarities, similarity: this.similarity };
    if (label === undefined) return texts.length === 2 ? { ...compared, vectors } : compared;
    const { classes, labels } = this.form;
    // Labels 0 and 1 evaluate the vectors themselves, which are what is saved.
    if (!classScores || labels === 'binary' || !classes.includes(String(label))) return compared;
    return { ...compared, className: classes[classScores.indexOf(Math.max(...classScores))] as string };
  }

  collectMetrics(): MetricsCollector<SimilarityExample, SimilarityPrediction> {
    return new SimilarityCollector();
  }

  metrics(predictions: readonly SimilarityPrediction[], examples: readonly SimilarityExample[]): Evaluation {
    this.check(examples);
    const collector = this.collectMetrics();
    collector.add(predictions, examples);
    return collector.evaluation();
  }

  /** The files by which sentence-transformers and `feature-extraction` make the same vectors. */
  files(): Record<string, string> {
    const { hiddenSize, prompt = '', queryPrompt, documentPrompt, doLowerCase = false } = this.options;
    const { pooling, normalize, similarity: comparison, maxLength } = this;
    // encode_query and encode_document of sentence-transformers take no default prompt: without their own they take none.
    const [query, document] = [queryPrompt ?? prompt, documentPrompt ?? prompt];
    const prompts = {
      ...this.options.prompts,
      ...((query !== '' || queryPrompt === '') && { query }),
      ...((document !== '' || documentPrompt === '') && { document }),
    };
    const settings = { pooling, normalize, comparison, maxSeqLength: maxLength, doLowerCase, prompts, prompt };
    return sentenceFiles(settings, hiddenSize);
  }

  /** The scores of the classes of pairs, by their vectors; nothing without a classifier. */
  private async classScores(model: PretrainedModel, vectors: Values): Promise<Readonly<Record<string, TensorValue>>> {
    const { scores, name } = this.chosen;
    const head = model.lossHead as Linear | undefined;
    if (!scores || !head || !('vectors_1' in vectors)) return {};
    const { hiddenSize } = this.options;
    const build = () => {
      const pair = Object.keys(vectors).map((each) => input(each, 'float32', ['batch_size', hiddenSize]));
      return { class_scores: scores(pair, head) };
    };
    return model.weights.run(`class scores ${name}`, build, vectors);
  }

  /** The labels of a batch in the graph. */
  private labels(): Tensor | undefined {
    return this.form.labels === 'none' ? undefined : input('labels', 'float32', ['batch_size']);
  }

  private cachedLoss(rows: number): CachedLoss {
    const { texts: columns } = this.form;
    return {
      columns,
      cut: (batch) => Array.from({ length: columns }, (_, column) => cutRows(columnOf(batch, column), rows)).flat(),
      vectors: (model) => vectorsGraph(model as EncoderModel, modelInputs(), this),
      loss: (all) => {
        const vectors = Array.from({ length: columns }, (_, column) => all.slice(0, column, column + 1).squeeze(0));
        return this.chosen.build({ vectors, labels: this.labels(), count: all.size([1]) });
      },
    };
  }

  /**
   * A text as the tokenizer gets it.
   *
   * @param place its number in the example: 0 for the query
   */
  private prepare(text: string, place: number): string {
    const { prompt = '', queryPrompt = prompt, documentPrompt = prompt, doLowerCase } = this.options;
    return sentenceText(text, { prompt: place === 0 ? queryPrompt : documentPrompt, doLowerCase });
  }

  /** The label as the loss wants it. */
  private target({ label }: SimilarityExample): number | undefined {
    if (this.chosen.asClasses && label !== undefined) {
      const id = this.form.classes.indexOf(String(label));
      return id < 0 ? undefined : id;
    }
    if (typeof label !== 'number') return undefined;
    return this.chosen.asCosines ? label / this.scale : label;
  }
}
