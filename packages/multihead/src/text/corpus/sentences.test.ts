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

test('sentences are those of the definition, whatever the order in which a place is looked at', () => {
  const definition = /\n+|(?<=[.!?…]["'”’)\]»]*)\s+(?!\p{Ll})|(?<=[。！？][”’」』）】]*)(?![。！？”’」』）】])/u;
  const text = fc.array(fc.constantFrom('a', 'B', '.', '!', ' ', '\n', '。', '”', '"', ')', '」', '…', '？'), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, (parts) => {
      const joined = parts.join('');
      const trimmed = joined.split(definition).map((each) => each.trim());
      expect(splitSentences(joined)).toEqual(trimmed.filter((each) => each !== ''));
    }),
  );
});

test.each(['"', ')', '”', '」', ' ', '. ', '。」', '." '])('a million times %j takes no quadratic time', (piece) => {
  const began = performance.now();
  splitSentences(`x.${piece.repeat(1_000_000)}y`);
  expect(performance.now() - began).toBeLessThan(10_000); // quadratic time would be minutes
});
