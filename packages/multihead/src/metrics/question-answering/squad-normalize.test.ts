import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerTokens, normalizeAnswer } from './squad-normalize.js';

// Expected values are what the official script gives under Python 3; 1,000 more are in squad.test.ts.
test.each([
  ['  The "Big Apple", a city.', 'big apple city'],
  ["don't", 'dont'],
  ['The theatre An Athenian', 'theatre athenian'],
  ['the-a', 'thea'],
  ['“the” answer', '“ ” answer'],
  ['été a été', 'été été'],
  ['éa aé', 'éa aé'],
  ['的the a的', '的the a的'],
  ['a\u0301', '\u0301'],
  ['the\ufeffend', '\ufeffend'],
  ['one\u0085two\x1cthree\u3000four', 'one two three four'],
  ['one\u200btwo', 'one\u200btwo'],
  ['İ ΣΑΣ', 'i̇ σας'],
  ['the a an', ''],
  ['！the！', '！ ！'],
])('%j becomes %j', (answer, expected) => {
  expect(normalizeAnswer(answer)).toBe(expected);
});

test('tokens are never empty, hold no white space, and make up the normalized answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (answer) => {
      const tokens = answerTokens(answer);
      expect(tokens).not.toContain('');
      expect(tokens.join(' ')).toBe(normalizeAnswer(answer));
      expect(normalizeAnswer(answer)).not.toMatch(/[!-/:-@[-`{-~]/);
    }),
  );
});
