/** @file The examples that `multihead train` learns from and evaluates on. */
import { type ClassificationExample, readClassificationData } from '../data/classification.js';
import { openClassificationStream } from '../data/classification-stream.js';
import { labelsWithEvaluation } from '../data/evaluation-labels.js';
import type { ExampleStream } from '../data/example-stream.js';
import { type LabelSet, labelSet } from '../data/label-set.js';
import { readQuestionAnsweringExamples } from '../data/question-answering.js';
import { openQuestionAnsweringStream } from '../data/question-answering-stream.js';
import { splitExamples } from '../data/split.js';
import type { QuestionAnsweringExample } from '../data/squad.js';
import { UserError } from '../errors.js';
import { BadRows } from './bad-rows.js';
import { type DataArguments, questionOptions, textOptions } from './data-options.js';

/** Where examples come from. */
export interface TrainingDataArguments extends DataArguments {
  readonly train: string;
  readonly eval?: string;
  readonly evalSplit?: number;
  readonly allowUnseenLabels?: boolean;
  readonly streaming?: boolean;
  readonly shuffleBufferSize?: number;
  readonly seed?: number;
}

/** Examples to learn from and to evaluate on. */
interface TrainingData<Example> {
  readonly evaluation: readonly Example[] | undefined;
  /** Those that were skipped. */
  readonly badRows: BadRows;
}

/** Texts with labels. */
export interface TextData extends TrainingData<ClassificationExample> {
  readonly train: readonly ClassificationExample[] | ExampleStream<ClassificationExample>;
  readonly labels: LabelSet;
  /** How many training examples have each label. */
  readonly labelCounts: ReadonlyMap<string, number>;
}

/** Questions. */
export interface QuestionData extends TrainingData<QuestionAnsweringExample> {
  readonly train: readonly QuestionAnsweringExample[] | ExampleStream<QuestionAnsweringExample>;
  /** Whether some questions have no answer. */
  readonly hasImpossible: boolean;
}

/** What evaluation is on, for reports. */
export const evaluationSource = ({ eval: source, train, evalSplit }: TrainingDataArguments): string =>
  source ?? `${train} (--eval-split ${evalSplit})`;

/** Reads texts with labels. */
export async function readTextData(options: TrainingDataArguments): Promise<TextData> {
  checkSplit(options);
  const badRows = new BadRows(options.skipBadRows);
  const training = textOptions(options, 'train', badRows);
  const given = options.eval
    ? (await readClassificationData(options.eval, textOptions(options, 'validation', badRows))).examples
    : undefined;
  if (options.streaming) {
    const train = await openClassificationStream(options.train, { ...training, heldOut: heldOutOf(options) });
    badRows.show();
    const { labelCounts, evaluation = given } = train;
    const labels = withEvaluation(train.labels, given, options);
    return { train, evaluation, badRows, labels, labelCounts };
  }
  const { examples, classNames } = await readClassificationData(options.train, training);
  badRows.show();
  const labels = withEvaluation(labelSet(examples, options.train, classNames), given, options);
  const isRegression = labels.problemType === 'regression';
  const stratum = isRegression ? undefined : ({ label }: ClassificationExample) => JSON.stringify(label);
  const parts = setAside(options, examples, { stratum }) ?? { train: examples, evaluation: given };
  const labelCounts = new Map<string, number>();
  for (const { label } of parts.train) {
    for (const name of [label].flat()) labelCounts.set(`${name}`, (labelCounts.get(`${name}`) ?? 0) + 1);
  }
  return { ...parts, badRows, labels, labelCounts };
}

/** Reads questions. */
export async function readQuestionData(options: TrainingDataArguments): Promise<QuestionData> {
  checkSplit(options);
  const badRows = new BadRows(options.skipBadRows);
  const training = questionOptions(options, 'train', badRows);
  const given = options.eval
    ? await readQuestionAnsweringExamples(options.eval, questionOptions(options, 'validation', badRows))
    : undefined;
  const isAnyImpossible = (examples: readonly QuestionAnsweringExample[] = []) =>
    examples.some(({ isImpossible }) => isImpossible);
  if (options.streaming) {
    const train = await openQuestionAnsweringStream(options.train, { ...training, heldOut: heldOutOf(options) });
    badRows.show();
    const { evaluation = given } = train;
    return { train, evaluation, badRows, hasImpossible: train.hasImpossible || isAnyImpossible(given) };
  }
  const examples = await readQuestionAnsweringExamples(options.train, training);
  badRows.show();
  const parts = setAside(options, examples, { group: ({ context }) => context });
  const hasImpossible = isAnyImpossible(examples) || isAnyImpossible(given);
  return { ...(parts ?? { train: examples, evaluation: given }), badRows, hasImpossible };
}

/** What is held out of a stream. */
const heldOutOf = ({ evalSplit: share, seed = 42 }: TrainingDataArguments) =>
  share === undefined ? undefined : { share, seed };

function setAside<Example>(
  { evalSplit: share, seed = 42 }: TrainingDataArguments,
  examples: readonly Example[],
  by: Pick<Parameters<typeof splitExamples<Example>>[1], 'stratum' | 'group'>,
) {
  return share === undefined ? undefined : splitExamples(examples, { share, seed, ...by });
}

function checkSplit({ eval: file, evalSplit, streaming, shuffleBufferSize }: TrainingDataArguments): void {
  if (shuffleBufferSize !== undefined && !streaming) throw new UserError('--shuffle-buffer-size goes with --streaming');
  if (evalSplit !== undefined && file) {
    throw new UserError('--eval and --eval-split exclude each other; give one of them');
  }
}

/** The labels of the model: those of the training examples; evaluation has no others, or they are allowed. */
function withEvaluation(
  labels: LabelSet,
  examples: readonly ClassificationExample[] | undefined,
  { eval: evaluation = '', train: training, allowUnseenLabels: allowUnseen }: TrainingDataArguments,
): LabelSet {
  return examples ? labelsWithEvaluation(labels, examples, { training, evaluation, allowUnseen }) : labels;
}
