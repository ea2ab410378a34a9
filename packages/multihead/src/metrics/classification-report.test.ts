import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClassScores, classificationReport } from './classification-report.js';
import { confusionMatrix } from './confusion-matrix.js';
import { formatClassificationReport } from './format-classification-report.js';

type Row = [precision: number, recall: number, f1: number, support: number];

/** As bench/peers/metrics_fixtures.py writes it, from scikit-learn. */
interface Case {
  labels: string[];
  references: (number | number[])[];
  predictions: (number | number[])[];
  digits: number;
  accuracy: number;
  classes: Row[];
  averages: Record<'micro' | 'macro' | 'weighted' | 'samples', Row>;
  confusion?: number[][];
  text: string;
}

function fixture(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/metrics/${name}.json`, import.meta.url), 'utf8')).cases;
}

const named = (labels: string[], values: (number | number[])[]) =>
  values.map((value) =>
    Array.isArray(value) ? value.map((index) => labels[index] ?? '') : (labels[value] ?? 'no such label'),
  );

/** Where not one prediction is right, scikit-learn's counts happen to be floats, and it prints 2.0 for 2. */
const withWholeSupport = (text: string) => text.replace(/( *\d+)\.0$/gm, '  $1');

function expectScores(actual: ClassScores | undefined, [precision, recall, f1, support]: Row) {
  expect(actual).toMatchObject({ precision, recall, f1, support });
}

describe.each([
  { name: 'classification-report', multiLabel: false },
  { name: 'classification-report-multi-label', multiLabel: true },
])("equals scikit-learn's: $name", ({ name, multiLabel }) => {
  test.each(fixture(name).map((reference, index) => ({ index, reference })))('case $index', ({ reference }) => {
    const { labels, averages } = reference;
    const references = named(labels, reference.references);
    const predictions = named(labels, reference.predictions);
    const report = classificationReport(references, predictions, labels);
    expect(report.accuracy).toBe(reference.accuracy);
    for (const [index, row] of reference.classes.entries()) expectScores(report.classes[index], row);
    expectScores(report.macro, averages.macro);
    expectScores(report.weighted, averages.weighted);
    if (multiLabel) expectScores(report.micro, averages.micro);
    if (multiLabel) expectScores(report.samples, averages.samples);
    expect(formatClassificationReport(report, { digits: reference.digits })).toBe(withWholeSupport(reference.text));
    if (reference.confusion) {
      expect(confusionMatrix(references.flat(), predictions.flat(), labels)).toEqual(reference.confusion);
    }
  });
});

const labels = ['a', 'b', 'c', 'd'];
const label = fc.constantFrom(...labels);

test('micro averages of single labels equal the accuracy', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(label, label), { minLength: 1 }), (pairs) => {
      const report = classificationReport(
        pairs.map(([reference]) => reference),
        pairs.map(([, prediction]) => prediction),
        labels,
      );
      const { precision, recall, f1, support } = report.micro;
      expect([precision, recall, f1, support]).toEqual([
        report.accuracy,
        report.accuracy,
        report.accuracy,
        pairs.length,
      ]);
      expect(report.weighted.recall).toBeCloseTo(report.accuracy, 12);
      expect(report).not.toHaveProperty('samples');
    }),
  );
});

test('exchanging references and predictions exchanges precision and recall', () => {
  const names = fc.uniqueArray(label);
  fc.assert(
    fc.property(fc.array(fc.tuple(names, names), { minLength: 1 }), (pairs) => {
      const left = pairs.map(([reference]) => reference);
      const right = pairs.map(([, prediction]) => prediction);
      const one = classificationReport(left, right, labels);
      const other = classificationReport(right, left, labels);
      for (const average of ['micro', 'macro', 'samples'] as const) {
        expect(one[average]?.precision).toBe(other[average]?.recall);
        expect(one[average]?.f1).toBe(other[average]?.f1);
      }
    }),
  );
});

test('a name repeated in a list counts once', () => {
  const report = classificationReport([['a', 'a']], [['a']], ['a', 'b']);
  expect(report.accuracy).toBe(1);
  expect(report.classes[0]?.support).toBe(1);
});

test('refuses what cannot be measured', () => {
  expect(() => classificationReport(['a', ['b']], ['a', ['b']], labels)).toThrow('some examples have one class and');
  expect(() => classificationReport([['x']], [['a']], labels)).toThrow('references[0] is "x"');
  expect(() => classificationReport([], [], labels)).toThrow('no references');
});
