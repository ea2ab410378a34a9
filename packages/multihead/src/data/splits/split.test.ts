import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitExamples } from './split.js';

const labelled = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => ({ label, text: `${label}${i}` })),
  );
const stratum = ({ label }: { label: string }) => label;

test('each label gives its share; one with a single example none', () => {
  const { train, evaluation } = splitExamples(labelled({ a: 60, b: 30, c: 9, d: 1 }), { share: 0.1, seed: 1, stratum });
  const count = (label: string) => evaluation.filter((example) => example.label === label).length;
  expect(['a', 'b', 'c', 'd'].map(count)).toEqual([6, 3, 1, 0]);
  expect(train).toHaveLength(90);
});

test('nothing is lost or doubled, the order stays, the seed decides', () => {
  const examples = fc.array(fc.record({ label: fc.constantFrom('a', 'b', 'c'), text: fc.string() }), { minLength: 20 });
  fc.assert(
    fc.property(examples, fc.integer({ min: 0, max: 1000 }), fc.constantFrom(0.1, 0.25, 0.5), (all, seed, share) => {
      const { train, evaluation } = splitExamples(all, { share, seed, stratum });
      expect(all.filter((example) => evaluation.includes(example))).toEqual(evaluation);
      expect(all.filter((example) => !evaluation.includes(example))).toEqual(train);
      expect(Math.abs(evaluation.length - share * all.length)).toBeLessThanOrEqual(2);
      expect(splitExamples(all, { share, seed, stratum })).toEqual({ train, evaluation });
      const labels = new Set(all.map(({ label }) => label));
      expect(new Set(train.map(({ label }) => label))).toEqual(labels);
    }),
  );
});

test('another seed gives another part', () => {
  const parts = [1, 2].map((seed) => splitExamples(labelled({ a: 50 }), { share: 0.2, seed }).evaluation);
  expect(parts[0]).not.toEqual(parts[1]);
});

test('what belongs to one context is not parted', () => {
  const questions = Array.from({ length: 100 }, (_, i) => ({ context: `c${i % 13}`, id: i }));
  const { train, evaluation } = splitExamples(questions, { share: 0.2, seed: 3, group: ({ context }) => context });
  const contexts = new Set(evaluation.map(({ context }) => context));
  expect(contexts.size).toBe(3);
  expect(train.some(({ context }) => contexts.has(context))).toBe(false);
});

test.each([0, 1, -0.5, Number.NaN, 3])('a share of %f is refused', (share) => {
  expect(() => splitExamples([1, 2, 3], { share, seed: 1 })).toThrow('a number between 0 and 1 was expected');
});

test('too few examples are refused', () => {
  expect(() => splitExamples([1, 2], { share: 0.1, seed: 1 })).toThrow('leaves one part empty');
  expect(() => splitExamples(['a', 'a'], { share: 0.5, seed: 1, group: (x) => x })).toThrow('1 groups of examples');
});
