/** @file Special tokens out of the configuration. */
import { expect, test } from 'vitest';
import { findSpecialTokens } from './special-tokens.js';

test('named by string or object, else BERT’s; those that the vocabulary lacks are none', () => {
  const vocabulary = new Set(['<pad>', '<m>', '[CLS]']);
  const config = {
    pad_token: '<pad>',
    mask_token: { content: '<m>', lstrip: true },
    eos_token: '</s>',
    bos_token: null,
  };
  const tokens = findSpecialTokens(config, (token) => vocabulary.has(token));
  expect(tokens).toEqual({ pad: '<pad>', mask: '<m>', cls: '[CLS]' });
});
