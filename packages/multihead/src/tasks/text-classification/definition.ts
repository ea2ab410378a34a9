/** @file The definition of text classification. */
import { z } from 'zod';
import {
  type ClassificationExample,
  type ClassificationFileOptions,
  readClassificationData,
} from '../../data/examples/classification/classification.js';
import { openClassificationStream } from '../../data/examples/classification/classification-stream.js';
import { openTexts } from '../../data/examples/classification/open-texts.js';
import { labelsWithEvaluation } from '../../data/labels/evaluation-labels.js';
import { type LabelSet, labelSet } from '../../data/labels/label-set.js';
import { AutoConfig } from '../../models/auto-config.js';
import { readThresholds } from '../../models/checkpoint/evaluation-results.js';
import { problemTypeOf } from '../../models/core/classifier-labels.js';
import type { LabelledConfig } from '../../models/core/label-settings.js';
import { readSentenceSettings } from '../../models/sentences/sentence-settings.js';
import { UserError } from '../../platform/errors.js';
import { defineTask, type Reading, type TaskFolder, type TrainingSources } from '../define-task.js';
import { fineTuningSpace } from '../fine-tuning-space.js';
import { hashSplitOf, splitSources } from '../split-sources.js';
import { balancedClassWeights, classWeightsByName, parseClassWeights } from './class-weights.js';
import { FewShotClassification, fewShotTraining, usualPairs } from './few-shot.js';
import { classificationOutcomes, mistakeOrder } from './outcomes.js';
import { textClassificationPipeline } from './pipeline.js';
import { classificationService } from './service.js';
import { shownScores } from './shown-scores.js';
import { classificationTask, type LabelScore, type TextClassification, usualLength } from './text-classification.js';

/** Facts about the labels of the training examples. */
interface Facts {
  readonly labels: LabelSet;
  /** How many training examples have each label. */
  readonly labelCounts: ReadonlyMap<string, number>;
  /** How many training examples are in memory; undefined where they are read as they are needed. */
  readonly held?: number;
  readonly seed?: number | undefined;
}

/** Of more texts, a probe is fitted only if it is asked for: the vectors of all are in memory. */
const mostProbed = 50_000;

/**
 * Training that begins with a linear probe, which tells the texts it was fitted to apart almost perfectly: without label smoothing
 * there is little left to learn but their wrong labels. The three were compared together, with the general defaults (docs/results.md).
 */
const probedTraining = { batchSize: 32, warmupRatio: 0.1, labelSmoothing: 0.1 };

const column = (of: string) =>
  z.string().optional().describe(`column of the ${of} (default: found by common names)`).meta({ value: 'column' });

const options = {
  reading: z.object({
    text: column('text'),
    textPair: z.string().optional().describe('column of the second text').meta({ value: 'column' }),
    label: column('label'),
    labelSeparator: z
      .string()
      .optional()
      .describe('separator of several labels in one cell, such as "|" in late|damaged')
      .meta({ value: 'text' }),
  }),
  training: z.object({
    allowUnseenLabels: z
      .boolean()
      .optional()
      .describe('accept labels that occur only in --eval as classes, although they cannot be learned'),
    labelSmoothing: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('label smoothing: probability spread over all labels')
      .meta({ value: 'share' }),
    classWeights: z
      .union([z.literal('balanced'), z.record(z.string(), z.number())])
      .optional()
      .describe('"balanced", or label=weight,label=weight')
      .meta({ value: 'weights', parse: parseClassWeights }),
    classifierPooling: z
      .enum(['cls', 'mean'])
      .optional()
      .describe(
        'what the classifier reads: the first token through the layers of its family, or the mean of all tokens ' +
          '(default: mean for models of sentence vectors that take it, else cls)',
      ),
    linearProbe: z
      .boolean()
      .optional()
      .describe(
        'fit the last layer by logistic regression before training; with `epochs` 0, that alone (default: for one label ' +
          `a text of up to ${mostProbed} texts, with models of mean-pooled sentence vectors)`,
      )
      .meta({ off: 'begin with random weights of the last layer' }),
    fewShot: z
      .boolean()
      .optional()
      .describe('for few texts of each label: train by pairs of texts, then fit the last layer by logistic regression'),
    pairsPerText: z
      .int()
      .min(1)
      .optional()
      .describe(`with \`fewShot\`, pairs of each text in an epoch (default: ${usualPairs})`)
      .meta({ value: 'count' }),
  }),
  settings: z.object({}),
};
type ReadingOptions = z.infer<typeof options.reading>;
type Settings = Partial<z.infer<typeof options.training>> & {
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Whether the model makes sentence vectors already, with which a probe is a better start than random weights. */
  readonly makesVectors?: boolean;
};

const inputs = z.object({
  pair: z.string().optional().describe('the second text, for models trained on pairs').meta({ value: 'text' }),
});

function readerOptions({ options, ...reading }: Reading): ClassificationFileOptions {
  const { text, textPair, label, labelSeparator } = options as ReadingOptions;
  return { ...reading, columns: { text, textPair, label }, labelSeparator };
}

async function readTraining(sources: TrainingSources) {
  const { train: source, eval: evaluationSource, streaming, onRead } = sources;
  const { allowUnseenLabels: allowUnseen } = sources.options as Settings;
  const given = evaluationSource
    ? (await readClassificationData(evaluationSource, readerOptions(sources.reading('validation')))).examples
    : undefined;
  const withEvaluation = (labels: LabelSet): LabelSet =>
    given
      ? labelsWithEvaluation(labels, given, { training: source, evaluation: evaluationSource as string, allowUnseen })
      : labels;
  if (streaming) {
    const reading = readerOptions(sources.reading('train'));
    const train = await openClassificationStream(source, { ...reading, heldOut: hashSplitOf(sources) });
    onRead();
    const { labelCounts, evaluation = given } = train;
    return { train, evaluation, facts: { labels: withEvaluation(train.labels), labelCounts } };
  }
  const { examples, classNames } = await readClassificationData(source, readerOptions(sources.reading('train')));
  onRead();
  const labels = withEvaluation(labelSet(examples, source, classNames));
  const isRegression = labels.problemType === 'regression';
  const stratum = isRegression ? undefined : ({ label }: ClassificationExample) => JSON.stringify(label);
  const parts = splitSources(sources, examples, { stratum }) ?? { train: examples, evaluation: given };
  const labelCounts = new Map<string, number>();
  for (const { label } of parts.train) {
    for (const name of [label].flat()) labelCounts.set(`${name}`, (labelCounts.get(`${name}`) ?? 0) + 1);
  }
  return { ...parts, facts: { labels, labelCounts, held: parts.train.length, seed: sources.seed } };
}

/** Whether training begins with a linear probe: if that is asked for, or else where it is a good start. */
function probes({ linearProbe, makesVectors }: Settings, facts: Facts | undefined, config: LabelledConfig): boolean {
  if (linearProbe !== undefined || !makesVectors) return linearProbe ?? false;
  const { held = Number.POSITIVE_INFINITY } = facts ?? {};
  return held <= mostProbed && problemTypeOf(config) === 'single_label_classification';
}

/** Refuses options of a loss that few-shot training does not have. */
function refuseWithFewShot(options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).find((name) => options[name] !== undefined);
  if (given !== undefined) throw new UserError(`fewShot and ${given} exclude each other; leave one of the two out`);
}

/**
 * A model of sentence vectors that are means is trained as a classifier of means: what it knows is in them, and its first token
 * and pooler were never trained.
 */
async function openFolder(folder: string): Promise<TaskFolder> {
  // A folder of sentence-transformers that Multihead makes no vectors with is still an encoder.
  const sentences = await readSentenceSettings(folder).catch(() => undefined);
  if (!sentences) return { folder, options: {} };
  const { modelFolder, pooling } = sentences;
  const isClassifier = await hasClassifier(modelFolder);
  if (pooling !== 'mean' || isClassifier) return { folder: modelFolder, options: {} };
  return { folder: modelFolder, options: { makesVectors: true }, config: { classifierPooling: 'mean' } };
}

/** Whether a folder's model is a classifier already, which keeps what it reads. */
async function hasClassifier(folder: string): Promise<boolean> {
  const { architectures } = await AutoConfig.fromPretrained(folder);
  return architectures.some((name) => name.endsWith('ForSequenceClassification'));
}

/** Weights for the labels in the loss. */
function weightsOf(
  asked: NonNullable<Settings['classWeights']>,
  labelCounts: ReadonlyMap<string, number>,
  { id2label, problemType }: LabelledConfig,
): number[] {
  if (problemType !== 'single_label_classification') {
    throw new UserError(`classWeights go with one label a text; the labels make it ${problemType}`);
  }
  return asked === 'balanced' ? balancedClassWeights(labelCounts, id2label) : classWeightsByName(asked, id2label);
}

/** Text classification: one label, several labels, or a number for a text or a pair of texts. */
export const textClassification = defineTask<ClassificationExample, readonly LabelScore[], Facts, TextClassification>({
  name: 'text-classification',
  aliases: ['sentiment-analysis'],
  title: 'text classification',
  head: 'SequenceClassification',
  unit: 'texts',
  usualLength,
  options,
  searchSpace: { ...fineTuningSpace, labelSmoothing: { type: 'float', low: 0, high: 0.2 } },
  commands: {
    inputs,
    texts: 'the texts',
    tryIt: '"..."',
    examples: [
      'multihead train text-classification --model models/mini --train examples/data/support-intents.train.tsv --eval examples/data/support-intents.test.tsv --output runs/intents',
      'multihead train text-classification --from-scratch --config examples/data/bert-tiny.json --tokenizer examples/data/tokenizer --train TRAIN.csv --output runs/new',
      'multihead train text-classification --model models/mini --train REVIEWS.csv.gz --eval-split 0.1 --label stars --output runs/reviews',
    ],
    fromArguments(texts, { pair }) {
      if (pair !== undefined && texts.length !== 1) {
        throw new UserError(
          "`pair` goes with text-classification of one text; for many pairs: `data: 'FILE'` `textPair: 'COLUMN'`",
        );
      }
      if (texts.length === 0)
        throw new UserError('text classification needs a text: multihead predict ... "some text"');
      return texts.map((text) => ({ text, ...(pair !== undefined && { textPair: pair as string }) }));
    },
    line({ text, textPair }, scores, { topK, config }) {
      const labels = chosen(shownScores(config as LabelledConfig, scores), topK);
      return { text, ...(textPair !== undefined && { textPair }), labels };
    },
    text({ text }, scores, { topK, config }) {
      return chosen(shownScores(config as LabelledConfig, scores), topK).map(
        ({ label, score }) => `${score.toFixed(4)}\t${label}\t${text}`,
      );
    },
  },

  readTraining,
  openLabelled: (source, reading) => openTexts(source, readerOptions(reading)),
  async open(source, reading) {
    const texts = await openTexts(source, { ...readerOptions(reading), requireLabels: false });
    return {
      ...texts,
      // A label that a file of texts happens to have is of no matter for predictions.
      async *examples() {
        for await (const group of texts.examples()) yield group.map(({ label: _, ...text }) => text);
      },
    };
  },
  startingConfig({ labels: { names, problemType } }, options) {
    const { classifierPooling } = options as Settings;
    const id2label = problemType === 'regression' ? ['LABEL_0'] : [...names];
    return { id2label, numLabels: id2label.length, problemType, ...(classifierPooling && { classifierPooling }) };
  },
  usualTraining({ options, facts, config }) {
    if ((options as Settings).fewShot) return { of: 'few-shot training', settings: fewShotTraining };
    if (!probes(options as Settings, facts, config as LabelledConfig)) return undefined;
    return { of: 'training from a linear probe', settings: probedTraining };
  },
  openFolder,
  async learnedSettings(folder) {
    const thresholds = await readThresholds(folder);
    return thresholds ? { thresholds } : {};
  },
  create({ config, tokenizer, maxLength, options, facts }) {
    const { labelSmoothing, classWeights: asked, thresholds, fewShot, pairsPerText } = options as Settings;
    if (fewShot) {
      refuseWithFewShot({ labelSmoothing, classWeights: asked });
      const { id2label: labels } = config as LabelledConfig;
      const problemType = problemTypeOf(config as LabelledConfig);
      return new FewShotClassification({ tokenizer, maxLength, labels, problemType, pairsPerText, seed: facts?.seed });
    }
    if (pairsPerText !== undefined) throw new UserError('pairsPerText goes with fewShot');
    const classWeights = asked && facts && weightsOf(asked, facts.labelCounts, config as LabelledConfig);
    return classificationTask(config as LabelledConfig, {
      tokenizer,
      maxLength,
      linearProbe: probes(options as Settings, facts, config as LabelledConfig),
      ...(labelSmoothing !== undefined && { labelSmoothing }),
      ...(classWeights && { classWeights }),
      ...(thresholds && { thresholds }),
    });
  },
  outcomes: classificationOutcomes,
  pipeline: textClassificationPipeline,
  service: classificationService,
  mistakes: ({ problemType, labels }) => ({
    order: mistakeOrder(problemType),
    labels: problemType === 'single_label_classification' ? labels : undefined,
  }),
});

/** Of several labels a text those that apply, be they many or none; else the best ones. */
function chosen(scores: readonly LabelScore[], topK: number | undefined): readonly LabelScore[] {
  const isMultiLabel = scores.some(({ applies }) => applies !== undefined);
  return topK === undefined && isMultiLabel ? scores.filter(({ applies }) => applies) : scores.slice(0, topK ?? 1);
}
