/** @file Which trained models of a search stay on the disk. */
import { remove } from '#files';
import type { Study } from '../../../search/study.js';
import { isFinished, type TrialRecord } from '../../../search/trial-record.js';
import { trialFolder } from './training-objective.js';

/** Removes the folders of trials that are no longer the best, as far as this process has run them. */
export class KeptModels {
  private readonly folders = new Set<number>();
  private work: Promise<unknown> = Promise.resolve();
  private readonly failures: unknown[] = [];

  constructor(
    private readonly study: Study,
    private readonly options: { readonly output: string; readonly keepModels: 'best' | 'all' | 'none' },
  ) {
    const best = this.best();
    for (const number of best) this.folders.add(number);
  }

  /** To be called when a trial ends. */
  note(trial: TrialRecord): void {
    if (!isFinished(trial) || this.options.keepModels === 'all') return;
    this.folders.add(trial.number);
    const keep = this.options.keepModels === 'none' ? new Set<number>() : this.best();
    for (const number of [...this.folders].filter((each) => !keep.has(each))) {
      this.folders.delete(number);
      this.work = this.work
        .then(() => remove(trialFolder(this.options.output, number)))
        .catch((error: unknown) => void this.failures.push(error));
    }
  }

  /** Waits for pending removals. Returns the errors of those that failed. */
  async settled(): Promise<readonly unknown[]> {
    await this.work;
    return this.failures;
  }

  private best(): Set<number> {
    return new Set(
      this.study.paretoFront.map(({ number }) => number).slice(0, this.study.directions.length > 1 ? undefined : 1),
    );
  }
}
