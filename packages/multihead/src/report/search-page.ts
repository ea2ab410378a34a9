/** @file The report of a search as one page that needs nothing else: styles and charts are in it, and no script. */

import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { bestTrial, completeTrials, paretoFront } from '../search/best.js';
import { paramImportances } from '../search/importance/ped-anova.js';
import type { Distribution, ParamValue } from '../search/space/distribution.js';
import type { Direction, TrialRecord } from '../search/trial-record.js';
import { charts, details, escapeHtml, figure, htmlPage, inWords, section, spokenDuration, table } from './html.js';
import {
  frontChart,
  historyChart,
  importanceChart,
  intermediateChart,
  type Judged,
  parallelChart,
  sliceChart,
} from './search-charts.js';

/** What the report of a search is made of. */
export interface SearchPageInputs {
  /** What was searched, for the heading. */
  readonly title: string;
  readonly trials: readonly TrialRecord[];
  readonly directions: readonly Direction[];
  /** Names of the objectives. Default: value, or value 1, value 2, ... */
  readonly metrics?: readonly string[] | undefined;
  /** Returns the command, or code, that uses the values of a trial. */
  readonly command?: ((trial: TrialRecord) => string) | undefined;
  /** When the report was made (ISO 8601), and by which version. */
  readonly date?: string | undefined;
  readonly version?: string | undefined;
}

const names = namesOf<SearchPageInputs>({
  title: true,
  trials: true,
  directions: true,
  metrics: true,
  command: true,
  date: true,
  version: true,
});

/**
 * Writes the report of a search as HTML: the best values with the command that uses them, importance, history, slices, parallel
 * coordinates, intermediate values.
 *
 * @throws UserError for an input that there is not
 * @example
 * const { trials, directions } = await search({ objective: (trial) => trial.suggestFloat('x', 0, 1), trials: 20 });
 * await writeFile('search.html', searchPage({ title: 'x', trials, directions }));
 */
export function searchPage(inputs: SearchPageInputs): string {
  checkOptionNames(inputs, names, 'searchPage');
  const { title, trials, directions } = inputs;
  const metrics = inputs.metrics ?? directions.map((_, i) => (directions.length === 1 ? 'value' : `value ${i + 1}`));
  const shown = metrics.map(inWords);
  const sections = [
    section(directions.length > 1 ? 'Best trials' : 'Best trial', bestSection(inputs, shown)),
    section('Trials', commonCharts(inputs, shown)),
    ...shown.map((metric, i) => section(metric, objectiveCharts(inputs, metric, i))),
    section('All trials', details(countOf(trials), trialsTable(trials, shown))),
  ];
  return htmlPage({ title, heading: title, about: about(inputs), sections });
}

const countOf = ({ length }: readonly TrialRecord[]): string => `${length} ${length === 1 ? 'trial' : 'trials'}`;

function about({ trials, date, version }: SearchPageInputs): string[] {
  const states = ['complete', 'pruned', 'failed', 'waiting', 'running'] as const;
  const counts = states.flatMap((state) => {
    const count = trials.filter((trial) => trial.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  const seconds =
    trials.reduce((sum, { start, end }) => sum + (start && end ? end.getTime() - start.getTime() : 0), 0) / 1000;
  const when = [date?.slice(0, 16).replace('T', ' '), version && `Multihead ${version}`].filter(Boolean).join(', ');
  return [`${countOf(trials)} (${counts.join(', ')}), ${spokenDuration(seconds)} in all`, when].filter(
    (line) => line !== '',
  );
}

function bestSection({ trials, directions, command }: SearchPageInputs, metrics: readonly string[]): string {
  const best = bestTrial(trials, directions);
  const chosen = best ? [best] : paretoFront(trials, directions);
  if (chosen.length === 0) return '<p>No trial has completed.</p>';
  const tiles = best
    ? metrics.map(
        (metric, i) =>
          `<div class="tile main"><b>${shownNumber(best.values?.[i])}</b><span>${escapeHtml(metric)}</span></div>`,
      )
    : [];
  const each = chosen.map((trial) => {
    const values = metrics.map((metric, i) => `${metric} ${shownNumber(trial.values?.[i])}`).join(', ');
    const params = table(
      ['parameter', 'value'],
      Object.entries(trial.params).map(([name, value]) => [name, shownParam(value)]),
      [1],
    );
    const typed = command ? `<pre>${escapeHtml(command(trial))}</pre>` : '';
    return `<p class="about">trial ${trial.number}: ${escapeHtml(values)}</p>${typed}${best ? params : details('values', params)}`;
  });
  const front = directions.length === 2 && !best ? charts([figure('Objectives', pareto(trials, chosen, metrics))]) : '';
  return `${tiles.length > 0 ? `<div class="tiles">${tiles.join('')}</div>` : ''}${front}${each.join('\n')}`;
}

function pareto(trials: readonly TrialRecord[], best: readonly TrialRecord[], metrics: readonly string[]): string {
  const points = completeTrials(trials).map((trial) => ({
    number: trial.number,
    values: trial.values,
    isBest: best.includes(trial),
  }));
  return frontChart(points, [metrics[0] as string, metrics[1] as string]);
}

/** Importance, and what trials reported. */
function commonCharts({ trials, directions }: SearchPageInputs, metrics: readonly string[]): string {
  const importance = paramImportances(trials, directions);
  const reported = directions.length === 1 && trials.some(({ intermediateValues }) => intermediateValues.size > 1);
  const told = `Importance: how much each parameter decides whether a trial is among the best tenth by ${metrics.join(' and ')} (PED-ANOVA).`;
  const figures = [
    ...(importance ? [figure('Importance', importanceChart(importance))] : []),
    ...(reported ? [figure('Intermediate values', intermediateChart(trials, metrics[0] as string))] : []),
  ];
  if (figures.length === 1) figures.push('<div></div>'); // one chart alone would be as wide as the page
  return (importance ? `<p class="about">${escapeHtml(told)}</p>` : '') + charts(figures);
}

/** History, parallel coordinates and slices of an objective. */
function objectiveCharts({ trials, directions }: SearchPageInputs, metric: string, objective: number): string {
  const judged = completeTrials(trials).flatMap((trial): Judged[] => {
    const value = trial.values[objective] as number;
    return Number.isFinite(value) ? [{ number: trial.number, value, trial }] : [];
  });
  if (judged.length === 0) return '';
  const isMaximized = directions[objective] === 'maximize';
  const distributions = Object.assign({}, ...judged.map(({ trial }) => trial.distributions)) as Record<
    string,
    Distribution
  >;
  const slices = Object.entries(distributions).map(([name, distribution]) =>
    figure(name, sliceChart(judged, metric, name, distribution)),
  );
  const wide =
    Object.keys(distributions).length > 1
      ? [figure('Parallel coordinates', parallelChart(judged, metric, distributions, isMaximized))]
      : [];
  return [
    charts([figure('History', historyChart(judged, metric, isMaximized)), '<div></div>']),
    charts(wide),
    charts(slices),
  ].join('\n');
}

function trialsTable(trials: readonly TrialRecord[], metrics: readonly string[]): string {
  const params = [...new Set(trials.flatMap(({ params }) => Object.keys(params)))];
  const rows = trials.map((trial) => [
    ...[String(trial.number), trial.state, ...metrics.map((_, i) => shownNumber(trial.values?.[i]))],
    ...params.map((name) => (Object.hasOwn(trial.params, name) ? shownParam(trial.params[name] as ParamValue) : '')),
    trial.start && trial.end ? spokenDuration((trial.end.getTime() - trial.start.getTime()) / 1000) : '',
  ]);
  const numeric = [0, ...metrics.map((_, i) => i + 2)];
  return table(['trial', 'state', ...metrics, ...params, 'time'], rows, numeric);
}

const shownNumber = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '–' : String(Number(value.toPrecision(4)));

const shownParam = (value: ParamValue): string => (typeof value === 'number' ? shownNumber(value) : String(value));
