/** @file The objective of a search on the command line: a trial trains in a process of its own, and is judged by its report. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../../platform/errors.js';
import type { ObjectiveResult } from '../../../search/outcome.js';
import { type Trial, TrialInterrupted, TrialPruned } from '../../../search/trial.js';
import { UnknownMetric } from '../../../training/trainer/best-model.js';
import { eventsUntil, readEvents } from '../../run/events-file.js';
import { untilFree } from '../../run/run-lock.js';
import { type Measure, measuredIn, measuredName, measuredValue } from './measured.js';
import { optionValues } from './space-file.js';
import { startTrial, type TrialEvent, type TrialProcess } from './start-trial.js';

/** What all trials have in common. */
export interface TrialRuns {
  readonly task: string;
  readonly command: Command;
  /** The options of `multihead train`. */
  readonly options: Readonly<Record<string, unknown>> & { readonly output: string; readonly seeds?: readonly number[] };
  readonly measures: readonly Measure[];
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  /** Called as a trial goes on: so much of it is done, from 0 to 1. */
  readonly onProgress: (trial: number, share: number) => void;
}

/** The folder of a trial. */
export const trialFolder = (output: string, number: number): string => join(output, `trial-${number}`);

/** Runs a trial. */
export async function trainTrial(trial: Trial, runs: TrialRuns): Promise<ObjectiveResult> {
  const { options, measures, signal } = runs;
  const output = trialFolder(options.output, trial.number);
  const again = { resume: trial.isResumed, overwrite: !trial.isResumed };
  const values = { ...options, ...optionValues(runs.command, trial.params), ...again, output, json: true };
  if (trial.isResumed) {
    for (const folder of options.seeds?.map((seed) => join(output, `seed-${seed}`)) ?? [output])
      await untilFree(folder, signal);
  }
  if (signal.aborted) throw new TrialInterrupted();
  const child = startTrial({ task: runs.task, options: values }, runs.threads);
  const interrupt = () => child.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    const [first] = options.seeds ?? [];
    const folder = first === undefined ? output : join(output, `seed-${first}`);
    const listener = new TrialListener(trial, measures, folder, (share) =>
      runs.onProgress(trial.number, share / (options.seeds?.length ?? 1)),
    );
    const isPruned = await listen(child, listener);
    if (isPruned) throw new TrialPruned();
    if (signal.aborted) throw new TrialInterrupted();
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  const measured = await measuredIn(output, options.seeds);
  trial.setAttribute('metrics', measured.metrics);
  trial.setAttribute('mainMetric', measured.mainMetric);
  return measures.map((measure) => measuredValue(measure, measured));
}

/** Follows a run to its end, or to where it is pruned. */
async function listen(child: TrialProcess, listener: TrialListener): Promise<boolean> {
  let isPruned = false;
  let failure: unknown;
  const end = await child.run(async (event) => {
    if (isPruned || failure !== undefined) return;
    try {
      isPruned = await listener.onEvent(event);
    } catch (error) {
      failure = error; // such as a storage that is away, or a trial that another worker has
    }
    if (isPruned || failure !== undefined) child.kill();
  });
  if (failure !== undefined) throw failure;
  if (isPruned) return true;
  if (end.type === 'failed') throw end.isUnknownMetric ? new UnknownMetric(end.message) : new UserError(end.message);
  if (end.type === 'ended by' && end.signal !== 'SIGTERM' && end.signal !== 'SIGINT') {
    throw new UserError(`the run was ended by ${end.signal}; the system does so where memory is short`);
  }
  if (end.type === 'ended by') throw new TrialInterrupted();
  return false;
}

/** Reports the evaluations of a trial's first seed, by their count: trials with batches of other sizes are compared, too. */
class TrialListener {
  private evaluations = 0;
  private starts = 0;
  private totalSteps = 0;

  constructor(
    private readonly trial: Trial,
    private readonly measures: readonly Measure[],
    /** The folder of the first run. */
    private readonly folder: string,
    /** Called with the number of runs done, one for each seed: 1.5 in the middle of the second. */
    private readonly onProgress: (runs: number) => void,
  ) {}

  /**
   * Returns whether the trial is to be pruned.
   *
   * @throws UnknownMetric for an objective that evaluations do not have
   */
  async onEvent(event: TrialEvent): Promise<boolean> {
    if (event.type === 'start') {
      this.starts++;
      this.totalSteps = event.totalSteps;
      if (event.resumedAt > 0 && this.starts === 1) this.evaluations = this.before(event.resumedAt);
    }
    if ('step' in event) this.onProgress(this.starts - 1 + event.step / this.totalSteps);
    if (event.type !== 'evaluation') return false;
    for (const each of this.measures) measuredName(each, event.metrics, event.mainMetric);
    const [measure] = this.measures;
    if (this.starts > 1 || this.measures.length > 1 || !measure) return false;
    this.evaluations++;
    this.trial.report(intermediate(measure, event), this.evaluations);
    return this.trial.shouldPrune();
  }

  /** Evaluations before the step that a run is resumed at. */
  private before(step: number): number {
    return eventsUntil(readEvents(this.folder), step).filter(({ type }) => type === 'evaluation').length;
  }
}

/** A score that is not defined on the way may be at the end. */
function intermediate(measure: Measure, event: Extract<TrialEvent, { type: 'evaluation' }>): number {
  return event.metrics[measuredName(measure, event.metrics, event.mainMetric)] ?? Number.NaN;
}
