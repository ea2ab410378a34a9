/**
 * @file Text ranking: a query and a document are read together and get a score (cross-encoders; Nogueira and Cho 2019).
 *
 * The model reads pairs. For prediction and for losses of single documents, a pair is a feature; for losses that compare the
 * documents of a query, all its pairs are one, and the graph of the loss lays their scores out as [queries, documents].
 */
import { placeOf } from '../../data/examples/place-of.js';
import type { RankingExample } from '../../data/examples/ranking/ranking.js';
import type { TensorValue, Values } from '../../engine/engine.js';
import type { LabelledConfig } from '../../models/core/label-settings.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { checkChoice, checkOptionNames, namesOf } from '../../platform/option-names.js';
import { parseOptions } from '../../platform/option-schemas.js';
import { sigmoid } from '../../platform/softmax.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Encoding, Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { collateTokens, int64 } from '../collate.js';
import { type TextsFeature, textsFeature } from '../feature.js';
import type { Evaluation, MetricsCollector, Task } from '../task.js';
import { checkWhole } from '../validate-features.js';
import { checkRankings } from './check-examples.js';
import { type CrossEncoderActivation, crossEncoderActivations, crossEncoderFiles } from './cross-encoder-files.js';
import type { RankingLoss } from './losses/ranking-loss.js';
import { checkGrade, type RankingLossName, rankingLossNamed, usualLoss } from './losses/registry.js';
import { RankingCollector } from './ranking-metrics.js';

/** Options of `TextRanking`. */
export interface TextRankingOptions {
  readonly tokenizer: Tokenizer;
  /** Maximum number of tokens of a query and a document together; the longer one is truncated first. */
  readonly maxLength?: number | undefined;
  /** The loss of training, by name. Default: `binary-cross-entropy`. */
  readonly loss?: RankingLossName | undefined;
  /** The loss's own settings, such as `{ k: 10 }`. */
  readonly lossArgs?: Readonly<Record<string, unknown>> | undefined;
  /** What makes a score of the model's output: `sigmoid`, from 0 to 1, or `identity`. Default: `sigmoid`. */
  readonly activation?: CrossEncoderActivation | undefined;
}

const optionNames = namesOf<TextRankingOptions>({
  tokenizer: true,
  maxLength: true,
  loss: true,
  lossArgs: true,
  activation: true,
});

/** Pairs of a query with documents, with the documents' labels in training. */
export interface RankingFeature extends TextsFeature {
  readonly target?: readonly number[];
}

/** Default maximum number of tokens of a query and a document. */
export const usualLength = 256;

/**
 * Text ranking, with a sequence classifier of one label as its model. A prediction holds the scores of an example's documents.
 *
 * @example
 * const task = new TextRanking({ tokenizer, loss: 'lambda' });
 */
export class TextRanking implements Task<RankingExample, RankingFeature, number, readonly number[]> {
  readonly name = 'text-ranking';
  readonly cutsExamples = true;
  readonly tokenizer: Tokenizer;
  readonly activation: CrossEncoderActivation;
  readonly maxLength: number;
  private readonly chosen: RankingLoss;
  private readonly lossOptions: Readonly<Record<string, unknown>>;

  constructor(options: TextRankingOptions) {
    checkOptionNames(options, optionNames, 'TextRanking');
    const { tokenizer, maxLength = usualLength, loss = usualLoss, lossArgs = {}, activation = 'sigmoid' } = options;
    checkWhole({ maxLength });
    checkChoice('activation', activation, crossEncoderActivations);
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
    this.activation = activation;
    this.chosen = rankingLossNamed(loss);
    this.lossOptions = parseOptions(this.chosen.options, lossArgs, { of: `loss ${loss}` });
  }

  checkModel({ config }: PretrainedModel): void {
    const { id2label } = config as Partial<LabelledConfig>;
    if (id2label?.length !== 1) throw severalLabels(id2label?.length ?? 0);
  }

  check(examples: readonly RankingExample[]): void {
    checkRankings(examples);
  }

  async encode(examples: readonly RankingExample[]): Promise<RankingFeature[][]> {
    const pairs = await this.encodePairs(examples);
    return pairs.map((ofExample) => ofExample.map((pair) => textsFeature([pair])));
  }

  async encodeTraining(examples: readonly RankingExample[]): Promise<RankingFeature[][]> {
    const { isListwise } = this.chosen;
    checkRankings(examples);
    const pairs = await this.encodePairs(examples);
    return examples.map((example, i): RankingFeature[] => {
      const own = pairs[i] as readonly Encoding[];
      const { labels: target } = example;
      for (const label of target) checkGrade(this.chosen, label, placeOf(example, i));
      if (isListwise) return [textsFeature(own, { target })];
      return own.map((pair, place) => textsFeature([pair], { target: [target[place] as number] }));
    });
  }

  private async encodePairs(examples: readonly RankingExample[]): Promise<Encoding[][]> {
    const texts = examples.flatMap(({ query, documents }) => documents.map((document) => [query, document] as const));
    const options = { maxLength: this.maxLength, truncation: 'longest_first' } as const;
    const encodings = await this.tokenizer.encodeBatch(texts, options);
    let next = 0;
    return examples.map(({ documents }) => {
      next += documents.length;
      return encodings.slice(next - documents.length, next);
    });
  }

  /** The pairs of all features one behind the other; in training where each query's lie, and labels: [queries, documents]. */
  collate(features: readonly RankingFeature[]): Values {
    const pairs = features.flatMap(({ texts }) => texts);
    const inputs = collateTokens(pairs, this.tokenizer.padId);
    if (features.some(({ target }) => !target)) return inputs;
    const longest = Math.max(...features.map(({ texts }) => texts.length));
    const shape = [features.length, longest];
    const rows: number[] = [];
    const mask = new Float32Array(features.length * longest);
    const labels = new Float32Array(features.length * longest);
    let next = 0;
    for (const [query, { texts, target = [] }] of features.entries()) {
      for (let document = 0; document < longest; document++) {
        const isThere = document < texts.length;
        rows.push(isThere ? next++ : 0);
        mask[query * longest + document] = Number(isThere);
        labels[query * longest + document] = target[document] ?? 0;
      }
    }
    const float32 = (data: Float32Array): TensorValue => ({ dtype: 'float32', shape, data });
    return { ...inputs, document_rows: int64(rows, shape), document_mask: float32(mask), labels: float32(labels) };
  }

  loss(model: PretrainedModel): Tensor {
    const logits = model.forward(modelInputs()).scores.logits as Tensor; // [pairs, 1]
    const shape = ['queries', 'documents'];
    const mask = input('document_mask', 'float32', shape);
    const rows = input('document_rows', 'int64', shape);
    const scores = logits.gather(rows).squeeze(2).mul(mask); // [queries, documents]
    const labels = input('labels', 'float32', shape);
    return this.chosen.build({ scores, labels, mask, options: this.lossOptions });
  }

  decode({ logits }: Readonly<Record<string, TensorValue>>, row: number): number {
    const { data, shape } = logits as TensorValue;
    if (shape[1] !== 1) throw severalLabels(shape[1] as number);
    const score = data[row] as number;
    return this.activation === 'identity' ? score : sigmoid(score);
  }

  combine(_: RankingExample, scores: readonly number[]): readonly number[] {
    return scores;
  }

  collectMetrics(): MetricsCollector<RankingExample, readonly number[]> {
    return new RankingCollector();
  }

  metrics(predictions: readonly (readonly number[])[], examples: readonly RankingExample[]): Evaluation {
    const collector = this.collectMetrics();
    collector.add(predictions, examples);
    return collector.evaluation();
  }

  /** What makes the folder one of sentence-transformers' cross-encoders. */
  files(): Readonly<Record<string, string>> {
    return crossEncoderFiles(this);
  }
}

/** The error of a model that scores labels instead of relevance. */
const severalLabels = (count: number): UserError =>
  new UserError(
    `text-ranking needs a model of one label, whose score is the relevance; this one has ${count}. Load it with ` +
      '`config: { numLabels: 1 }`, which makes a new head.',
  );
