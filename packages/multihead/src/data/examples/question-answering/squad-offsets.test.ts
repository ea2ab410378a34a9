import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnswerPlace, type Mismatched, PlaceCheck } from './squad-offsets.js';

const context = 'a cat, a dog and a cat';
const place = (text: string, start: number, index = 0): AnswerPlace => ({
  where: `a.json: data[${index}]`,
  context,
  text,
  start,
});

function settleMismatches(path: string, answers: readonly AnswerPlace[], mismatched: Mismatched) {
  const check = new PlaceCheck(path, mismatched);
  const starts = check.settle(answers);
  check.end();
  return starts;
}

test('answers at their places stay there', () => {
  const answer = place('dog', 9);
  for (const mismatched of ['error', 'relocate', 'drop', 'keep'] as const) {
    expect(settleMismatches('a.json', [answer], mismatched).get(answer)).toBe(9);
  }
});

test.each([
  ['cat', 3, 2],
  ['cat', 11, 19],
  ['cat', 21, 19],
  ['cat', 500, 19],
  ['cat', -1, 2],
  ['dog', 0, 9],
])('relocates %j from %i to %i', (text, start, expected) => {
  const answer = place(text, start);
  expect(settleMismatches('a.json', [answer], 'relocate').get(answer)).toBe(expected);
});

test('drops and keeps as told', () => {
  const [right, wrong] = [place('dog', 9), place('dog', 8)];
  expect([...settleMismatches('a.json', [right, wrong], 'drop').keys()]).toEqual([right]);
  expect(settleMismatches('a.json', [right, wrong], 'keep').get(wrong)).toBe(8);
});

test('refuses by default, with the number, the first few, and what to do', () => {
  const answers = [place('dog', 9), ...[1, 2, 3, 4].map((index) => place('dog', 8, index)), place('dog', -1, 5)];
  expect(() => settleMismatches('a.json', answers, 'error')).toThrow(
    `a.json: 5 of 6 answers are not at their answer_start.
  data[1]: answer_start 8 gives " do", not "dog"
  data[2]: answer_start 8 gives " do", not "dog"
  data[3]: answer_start 8 gives " do", not "dog"
  and 2 more
Correct the file, or choose with the option mismatched: 'relocate'`,
  );
  expect(() => settleMismatches('a.json', [place('dog', -1)], 'error')).toThrow('answer_start -1 gives "", not "dog"');
});

test('cannot relocate what is not there', () => {
  expect(() => settleMismatches('a.json', [place('cow', 2)], 'relocate')).toThrow(
    '1 of 1 answers stand nowhere in their context',
  );
});

test('finds the nearest of all occurrences', () => {
  const letters = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 20 }).map((x) => x.join(''));
  fc.assert(
    fc.property(letters, fc.constantFrom('a', 'b', 'ab'), fc.integer({ min: -5, max: 25 }), (text, answer, start) => {
      const starts = [...text].flatMap((_, index) => (text.startsWith(answer, index) ? [index] : []));
      fc.pre(starts.length > 0);
      const asked: AnswerPlace = { where: 'a.json: x', context: text, text: answer, start };
      const found = settleMismatches('a.json', [asked], 'relocate').get(asked) ?? Number.NaN;
      expect(text.startsWith(answer, found)).toBe(true);
      expect(Math.abs(found - start)).toBe(Math.min(...starts.map((index) => Math.abs(index - start))));
    }),
  );
});

test('counts over all that it was given', () => {
  const check = new PlaceCheck('a.json', 'error');
  for (let index = 0; index < 5; index++) check.settle([place('dog', 9), place('dog', 8, index)]);
  expect(() => check.end()).toThrow(/^a\.json: 5 of 10 answers are not .*data\[2\].*and 2 more/s);
});
