import { expect, it } from 'vitest';
import { wordNetToParagraphs } from './wordnet.js';

it('gives words, definition and examples, and passes over the licence above the data', () => {
  const data = [
    '  1 This software and database is being provided to you',
    '00001740 00 a 01 able 0 001 = 05207437 n 0000 | (followed by `to\') having the means; "able to swim"; "we were able"  ',
    '00002312 00 a 02 abaxial 0 dorsal(p) 4 000 | facing away from the axis',
    '02084071 05 n 0a dog 0 domestic_dog 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 j 0 000 | a canine',
  ].join('\n');
  expect(wordNetToParagraphs(data)).toEqual([
    'able: (followed by "to") having the means. able to swim. we were able.',
    'abaxial, dorsal: facing away from the axis.',
    'dog, domestic dog, c, d, e, f, g, h, i, j: a canine.',
  ]);
});
