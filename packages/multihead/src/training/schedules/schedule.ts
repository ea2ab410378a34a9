/**
 * @file Learning-rate schedules: the factor by which the rate is multiplied at each step. Names, settings and values are
 * those of Hugging Face's `get_scheduler`. Steps count from 0; the first step of a run with warm-up has rate 0, as there.
 */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, likelyName, namesOf } from '../../platform/option-names.js';

/** Position of a step in a run. */
export interface SchedulePoint {
  /** Counts from 0. */
  readonly step: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
  /** Peak learning rate, for settings that are rates (`lrEnd`, `minLr`). Default: 1. */
  readonly learningRate?: number;
}

/** The shape of a rise or fall. */
export type Ramp = 'linear' | 'cosine' | '1-sqrt';

/** Settings of individual schedules: Hugging Face's `lr_scheduler_kwargs` in camelCase. */
export interface ScheduleSettings {
  /** cosines, warmup_stable_decay: waves (default: 0.5, down once); cosine_with_restarts: falls (default: 1). */
  readonly numCycles?: number;
  /** cosines with min_lr: the share of the peak at their end. Default: 0.1 (Hugging Face has no default). */
  readonly minLrRate?: number;
  /** cosines with min_lr, instead of minLrRate, and reduce_lr_on_plateau: the rate below which it does not fall. */
  readonly minLr?: number;
  /** cosine_warmup_with_min_lr: the share of the peak at the first step. Default: 1 / warm-up steps. */
  readonly warmupLrRate?: number;
  /** polynomial: the rate at its end. Default: 1e-7. */
  readonly lrEnd?: number;
  /** polynomial. Default: 1. */
  readonly power?: number;
  /** inverse_sqrt: steps in which the rate falls to 1 / sqrt 2 of the peak. Default: the warm-up's, or 10,000. */
  readonly timescale?: number;
  /** warmup_stable_decay: steps of the fall. Default: a tenth of the run (Hugging Face has no default). */
  readonly numDecaySteps?: number;
  /** warmup_stable_decay: steps at the peak. Default: what warm-up and fall leave. */
  readonly numStableSteps?: number;
  /** warmup_stable_decay: how the rate rises. Default: linear. */
  readonly warmupType?: Ramp;
  /** warmup_stable_decay: how it falls. Default: cosine. */
  readonly decayType?: Ramp;
  /** warmup_stable_decay: the share of the peak at its beginning and end. Default: 0. */
  readonly minLrRatio?: number;
  /** reduce_lr_on_plateau: the rate is multiplied by this. Default: 0.1. */
  readonly factor?: number;
  /** reduce_lr_on_plateau: evaluations without a gain that are waited for. Default: 10. */
  readonly patience?: number;
  /** reduce_lr_on_plateau: a gain is more than this share of the best. Default: 1e-4. */
  readonly threshold?: number;
  /** reduce_lr_on_plateau: evaluations after a fall that do not count. Default: 0. */
  readonly cooldown?: number;
}

const scheduleSettingNames = namesOf<ScheduleSettings>({
  numCycles: true,
  minLrRate: true,
  minLr: true,
  warmupLrRate: true,
  lrEnd: true,
  power: true,
  timescale: true,
  numDecaySteps: true,
  numStableSteps: true,
  warmupType: true,
  decayType: true,
  minLrRatio: true,
  factor: true,
  patience: true,
  threshold: true,
  cooldown: true,
});

/** The rate at a polynomial's end, where none is given. */
const usualLrEnd = 1e-7;

/** From warm-up's end to the run's: 0 to 1. */
const progress = ({ step, warmupSteps, totalSteps }: SchedulePoint): number =>
  (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);

/** The share of the peak at the end of a cosine with a least rate. */
const leastShare = ({ learningRate = 1 }: SchedulePoint, { minLr, minLrRate = 0.1 }: ScheduleSettings): number =>
  minLr === undefined ? minLrRate : minLr / learningRate;

const cosine = (share: number, cycles = 0.5): number => 0.5 * (1 + Math.cos(2 * Math.PI * cycles * share));

type Schedule = (point: SchedulePoint, settings: ScheduleSettings) => number;

/** After warm-up: the factor at a point. */
const schedules = {
  linear: ({ step, warmupSteps, totalSteps }) =>
    Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps)),
  cosine: (point, { numCycles }) => Math.max(0, cosine(progress(point), numCycles)),
  cosine_with_restarts: (point, { numCycles = 1 }) => {
    const share = progress(point);
    return share >= 1 ? 0 : Math.max(0, cosine((numCycles * share) % 1));
  },
  cosine_with_min_lr: (point, settings) => {
    const least = leastShare(point, settings);
    return Math.max(0, least + (1 - least) * cosine(progress(point), settings.numCycles));
  },
  // A step ahead of the others: no step has rate 0, and the last one has the least.
  cosine_warmup_with_min_lr: (point, settings) => {
    const least = leastShare(point, settings);
    const share = progress({ ...point, step: point.step + 1 });
    return Math.max(0, least + (1 - least) * cosine(share, settings.numCycles));
  },
  polynomial: (point, { lrEnd = usualLrEnd, power = 1 }) => {
    const end = lrEnd / (point.learningRate ?? 1);
    return end + (1 - end) * Math.max(0, 1 - progress(point)) ** power;
  },
  constant: () => 1,
  constant_with_warmup: () => 1,
  inverse_sqrt: ({ step, warmupSteps }, { timescale = warmupSteps || 10_000 }) =>
    1 / Math.sqrt((step - warmupSteps + timescale) / timescale),
  warmup_stable_decay: ({ step, warmupSteps, totalSteps }, settings) => {
    const { numDecaySteps = Math.ceil(totalSteps / 10), decayType = 'cosine', minLrRatio = 0, numCycles } = settings;
    const { numStableSteps = totalSteps - warmupSteps - numDecaySteps } = settings;
    const falling = step - warmupSteps - numStableSteps;
    if (falling < 0) return 1;
    if (falling >= numDecaySteps) return minLrRatio;
    return Math.max(
      0,
      minLrRatio + (1 - minLrRatio) * falls[decayType](falling / Math.max(1, numDecaySteps), numCycles),
    );
  },
  // What it is multiplied by depends on the evaluations: see plateau.ts.
  reduce_lr_on_plateau: () => 1,
} satisfies Record<string, Schedule>;

const falls: Readonly<Record<Ramp, (share: number, cycles?: number) => number>> = {
  linear: (share) => 1 - share,
  cosine,
  '1-sqrt': (share) => 1 - Math.sqrt(share),
};

const rises: Readonly<Record<Ramp, (share: number) => number>> = {
  linear: (share) => share,
  cosine: (share) => 0.5 * (1 - Math.cos(Math.PI * share)),
  '1-sqrt': (share) => 1 - Math.sqrt(1 - share),
};

/** During warm-up: the factor at a point, where it is not just the share of its steps. */
const warmups: Readonly<Record<string, Schedule>> = {
  cosine_warmup_with_min_lr: ({ step, warmupSteps }, { warmupLrRate }) =>
    warmupLrRate === undefined
      ? (step + 1) / warmupSteps
      : warmupLrRate + ((1 - warmupLrRate) * step) / Math.max(1, warmupSteps - 1),
  warmup_stable_decay: ({ step, warmupSteps }, { warmupType = 'linear', minLrRatio = 0 }) =>
    Math.max(0, minLrRatio + (1 - minLrRatio) * rises[warmupType](step / warmupSteps)),
};

/** The name of a schedule. */
export type ScheduleName = keyof typeof schedules;

/** The names of all schedules. */
export const scheduleNames = Object.keys(schedules) as ScheduleName[];

/** Hugging Face's schedules without warmup. */
const withoutWarmup: readonly ScheduleName[] = ['constant', 'reduce_lr_on_plateau'];

/**
 * Computes the factor of a schedule at a step: rising from 0 to 1 over the warmup steps, then given by the schedule.
 *
 * @example
 * scheduleFactor('cosine', { step: 150, warmupSteps: 100, totalSteps: 200 }) // 0.5
 */
export function scheduleFactor(name: ScheduleName, point: SchedulePoint, settings: ScheduleSettings = {}): number {
  checkOptionNames(settings, scheduleSettingNames, 'scheduleFactor');
  const { step, warmupSteps } = point;
  if (withoutWarmup.includes(name) || step >= warmupSteps) return schedules[name](point, settings);
  return warmups[name]?.(point, settings) ?? step / warmupSteps;
}

/** The settings of each schedule. */
export const settingsOf: Readonly<Record<ScheduleName, readonly (keyof ScheduleSettings)[]>> = {
  linear: [],
  cosine: ['numCycles'],
  cosine_with_restarts: ['numCycles'],
  cosine_with_min_lr: ['numCycles', 'minLr', 'minLrRate'],
  cosine_warmup_with_min_lr: ['numCycles', 'minLr', 'minLrRate', 'warmupLrRate'],
  polynomial: ['lrEnd', 'power'],
  constant: [],
  constant_with_warmup: [],
  inverse_sqrt: ['timescale'],
  warmup_stable_decay: ['numDecaySteps', 'numStableSteps', 'warmupType', 'decayType', 'minLrRatio', 'numCycles'],
  reduce_lr_on_plateau: ['factor', 'patience', 'threshold', 'cooldown', 'minLr'],
};

const ramps = Object.keys(falls);

/**
 * Validates the settings of a schedule.
 *
 * @param learningRate the peak
 * @throws UserError that names the setting, its value and what was expected
 */
export function checkScheduleSettings(name: ScheduleName, settings: ScheduleSettings, learningRate = 1): void {
  const known = settingsOf[name];
  for (const [key, value] of Object.entries(settings)) {
    if (!(known as readonly string[]).includes(key)) {
      const those = known.length === 0 ? 'it has none' : `it has: ${known.join(', ')}`;
      const likely = likelyName(key, known);
      const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
      throw new UserError(`lrSchedulerKwargs: ${name} has no setting "${key}"; ${those}${hint}`);
    }
    const isRamp = key === 'warmupType' || key === 'decayType';
    const holds = isRamp ? ramps.includes(String(value)) : typeof value === 'number' && value >= 0 && value < 1e12;
    const expected = isRamp ? `one of ${ramps.join(', ')}` : 'a number from 0';
    if (!holds) throw new UserError(`lrSchedulerKwargs: ${key} is ${JSON.stringify(value)}; it must be ${expected}`);
  }
  const { factor, timescale, minLr, minLrRate, lrEnd = usualLrEnd } = settings;
  if (minLr !== undefined && minLrRate !== undefined) {
    throw new UserError(`lrSchedulerKwargs: minLr is ${minLr} and minLrRate ${minLrRate}; give one of them`);
  }
  if (name === 'polynomial' && lrEnd >= learningRate) {
    throw new UserError(`lrSchedulerKwargs: lrEnd is ${lrEnd}; it must be below the learning rate, ${learningRate}`);
  }
  if (factor !== undefined && factor >= 1)
    throw new UserError(`lrSchedulerKwargs: factor is ${factor}; it must be below 1`);
  if (timescale === 0) throw new UserError('lrSchedulerKwargs: timescale is 0; it must be above 0');
}

/**
 * Computes the factor of the linear schedule with warmup.
 *
 * @example
 * linearSchedule(50, 100, 1000) // 0.5
 */
export const linearSchedule = (step: number, warmupSteps: number, totalSteps: number): number =>
  scheduleFactor('linear', { step, warmupSteps, totalSteps });
