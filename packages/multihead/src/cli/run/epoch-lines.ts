/** @file One line for each evaluation, or for each epoch where there is none: columns of numbers. */
import type { EvaluationEvent } from '../../training/trainer/events.js';
import type { ProgressArguments } from './progress.js';

/** A number and what it is. */
interface Cell {
  readonly label: string;
  readonly value: string;
  /** In a terminal that is too narrow, cells with the highest rank go first. */
  readonly rank: number;
}

/** The loss of an evaluation, by whichever of these names it has. */
const lossNames = ['loss', 'log_loss', 'mse'];

/** Beside the main metric there is one of these. */
const secondNames = ['exact_match', 'macro_f1', 'perplexity', 'spearman'];

/** The characters of most numbers in a table, and in a log, whose lines are longer by the names. */
const least = 8;
const leastInLog = 6;
const best = 'best';

/** Whether a run has its evaluations after so many steps: their lines are then the only ones. */
export const evaluatesBySteps = ({ evalSteps, evalStrategy }: ProgressArguments): boolean =>
  Boolean(evalSteps) || evalStrategy === 'steps';

/**
 * Writes the lines. In a terminal they are a table under one row of names; in a log, where lines of steps stand between
 * them, each number has its name before it.
 */
export class EpochLines {
  /** Whether the run's result is the best model, rather than the last. */
  readonly keepsBest: boolean;
  private epochs = 1;
  private lossSum = 0;
  private lossCount = 0;
  private names = '';
  private readonly hasParts: boolean;
  private readonly metric: string | undefined;

  /** @param columns of the terminal; without them it is a log */
  constructor(
    options: ProgressArguments,
    private readonly columns?: number,
  ) {
    const { maxSteps, metricForBestModel, loadBestModelAtEnd = true } = options;
    this.hasParts = evaluatesBySteps(options) || Boolean(maxSteps);
    this.metric = metricForBestModel;
    this.keepsBest = loadBestModelAtEnd;
  }

  /** @param epochs those of the whole run */
  start(epochs: number): void {
    this.epochs = epochs;
  }

  /** Adds a step's loss to those whose mean the next line tells. */
  add(loss: number): void {
    this.lossSum += loss;
    this.lossCount += 1;
  }

  /** The line of an evaluation. */
  evaluated({ epoch, metrics, mainMetric, best: isBest }: EvaluationEvent, time: string): string {
    const lossName = lossNames.find((name) => name in metrics);
    const decisive = [this.metric ?? mainMetric, mainMetric];
    const second = secondNames.find((name) => name in metrics && !decisive.includes(name));
    const names = new Set([...decisive, second].filter((name) => name !== undefined && name !== lossName));
    const scores = [...names].flatMap((name, i) => cellOf(name as string, metrics[name as string], i === 0 ? 0 : 3));
    const loss = cellOf('eval loss', lossName === undefined ? undefined : metrics[lossName], 1);
    return this.line([...this.beginning(epoch), ...loss, ...scores, { label: 'time', value: time, rank: 2 }], isBest);
  }

  /** The line of an epoch without an evaluation. */
  passed(epoch: number, time: string): string {
    return this.line([...this.beginning(epoch), { label: 'time', value: time, rank: 2 }], false);
  }

  private beginning(epoch: number): Cell[] {
    const value = `${this.hasParts || !Number.isInteger(epoch) ? epoch.toFixed(2) : epoch}/${this.epochs}`;
    const loss = this.lossCount === 0 ? undefined : this.lossSum / this.lossCount;
    this.lossSum = 0;
    this.lossCount = 0;
    const width = 2 * String(this.epochs).length + 1 + (this.hasParts ? 3 : 0);
    return [{ label: 'epoch', value: value.padStart(width), rank: 0 }, ...cellOf('train loss', loss, 1)];
  }

  private line(cells: readonly Cell[], isBest: boolean): string {
    const mark = isBest ? `  ${best}` : '';
    if (this.columns === undefined) {
      const words = cells.map(({ label, value }) =>
        label === 'epoch' ? `${label} ${value}` : `${label} ${value.padStart(label === 'time' ? 5 : leastInLog)}`,
      );
      return words.join('  ') + mark;
    }
    const fitting = fit(cells, this.columns);
    const row = fitting.map((cell) => cell.value.padStart(widthOf(cell))).join('  ');
    const names = fitting.map((cell) => cell.label.padStart(widthOf(cell))).join('  ');
    const isNew = names !== this.names;
    this.names = names;
    return `${isNew ? `${names}\n` : ''}${row}${mark}`;
  }
}

/** A cell, unless there is no number. Large ones, such as a perplexity at the beginning, have fewer digits. */
function cellOf(label: string, value: number | undefined, rank: number): Cell[] {
  return value === undefined ? [] : [{ label, value: value.toFixed(Math.abs(value) < 100 ? 4 : 1), rank }];
}

const widthOf = ({ label, value }: Cell): number => Math.max(label.length, value.length, label === 'time' ? 5 : least);

/** As many cells as a terminal has room for beside the mark. */
function fit(cells: readonly Cell[], columns: number): readonly Cell[] {
  const width = cells.reduce((sum, cell) => sum + widthOf(cell) + 2, best.length);
  if (width < columns || cells.length === 1) return cells;
  const worst = cells.reduce((a, b) => (b.rank >= a.rank ? b : a));
  return fit(
    cells.filter((cell) => cell !== worst),
    columns,
  );
}
