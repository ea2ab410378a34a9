/** @file The options of a training run, each declared once: names and defaults are those of Hugging Face's TrainingArguments. */
import { z } from 'zod';
import type { MethodName } from '../methods/registry.js';
import { type ScheduleSettings, scheduleNames } from '../schedules/schedule.js';
import type { OptimizerArguments, OptimizerName } from './optimizer-options.js';

/** When something is done during training. */
export type Strategy = 'no' | 'steps' | 'epoch';

const strategy = z.enum(['no', 'steps', 'epoch'] as const satisfies readonly Strategy[]);
const count = (least: number) => z.int().min(least);
const named = <Name extends string>() => z.string() as unknown as z.ZodType<Name, Name>;
const settingsOf = <Settings extends object>() =>
  z.record(z.string(), z.unknown()) as unknown as z.ZodType<Settings, Settings>;

/**
 * The schema of {@link TrainingOptions}: types, defaults, limits and descriptions, for forms and configurations of your own. Its
 * order is that of help, of documentation and of the settings that checkpoints and reports hold.
 *
 * @example
 * trainingSchema.shape.learningRate.description; // 'peak learning rate; ...'
 */
export const trainingSchema = z.object({
  epochs: count(0).default(3).describe('number of passes over the training data').meta({ value: 'count' }),
  maxSteps: count(0)
    .default(0)
    .describe('total number of optimizer steps; overrides `epochs`')
    .meta({ value: 'count', note: '0: as many as the epochs have', overrides: 'epochs' }),
  batchSize: count(1).default(8).describe('examples per training batch').meta({ value: 'count' }),
  evalBatchSize: count(1).default(32).describe('examples per evaluation batch').meta({ value: 'count' }),
  learningRate: z
    .number()
    .gt(0)
    .lt(10)
    .default(5e-5)
    .describe('peak learning rate; for `method` lora the default is ten times as high')
    .meta({ value: 'rate', note: 'such as 5e-5' }),
  lrSchedulerType: z.enum(scheduleNames).default('linear').describe('learning-rate schedule').meta({ value: 'name' }),
  lrSchedulerKwargs: settingsOf<ScheduleSettings>()
    .default({})
    .describe('settings of the schedule, such as {"numCycles": 3} of cosine_with_restarts')
    .meta({ value: 'json' }),
  warmupRatio: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('fraction of the steps in which the learning rate rises from 0')
    .meta({ value: 'share' }),
  warmupSteps: count(0)
    .default(0)
    .describe('number of steps in which the learning rate rises from 0; overrides `warmupRatio`')
    .meta({ value: 'count', overrides: 'warmupRatio' }),
  weightDecay: z
    .number()
    .min(0)
    .lt(1000)
    .default(0)
    .describe('weight decay, on matrices only; decoupled, except for sgd')
    .meta({ value: 'rate' }),
  optim: named<OptimizerName>()
    .default('adamw')
    .describe('optimizer')
    .meta({ value: 'name', expected: 'adamw, adafactor, lion, sgd, or one that was registered' }),
  optimArgs: settingsOf<OptimizerArguments>()
    .default({})
    .describe("the optimizer's own settings, such as momentum=0.9,nesterov=true of sgd")
    .meta({ value: 'settings' }),
  adamBeta1: z.number().min(0).lt(1).default(0.9).describe('adamw: decay of the first moment').meta({ value: 'value' }),
  adamBeta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe('adamw: decay of the second moment')
    .meta({ value: 'value' }),
  adamEpsilon: z
    .number()
    .gt(0)
    .lt(1)
    .default(1e-8)
    .describe('adamw: added to the denominator')
    .meta({ value: 'value' }),
  maxGradNorm: z
    .number()
    .min(0)
    .default(1)
    .describe('maximum norm of the gradient, which is clipped to it')
    .meta({ value: 'norm', note: '0: no limit' }),
  gradientAccumulationSteps: count(1)
    .default(1)
    .describe('number of batches whose gradients are averaged for one step')
    .meta({ value: 'count' }),
  seed: z.int().default(42).describe('random seed of new weights, data order and dropout').meta({ value: 'number' }),
  lengthBucketing: z
    .boolean()
    .default(true)
    .describe('batch texts of similar length together')
    .meta({ off: 'mix texts of all lengths in a batch' }),
  shuffleBufferSize: count(1)
    .default(10_000)
    .describe('size of the buffer that shuffles streamed examples')
    .meta({ value: 'count' }),
  method: named<MethodName>().optional().describe('training method').meta({
    value: 'name',
    usual: 'follows from `freeze`',
    expected: 'full, freeze, lora, or a method that was registered',
  }),
  methodArgs: settingsOf<Readonly<Record<string, unknown>>>()
    .default({})
    .describe('the method\'s own settings, such as {"rank": 8} of lora'),
  freeze: z
    .union([z.literal('none'), z.literal('backbone'), count(0)])
    .default('none')
    .describe(
      'what to freeze: "backbone" (everything except the head), or a number: the embeddings and that many first layers',
    )
    .meta({ value: 'what', expected: '"backbone", or the number of first layers to freeze' }),
  layerwiseLrDecay: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('ratio of learning rates of each layer and the layer above')
    .meta({ value: 'factor', note: '1: all layers alike' }),
  gradualUnfreezingSteps: count(0)
    .default(0)
    .describe('train the head first, and unfreeze one more layer after each this many steps')
    .meta({ value: 'count', note: '0: all at once' }),
  saveStrategy: strategy
    .default('epoch')
    .describe('when to save checkpoints: after each epoch, by steps only, or never')
    .meta({ value: 'when' }),
  saveSteps: count(0)
    .default(0)
    .describe('steps between checkpoints, besides those after each epoch')
    .meta({ value: 'count', note: '0: none' }),
  saveTotalLimit: count(1)
    .optional()
    .describe('number of newest checkpoints to keep, also after the end of training; the best model is always kept')
    .meta({ value: 'count', usual: '1, and none after the end' }),
  evalStrategy: strategy
    .optional()
    .describe('when to evaluate')
    .meta({ value: 'when', usual: 'steps if `evalSteps` is given, else epoch' }),
  evalSteps: count(0)
    .default(0)
    .describe('steps between evaluations, besides one at the end')
    .meta({ value: 'count', note: '0: after each epoch' }),
  metricForBestModel: z
    .string()
    .optional()
    .describe('metric that selects the best model')
    .meta({ value: 'name', usual: "the task's main metric" }),
  greaterIsBetter: z
    .boolean()
    .optional()
    .describe('greater values of that metric are better')
    .meta({ usual: 'depends on the metric', off: 'smaller values of that metric are better' }),
  loadBestModelAtEnd: z
    .boolean()
    .default(true)
    .describe('keep the best model of all evaluations')
    .meta({ off: 'keep the last model, not the best one' }),
  earlyStoppingPatience: count(0)
    .default(0)
    .describe('number of evaluations without improvement after which training stops')
    .meta({ value: 'count', note: '0: no early stopping' }),
  earlyStoppingThreshold: z
    .number()
    .min(0)
    .default(0)
    .describe('smallest improvement that counts for early stopping')
    .meta({ value: 'gain' }),
});

/**
 * Options that shape a training run. Names and defaults are those of Hugging Face's TrainingArguments; docs/training-options.md
 * lists them with their limits.
 */
export type TrainingOptions = Readonly<z.output<typeof trainingSchema>>;
