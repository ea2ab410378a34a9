/** @file The contract of a storage: where the trials of a study are, and who runs which. */
import { UserError } from '../../platform/errors.js';
import type { Distribution, ParamValue } from '../space/distribution.js';
import type { Direction, TrialRecord, TrialState } from '../trial-record.js';

/** A change of a trial. */
export type TrialChange =
  | { readonly type: 'param'; readonly name: string; readonly distribution: Distribution; readonly value: ParamValue }
  | { readonly type: 'report'; readonly step: number; readonly value: number }
  | { readonly type: 'attribute'; readonly of: 'user' | 'system'; readonly name: string; readonly value: unknown }
  | { readonly type: 'state'; readonly state: TrialState; readonly values?: readonly number[] | undefined };

/** A study in its storage, as one worker has it open. */
export interface StoredStudy {
  readonly name: string;
  readonly directions: readonly Direction[];
  /** In milliseconds: how often a worker is to say that it is alive. */
  readonly heartbeatEvery: number;
  /** Returns what was noted about the study. */
  attributes(): Promise<Readonly<Record<string, unknown>>>;
  /** Notes something about the study. */
  setAttribute(name: string, value: unknown): Promise<void>;
  /** Returns all trials, as they are now. */
  trials(): Promise<readonly TrialRecord[]>;
  /** Adds a trial with given values, which the next worker takes; its `fixed_params` are Optuna's. */
  enqueue(params: Readonly<Record<string, ParamValue>>): Promise<void>;
  /** As {@link enqueue}, if the study has no trials: of several workers at once, one adds the trial. Returns whether this one did. */
  enqueueFirst(params: Readonly<Record<string, ParamValue>>): Promise<boolean>;
  /**
   * Takes a trial to run, one that waits or a new one, as long as fewer than `limit` have begun. Of any number of workers that
   * ask at the same moment, each gets another.
   */
  claim(limit: number): Promise<TrialRecord | undefined>;
  /**
   * Makes changes of a trial that this worker runs, all or none of them.
   *
   * @throws TrialLost if the trial is another worker's by now
   */
  update(trial: number, changes: readonly TrialChange[]): Promise<void>;
  /** Says that this worker is alive and runs these trials. */
  heartbeat(trials: readonly number[]): Promise<void>;
  /** Gives back the trials of workers that are gone. Returns their numbers. */
  reclaim(): Promise<readonly number[]>;
  /** Returns whether other workers run trials, which they finish or which will be given back. */
  othersRun(): Promise<boolean>;
}

/** Holds studies. */
export interface StudyStorage {
  /** What it is, for messages: a path, or `memory`. */
  readonly place: string;
  /**
   * Opens a study; makes it if it is not there.
   *
   * @param directions of a new study, and what an old one must have
   * @throws UserError for a study with other directions
   */
  open(name: string, directions: readonly Direction[]): Promise<StoredStudy>;
  /** Ends connections. */
  close(): Promise<void>;
}

/**
 * How often a worker sends a heartbeat, in milliseconds: ten times in the time after which it counts as gone, and at least once a
 * minute. Timers take no more than 2^31 - 1 ms.
 */
export const heartbeatInterval = (goneAfter: number): number => Math.min(goneAfter / 10, 60_000);

/**
 * The trial was given to another worker, because this one was silent for too long.
 *
 * @example
 * const isLost = (error: unknown) => error instanceof TrialLost;
 */
export class TrialLost extends UserError {
  constructor(number: number) {
    super(`trial ${number} now belongs to another worker, because this one sent no heartbeat for too long`);
  }
}

/** @throws UserError where the study that is there has other directions */
export function checkDirections(
  place: string,
  name: string,
  found: readonly Direction[],
  wanted: readonly Direction[],
): void {
  if (found.join() === wanted.join()) return;
  throw new UserError(
    `${place}: the study ${name} is there already, and it is to ${found.join(', ')}, not to ${wanted.join(', ')}. ` +
      'Give another name, or the same direction.',
  );
}
