/** @file The arrangement of special tokens, against the Rust library’s. */
import { Tokenizer as RustTokenizer } from 'tokenizers';
import { describe, expect, test } from 'vitest';
import { wordPieceJson } from '../files/word-piece.js';
import { readTemplate } from './post-processor.js';
import { Tokenizer } from './tokenizer.js';

const json = wordPieceJson('[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n', {}, 'vocab.txt');
const [cls, sep] = [
  ['[CLS]', 2],
  ['[SEP]', 3],
];
const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };

describe('special tokens', () => {
  test.each<[string, Record<string, unknown> | null]>([
    ['TemplateProcessing', json.post_processor as Record<string, unknown>],
    ['BertProcessing', { type: 'BertProcessing', cls, sep }],
    ['RobertaProcessing', { type: 'RobertaProcessing', cls, sep, trim_offsets: false, add_prefix_space: false }],
    ['ByteLevel', byteLevel],
    ['Sequence', { type: 'Sequence', processors: [byteLevel, { type: 'BertProcessing', cls, sep }] }],
    ['none', null],
  ])('%s', async (_, post_processor) => {
    const ours = new Tokenizer({ json: { ...json, post_processor }, config: {}, where: 'tokenizer.json' });
    const rust = RustTokenizer.fromString(JSON.stringify({ ...json, post_processor }));
    for (const [text, pair] of [['a b'], ['a b', 'b'], ['', 'a']] as [string, string?][]) {
      const expected = await rust.encode(text, pair ?? null);
      const encoding = await ours.encode(pair === undefined ? text : [text, pair]);
      expect(encoding).toMatchObject({
        inputIds: expected.getIds(),
        tokenTypeIds: expected.getTypeIds(),
        tokens: expected.getTokens(),
        specialTokensMask: expected.getSpecialTokensMask(),
        attentionMask: expected.getAttentionMask(),
        sequenceIds: expected.getSequenceIds().map((id) => id ?? null),
      });
    }
  });
});

describe('errors', () => {
  test('an unknown type', () =>
    expect(() => readTemplate({ type: 'Else' }, 'tokenizer.json')).toThrow(
      'tokenizer.json: post_processor is of type "Else"; expected TemplateProcessing, BertProcessing',
    ));
  test('a token without definition', () => {
    const single = [{ SpecialToken: { id: '[X]', type_id: 0 } }];
    const template = { type: 'TemplateProcessing', single, pair: single, special_tokens: {} };
    expect(() => readTemplate(template, 'tokenizer.json')).toThrow('post_processor uses the token [X]');
  });
  const token = { SpecialToken: { id: '[X]', type_id: 0 } };
  const sound = {
    type: 'TemplateProcessing',
    single: [token],
    pair: [token],
    special_tokens: { '[X]': { ids: [1], tokens: ['[X]'] } },
  };
  test.each<[string, object, string]>([
    [
      'a place for a second text where there is one',
      { single: [{ Sequence: { id: 'B', type_id: 0 } }] },
      'single has the place of a second text',
    ],
    ['a piece that is none', { pair: [null] }, 'has the piece null; expected such as {"Sequence"'],
    ['a third text', { pair: [{ Sequence: { id: 'C', type_id: 0 } }] }, 'has the piece {"Sequence":{"id":"C"'],
    ['a segment that is no number', { single: [{ SpecialToken: { id: '[X]' } }] }, 'has the piece {"SpecialToken"'],
    ['no definitions', { special_tokens: null }, 'uses the token [X], which its special_tokens do not define'],
    [
      'a definition without numbers',
      { special_tokens: { '[X]': ['[X]'] } },
      'defines [X] as ["[X]"]; expected a list of ids',
    ],
    [
      'more numbers than tokens',
      { special_tokens: { '[X]': { ids: [1, 2], tokens: ['a'] } } },
      'expected a list of ids',
    ],
    [
      'a token without its number',
      { type: 'BertProcessing', cls: ['[CLS]'], sep },
      'BertProcessing, RobertaProcessing',
    ],
    ['a sequence that is no list', { type: 'Sequence', processors: {} }, 'post_processor is of type "Sequence"'],
  ])('%s', (_, changes, message) => {
    // The Rust library would end the process at the first of these, when it encodes.
    expect(() => readTemplate({ ...sound, ...changes }, 'tokenizer.json')).toThrow(message);
    expect(
      () =>
        new Tokenizer({
          json: { ...json, post_processor: { ...sound, ...changes } },
          config: {},
          where: 'tokenizer.json',
        }),
    ).toThrow(message);
  });
});
