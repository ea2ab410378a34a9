/** @file The arrangement of special tokens, against the Rust library’s. */
import { Tokenizer as RustTokenizer } from 'tokenizers';
import { describe, expect, test } from 'vitest';
import { readTemplate } from './template.js';
import { Tokenizer } from './tokenizer.js';
import { wordPieceJson } from './word-piece.js';

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
        ids: expected.getIds(),
        typeIds: expected.getTypeIds(),
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
});
