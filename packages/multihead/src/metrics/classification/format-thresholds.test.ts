import { expect, test } from 'vitest';
import { formatThresholds } from './format-thresholds.js';

test('a table, aligned for wide characters too', () => {
  const table = formatThresholds(
    ['joy', '愤怒'],
    [
      { threshold: 0.125, f1: 1 },
      { threshold: 0.5, f1: 0.25 },
    ],
  );
  expect(table.split('\n')).toEqual([
    '      threshold  f1-score',
    '',
    ' joy       0.12      1.00',
    '愤怒       0.50      0.25',
    '',
  ]);
});
