import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codePointIndex, utf16Index } from './code-points.js';

test('each unit is turned into the other', () => {
  const text = fc.array(fc.constantFrom('a', 'é', '字', '😀', '𝒳', '\u200d')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (context) => {
      const characters = [...context]; // as Python counts
      for (let place = 0; place <= characters.length; place++) {
        const index = characters.slice(0, place).join('').length;
        expect(utf16Index(context, place)).toBe(index);
        expect(codePointIndex(context, index)).toBe(place);
      }
    }),
  );
});

test('outside of the text both go on counting', () => {
  expect(utf16Index('😀a', 5)).toBe(6);
  expect(codePointIndex('😀a', 6)).toBe(5);
  expect([utf16Index('😀', -1), codePointIndex('😀', -1)]).toEqual([-1, -1]);
});
