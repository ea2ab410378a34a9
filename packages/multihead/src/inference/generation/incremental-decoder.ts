/**
 * @file Incremental decoding: reads tokens with a model and scores the next ones.
 *
 * Each row has a window: the tokens that the model looks at. Rows of different lengths are padded at the left, so that
 * all of them go on at the same slot of the cache; padding is masked, and positions count from each row's first token.
 */
import type { Engine, ResidentTensor, TensorValue } from '../../engine/engine.js';
import type { DecodingModel } from '../../models/causal/decoding-model.js';

const graph = 'decode';
let states = 0;

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

/** How much a decoder is to hold. */
export interface DecoderRoom {
  /** The most rows at a time. */
  readonly rows: number;
  /** The most tokens a row, padding included. */
  readonly slots: number;
}

/** A model that reads on. Close it when you are done: it holds memory of the engine. */
export class IncrementalDecoder {
  /** Tokens in each row's window. */
  private lengths: number[] = [];
  private used = 0;
  /** Slots that were read at once. */
  private prompt = 0;

  private constructor(
    private readonly engine: Engine,
    private readonly state: string,
    private readonly room: DecoderRoom,
  ) {}

  /** Makes a decoder with an empty cache in the model's engine. */
  static async open(model: DecodingModel, room: DecoderRoom): Promise<IncrementalDecoder> {
    const engine = await model.weights.prepare(graph, () => model.decodingOutputs(), { constantParameters: true });
    const state = `generation ${states++}`;
    await engine.createState(state, { tensors: selfAttention(model), ...room });
    return new IncrementalDecoder(engine, state, room);
  }

  /** Whether a further token has a slot. */
  get hasRoom(): boolean {
    return this.used < this.room.slots;
  }

  /** Forgets what was read and reads these windows, one a row, none of them empty. */
  async read(windows: readonly (readonly number[])[]): Promise<Logits> {
    this.lengths = windows.map(({ length }) => length);
    const longest = Math.max(...this.lengths);
    this.used = 0;
    this.prompt = longest;
    return this.decode(
      windows.flatMap((window) => [...new Array<number>(longest - window.length).fill(0), ...window]),
      this.lengths.flatMap((length) => Array.from({ length: longest }, (_, i) => Math.max(0, i - longest + length))),
      this.lengths.flatMap((length) => Array.from({ length: longest }, (_, i) => Number(i >= longest - length))),
      longest,
    );
  }

  /** Reads one more token a row. */
  async next(tokens: readonly number[]): Promise<Logits> {
    const positions = this.lengths;
    this.lengths = positions.map((length) => length + 1);
    return this.decode(tokens, positions, new Array<number>(tokens.length).fill(1), 1);
  }

  /**
   * Gives each row the past of another: row i that of rows[i]. There may be more rows than before, or fewer.
   *
   * @param options.sharePrompt whether each row comes from one of the same prompt, so that only new tokens are copied
   */
  async reorder(rows: readonly number[], { sharePrompt = false } = {}): Promise<void> {
    this.lengths = rows.map((row) => this.lengths[row] as number);
    await this.engine.reorderState(this.state, rows, sharePrompt ? this.prompt : 0);
  }

  /** Lets the cache go. */
  close(): Promise<void> {
    return this.engine.releaseState(this.state);
  }

  private async decode(ids: readonly number[], positions: readonly number[], mask: readonly number[], width: number) {
    const fresh = this.used === 0;
    this.used += width;
    const tensor = (values: readonly number[]): TensorValue => {
      const data = BigInt64Array.from(values, BigInt);
      return { dtype: 'int64', shape: [values.length / width, width], data };
    };
    const inputs = { input_ids: tensor(ids), position_ids: tensor(positions), new_mask: tensor(mask) };
    const { logits } = await this.engine.run(graph, inputs, { state: this.state, fresh });
    return new Logits(logits as TensorValue);
  }
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
