/**
 * @file Learning-rate schedules: the factor by which the rate is multiplied at each step. Names and values are those of
 * Hugging Face's `get_scheduler`. Steps count from 0; the first step of a run with warm-up has rate 0, as there.
 */

/** Where a step is in a run. */
export interface SchedulePoint {
  /** Counts from 0. */
  readonly step: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/** From warm-up's end to the run's: 0 to 1. */
const progress = ({ step, warmupSteps, totalSteps }: SchedulePoint): number =>
  (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);

const cosine = (share: number): number => 0.5 * (1 + Math.cos(Math.PI * share));

/** The share of the peak rate that cosine_with_min_lr ends at. */
const leastShare = 0.1;

/** After warm-up: the factor at a point. */
const schedules = {
  linear: ({ step, warmupSteps, totalSteps }: SchedulePoint) =>
    Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps)),
  cosine: (point: SchedulePoint) => Math.max(0, cosine(progress(point))),
  cosine_with_min_lr: (point: SchedulePoint) => leastShare + (1 - leastShare) * cosine(Math.min(1, progress(point))),
  constant: () => 1,
  constant_with_warmup: () => 1,
  inverse_sqrt: ({ step, warmupSteps }: SchedulePoint) => {
    const timescale = warmupSteps || 10_000;
    return 1 / Math.sqrt((step - warmupSteps + timescale) / timescale);
  },
} satisfies Record<string, (point: SchedulePoint) => number>;

/** The name of a schedule. */
export type ScheduleName = keyof typeof schedules;

/** All names. */
export const scheduleNames = Object.keys(schedules) as ScheduleName[];

/**
 * The factor of a schedule at a step: from 0 up to 1 over the warm-up steps, then as the schedule says.
 *
 * @example
 * scheduleFactor('cosine', { step: 150, warmupSteps: 100, totalSteps: 200 }) // 0.5
 */
export function scheduleFactor(name: ScheduleName, point: SchedulePoint): number {
  // Hugging Face's `constant` is the one that knows no warm-up.
  if (name !== 'constant' && point.step < point.warmupSteps) return point.step / Math.max(1, point.warmupSteps);
  return schedules[name](point);
}

/** The linear schedule with warm-up. */
export const linearSchedule = (step: number, warmupSteps: number, totalSteps: number): number =>
  scheduleFactor('linear', { step, warmupSteps, totalSteps });
