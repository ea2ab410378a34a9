/** @file A running trial: suggests parameters, records reports, decides on pruning. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { deriveSeed, Random } from '../platform/random.js';
import { showValue } from '../platform/show-value.js';
import type { Pruner } from './pruners/pruner.js';
import type { Sampler, SamplingContext } from './samplers/sampler.js';
import { checkCompatible, IncompatibleDistribution, shownDistribution } from './space/compatible.js';
import {
  checkDistribution,
  contains,
  type Distribution,
  fromInternal,
  isSameDistribution,
  isSingle,
  type ParamValue,
} from './space/distribution.js';
import { checkEnqueuedValue } from './space/enqueued.js';
import { distributionOf, isActive, type SearchSpace } from './space/search-space.js';
import type { StoredStudy, TrialChange } from './storage/storage.js';
import type { AnyParams, TrialRecord } from './trial-record.js';

/** How the values of a number are drawn. */
export interface SuggestOptions {
  /** Draw the logarithm uniformly. Default: false. */
  readonly log?: boolean | undefined;
  /** Distance of neighbouring values. Default: 1 for whole numbers, none for others. */
  readonly step?: number | undefined;
}

const suggestNames = namesOf<SuggestOptions>({ log: true, step: true });

/**
 * Thrown by an objective to end a trial that is not worth continuing; its last reported value counts.
 *
 * @example
 * const objective = async (trial: Trial) => {
 *   const rate = trial.suggestFloat('rate', 1e-5, 1e-1, { log: true });
 *   for (let step = 1; step <= 10; step++) {
 *     trial.report(rate / step, step);
 *     if (await trial.shouldPrune()) throw new TrialPruned();
 *   }
 *   return rate / 10;
 * };
 */
export class TrialPruned extends Error {
  override name = 'TrialPruned';
}

/**
 * Thrown by an objective that was stopped from outside: the trial goes back to the queue with its values, and the next
 * worker takes it.
 *
 * @example
 * const stop = new AbortController();
 * const objective = () => {
 *   if (stop.signal.aborted) throw new TrialInterrupted();
 *   return 1;
 * };
 */
export class TrialInterrupted extends Error {
  override name = 'TrialInterrupted';
}

/** What a trial draws by, and writes to. */
export interface TrialParts {
  readonly record: TrialRecord;
  readonly study: StoredStudy;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;
  readonly seed: number;
  readonly space: SearchSpace | undefined;
  /** All trials of the study, when this one began. */
  readonly trials: readonly TrialRecord[];
}

/**
 * A trial that runs. `Params`: the values of the declared space.
 *
 * @example
 * const objective = (trial: Trial) => (trial.suggestFloat('x', -10, 10) - 2) ** 2;
 * await search({ objective, trials: 20 });
 */
export class Trial<Params = AnyParams> {
  /** Counts the study's trials from 0. */
  readonly number: number;
  private readonly values: Record<string, ParamValue>;
  private readonly distributions: Record<string, Distribution>;
  private readonly fixed: Readonly<Record<string, unknown>>;
  private readonly context: SamplingContext;
  private relative: Readonly<Record<string, number>> | undefined;
  private changes: TrialChange[] = [];
  private readonly reported: Set<number>;
  private hasEnded = false;

  /** Use `search` or `Study.optimize`. */
  constructor(private readonly parts: TrialParts) {
    const { record, study, seed, space, trials } = parts;
    this.number = record.number;
    this.values = { ...record.params };
    this.reported = new Set(record.intermediateValues.keys());
    this.distributions = { ...record.distributions };
    this.fixed = (record.systemAttributes.fixed_params ?? {}) as Readonly<Record<string, unknown>>;
    this.context = {
      number: record.number,
      directions: study.directions,
      seed,
      space,
      trials: trials.filter(({ id }) => id !== record.id),
      random: new Random(deriveSeed(seed, 'trial', record.number)),
    };
  }

  /** Draws the values of the declared space, and writes them to the storage. */
  async begin(): Promise<void> {
    for (const [name, entry] of Object.entries(this.parts.space ?? {})) {
      if (isActive(entry, this.values)) this.suggest(name, distributionOf(entry));
    }
    await this.flush();
  }

  /** Values so far: those of the declared space, and what was suggested. */
  get params(): Params {
    return { ...this.values } as Params;
  }

  /** Whether this is not the first run of the trial: another one was interrupted. */
  get isResumed(): boolean {
    return Object.keys(this.parts.record.params).length > 0;
  }

  /** Number of the trial in its storage. */
  get id(): number {
    return this.parts.record.id;
  }

  /**
   * Draws a number from `low` to `high`, both included.
   *
   * @throws UserError for limits that no value lies between, and for another distribution than in earlier trials of the study
   * @example
   * const objective = (trial: Trial) => trial.suggestFloat('rate', 1e-5, 1e-1, { log: true });
   */
  suggestFloat(name: string, low: number, high: number, options: SuggestOptions = {}): number {
    checkOptionNames(options, suggestNames, 'suggestFloat');
    const { log, step } = options;
    return this.suggest(name, { type: 'float', low, high, log, step }) as number;
  }

  /**
   * Draws a whole number from `low` to `high`, both included.
   *
   * @throws UserError as suggestFloat does
   */
  suggestInt(name: string, low: number, high: number, options: SuggestOptions = {}): number {
    checkOptionNames(options, suggestNames, 'suggestInt');
    const { log, step } = options;
    return this.suggest(name, { type: 'int', low, high, log, step }) as number;
  }

  /**
   * Draws one of several values.
   *
   * @throws UserError for no values, and for others than in earlier trials of the study
   */
  suggestCategorical<Choice extends ParamValue>(name: string, choices: readonly Choice[]): Choice {
    return this.suggest(name, { type: 'categorical', choices }) as Choice;
  }

  /**
   * Reports a value of the objective at a step, such as an epoch, for pruners and reports. Of several values of one step, the
   * first counts, as in Optuna.
   *
   * @param step from 0 on
   * @throws UserError for a study with several objectives, a value that is not a number, and a step that is not a whole number
   */
  report(value: number, step: number): void {
    if (this.parts.study.directions.length > 1) {
      throw new UserError('report: a study with several objectives has no intermediate values');
    }
    if (!Number.isSafeInteger(step) || step < 0)
      throw new UserError(`report: step is ${showValue(step)}; a whole number from 0 was expected`);
    if (typeof value !== 'number') throw new UserError(`report: value is ${showValue(value)}; a number was expected`);
    if (this.reported.has(step)) return;
    this.reported.add(step);
    this.changes.push({ type: 'report', step, value });
  }

  /**
   * Whether what was reported is so much worse than other trials that this one is to end by a {@link TrialPruned}.
   *
   * @throws TrialLost if the trial is another worker's by now
   */
  async shouldPrune(): Promise<boolean> {
    const { pruner, study, record } = this.parts;
    await this.flush();
    if (!pruner) return false;
    const trials = await study.trials();
    const trial = trials[record.number] as TrialRecord;
    const { prune, attributes } = pruner.decide({
      trial,
      trials,
      name: study.name,
      direction: study.directions[0] ?? 'minimize',
    });
    for (const [name, value] of Object.entries(attributes ?? {})) {
      this.changes.push({ type: 'attribute', of: 'system', name, value });
    }
    await this.flush();
    return prune;
  }

  /**
   * Notes something about the trial, such as a path or a second metric.
   *
   * @param value what JSON can hold: texts, numbers, true, false, null, and lists and objects of these
   * @throws UserError for other values
   */
  setAttribute(name: string, value: unknown): void {
    const odd = withoutJson(value);
    if (odd !== undefined) {
      throw new UserError(`setAttribute: ${name} holds ${odd.shown}; texts, numbers, lists and objects were expected`);
    }
    this.changes.push({ type: 'attribute', of: 'user', name, value });
  }

  /** Writes what has gathered, with further changes, to the storage. */
  async flush(...further: readonly TrialChange[]): Promise<void> {
    const pending = this.changes;
    this.changes = [];
    if (pending.length + further.length === 0) return;
    if (this.hasEnded) {
      throw new UserError(
        `trial ${this.number} has ended, and what it reports can no longer be written. Await everything before the objective returns.`,
      );
    }
    try {
      await this.parts.study.update(this.id, [...pending, ...further]);
      this.hasEnded = further.some(({ type }) => type === 'state');
    } catch (error) {
      // What could not be written is written with the next changes; what was refused would be refused again.
      if (!(error instanceof IncompatibleDistribution)) this.changes = [...pending, ...this.changes];
      throw error;
    }
  }

  private suggest(name: string, given: Distribution): ParamValue {
    const distribution = checkDistribution(name, given);
    if (Object.hasOwn(this.values, name)) {
      const known = this.distributions[name] as Distribution;
      if (known.type === distribution.type && contains(distribution, this.values[name]))
        return this.values[name] as ParamValue;
      if (isSameDistribution(known, distribution)) return this.values[name] as ParamValue;
      throw new UserError(`${name}: was suggested in this trial before, with another distribution`);
    }
    checkCompatible(`trial ${this.number}`, this.context.trials, name, distribution);
    const value = this.draw(name, distribution);
    this.values[name] = value;
    this.distributions[name] = distribution;
    this.changes.push({ type: 'param', name, distribution, value });
    return value;
  }

  private draw(name: string, distribution: Distribution): ParamValue {
    if (Object.hasOwn(this.fixed, name)) {
      checkEnqueuedValue(`trial ${this.number}`, name, this.fixed[name], distribution);
      return this.fixed[name] as ParamValue;
    }
    if (isSingle(distribution)) {
      return distribution.type === 'categorical' ? (distribution.choices[0] as ParamValue) : distribution.low;
    }
    const { sampler } = this.parts;
    this.relative ??= sampler.sampleRelative?.(this.context) ?? {};
    const drawn = fromInternal(distribution, this.relative[name] ?? Number.NaN);
    if (Object.hasOwn(this.relative, name) && contains(distribution, drawn)) return drawn;
    const independent = fromInternal(distribution, sampler.sampleIndependent(this.context, name, distribution));
    if (contains(distribution, independent)) return independent;
    throw new UserError(
      `trial ${this.number}: the sampler drew ${showValue(independent)} for ${name}, which is ${shownDistribution(distribution)}`,
    );
  }
}

/** A value, or one within it, that JSON cannot hold. Fields without a value are left out. */
function withoutJson(value: unknown, depth = 0): { readonly shown: string } | undefined {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  const isPlain =
    typeof value === 'object' && [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain || depth > maxDepth) return { shown: showValue(value) };
  const inner = Array.isArray(value) ? value : Object.values(value as object).filter((field) => field !== undefined);
  for (const each of inner) {
    const odd = withoutJson(each, depth + 1);
    if (odd) return odd;
  }
  return undefined;
}

/** Values that lie deeper hold themselves. */
const maxDepth = 100;
