/** @file `--dry-run`: what a run would be, from a few of its steps. Nothing is written. */

import type { ExampleStream } from '../../../data/streams/example-stream.js';
import { peakMemory } from '../../../platform/node/peak-memory.js';
import type { Task } from '../../../tasks/task.js';
import type { StartEvent, StepEvent } from '../../../training/trainer/events.js';
import { checkMetrics, type MetricName } from '../../../training/trainer/metric-names.js';
import { checkWithoutEvaluation, type TrainingOptions, trainingOptions } from '../../../training/trainer/options.js';
import { Trainer } from '../../../training/trainer/trainer.js';
import { isSource, isStream, type RunInputs } from '../../../training/trainer/trainer-inputs.js';
import { runSettings } from '../../options/run-options.js';
import { duration } from '../../output/duration.js';

/** Steps that are made; the first warms up and is not counted. */
const steps = 6;

/** Evaluations are not measured, and what goes by them has no say. */
const withoutEvaluation: Partial<TrainingOptions> = {
  evalStrategy: undefined,
  evalSteps: 0,
  metricForBestModel: undefined,
  earlyStoppingPatience: 0,
};

interface DryRunReport {
  readonly evaluationExamples: number;
  readonly json: boolean | undefined;
  readonly ofTask?: Readonly<Record<string, unknown>>;
  /** Metrics that evaluations must have, besides the one that chooses the best model. */
  readonly metrics?: readonly MetricName[] | undefined;
}

/**
 * Makes a few steps, and estimates time and memory of the whole run.
 *
 * @param report number of examples or blocks of an evaluation, whether a program reads the answer, settings of the task, and
 *   metrics that are checked
 */
export async function dryRun<Example>(
  parts: RunInputs<Example> & Partial<TrainingOptions>,
  { evaluationExamples, json, ofTask, metrics }: DryRunReport,
): Promise<void> {
  const { evaluation, ...training } = parts;
  const starts: StartEvent[] = [];
  const made: StepEvent[] = [];
  const { features, tokens } = await counted(parts);
  const options = trainingOptions(runSettings(parts));
  if (evaluation) await checkMetrics(parts, options, metrics);
  else checkWithoutEvaluation(options);
  const trainer = new Trainer({
    ...training,
    ...withoutEvaluation,
    ...(parts.lrSchedulerType === 'reduce_lr_on_plateau' && { lrSchedulerType: 'constant', lrSchedulerKwargs: {} }),
    onEvent: (event, run) => {
      if (event.type === 'start') starts.push(event);
      if (event.type === 'step' && made.push(event) === steps) run.stop();
    },
  });
  await trainer.train();
  const [{ parameters, trainableParameters, totalSteps, epochs }] = starts as [StartEvent];
  const measured = made.length > 1 ? made.slice(1) : made;
  const sum = (of: (step: StepEvent) => number) => measured.reduce((total, step) => total + of(step), 0);
  const tokensPerSecond = (1000 * sum((step) => step.tokens)) / sum((step) => step.milliseconds);
  const { batchSize, gradientAccumulationSteps } = trainer.options;
  const passes = (totalSteps * batchSize * gradientAccumulationSteps) / features;
  const seconds = (tokens * passes) / tokensPerSecond;
  const report = {
    parameters,
    trainableParameters,
    examples: parts.train.length,
    features,
    tokens,
    epochs,
    steps: totalSteps,
    evaluationExamples,
    tokensPerSecond: Math.round(tokensPerSecond),
    estimatedSeconds: Math.round(seconds),
    peakMemoryMb: Math.round(peakMemory() / 2 ** 20),
  };
  if (json) {
    const settings = { ...ofTask, ...options };
    console.log(JSON.stringify({ type: 'dry-run', ...report, settings }));
    return;
  }
  const millions = (count: number) => `${(count / 1e6).toFixed(1)} M`;
  console.log(
    [
      `parameters   ${millions(parameters)}, ${millions(trainableParameters)} of them learn`,
      `examples     ${report.examples}, ${report.features} features, ${tokens} tokens; evaluation: ${report.evaluationExamples}`,
      `steps        ${totalSteps} of ${batchSize * gradientAccumulationSteps} features, ${epochs} epochs`,
      `speed        ${report.tokensPerSecond} tokens/s in the first ${measured.length} steps`,
      `time         about ${duration(seconds)} of training, evaluations not counted`,
      `memory       ${report.peakMemoryMb} MB at most so far`,
      'Nothing was written.',
    ].join('\n'),
  );
}

interface Count {
  features: number;
  tokens: number;
}

/** How many features and tokens the examples come to; of a stream they are tokenized piece by piece, and not kept. */
async function counted<Example>(parts: RunInputs<Example>): Promise<Count> {
  if (!isSource(parts)) return countedExamples(parts.task, parts.train);
  const { train } = parts;
  const sum: Count = { features: train.length, tokens: 0 };
  for (let index = 0; index < train.length; index++) sum.tokens += train.lengthOf(index, 0);
  return sum;
}

async function countedExamples<Example>(
  task: Pick<Task<Example>, 'encode'>,
  train: readonly Example[] | ExampleStream<Example>,
): Promise<Count> {
  const sum: Count = { features: 0, tokens: 0 };
  for await (const examples of isStream(train) ? train.examples() : [train]) {
    for (const { length } of (await task.encode(examples)).flat()) {
      sum.features++;
      sum.tokens += length;
    }
  }
  return sum;
}
