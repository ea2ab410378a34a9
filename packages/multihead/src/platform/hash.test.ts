/** @file Marks of text. */
import { expect, test } from 'vitest';
import { fingerprintOf, Hash } from './hash.js';

test('texts that differ have different marks, and shares are as large as asked for', () => {
  const marks = new Set<string>();
  let below = 0;
  const count = 50_000;
  for (let i = 0; i < count; i++) {
    const hash = new Hash(42).addText(`text ${i}`);
    marks.add(hash.toString());
    if (hash.toFraction() < 0.1) below++;
  }
  expect(marks.size).toBe(count);
  expect(below / count).toBeCloseTo(0.1, 2); // deviation 0.0013
});

test('a mark depends on seed, order and where one part ends', () => {
  const marks = [
    new Hash(1).addText('a').toString(),
    new Hash(2).addText('a').toString(),
    new Hash(1).addText('').toString(),
    new Hash(1).toString(),
    fingerprintOf('ab', 'c'),
    fingerprintOf('a', 'bc'),
    fingerprintOf('c', 'ab'),
    fingerprintOf(12, 3),
    fingerprintOf(1, 23),
  ];
  expect(new Set(marks).size).toBe(marks.length);
  for (const mark of marks) expect(mark).toMatch(/^[0-9a-f]{16}$/);
});

test('marks stay what they are: corpora and checkpoints hold them', () => {
  expect(fingerprintOf('packed', 'x', 512)).toBe('afcc1444d755213d');
});
