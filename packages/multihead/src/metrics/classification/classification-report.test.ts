import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { disagreements } from '../../testing/scored-cases.js';
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
  /** Of one label an example: which labels have scores. */
  scored?: number[];
  averages: Record<'micro' | 'macro' | 'weighted' | 'samples', Row>;
  confusion?: number[][];
  text: string;
}

function fixture(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/metrics/${name}.json`, import.meta.url), 'utf8')).cases;
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
    expect(report.classes.map(({ label }) => label)).toEqual(reference.scored?.map((index) => labels[index]) ?? labels);
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

/** Precision, recall and F1 of several rows in one number, as the script has it. */
const digest = (rows: readonly (ClassScores | undefined)[]) =>
  rows.reduce(
    (sum, row, k) => sum + (k + 1) * ((row?.precision ?? 0) + 2 * (row?.recall ?? 0) + 3 * (row?.f1 ?? 0)),
    0,
  );

test("one label: equals scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('drawn-reports', (seed) => {
    const below = parkMiller(seed);
    const [count, classes, skill] = [1 + below(40), 2 + below(5), below(100)];
    const drawn = Array.from({ length: count }, () => below(classes));
    const guessed = drawn.map((k) => (below(100) < skill ? k : below(classes)));
    const labels = Array.from({ length: classes }, (_, k) => `class ${k}`);
    const references = drawn.map((k) => labels[k] as string);
    const predictions = guessed.map((k) => labels[k] as string);
    const report = classificationReport(references, predictions, labels);
    return {
      accuracy: report.accuracy,
      classes: digest(report.classes),
      macro: digest([report.macro]),
      weighted: digest([report.weighted]),
      confusion: confusionMatrix(references, predictions, labels)
        .flat()
        .reduce((sum, cell, k) => sum + (k + 1) ** 2 * cell, 0),
    };
  });
  expect(found).toEqual([]);
});

test("several labels: scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('drawn-label-reports', (seed) => {
    const below = parkMiller(seed);
    const [count, size, density, noise] = [1 + below(30), 2 + below(4), below(100), below(60)];
    const drawn = Array.from({ length: count }, () => Array.from({ length: size }, () => below(100) < density));
    const guessed = drawn.map((row) => row.map((applies) => applies !== below(100) < noise));
    const labels = Array.from({ length: size }, (_, k) => `label ${k}`);
    const namesOf = (rows: boolean[][]) => rows.map((row) => labels.filter((_, k) => row[k]));
    const report = classificationReport(namesOf(drawn), namesOf(guessed), labels);
    const { accuracy, classes, micro, macro, weighted, samples } = report;
    const averages = {
      micro: digest([micro]),
      macro: digest([macro]),
      weighted: digest([weighted]),
      samples: digest([samples]),
    };
    return { accuracy, classes: digest(classes), ...averages };
  });
  expect(found).toEqual([]);
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
