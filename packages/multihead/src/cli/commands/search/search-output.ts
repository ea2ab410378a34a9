/** @file Output of a search: a line for each trial, and in the end the command that trains with the best values. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { exists, writeAtomically } from '#files';
import { finishedCount, type Study } from '../../../search/study.js';
import type { AnyParams, TrialRecord } from '../../../search/trial-record.js';
import { commandLine, resumeCommand } from '../../command-line.js';
import { duration } from '../../output/duration.js';
import { print } from '../../output/print.js';
import { typedArguments, withoutOptions } from '../../typed-arguments.js';
import { version } from '../../version.js';
import type { Measure } from './measured.js';
import { ownOptions } from './own-options.js';
import { SearchBar, type SearchState } from './search-bar.js';
import { shownParam, typedFlags } from './space-file.js';
import { trialFolder } from './training-objective.js';

type ShownTrial = TrialRecord<AnyParams>;

/** The search whose lines are printed. */
interface SearchContext {
  readonly task: string;
  readonly command: Command;
  readonly measures: readonly Measure[];
  readonly options: {
    readonly json?: boolean;
    readonly trials: number;
    readonly output: string;
    readonly keepModels: string;
  };
}

/** Prints lines, or JSON. */
export class SearchOutput {
  private readonly bar: SearchBar | undefined;

  constructor(
    private readonly study: Study,
    private readonly context: SearchContext,
  ) {
    const { json, trials } = context.options;
    if (!json) this.bar = new SearchBar(Math.min(trials, study.size ?? trials), this.state());
  }

  say(text: string): void {
    if (this.context.options.json) console.error(JSON.stringify({ type: 'note', note: text }));
    else this.above(() => console.error(text));
  }

  /** So much of a trial is done, from 0 to 1. */
  advance(trial: number, share: number): void {
    this.bar?.advance(trial, share);
  }

  /** Takes the bar away. */
  close(): void {
    this.bar?.close();
  }

  private above(print: () => void): void {
    if (this.bar) this.bar.above(print);
    else print();
  }

  private state(): SearchState {
    const { best, directions, trials, paretoFront } = this.study;
    const several = directions.length > 1 && paretoFront.length > 0 ? [`${paretoFront.length} on the front`] : [];
    const details = best ? [`best ${this.valuesOf(best)} (trial ${best.number})`] : several;
    return { ended: finishedCount(trials), details };
  }

  /** A trial has begun, or ended. */
  trial(trial: TrialRecord): void {
    if (this.context.options.json) {
      console.log(JSON.stringify({ type: 'trial', ...shownTrial(trial) }));
      return;
    }
    this.bar?.update(this.state(), trial.number, trial.state === 'running');
    if (trial.state === 'running' || trial.state === 'waiting') return;
    const seconds = trial.start && trial.end ? [duration((trial.end.getTime() - trial.start.getTime()) / 1000)] : [];
    const error = trial.state === 'failed' ? [String(trial.userAttributes.error)] : [];
    const { trials } = this.context.options;
    const place = `trial ${String(trial.number).padStart(String(trials - 1).length)}`;
    const parts = [place, this.result(trial), this.params(trial), ...seconds, ...error];
    this.above(() => print(parts.join('  ')));
  }

  private result(trial: ShownTrial): string {
    if (trial.state === 'failed') return 'failed';
    const values = this.valuesOf(trial);
    if (trial.state === 'pruned') return `pruned at ${values}`;
    const isBest = this.study.best?.number === trial.number;
    return `${values}${isBest ? '  best so far' : ''}`;
  }

  private valuesOf(trial: ShownTrial): string {
    return (trial.values ?? []).map((value, i) => `${this.nameOf(i)} ${shownValue(value)}`).join('  ');
  }

  private params(trial: ShownTrial): string {
    return Object.entries(trial.params)
      .map(([name, value]) => `${name} ${typeof value === 'number' ? shownValue(value) : shownParam(value)}`)
      .join('  ');
  }

  private nameOf(i: number): string {
    const main = this.study.trials.find(({ userAttributes }) => userAttributes.mainMetric !== undefined);
    return this.context.measures[i]?.metric ?? String(main?.userAttributes.mainMetric ?? 'value');
  }

  /** The search has ended, or was interrupted. */
  async finished(isInterrupted: boolean): Promise<void> {
    const { study, context } = this;
    const chosen = this.chosen();
    const count = (state: string) => study.trials.filter((trial) => trial.state === state).length;
    const counts = ['complete', 'pruned', 'failed', 'waiting'].filter((state) => count(state) > 0);
    const total = study.trials.length;
    const summary = `${total} ${total === 1 ? 'trial' : 'trials'}: ${counts.map((state) => `${count(state)} ${state}`).join(', ')}`;
    if (context.options.json) {
      const best = chosen.map((trial) => ({ ...shownTrial(trial), command: this.commandOf(trial) }));
      const report = await this.writeReport();
      console.log(JSON.stringify({ type: 'search', study: study.name, trials: study.trials.length, best, report }));
    } else {
      print(`\n${summary}`);
      if (chosen.length > 1) print('Pareto front:');
      for (const trial of chosen) print(await this.bestInWords(trial, chosen.length > 1 ? '' : 'best: '));
      print(`report: ${await this.writeReport()}`);
    }
    if (isInterrupted) this.say(`Resume with:\n  ${resumeCommand(process.argv.slice(2), context.command)}`);
  }

  /** Writes report.html, and returns its path. The charts are loaded only here: they are of no use to other commands. */
  private async writeReport(): Promise<string> {
    const { study, context } = this;
    const { searchPage } = await import('../../../report/search-page.js');
    const path = join(context.options.output, 'report.html');
    const page = searchPage({
      title: `Search of settings: ${context.task}`,
      trials: study.trials,
      directions: study.directions,
      date: new Date().toISOString(),
      version,
      metrics: study.directions.map((_, i) => this.nameOf(i)),
      command: (trial) => this.commandOf(trial),
    });
    await writeAtomically(path, page);
    return path;
  }

  /** The best trial, or those of the Pareto front. */
  private chosen(): readonly ShownTrial[] {
    const { best, directions, paretoFront } = this.study;
    if (directions.length > 1) return paretoFront;
    return best ? [best] : [];
  }

  private async bestInWords(trial: ShownTrial, heading: string): Promise<string> {
    const folder = trialFolder(this.context.options.output, trial.number);
    const model = (await exists(folder)) ? [`model: ${folder}`] : []; // none is kept, or another machine has it
    return [
      `${heading}trial ${trial.number}, ${this.result(trial).replace('  best so far', '')}`,
      `  ${this.commandOf(trial)}`,
      ...model,
    ].join('\n');
  }

  /** The command that trains with the values of a trial. */
  private commandOf(trial: ShownTrial): string {
    const { command, options } = this.context;
    const folder = this.chosen().length > 1 ? `best-${trial.number}` : 'best';
    return commandLine([
      ...trainingArguments(process.argv.slice(2), command, join(options.output, folder)),
      ...typedFlags(command, trial.params),
    ]);
  }
}

const shownValue = (value: number): string => String(Number(value.toPrecision(4)));

const shownTrial = ({ number, state, values, params, userAttributes }: ShownTrial): object => ({
  number,
  state,
  values,
  params,
  ...userAttributes,
});

/** The arguments of a search as those of `multihead train`, into a folder of its output. */
function trainingArguments(args: readonly string[], command: Command, output: string): string[] {
  const own = [...ownOptions().map((option) => option.attributeName()), 'resume', 'overwrite', 'json'];
  const kept = withoutOptions(typedArguments(args, command), command, own);
  const name = kept.findIndex(({ attribute, words }) => attribute === undefined && words[0] === 'search');
  const words = kept.flatMap((argument, i) => {
    if (i === name) return ['train'];
    return argument.attribute === 'output' ? ['--output', output] : argument.words;
  });
  return kept.some(({ attribute }) => attribute === 'output') ? words : [...words, '--output', output];
}
