/** @file A study: its trials run one after the other, or several at a time, until there are as many as were asked for. */
import { z } from 'zod';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { parseOptions } from '../platform/option-schemas.js';
import { bestTrial, paretoFront } from './best.js';
import { type EndWithoutValue, type ObjectiveResult, type RunningTrial, toldOutcome, writeOutcome } from './outcome.js';
import type { Pruner } from './pruners/pruner.js';
import { type Failure, type Objective, runTrial } from './run-trial.js';
import { RunningTrials } from './running-trials.js';
import type { Sampler } from './samplers/sampler.js';
import type { ParamValue } from './space/distribution.js';
import { checkEnqueued } from './space/enqueued.js';
import type { SearchSpace } from './space/search-space.js';
import { type StoredStudy, TrialLost } from './storage/storage.js';
import { Trial } from './trial.js';
import { type AnyParams, type Direction, isFinished, type TrialRecord } from './trial-record.js';

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

/** Milliseconds until a trial that was given back is looked for again. */
const pause = 500;

/** Milliseconds after which trials whose objectives never wait let timers and signals have their turn. */
const turn = 20;

const delay = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

const counts = z.object({
  trials: z.int().min(0).describe('number of trials'),
  jobs: z.int().min(1).default(1).describe('number of trials that run at the same time'),
});

/**
 * A study: trials and their results. `Params`: the values of its space.
 *
 * @example
 * const study = await openStudy({ direction: 'maximize' });
 * await study.optimize((trial) => trial.suggestFloat('x', 0, 1), { trials: 10 });
 * console.log(study.best?.params, study.trials.length);
 */
export class Study<Params = AnyParams> {
  /** The trials, as they were when they were last read. */
  trials: readonly TrialRecord[] = [];
  private readonly running: RunningTrials;
  /** Trials that `ask` returned, and that run. */
  private readonly asked = new Map<number, RunningTrial>();

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
  get best(): TrialRecord<Params> | undefined {
    return bestTrial(this.trials, this.directions) as TrialRecord<Params> | undefined;
  }

  /** The complete trials that no other one is better than in each objective. */
  get paretoFront(): readonly TrialRecord<Params>[] {
    return paretoFront(this.trials, this.directions) as readonly TrialRecord<Params>[];
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

  /**
   * Adds a trial with given values, as {@link Study.enqueue} does, if the study has no trials yet. Of several processes that do so at
   * the same time, on one storage, only one adds it.
   *
   * @returns whether this process added the trial
   * @throws UserError as {@link Study.enqueue} does
   * @example
   * const study = await openStudy({ space: { x: { type: 'float', low: 0, high: 1 } } });
   * await study.enqueueFirst({ x: 0.5 }); // true
   * await study.enqueueFirst({ x: 0.5 }); // false
   */
  async enqueueFirst(params: Readonly<Record<string, ParamValue>>): Promise<boolean> {
    checkEnqueued(params, this.parts.space);
    const isFirst = await this.parts.stored.enqueueFirst(params);
    await this.refresh();
    return isFirst;
  }

  /**
   * Runs trials until the study has as many as asked for.
   *
   * @throws the first error of an objective, unless `keepGoing`; UserError for an objective that does not return a number for
   *   each objective, and where a parameter is suggested with another distribution than in earlier trials
   * @example
   * const study = await openStudy({ space: { x: { type: 'float', low: -10, high: 10 } } });
   * await study.optimize(({ params: { x } }) => (x - 2) ** 2, { trials: 20, jobs: 4 });
   */
  async optimize(objective: Objective<Params>, options: OptimizeOptions): Promise<void> {
    checkOptionNames(options, optimizeNames, 'optimize');
    const { jobs, trials } = parseOptions(counts, { trials: options.trials, jobs: options.jobs }, { of: 'optimize' });
    const { signal } = options;
    let failure: Failure | undefined;
    let turnBegan = performance.now();
    const work = async () => {
      while (!failure && !signal?.aborted) {
        if (performance.now() - turnBegan > turn) {
          await delay(0);
          turnBegan = performance.now();
          continue; // the signal may have been aborted meanwhile
        }
        try {
          if (await this.runOne(objective, trials, options)) continue;
          if (!(await this.parts.stored.othersRun())) return;
          await delay(pause); // theirs may be given back
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
    if (failure) throw (failure as Failure).error;
  }

  /**
   * Begins a trial, for programs that have a loop of their own; {@link Study.tell} ends it. Its values are in `trial.params` where
   * the study has a space, and are suggested otherwise.
   *
   * @throws UserError where the sampler has no more values, such as a grid whose points have all been tried
   * @example
   * const study = await openStudy({ space: { x: { type: 'float', low: -10, high: 10 } } });
   * for (let i = 0; i < 20; i++) {
   *   const trial = await study.ask();
   *   await study.tell(trial, (trial.params.x - 2) ** 2);
   * }
   * console.log(study.best?.params);
   */
  async ask(): Promise<Trial<Params>> {
    const trial = await this.claim(Number.MAX_SAFE_INTEGER);
    if (!trial) throw new UserError(`ask: all values of the sampler have been tried, in ${this.trials.length} trials`);
    try {
      await trial.begin();
      this.asked.set(trial.id, trial);
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
    if (this.asked.get(trial.id) !== trial) {
      throw new UserError(`tell: trial ${trial.number} is not a running one that this study's ask returned`);
    }
    const end = () => {
      this.asked.delete(trial.id);
      this.running.delete(trial.id);
    };
    try {
      await writeOutcome(stored, trial, toldOutcome(trial.number, result, stored));
    } catch (error) {
      if (error instanceof TrialLost) end();
      throw error;
    }
    end();
    await this.refresh();
  }

  /** Takes a trial that waits, or a new one as long as there are fewer than `limit`. */
  private async claim(limit: number): Promise<Trial<Params> | undefined> {
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
  private async runOne(objective: Objective<Params>, trials: number, options: OptimizeOptions): Promise<boolean> {
    const trial = await this.claim(trials);
    if (!trial) return false;
    const notify = async (failure?: Failure) => {
      const record = (await this.refresh())[trial.number] as TrialRecord;
      options.onTrial?.(record, failure?.error);
      return record;
    };
    try {
      const failure = await runTrial(this.parts.stored, trial, objective, notify);
      const { state } = await notify(failure);
      if (failure && !options.keepGoing && !(failure.error instanceof TrialLost)) throw failure.error;
      if (state === 'waiting' && !options.signal?.aborted) await delay(pause); // it would be taken again at once
      return true;
    } finally {
      this.running.delete(trial.id);
    }
  }
}

/** How many trials have ended. */
export const finishedCount = (trials: readonly TrialRecord[]): number => trials.filter(isFinished).length;
