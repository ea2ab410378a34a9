/** @file The types of tensors that are read, by ggml's numbers. */
import { floats } from './floats.js';
import { kBlocks } from './k-blocks.js';
import { legacyBlocks } from './legacy-blocks.js';
import type { TensorType } from './tensor-type.js';

export type { TensorType } from './tensor-type.js';

const types: Readonly<Record<number, TensorType>> = { ...floats, ...legacyBlocks, ...kBlocks };

/** Names of types that are not read, for errors. */
const others: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

/** The names of the types that are read. */
export const tensorTypeNames = (): string[] => Object.values(types).map(({ name }) => name);

/** The type with this number; `fail` reports an unknown one. */
export function tensorTypeOf(number: number, fail: (what: string) => never): TensorType {
  const type = types[number];
  if (type) return type;
  const name = others[number];
  return fail(
    name === undefined
      ? `has the type ${number}, which is none`
      : `is of type ${name}, which is not read; read are ${tensorTypeNames().join(', ')}`,
  );
}
