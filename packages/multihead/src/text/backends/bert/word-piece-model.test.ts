/** @file WordPiece in JavaScript. */
import { expect, test } from 'vitest';
import { wordPieceModel } from './word-piece-model.js';

const vocab = { '[UNK]': 0, play: 1, '##ing': 2, '##in': 3, p: 4, 中: 5, '##😀': 6 };
const model = wordPieceModel({ vocab, unk_token: '[UNK]' });
const tokens = (word: string) => model(word).map(({ token }) => token);

test('takes the longest piece that fits', () => expect(tokens('playing')).toEqual(['play', '##ing']));
test('covers the word', () => expect(model('中😀').map(({ length }) => length)).toEqual([1, 2]));
test('gives one [UNK] for a word that cannot be made of pieces', () =>
  expect(model('played')).toEqual([{ id: 0, token: '[UNK]', length: 6 }]));
test('gives [UNK] for words of more than 100 code points', () => {
  const repeated = wordPieceModel({ vocab: { '[UNK]': 0, '😀': 1, '##😀': 2 }, unk_token: '[UNK]' });
  expect(repeated('😀'.repeat(100))).toHaveLength(100);
  expect(repeated('😀'.repeat(101))).toEqual([{ id: 0, token: '[UNK]', length: 202 }]);
});
