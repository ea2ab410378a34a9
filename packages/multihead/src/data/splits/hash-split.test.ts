import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCount, checkParts, drawnByText } from './hash-split.js';

const texts = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);

test.each([0.01, 0.1, 0.5, 0.9])('a share of %f is met but for chance', (share) => {
  const isHeldOut = drawnByText({ share, seed: 7 });
  const deviation = Math.sqrt(texts.length * share * (1 - share));
  expect(Math.abs(texts.filter((text) => isHeldOut(text)).length - share * texts.length)).toBeLessThan(4 * deviation);
});

test('each is decided by its texts and the seed alone', () => {
  const settings = { share: 0.5, seed: 1 };
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, pair) => {
      expect(drawnByText(settings)(text, pair)).toBe(drawnByText(settings)(text, pair));
    }),
  );
  const asideOf = (seed: number) => texts.filter((text) => drawnByText({ share: 0.5, seed })(text));
  const [first, second] = [new Set(asideOf(1)), asideOf(2)];
  const both = second.filter((text) => first.has(text)).length;
  expect(both / second.length).toBeGreaterThan(0.47); // independent of each other: half of the one is in the other
  expect(both / second.length).toBeLessThan(0.53);
});

test.each([0, 1, -0.1, 2, Number.NaN])('a share of %f is none', (share) => {
  expect(() => drawnByText({ share, seed: 1 })).toThrow('a number between 0 and 1 was expected, such as 0.01');
});

test('no part may be empty, and what is held out not too much', () => {
  const heldOut = { share: 0.1, seed: 1 };
  expect(() => checkParts(heldOut, { streamed: 3, heldOut: 0 })).toThrow(
    'a share of 0.1 for evaluation: none of 3 examples; give another share, or a file for evaluation',
  );
  expect(() => checkParts(heldOut, { streamed: 0, heldOut: 3 })).toThrow('a share of 0.1 for evaluation: all examples');
  expect(checkParts(heldOut, { streamed: 1, heldOut: 3 })).toBeUndefined();
  expect(checkParts(undefined, { streamed: 1, heldOut: 0 })).toBeUndefined();
  expect(() => checkCount(heldOut, 100_001)).toThrow('more than 100000 examples');
  expect(checkCount(heldOut, 100_000)).toBeUndefined();
});
