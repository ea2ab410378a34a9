import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOfBytes, fingerprintOfExamples } from './fingerprint.js';

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

test('examples differ by their content', () => {
  expect(fingerprintOfExamples([{ text: 'a' }])).toBe(fingerprintOfExamples([{ text: 'a' }]));
  expect(fingerprintOfExamples([{ text: 'a' }, { text: 'b' }])).not.toBe(fingerprintOfExamples([{ text: 'ab' }]));
});
