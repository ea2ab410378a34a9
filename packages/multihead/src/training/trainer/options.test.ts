import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { checkWithoutEvaluation, defaultTrainingOptions, type TrainingOptions, trainingOptions } from './options.js';

describe('the options of a run', () => {
  test('LoRA learns at ten times the rate, where none is given', () => {
    expect(trainingOptions({ lora: {} }).learningRate).toBe(5e-4);
    expect(trainingOptions({ lora: {}, learningRate: 1e-4 }).learningRate).toBe(1e-4);
  });

  test("are Hugging Face's TrainingArguments' where nothing is said", () => {
    expect(trainingOptions({})).toEqual(defaultTrainingOptions);
    expect(trainingOptions({})).toMatchObject({ epochs: 3, batchSize: 8, learningRate: 5e-5, adamEpsilon: 1e-8 });
    expect(trainingOptions({})).toMatchObject({ maxGradNorm: 1, seed: 42, weightDecay: 0, warmupRatio: 0 });
  });

  test('undefined is nothing said', () => {
    const given = { epochs: undefined, seed: 7 } as unknown as Partial<TrainingOptions>;
    expect(trainingOptions(given)).toEqual({ ...defaultTrainingOptions, seed: 7 });
  });

  test.each<[Partial<TrainingOptions>, string]>([
    [{ earlyStoppingPatience: 2 }, 'earlyStoppingPatience (2)'],
    [{ metricForBestModel: 'f1' }, 'metricForBestModel (f1)'],
    [{ lrSchedulerType: 'reduce_lr_on_plateau' }, 'reduce_lr_on_plateau'],
    [{ evalSteps: 5 }, 'evalSteps (5)'],
    [{ evalStrategy: 'epoch' }, 'evalStrategy (epoch)'],
  ])('%o is refused without evaluation examples', (given, what) => {
    expect(() => checkWithoutEvaluation(trainingOptions(given))).toThrow(`${what} needs evaluation examples`);
    expect(() => checkWithoutEvaluation(trainingOptions({}))).not.toThrow();
  });

  test.each<Partial<TrainingOptions>>([
    { epochs: 1 },
    { maxGradNorm: 0 },
    { warmupRatio: 0 },
    { adamBeta1: 0 },
    { freeze: 0 },
    { freeze: 'backbone' },
    { seed: -5 },
    { weightDecay: 0.1 },
    { lengthBucketing: false },
  ])('%o is taken', (given) => {
    expect(trainingOptions(given)).toEqual({ ...defaultTrainingOptions, ...given });
  });

  test.each<[Record<string, unknown>, string]>([
    [{ epochs: -1 }, 'epochs is -1; it must be a whole number from 0'],
    [{ epochs: 1.5 }, 'epochs is 1.5; it must be a whole number from 0'],
    [{ epochs: '3' }, 'epochs is "3"; it must be a whole number from 0'],
    [{ batchSize: -8 }, 'batchSize is -8; it must be a whole number from 1'],
    [{ evalBatchSize: 0 }, 'evalBatchSize is 0; it must be a whole number from 1'],
    [{ learningRate: 0 }, 'learningRate is 0; it must be a number above 0 and below 10 (such as 5e-5)'],
    [{ learningRate: Number.NaN }, 'learningRate is NaN; it must be a number above 0'],
    [{ learningRate: 50 }, 'learningRate is 50; it must be a number above 0'],
    [{ warmupRatio: 1 }, 'warmupRatio is 1; it must be a number from 0 to below 1'],
    [{ warmupSteps: 2.5 }, 'warmupSteps is 2.5; it must be a whole number from 0'],
    [{ weightDecay: -0.1 }, 'weightDecay is -0.1; it must be a number from 0'],
    [{ adamBeta1: 1 }, 'adamBeta1 is 1; it must be a number from 0 to below 1'],
    [{ adamBeta2: -1 }, 'adamBeta2 is -1; it must be a number from 0 to below 1'],
    [{ adamEpsilon: 0 }, 'adamEpsilon is 0; it must be a number above 0 and below 1'],
    [{ maxGradNorm: -1 }, 'maxGradNorm is -1; it must be a number from 0 (0: no limit)'],
    [{ gradientAccumulationSteps: 0 }, 'gradientAccumulationSteps is 0; it must be a whole number from 1'],
    [{ seed: 0.5 }, 'seed is 0.5; it must be a whole number'],
    [{ saveSteps: -1 }, 'saveSteps is -1; it must be a whole number from 0'],
    [{ saveTotalLimit: 0 }, 'saveTotalLimit is 0; it must be a whole number from 1'],
    [
      { layerwiseLrDecay: 1.5 },
      'layerwiseLrDecay is 1.5; it must be a number above 0 and at most 1 (1: all layers alike)',
    ],
    [{ gradualUnfreezingSteps: 0.5 }, 'gradualUnfreezingSteps is 0.5; it must be a whole number from 0'],
    [{ earlyStoppingPatience: -1 }, 'earlyStoppingPatience is -1; it must be a whole number from 0'],
    [{ earlyStoppingPatience: 2, evalStrategy: 'no' }, 'earlyStoppingPatience needs evaluations'],
    [{ lrSchedulerType: 'reduce_lr_on_plateau', evalStrategy: 'no' }, 'reduce_lr_on_plateau needs evaluations'],
    [{ evalStrategy: 'often' }, 'evalStrategy is "often"; it must be one of no, steps, epoch'],
    [{ evalStrategy: 'steps' }, 'evalStrategy is steps; evalSteps must say how many'],
    [{ evalStrategy: 'epoch', evalSteps: 5 }, 'evalStrategy is epoch, but evalSteps is 5'],
    [{ saveStrategy: 'steps' }, 'saveStrategy is steps; saveSteps must say how many'],
    [{ saveStrategy: 'no', saveSteps: 5 }, 'saveStrategy is no, but saveSteps is 5'],
    [{ greaterIsBetter: 'yes' }, 'greaterIsBetter is "yes"; it must be true or false'],
    [{ lrSchedulerKwargs: { power: 2 } }, 'linear has no setting "power"'],
    [{ freeze: 'head' }, 'freeze is "head"; it must be "backbone", or the number'],
    [{ freeze: -1 }, 'freeze is -1; it must be "backbone", or the number'],
    [{ lengthBucketing: 'no' }, 'lengthBucketing is "no"; it must be true or false'],
    [{ epoch: 3 }, 'training options: there is no option "epoch"; there are: epochs, '],
    [{ learning_rate: 3 }, '. Did you mean learningRate?'],
  ])('%o is refused, and the message says what may be', (given, message) => {
    expect(() => trainingOptions(given as Partial<TrainingOptions>)).toThrow(UserError);
    expect(() => trainingOptions(given as Partial<TrainingOptions>)).toThrow(message);
  });
});
