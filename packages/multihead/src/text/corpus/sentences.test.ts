/** @file Sentences. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitSentences } from './sentences.js';

test.each([
  ['It rains. The sun shines!  Does it?', ['It rains.', 'The sun shines!', 'Does it?']],
  ['"Does it?" he asked. “No.” (Really.) Fine', ['"Does it?" he asked.', '“No.”', '(Really.)', 'Fine']],
  ['a line\nanother\n\n third ', ['a line', 'another', 'third']],
  ['3.14 is e.g. less than 4.', ['3.14 is e.g. less than 4.']],
  ['今天下雨。你好！他说：“走吧。”然后', ['今天下雨。', '你好！', '他说：“走吧。”', '然后']],
  ['Wait... what? Yes', ['Wait... what?', 'Yes']],
  [' \n ', []],
])('%j', (text, sentences) => expect(splitSentences(text)).toEqual(sentences));

test('nothing but white space is lost', () => {
  const text = fc.array(fc.constantFrom('a', 'B', '. ', '!', ' ', '\n', '。', '”', '"', '...'), { maxLength: 30 });
  fc.assert(
    fc.property(text, (parts) => {
      const joined = parts.join('');
      expect(splitSentences(joined).join('').replace(/\s/g, '')).toBe(joined.replace(/\s/g, ''));
    }),
  );
});
