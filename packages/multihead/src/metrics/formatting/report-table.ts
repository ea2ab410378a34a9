/** @file The table of a classification report: names at the left, scores in columns of fixed width. */
import type { ClassScores } from '../classification/classification-report.js';
import { displayWidth } from './display-width.js';
import { toFixedHalfEven } from './round-half-even.js';

const columns = ['precision', 'recall', 'f1-score', 'support'];
const columnWidth = 9;

/** Writes the lines of a report. */
export interface ReportTable {
  /** The names of the columns, and the blank line behind them. */
  readonly header: string;
  /** A line of cells. */
  line(name: string, cells: readonly (string | number)[]): string;
  /** A line of scores. */
  scores(name: string, scores: ClassScores): string;
}

/**
 * A table whose first column holds names. Wide characters (Chinese, Japanese, Korean, emoji) are aligned.
 *
 * @param names  of the classes
 * @param digits behind the decimal point
 */
export function reportTable(names: readonly string[], digits: number): ReportTable {
  const width = Math.max(...names.map(displayWidth), 'weighted avg'.length, digits);
  const line: ReportTable['line'] = (name, cells) =>
    `${padStart(name, width)} ${cells.map((cell) => ` ${String(cell).padStart(columnWidth)}`).join('')}\n`;
  return {
    header: `${line('', columns)}\n`,
    line,
    scores: (name, { precision, recall, f1, support }) =>
      line(name, [...[precision, recall, f1].map((score) => toFixedHalfEven(score, digits)), support]),
  };
}

const padStart = (text: string, width: number) => ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
