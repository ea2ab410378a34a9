/** @file Tuned thresholds as text, in the layout of a classification report. */

import { checkOptionNames } from '../../platform/option-names.js';
import { displayWidth } from '../formatting/display-width.js';
import { toFixedHalfEven } from '../formatting/round-half-even.js';
import type { TunedThreshold } from './thresholds.js';

const columnWidth = 9;

/**
 * Writes a table of each label's threshold and the F1 that it comes to.
 *
 * @param labels     names of the labels
 * @param thresholds in the same order, as `tuneThresholds` gave them
 * @param options `digits`: how many stand after the decimal point
 * @returns lines, the last one with its line feed
 * @example
 * formatThresholds(['joy', 'anger'], [{ threshold: 0.25, f1: 1 }, { threshold: 0.5, f1: 0 }])
 * //        threshold  f1-score
 * //
 * //   joy       0.25      1.00
 * // anger       0.50      0.00
 */
export function formatThresholds(
  labels: readonly string[],
  thresholds: readonly TunedThreshold[],
  options: { readonly digits?: number } = {},
): string {
  checkOptionNames(options, ['digits'], 'formatThresholds');
  const { digits = 2 } = options;
  const width = Math.max(...labels.map(displayWidth));
  const line = (name: string, cells: readonly string[]) =>
    `${' '.repeat(width - displayWidth(name))}${name} ${cells.map((cell) => ` ${cell.padStart(columnWidth)}`).join('')}\n`;
  const rows = thresholds.map(({ threshold, f1 }, i) =>
    line(labels[i] as string, [toFixedHalfEven(threshold, digits), toFixedHalfEven(f1, digits)]),
  );
  return [line('', ['threshold', 'f1-score']), '\n', ...rows].join('');
}
