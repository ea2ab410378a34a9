import { expect, test } from 'vitest';
import type { TokenizerJson } from '../backends/backend.js';
import { wordPieceJson } from '../files/word-piece.js';
import { wordBoundaries } from './word-boundaries.js';

const bpe = (settings: object, others: object = {}): TokenizerJson => {
  return { ...others, model: { type: 'BPE', vocab: { a: 0 }, merges: [], ...settings } };
};

/** Which of some tokens begin a word, and which end one. */
function of(json: TokenizerJson, tokens: readonly string[]) {
  const boundaries = wordBoundaries(json);
  return boundaries && [tokens.filter(boundaries.begins), tokens.filter(boundaries.ends)];
}

test('WordPiece: what has no prefix begins a word', () => {
  const json = wordPieceJson('[UNK]\n[CLS]\n[SEP]\ngame\n##s\n', {}, 'vocab.txt');
  expect(of(json, ['game', '##s', '▁s'])).toEqual([['game', '▁s'], []]);
  const other = { ...json, model: { ...json.model, continuing_subword_prefix: '@@' } };
  expect(of(other, ['game', '##s', '@@s'])).toEqual([['game', '##s'], []]);
});

test('byte-level: what begins with white space begins a word, whatever names it', () => {
  const tokens = ['game', 'Ġgame', 'Ċ', ',', 'ĉx'];
  const expected = [['Ġgame', 'Ċ', 'ĉx'], []];
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false };
  expect(of(bpe({}, { pre_tokenizer: byteLevel }), tokens)).toEqual(expected);
  expect(of(bpe({}, { pre_tokenizer: { type: 'Sequence', pretokenizers: [byteLevel] } }), tokens)).toEqual(expected);
  expect(of(bpe({}, { decoder: { type: 'Sequence', decoders: [byteLevel] } }), tokens)).toEqual(expected);
});

test('SentencePiece: what begins with the sign for a space begins a word', () => {
  const tokens = ['game', '▁game', '_game', '.'];
  const metaspace = { type: 'Metaspace', replacement: '▁' };
  expect(of(bpe({}, { pre_tokenizer: metaspace }), tokens)).toEqual([['▁game'], []]);
  expect(of(bpe({}, { decoder: { ...metaspace, replacement: '_' } }), tokens)).toEqual([['_game'], []]);
  const replaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const normalizer = { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, replaces] };
  expect(of(bpe({}, { normalizer, pre_tokenizer: null }), tokens)).toEqual([['▁game'], []]);
});

test('BPE with a suffix or a prefix; whole words', () => {
  expect(of(bpe({ end_of_word_suffix: '</w>' }), ['ga', 'me</w>'])).toEqual([[], ['me</w>']]);
  expect(of(bpe({ continuing_subword_prefix: '##' }), ['ga', '##me'])).toEqual([['ga'], []]);
  const words = { model: { type: 'WordLevel', vocab: { a: 0 } } };
  expect(of({ ...words, pre_tokenizer: { type: 'Whitespace' } }, ['a', 'b'])).toEqual([['a', 'b'], []]);
});

test('unknown where tokens say nothing of words', () => {
  expect(wordBoundaries(bpe({}))).toBeUndefined();
  const split = { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated', invert: false };
  expect(wordBoundaries({ pre_tokenizer: split, model: { type: 'WordLevel', vocab: { a: 0 } } })).toBeUndefined();
});
