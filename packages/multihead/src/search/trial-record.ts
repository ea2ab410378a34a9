/** @file A trial as storages hold it, and samplers, pruners and reports read it. */
import type { Distribution, ParamValue } from './space/distribution.js';

/** State of a trial. `waiting`: no worker runs it yet, or the worker that ran it gave it back. */
export type TrialState = 'running' | 'complete' | 'pruned' | 'failed' | 'waiting';

/** Whether an objective is to be small or large. */
export type Direction = 'minimize' | 'maximize';

/** Values by name, of parameters that need not all have one. */
export type AnyParams = Readonly<Record<string, ParamValue | undefined>>;

/** A trial of a study. `Params`: its values by name. */
export interface TrialRecord<Params = Readonly<Record<string, ParamValue>>> {
  /** Identifies it in its storage. */
  readonly id: number;
  /** Counts the study's trials from 0. */
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly distributions: Readonly<Record<string, Distribution>>;
  /** A value for each objective. */
  readonly values: readonly number[] | undefined;
  /** Reported values by step. */
  readonly intermediateValues: ReadonlyMap<number, number>;
  readonly userAttributes: Readonly<Record<string, unknown>>;
  readonly systemAttributes: Readonly<Record<string, unknown>>;
  readonly start: Date | undefined;
  readonly end: Date | undefined;
  /** The worker that runs it, or ran it. */
  readonly owner: string | undefined;
}

/** Whether a trial has come to its end. */
export const isFinished = ({ state }: Pick<TrialRecord, 'state'>): boolean =>
  state === 'complete' || state === 'pruned' || state === 'failed';

/** The newest step that a value was reported for. */
export function lastStep({ intermediateValues }: Pick<TrialRecord, 'intermediateValues'>): number | undefined {
  return intermediateValues.size === 0 ? undefined : Math.max(...intermediateValues.keys());
}
