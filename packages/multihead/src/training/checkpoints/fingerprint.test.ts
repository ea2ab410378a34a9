import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOfBytes, fingerprintOfExamples, fingerprintOfFeatures } from './fingerprint.js';

test('equal data has equal marks, other data others', () => {
  const data = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(data, data, (a, b) => {
      const same = a.length === b.length && a.every((byte, i) => byte === b[i]);
      expect(fingerprintOfBytes(a) === fingerprintOfBytes(b)).toBe(same);
    }),
  );
});

test('one changed bit, wherever it is, and a changed order are seen', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  const marks = new Set([fingerprintOfBytes(bytes), fingerprintOfBytes(bytes.slice().reverse())]);
  for (let bit = 0; bit < 512; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    marks.add(fingerprintOfBytes(changed));
  }
  expect(marks.size).toBe(514);
});

test('features differ by tokens, by where one ends, by segment and by target', () => {
  const feature = { inputIds: [1, 2], tokenTypeIds: [0, 0], target: [0] };
  const others = [
    [{ ...feature, inputIds: [2, 1] }],
    [{ ...feature, tokenTypeIds: [0, 1] }],
    [{ ...feature, target: [1] }],
    [{ inputIds: [1, 2], tokenTypeIds: [0, 0] }],
    [feature, feature],
    [
      { ...feature, inputIds: [1], tokenTypeIds: [0] },
      { ...feature, inputIds: [2], tokenTypeIds: [0] },
    ],
  ];
  const marks = [[feature], ...others].map(fingerprintOfFeatures);
  expect(new Set(marks).size).toBe(marks.length);
  expect(fingerprintOfFeatures([{ ...feature }])).toBe(marks[0]);
});

test('examples differ by their content', () => {
  expect(fingerprintOfExamples([{ text: 'a' }])).toBe(fingerprintOfExamples([{ text: 'a' }]));
  expect(fingerprintOfExamples([{ text: 'a' }, { text: 'b' }])).not.toBe(fingerprintOfExamples([{ text: 'ab' }]));
});
