/** @file The best trials of a study. */
import { nonDominatedFronts } from './dominance.js';
import type { Direction, TrialRecord } from './trial-record.js';

/** A trial with values. */
type Valued = TrialRecord & { readonly values: readonly number[] };

/** The complete trials. */
export const completeTrials = (trials: readonly TrialRecord[]): readonly Valued[] =>
  trials.filter((trial): trial is Valued => trial.state === 'complete' && trial.values !== undefined);

/** Values of which smaller ones are better. */
export const losses = (values: readonly number[], directions: readonly Direction[]): number[] =>
  values.map((value, i) => (directions[i] === 'maximize' ? -value : value));

/**
 * The best complete trial, the first of equal ones; undefined where there is none, or several objectives.
 *
 * @example
 * const study = await search({ objective: (trial) => trial.suggestFloat('x', 0, 1), trials: 9 });
 * bestTrial(study.trials, study.directions)?.params
 */
export function bestTrial(trials: readonly TrialRecord[], directions: readonly Direction[]): TrialRecord | undefined {
  if (directions.length !== 1) return undefined;
  const loss = ({ values }: Valued) => losses(values, directions)[0] as number;
  return completeTrials(trials).reduce<Valued | undefined>(
    (best, trial) => (best && loss(best) <= loss(trial) ? best : trial),
    undefined,
  );
}

/**
 * The complete trials that no other one dominates: nowhere worse, and better in one objective.
 *
 * @example
 * const objective = (trial: Trial) => [trial.suggestFloat('x', 0, 1), trial.suggestFloat('y', 0, 1)];
 * const study = await search({ objective, trials: 9, direction: ['minimize', 'maximize'] });
 * for (const { params, values } of paretoFront(study.trials, study.directions)) console.log(values, params);
 */
export function paretoFront(trials: readonly TrialRecord[], directions: readonly Direction[]): readonly TrialRecord[] {
  const complete = completeTrials(trials).map((trial) => ({ trial, loss: losses(trial.values, directions) }));
  const [front = []] = nonDominatedFronts(complete, ({ loss }) => loss);
  return front.map(({ trial }) => trial);
}
