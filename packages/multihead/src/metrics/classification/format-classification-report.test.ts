import { expect, test } from 'vitest';
import { displayWidth } from '../formatting/display-width.js';
import { classificationReport } from './classification-report.js';
import { formatClassificationReport } from './format-classification-report.js';

// That the text equals scikit-learn's, character for character, is tested in classification-report.test.ts.

test('lays out a report', () => {
  const report = classificationReport(['no', 'yes', 'yes'], ['no', 'no', 'yes'], ['no', 'yes']);
  expect(formatClassificationReport(report)).toBe(`\
              precision    recall  f1-score   support

          no       0.50      1.00      0.67         1
         yes       1.00      0.50      0.67         2

    accuracy                           0.67         3
   macro avg       0.75      0.75      0.67         3
weighted avg       0.83      0.67      0.67         3
`);
});

test('aligns labels of wide characters', () => {
  const labels = ['好评', '差评👎', '服务态度非常好的酒店', 'neutral'];
  const text = formatClassificationReport(classificationReport(labels, labels, labels));
  const widths = text.split('\n').filter((line) => line !== '');
  expect(new Set(widths.map(displayWidth))).toEqual(new Set([displayWidth('服务态度非常好的酒店') + 1 + 4 * 10]));
});
