/** @file A classification report as text, laid out as scikit-learn prints it. */

import { checkOptionNames } from '../../platform/option-names.js';
import { reportTable } from '../formatting/report-table.js';
import { toFixedHalfEven } from '../formatting/round-half-even.js';
import type { ClassificationReport } from './classification-report.js';

/**
 * Writes a report as a table of fixed-width text: for labels of ASCII characters that of scikit-learn's
 * classification_report, character for character (but scikit-learn prints a support of 2 as 2.0 where not one prediction
 * is right). Labels of wide characters (Chinese, Japanese, Korean, emoji) are aligned too.
 *
 * @param report what `classificationReport` gave
 * @param options `digits`: how many stand after the decimal point
 * @returns lines, the last one with its line feed
 * @example
 * console.log(formatClassificationReport(report));
 * //               precision    recall  f1-score   support
 * //
 * //           no       0.50      1.00      0.67         1
 * //          yes       1.00      0.50      0.67         2
 * //
 * //     accuracy                           0.67         3
 * //    macro avg       0.75      0.75      0.67         3
 * // weighted avg       0.83      0.67      0.67         3
 */
export function formatClassificationReport(
  report: ClassificationReport,
  options: { readonly digits?: number } = {},
): string {
  checkOptionNames(options, ['digits'], 'formatClassificationReport');
  const { digits = 2 } = options;
  const { header, line, scores } = reportTable(
    report.classes.map(({ label }) => label),
    digits,
  );
  const { micro, macro, weighted, samples, accuracy } = report;
  const overall = samples
    ? scores('micro avg', micro)
    : line('accuracy', ['', '', toFixedHalfEven(accuracy, digits), micro.support]);
  return [
    header,
    ...report.classes.map((scored) => scores(scored.label, scored)),
    '\n',
    overall,
    scores('macro avg', macro),
    scores('weighted avg', weighted),
    samples ? scores('samples avg', samples) : '',
  ].join('');
}
