/** @file A model's graph of incremental decoding, ready to run: new tokens in, scores of the next ones out. */
import type { Engine, ResidentTensor, RunOptions, TensorValue } from '../../engine/engine.js';
import type { DecodingModel } from '../../models/causal/decoding-model.js';

const graph = 'decode';

/** Scores of the next token, row by row. */
export class Logits {
  private readonly vocabSize: number;
  private readonly data: Float32Array;

  constructor({ data, shape }: Pick<TensorValue, 'data' | 'shape'>) {
    this.data = data as Float32Array;
    this.vocabSize = shape[1] as number;
  }

  /** Copies of rows: row i is that of rows[i]. */
  gather(rows: readonly number[]): Logits {
    const data = new Float32Array(rows.length * this.vocabSize);
    for (const [i, row] of rows.entries()) data.set(this.row(row), i * this.vocabSize);
    return new Logits({ data, shape: [rows.length, this.vocabSize] });
  }

  /** The scores of one row: [vocabulary]. They may be changed. */
  row(row: number): Float32Array {
    return this.data.subarray(row * this.vocabSize, (row + 1) * this.vocabSize);
  }
}

/** Loads the graph into the model's engine. */
export const prepareDecoding = (model: DecodingModel): Promise<Engine> =>
  model.weights.prepare(graph, () => model.decodingOutputs());

/** New tokens of some rows, as many of each; all lists are [rows, width], row by row. */
export interface NewTokens {
  readonly ids: readonly number[];
  /** Places in each row's text. */
  readonly positions: readonly number[];
  /** 0 for padding. */
  readonly mask: readonly number[];
  readonly width: number;
}

/** Reads tokens behind those that a state holds, and scores the next token of each row. */
export async function decodeTokens(
  engine: Engine,
  { ids, positions, mask, width }: NewTokens,
  options: RunOptions,
): Promise<Logits> {
  const tensor = (values: readonly number[]): TensorValue => {
    const data = BigInt64Array.from(values, BigInt);
    return { dtype: 'int64', shape: [values.length / width, width], data };
  };
  const inputs = { input_ids: tensor(ids), position_ids: tensor(positions), new_mask: tensor(mask) };
  const { logits } = await engine.run(graph, inputs, options);
  return new Logits(logits as TensorValue);
}

/** What stays of the tokens that were read: each layer's keys and values, and which slots hold a visible token. */
export function selfAttention({ layers, kvHeads, headDim }: DecodingModel): ResidentTensor[] {
  const keyValue = (name: string): ResidentTensor => ({
    input: `past_key_values.${name}`,
    source: `present.${name}`,
    dtype: 'float32',
    shape: ['rows', kvHeads, 'slots', headDim],
  });
  const mask: ResidentTensor = {
    input: 'past_mask',
    source: 'new_mask',
    dtype: 'int64',
    shape: ['rows', 'slots'],
    zeroUnused: true,
  };
  const names = Array.from({ length: layers }, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
  return [...names.map(keyValue), mask];
}
