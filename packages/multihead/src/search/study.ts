/** @file A study: its trials run one after the other, or several at a time, until there are as many as were asked for. */
import { z } from 'zod';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { parseOptions, shownValue } from '../platform/option-schemas.js';
import { bestTrial, paretoFront } from './best.js';
import type { Pruner } from './pruners/pruner.js';
import type { Sampler } from './samplers/sampler.js';
import type { ParamValue } from './space/distribution.js';
import { checkEnqueued } from './space/enqueued.js';
import type { SearchSpace } from './space/search-space.js';
import { type StoredStudy, TrialLost } from './storage/storage.js';
import { Trial, TrialInterrupted, TrialPruned } from './trial.js';
import { type Direction, isFinished, lastStep, type TrialRecord } from './trial-record.js';

/** What an objective gives: a number, or one for each objective. */
export type ObjectiveResult = number | readonly number[];

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
  private readonly running = new Set<number>();

  /** Use `search` or `openStudy`. */
  constructor(private readonly parts: StudyParts) {}

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
    return this.parts.sampler.size;
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
  }

  /** Runs trials until there are as many as asked for. */
  async optimize<Params = Readonly<Record<string, ParamValue | undefined>>>(
    objective: Objective<Params>,
    options: OptimizeOptions,
  ): Promise<void> {
    checkOptionNames(options, optimizeNames, 'optimize');
    const { jobs, trials } = parseOptions(counts, { trials: options.trials, jobs: options.jobs }, { of: 'optimize' });
    const { signal } = options;
    const heartbeat = setInterval(() => {
      this.parts.stored.heartbeat([...this.running]).catch(() => undefined); // a storage that is away is met by who writes next
    }, this.parts.stored.heartbeatEvery);
    (heartbeat as { unref?: () => void }).unref?.();
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
      clearInterval(heartbeat);
      await this.refresh();
    }
    if (failure) throw (failure as { readonly error: unknown }).error;
  }

  /** Runs the next trial. Returns whether there was one. */
  private async runOne<Params>(
    objective: Objective<Params>,
    trials: number,
    options: OptimizeOptions,
  ): Promise<boolean> {
    const { stored, sampler, pruner, seed, space } = this.parts;
    await stored.reclaim();
    const record = await stored.claim(Math.min(trials, sampler.size ?? trials));
    if (!record) return false;
    this.running.add(record.id);
    try {
      await this.refresh();
      const trial = new Trial<Params>({
        record,
        study: stored,
        sampler,
        pruner,
        seed,
        space,
        trials: this.trials,
      });
      const error = await this.finish(trial, async () => {
        await trial.begin();
        options.onTrial?.((await this.refresh())[record.number] as TrialRecord);
        return objective(trial);
      });
      options.onTrial?.((await this.refresh())[record.number] as TrialRecord, error);
      if (error !== undefined && !options.keepGoing && !isOutside(error)) throw error;
      return true;
    } finally {
      this.running.delete(record.id);
    }
  }

  /** Runs the objective, and writes what came of it. Returns the error that ended it. */
  private async finish<Params>(
    trial: Trial<Params>,
    objective: () => ObjectiveResult | Promise<ObjectiveResult>,
  ): Promise<unknown> {
    try {
      const values = this.checkedValues(trial.number, await objective());
      await trial.flush({ type: 'state', state: 'complete', values });
      return undefined;
    } catch (error) {
      if (error instanceof TrialLost) return error;
      if (error instanceof TrialInterrupted) await trial.flush({ type: 'state', state: 'waiting' });
      else if (error instanceof TrialPruned) await this.prune(trial);
      else {
        trial.setAttribute('error', error instanceof Error ? error.message : String(error));
        await trial.flush({ type: 'state', state: 'failed' });
        return error;
      }
      return undefined;
    }
  }

  /** A pruned trial has the value that it reported last, as in Optuna. */
  private async prune<Params>(trial: Trial<Params>): Promise<void> {
    await trial.flush();
    const record = (await this.parts.stored.trials())[trial.number] as TrialRecord;
    const step = lastStep(record);
    const value = step === undefined ? Number.NaN : (record.intermediateValues.get(step) as number);
    await trial.flush({ type: 'state', state: 'pruned', values: Number.isFinite(value) ? [value] : undefined });
  }

  private checkedValues(number: number, result: ObjectiveResult): readonly number[] {
    const values = typeof result === 'number' ? [result] : result;
    const { length } = this.directions;
    if (!Array.isArray(values) || values.length !== length) {
      throw new UserError(
        `trial ${number}: the objective returned ${shownValue(result)}; ${length === 1 ? 'a number was' : `${length} numbers were`} expected`,
      );
    }
    if (values.some((value) => typeof value !== 'number' || Number.isNaN(value))) {
      throw new UserError(
        `trial ${number}: the objective returned ${values.map(String).join(', ')}, which cannot be compared`,
      );
    }
    return values;
  }
}

/** Errors that are no fault of the objective: another worker has the trial. */
const isOutside = (error: unknown): boolean => error instanceof TrialLost;

/** How many trials have ended. */
export const finishedCount = (trials: readonly TrialRecord[]): number => trials.filter(isFinished).length;
