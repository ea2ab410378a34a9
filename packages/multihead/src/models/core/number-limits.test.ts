/** @file Tokens and token types that a model has no row for are told in words, in prediction and in training. */
import { expect, test } from 'vitest';
import type { TensorValue } from '../../exports/tensor.js';
import { BertConfig, BertModel } from '../../index.js';
import { checkFeatures } from '../../tasks/validate-features.js';

const sizes = { vocab_size: 10, hidden_size: 8, num_attention_heads: 2, num_hidden_layers: 1, intermediate_size: 8 };
const config = BertConfig.fromJson({ ...sizes, type_vocab_size: 1 }, 'c');
const int64 = (values: readonly number[]): TensorValue => ({
  dtype: 'int64',
  shape: [1, values.length],
  data: BigInt64Array.from(values, BigInt),
});

test.each([
  [[1, -1], [0, 0], "token number -1, but the model's vocabulary has 10 tokens, from 0 on"],
  [[1, 10], [0, 0], "token number 10, but the model's vocabulary has 10 tokens, from 0 on"],
  [[1, 2], [0, 1], 'token type 1, but the model has 1 (type_vocab_size in config.json)'],
])('tokens %o of types %o', async (inputIds, tokenTypeIds, message) => {
  expect(() => checkFeatures([{ inputIds, tokenTypeIds }], new BertModel(config).limits)).toThrow(message);
  const model = BertModel.fromConfig(config);
  const batch = { input_ids: int64(inputIds), attention_mask: int64([1, 1]), token_type_ids: int64(tokenTypeIds) };
  await expect(model.predictValues(batch)).rejects.toThrow(message);
  await model.dispose();
});
