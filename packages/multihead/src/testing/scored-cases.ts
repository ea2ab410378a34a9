/** @file The cases of bench/peers/probability_metrics_fixtures.py, drawn anew, and comparison with what it wrote. Not part of the package. */
import { readFileSync } from 'node:fs';
import { parkMiller } from './park-miller.js';

/** Examples of one class each, with a probability of every class. */
export function drawClassified(seed: number) {
  const below = parkMiller(seed);
  const [examples, classes] = [2 + below(40), 2 + below(3)];
  const labels = Array.from({ length: classes }, (_, k) => `class ${k}`);
  const classOf = Array.from({ length: examples }, () => below(classes));
  const probabilities = Array.from({ length: examples }, () => {
    const row = Array.from({ length: classes }, () => 1 + below(20));
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((count) => count / sum);
  });
  const best = probabilities.map((row) => row.indexOf(Math.max(...row)));
  return {
    labels,
    probabilities,
    references: classOf.map((k) => labels[k] as string),
    predictions: best.map((k) => labels[k] as string),
    confidences: probabilities.map((row) => Math.max(...row)),
    isRight: best.map((k, i) => k === classOf[i]),
    /** Of class 1, against the others. */
    isPositive: classOf.map((k) => k === 1),
    scores: probabilities.map((row) => row[1] as number),
  };
}

/** Examples to which each of several labels applies or not, with a score of every label. */
export function drawLabelled(seed: number) {
  const below = parkMiller(seed);
  const [examples, labels, density] = [1 + below(30), 2 + below(4), below(100)];
  const table = <Value>(value: () => Value) =>
    Array.from({ length: examples }, () => Array.from({ length: labels }, value));
  const applies = table(() => below(100) < density);
  const scores = table(() => below(33) / 32);
  for (const row of seed % 2 === 0 ? applies : []) {
    const one = below(labels);
    [row[one], row[(one + 1) % labels]] = [true, false];
  }
  return { applies, scores };
}

/**
 * Draws the 1,000 cases of a fixture that a script of bench/peers/ wrote, and compares.
 *
 * @param file     its name in fixtures/metrics: rows of what is expected, by names; null is NaN
 * @param valuesOf what is found for a case, by some of those names
 * @returns where they differ by more than rounding: nothing, if all is well
 */
export function disagreements(file: string, valuesOf: (seed: number) => Readonly<Record<string, number>>): string[] {
  const path = new URL(`../../fixtures/metrics/${file}.json`, import.meta.url);
  const { names, cases } = JSON.parse(readFileSync(path, 'utf8')) as { names: string[]; cases: (number | null)[][] };
  if (cases.length !== 1000) throw new Error(`${file}: ${cases.length} cases`);
  return cases.flatMap((row, i) =>
    Object.entries(valuesOf(i + 1)).flatMap(([name, value]) => {
      if (!names.includes(name)) throw new Error(`${file} has no ${name}`);
      const expected = row[names.indexOf(name)] ?? Number.NaN;
      const agrees = Number.isNaN(expected)
        ? Number.isNaN(value)
        : Math.abs(value - expected) <= 1e-11 * Math.max(1, Math.abs(expected));
      return agrees ? [] : [`case ${i + 1}: ${name} is ${value}, expected ${expected}`];
    }),
  );
}
