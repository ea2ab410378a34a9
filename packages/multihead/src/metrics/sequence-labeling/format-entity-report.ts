/** @file A report of entities as text, laid out as seqeval prints it. */
import { checkOptionNames } from '../../platform/option-names.js';
import { reportTable } from '../formatting/report-table.js';
import type { EntityReport } from './entity-report.js';

/**
 * Writes a report as a table of fixed-width text: for types of ASCII characters seqeval's, character for character.
 *
 * @param report  what `entityReport` gave
 * @param options `digits`: how many stand after the decimal point
 * @returns lines, the last one with its line feed
 * @example
 * console.log(formatEntityReport(entityReport([['B-PER', 'O', 'B-LOC']], [['B-PER', 'O', 'O']])));
 * //               precision    recall  f1-score   support
 * //
 * //          LOC       0.00      0.00      0.00         1
 * //          PER       1.00      1.00      1.00         1
 * //
 * //    micro avg       1.00      0.50      0.67         2
 * //    macro avg       0.50      0.50      0.50         2
 * // weighted avg       0.50      0.50      0.50         2
 */
export function formatEntityReport(report: EntityReport, options: { readonly digits?: number } = {}): string {
  checkOptionNames(options, ['digits'], 'formatEntityReport');
  const { digits = 2 } = options;
  const { types, micro, macro, weighted } = report;
  const { header, scores } = reportTable(
    types.map(({ label }) => label),
    digits,
  );
  return [
    header,
    ...types.map((type) => scores(type.label, type)),
    '\n',
    scores('micro avg', micro),
    scores('macro avg', macro),
    scores('weighted avg', weighted),
  ].join('');
}
