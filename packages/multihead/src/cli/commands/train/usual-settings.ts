/**
 * @file What `multihead train` takes for the learning rate and the epochs where they are not given. Transformers' defaults
 * (5e-5, 3 epochs) are for a BERT of 110 million parameters and thousands of examples: a small model hardly moves at such a
 * rate, and a few hundred examples make too few steps.
 */
import { typedNumber } from '../../../platform/option-schemas.js';
import type { UsualTraining } from '../../../tasks/define-task.js';
import { rateFactor } from '../../../training/methods/registry.js';
import { defaultTrainingOptions, type TrainingOptions } from '../../../training/trainer/options.js';
import { kebabCase } from '../../options/schema-options.js';

/**
 * AdamW's rates for models of fewer parameters than BERT-base, smallest first. BERT-Tiny to -Medium (Turc et al. 2019) took up to 3e-4.
 * MiniLM, 22.7 million, gets less from 5e-5 (Banking77 85 %, 91 at 1e-4), and at 3e-4 does not learn SST-2 at all (docs/results.md).
 */
const ratesBySize = [
  { below: 15e6, rate: 3e-4 },
  { below: 45e6, rate: 1e-4 },
];
/** Steps that a new head needs, however few the examples are; and the most epochs that are made for them. */
const fewestSteps = 250;
const mostEpochs = 10;

/** Settings that were not given, and why they are what they are, in words. */
export interface UsualSettings {
  /** Those of training, and of the task. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

/**
 * Chooses them.
 *
 * @param given      options of the command line, of training and of the task
 * @param parameters number of the model's parameters
 * @param examples   number of training examples
 * @param implied    what suits the task and its options better than training in general does
 * @example
 * usualSettings({}, 7.8e6, 384)
 * // { settings: { learningRate: 3e-4, epochs: 6 }, notes: ['learning rate 3e-4: ...', '6 epochs: ...'] }
 */
export function usualSettings(
  given: Partial<TrainingOptions>,
  parameters: number,
  examples: number,
  implied?: UsualTraining,
): UsualSettings {
  if (given.epochs === 0) return { settings: {}, notes: [] };
  const ofTask = implied ? impliedSettings(given, implied) : { settings: {}, notes: [] };
  const general = generalSettings({ ...given, ...ofTask.settings }, parameters, examples);
  return {
    settings: { ...ofTask.settings, ...general.settings },
    notes: [...ofTask.notes, ...general.notes],
  };
}

/** The rate and the epochs. */
function generalSettings(given: Partial<TrainingOptions>, parameters: number, examples: number): UsualSettings {
  const settings: { learningRate?: number; epochs?: number } = {};
  const notes: string[] = [];
  const factor = rateFactor({ method: given.method, freeze: given.freeze ?? 'none' });
  const small = (given.optim ?? 'adamw') === 'adamw' ? ratesBySize.find(({ below }) => parameters < below) : undefined;
  if (given.learningRate === undefined && (small || factor !== 1)) {
    const rate = (small?.rate ?? defaultTrainingOptions.learningRate) * factor;
    settings.learningRate = Number(rate.toPrecision(12));
    const reasons = [
      ...(small ? [`the model is small, ${(parameters / 1e6).toFixed(1)} M parameters`] : []),
      ...(factor === 1 ? [] : [`${given.method} learns best at about ${factor} times the rate of full training`]),
    ];
    notes.push(
      `learning rate ${typedNumber(settings.learningRate)}: ${reasons.join('; ')} (--learning-rate sets another)`,
    );
  }
  if (given.epochs === undefined && !given.maxSteps) {
    const { batchSize = defaultTrainingOptions.batchSize, gradientAccumulationSteps = 1 } = given;
    const stepsPerEpoch = Math.max(1, Math.ceil(examples / (batchSize * gradientAccumulationSteps)));
    const epochs = Math.min(mostEpochs, Math.ceil(fewestSteps / stepsPerEpoch));
    if (epochs > defaultTrainingOptions.epochs) {
      settings.epochs = epochs;
      notes.push(`${epochs} epochs: ${examples} examples make few steps (--epochs sets another number)`);
    }
  }
  return { settings, notes };
}

/** Settings that suit the task, where they are not given. */
function impliedSettings(given: Partial<TrainingOptions>, { of, settings: usual }: UsualTraining): UsualSettings {
  const isOpen = (name: string) =>
    given[name as keyof TrainingOptions] === undefined && !(name === 'epochs' && given.maxSteps);
  const chosen = Object.entries(usual).filter(([name]) => isOpen(name));
  const flags = chosen.map(([name, value]) => {
    if (typeof value === 'boolean') return `--${value ? '' : 'no-'}${kebabCase(name)}`;
    return `--${kebabCase(name)} ${typeof value === 'number' ? typedNumber(value) : value}`;
  });
  const notes = flags.length > 0 ? [`usual for ${of}: ${flags.join(' ')}`] : [];
  return { settings: Object.fromEntries(chosen), notes };
}
