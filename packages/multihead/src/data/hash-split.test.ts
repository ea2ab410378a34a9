import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkParts, hashSplit } from './hash-split.js';

const texts = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);

test.each([0.01, 0.1, 0.5, 0.9])('a share of %f is met but for chance', (share) => {
  const isAside = hashSplit({ share, seed: 7 });
  const deviation = Math.sqrt(texts.length * share * (1 - share));
  expect(Math.abs(texts.filter((text) => isAside(text)).length - share * texts.length)).toBeLessThan(4 * deviation);
});

test('each is decided by its texts and the seed alone', () => {
  const settings = { share: 0.5, seed: 1 };
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, pair) => {
      expect(hashSplit(settings)(text, pair)).toBe(hashSplit(settings)(text, pair));
    }),
  );
  const asideOf = (seed: number) => texts.filter((text) => hashSplit({ share: 0.5, seed })(text));
  const [first, second] = [new Set(asideOf(1)), asideOf(2)];
  const both = second.filter((text) => first.has(text)).length;
  expect(both / second.length).toBeGreaterThan(0.47); // independent of each other: half of the one is in the other
  expect(both / second.length).toBeLessThan(0.53);
});

test.each([0, 1, -0.1, 2, Number.NaN])('a share of %f is none', (share) => {
  expect(() => hashSplit({ share, seed: 1 })).toThrow('a number between 0 and 1 was expected, such as 0.1');
});

test('no part may be empty', () => {
  expect(() => checkParts({ share: 0.1, train: 3, aside: 0 })).toThrow(
    'of 3 examples, a share of 0.1 leaves one part empty',
  );
  expect(() => checkParts({ share: 0.9, train: 0, aside: 3 })).toThrow('leaves one part empty');
  expect(checkParts({ share: 0.9, train: 1, aside: 3 })).toBeUndefined();
});
