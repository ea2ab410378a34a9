/** @file A study: its trials run one after the other, or several at a time, until there are as many as were asked for. */
import { z } from 'zod';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { parseOptions } from '../platform/option-schemas.js';
import { bestTrial, paretoFront } from './best.js';
import {
  completeOutcome,
  type EndWithoutValue,
  type ObjectiveResult,
  type RunningTrial,
  writeOutcome,
} from './outcome.js';
import type { Pruner } from './pruners/pruner.js';
import { RunningTrials } from './running-trials.js';
import type { Sampler } from './samplers/sampler.js';
import type { ParamValue } from './space/distribution.js';
import { checkEnqueued } from './space/enqueued.js';
import type { SearchSpace } from './space/search-space.js';
import { type StoredStudy, TrialLost } from './storage/storage.js';
import { Trial, TrialInterrupted, TrialPruned } from './trial.js';
import { type Direction, isFinished, type TrialRecord } from './trial-record.js';

/** Computes what is to be small or large. */
export type Objective<Params = Readonly<Record<string, ParamValue | undefined>>> = (
  trial: Trial<Params>,
) => ObjectiveResult | Promise<ObjectiveResult>;

/** What a study is made of. */
export interface StudyParts {
  readonly stored: StoredStudy;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;
  readonly seed: number;
  readonly space: SearchSpace | undefined;
}

/** How trials are run. */
export interface OptimizeOptions {
  /** Number of trials of the study, those that are there already included. */
  readonly trials: number;
  /** Number of trials that run at the same time. Default: 1. */
  readonly jobs?: number | undefined;
  /** Whether an error of the objective ends the trial only, not the search. Default: false. */
  readonly keepGoing?: boolean | undefined;
  /** Ends the search: no new trial begins. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a trial has begun or ended. */
  readonly onTrial?: ((trial: TrialRecord, error?: unknown) => void) | undefined;
}

/** The names of {@link OptimizeOptions}. */
export const optimizeNames = namesOf<OptimizeOptions>({
  trials: true,
  jobs: true,
  keepGoing: true,
  signal: true,
  onTrial: true,
});

/** In milliseconds: how often it is looked whether a trial was given back. */
const pause = 500;

const counts = z.object({
  trials: z.int().min(0).describe('number of trials'),
  jobs: z.int().min(1).default(1).describe('number of trials that run at the same time'),
});

/**
 * Trials and what they came to.
 *
 * @example
 * const study = await openStudy({ direction: 'maximize' });
 * await study.optimize((trial) => trial.suggestFloat('x', 0, 1), { trials: 10 });
 * console.log(study.best?.params, study.trials.length);
 */
export class Study {
  /** The trials, as they were when they were last read. */
  trials: readonly TrialRecord[] = [];
  private readonly running: RunningTrials;

  /** Use `search` or `openStudy`. */
  constructor(private readonly parts: StudyParts) {
    this.running = new RunningTrials(parts.stored);
  }

  /** The study's name in its storage. */
  get name(): string {
    return this.parts.stored.name;
  }

  /** Whether each objective is to be small or large. */
  get directions(): readonly Direction[] {
    return this.parts.stored.directions;
  }

  /** The most trials that its sampler has values for, such as the points of a grid; undefined for any number. */
  get size(): number | undefined {
    return this.parts.sampler.size?.(this.trials);
  }

  /** The best complete trial; undefined where there is none, or several objectives. */
  get best(): TrialRecord | undefined {
    return bestTrial(this.trials, this.directions);
  }

  /** The complete trials that no other one is better than in each objective. */
  get paretoFront(): readonly TrialRecord[] {
    return paretoFront(this.trials, this.directions);
  }

  /** Reads the trials anew. */
  async refresh(): Promise<readonly TrialRecord[]> {
    this.trials = await this.parts.stored.trials();
    return this.trials;
  }

  /**
   * Adds a trial with given values, to be run next; parameters that are left out are drawn.
   *
   * @throws UserError for parameters that the declared space does not have, and for values that it excludes
   */
  async enqueue(params: Readonly<Record<string, ParamValue>>): Promise<void> {
    checkEnqueued(params, this.parts.space);
    await this.parts.stored.enqueue(params);
    await this.refresh();
  }

  /** Runs trials until there are as many as asked for. */
  async optimize<Params = Readonly<Record<string, ParamValue | undefined>>>(
    objective: Objective<Params>,
    options: OptimizeOptions,
  ): Promise<void> {
    checkOptionNames(options, optimizeNames, 'optimize');
    const { jobs, trials } = parseOptions(counts, { trials: options.trials, jobs: options.jobs }, { of: 'optimize' });
    const { signal } = options;
    let failure: { readonly error: unknown } | undefined;
    const work = async () => {
      while (!failure && !signal?.aborted) {
        try {
          if (await this.runOne(objective, trials, options)) continue;
          if (!(await this.parts.stored.othersRun())) return;
          await new Promise((done) => setTimeout(done, pause)); // theirs may be given back
        } catch (error) {
          failure ??= { error };
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: jobs }, work));
    } finally {
      await this.refresh();
    }
    if (failure) throw (failure as { readonly error: unknown }).error;
  }

  /**
   * Begins a trial, for programs that have a loop of their own; {@link Study.tell} ends it. Its values are in `trial.params` where
   * the study has a space, and are suggested otherwise.
   *
   * @throws UserError where the sampler has no more values, such as a grid whose points have all been tried
   * @example
   * const study = await openStudy({ space: { x: { type: 'float', low: -10, high: 10 } } });
   * for (let i = 0; i < 20; i++) {
   *   const trial = await study.ask<{ x: number }>();
   *   await study.tell(trial, (trial.params.x - 2) ** 2);
   * }
   * console.log(study.best?.params);
   */
  async ask<Params = Readonly<Record<string, ParamValue | undefined>>>(): Promise<Trial<Params>> {
    const trial = await this.claim<Params>(Number.MAX_SAFE_INTEGER);
    if (!trial) throw new UserError(`ask: all values of the sampler have been tried, in ${this.trials.length} trials`);
    try {
      await trial.begin();
      return trial;
    } catch (error) {
      this.running.delete(trial.id);
      if (!(error instanceof TrialLost)) await writeOutcome(this.parts.stored, trial, { state: 'failed', error });
      throw error;
    }
  }

  /**
   * Ends a trial that {@link Study.ask} returned.
   *
   * @param result its value, or its values of several objectives; or how it ended without: `{ state: 'pruned' }`,
   *   `{ state: 'failed', error }`, or `{ state: 'waiting' }` for the next worker to take it
   * @throws UserError for a result that is not a number, after which the trial still runs, and for a trial that has ended;
   *   TrialLost if it is another worker's by now
   * @example
   * const study = await openStudy({ direction: 'maximize' });
   * const trial = await study.ask();
   * await study.tell(trial, trial.suggestFloat('x', 0, 1));
   */
  async tell(trial: RunningTrial, result: ObjectiveResult | EndWithoutValue): Promise<void> {
    const { stored } = this.parts;
    const { id, number } = trial;
    if (!this.running.has(id)) {
      throw new UserError(`tell: trial ${number} is not running in this study; each trial of ask is ended once`);
    }
    const isEnd = typeof result === 'object' && 'state' in result;
    try {
      await writeOutcome(stored, trial, isEnd ? result : completeOutcome(number, result, stored));
    } catch (error) {
      if (error instanceof TrialLost) this.running.delete(id);
      throw error;
    }
    this.running.delete(id);
    await this.refresh();
  }

  /** Takes a trial that waits, or a new one as long as there are fewer than `limit`. */
  private async claim<Params>(limit: number): Promise<Trial<Params> | undefined> {
    const { stored, sampler, pruner, seed, space } = this.parts;
    await stored.reclaim();
    const most = sampler.size?.(await this.refresh()) ?? limit;
    const record = await stored.claim(Math.min(limit, most));
    if (!record) return undefined;
    this.running.add(record.id);
    try {
      const trials = await this.refresh();
      return new Trial<Params>({ record, study: stored, sampler, pruner, seed, space, trials });
    } catch (error) {
      this.running.delete(record.id);
      throw error;
    }
  }

  /** Runs the next trial. Returns whether there was one. */
  private async runOne<Params>(
    objective: Objective<Params>,
    trials: number,
    options: OptimizeOptions,
  ): Promise<boolean> {
    const trial = await this.claim<Params>(trials);
    if (!trial) return false;
    const current = async () => (await this.refresh())[trial.number] as TrialRecord;
    try {
      const error = await this.finish(trial, async () => {
        await trial.begin();
        options.onTrial?.(await current());
        return objective(trial);
      });
      options.onTrial?.(await current(), error);
      if (error !== undefined && !options.keepGoing && !isOutside(error)) throw error;
      return true;
    } finally {
      this.running.delete(trial.id);
    }
  }

  /** Runs the objective, and writes what came of it. Returns the error that ended it. */
  private async finish<Params>(
    trial: Trial<Params>,
    objective: () => ObjectiveResult | Promise<ObjectiveResult>,
  ): Promise<unknown> {
    const { stored } = this.parts;
    try {
      await writeOutcome(stored, trial, completeOutcome(trial.number, await objective(), stored));
      return undefined;
    } catch (error) {
      if (error instanceof TrialLost) return error;
      const outcome = outcomeOf(error);
      try {
        await writeOutcome(stored, trial, outcome);
      } catch (lost) {
        if (lost instanceof TrialLost) return lost;
        throw lost;
      }
      return outcome.state === 'failed' ? error : undefined;
    }
  }
}

/** How a trial ends whose objective throws. */
function outcomeOf(error: unknown): EndWithoutValue {
  if (error instanceof TrialInterrupted) return { state: 'waiting' };
  return error instanceof TrialPruned ? { state: 'pruned' } : { state: 'failed', error };
}

/** Errors that are no fault of the objective: another worker has the trial. */
const isOutside = (error: unknown): boolean => error instanceof TrialLost;

/** How many trials have ended. */
export const finishedCount = (trials: readonly TrialRecord[]): number => trials.filter(isFinished).length;
