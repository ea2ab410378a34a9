import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateSquad, exactMatch, f1 } from './squad.js';
import { normalizeAnswer } from './squad-normalize.js';

/** As bench/peers/metrics_fixtures.py writes it; the official script gives the same for all of it. */
interface Fixture {
  cases: { prediction: string; answers: string[]; normalized: string; exact: boolean[]; f1: number[] }[];
  totals: { count: number; exactMatch: number; f1: number }[];
}

const file = new URL('../../../fixtures/metrics/squad.json', import.meta.url);
const { cases, totals }: Fixture = JSON.parse(readFileSync(file, 'utf8'));

describe('equals the official SQuAD v1.1 evaluation, bit for bit', () => {
  test(`in ${cases.length} random answers`, () => {
    for (const { prediction, answers, ...expected } of cases) {
      const context = JSON.stringify({ prediction, answers });
      expect(normalizeAnswer(prediction), context).toBe(expected.normalized);
      const exact = answers.map((answer) => exactMatch(prediction, answer));
      expect(exact, context).toEqual(expected.exact);
      const scores = answers.map((answer) => f1(prediction, answer));
      expect(scores, context).toEqual(expected.f1);
    }
  });

  const predictions = Object.fromEntries(cases.map(({ prediction }, id) => [id, prediction]));
  const examples = cases.map(({ answers }, id) => ({ id: String(id), answers: answers.map((text) => ({ text })) }));
  test.each(totals)('in the average of $count questions', ({ count, ...expected }) => {
    const scores = evaluateSquad(predictions, examples.slice(0, count));
    expect(scores).toEqual({ ...expected, total: count, missing: [] });
  });
});

const examples = [
  { id: 'q1', answers: [{ text: 'the Eiffel Tower' }, { text: 'Eiffel Tower, Paris' }] },
  { id: 'q2', answers: [{ text: '1889' }] },
];

test('takes the best of the answers', () => {
  expect(evaluateSquad({ q1: 'Eiffel tower!', q2: 'in 1889' }, examples)).toEqual({
    exactMatch: 50,
    f1: (100 * (1 + (2 * 0.5 * 1) / 1.5)) / 2,
    total: 2,
    missing: [],
  });
});

test('counts a question without a prediction as 0 and names it', () => {
  const scores = evaluateSquad({ q2: '1889', other: 'ignored' }, examples);
  expect(scores).toEqual({ exactMatch: 50, f1: 50, total: 2, missing: ['q1'] });
});

test('an id such as "constructor" finds no prediction by accident', () => {
  const scores = evaluateSquad({}, [{ id: 'constructor', answers: [{ text: 'x' }] }]);
  expect(scores.missing).toEqual(['constructor']);
});

test('F1 of nothing with nothing is 0, though it matches exactly: so has it the official script', () => {
  expect(exactMatch('the', 'a')).toBe(true);
  expect(f1('the', 'a')).toBe(0);
});

test('F1 is symmetric but for the last bit, from 0 to 1, and 1 where the words are the same', () => {
  const text = fc.array(fc.constantFrom('one', 'two', 'three', 'the')).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, text, (left, right) => {
      const score = f1(left, right);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(f1(right, left)).toBeCloseTo(score, 14);
      if (exactMatch(left, right) && normalizeAnswer(left) !== '') expect(score).toBe(1);
    }),
  );
});

test('refuses what has nothing to measure', () => {
  expect(() => evaluateSquad({}, [])).toThrow('no examples');
  expect(() => evaluateSquad({ q: 'x' }, [{ id: 'q', answers: [] }])).toThrow('the question "q" has no answers');
});
