/** @file Collates features of different lengths to a batch, padded at the end to the longest. */
import type { TensorValue, Values } from '../engine/engine.js';
import type { Tokens } from './feature.js';

/** Creates an int64 tensor. */
export function int64(values: readonly number[], shape: readonly number[]): TensorValue {
  return { dtype: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}

/** `input_ids`, `attention_mask` and `token_type_ids`, each [features, longest]. */
export function collateTokens(features: readonly Tokens[], padId: number): Values {
  const longest = Math.max(...features.map(({ inputIds }) => inputIds.length));
  const shape = [features.length, longest];
  const size = features.length * longest;
  const ids = new BigInt64Array(size).fill(BigInt(padId));
  const mask = new BigInt64Array(size);
  const types = new BigInt64Array(size);
  for (const [row, { inputIds, tokenTypeIds }] of features.entries()) {
    for (const [i, id] of inputIds.entries()) {
      ids[row * longest + i] = BigInt(id);
      mask[row * longest + i] = 1n;
      types[row * longest + i] = BigInt(tokenTypeIds[i] as number);
    }
  }
  const tensor = (data: BigInt64Array): TensorValue => ({ dtype: 'int64', shape, data });
  return { input_ids: tensor(ids), attention_mask: tensor(mask), token_type_ids: tensor(types) };
}
