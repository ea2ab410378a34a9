/**
 * @file Tensors that stay in the engine between runs: a decoder's cached keys and values, an encoder's output, and
 *   their masks.
 *
 * A growing tensor has one buffer, allocated once with capacity for all slots. Its front is used as [rows, ...,
 * capacity, ...], with a capacity that is a multiple of 64: the graph reads the whole of it through a mask, and new
 * entries are written into the next free slots, so nothing is copied from token to token. Where the capacity is full,
 * the blocks move apart inside the buffer, once in 64 tokens: a 64th of the state's size a token, where a cache that is
 * concatenated anew copies all of it.
 */
import type { DType, TypedData } from '../../tensor/dtype.js';
import type { GrowingTensor, StateForm, TensorValue } from '../engine.js';
import type { Runtime, RuntimeTensor } from './runtime.js';

/** Capacity increment, in slots. */
const chunk = 64;

/** A growing tensor and its memory. Data is copied in words of 4 bytes, whatever the element type. */
interface Growing extends GrowingTensor {
  /** Blocks of slots in each row. */
  readonly blocks: number;
  /** Words of a slot of a block. */
  readonly width: number;
  words: Int32Array<ArrayBuffer>;
}

/** A tensor that is replaced as a whole. */
interface Fixed {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedData;
}

/** Inputs or outputs of a run, by name. */
type Given = Readonly<Record<string, RuntimeTensor | TensorValue | undefined>>;

/**
 * The resident state of one batch of sequences. All rows use the same slots; slots that a row must not see are masked.
 */
export class ResidentState {
  /** Slots in use. */
  private length = 0;
  private capacity = 0;
  private rows = 0;
  private readonly growing: readonly Growing[];
  private readonly fixed = new Map<string, Fixed>();
  private readonly sources: ReadonlySet<string>;
  private kept: Record<string, RuntimeTensor> | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly form: StateForm,
  ) {
    this.growing = form.tensors.filter((tensor) => 'shape' in tensor).map(withoutMemory);
    this.sources = new Set(form.tensors.map(({ source }) => source));
  }

  /**
   * Returns the tensors that graphs read, by input name.
   *
   * @param rows of the batch; an empty state takes any number, up to its form's
   */
  feeds(rows: number): Readonly<Record<string, RuntimeTensor>> {
    if (this.length === 0 && this.fixed.size === 0) this.start(rows);
    if (rows !== this.rows) throw new Error(`internal: a batch of ${rows} rows for a state of ${this.rows}`);
    this.kept ??= this.tensors();
    return this.kept;
  }

  /** Whether an output is kept in this state. */
  keeps(output: string): boolean {
    return this.sources.has(output);
  }

  /** Stores the inputs and outputs of a run that are sources of this state. */
  take(given: Given): void {
    for (const tensor of this.form.tensors) {
      const value = given[tensor.source];
      if ('shape' in tensor || !value) continue;
      const shape = 'dims' in value ? value.dims : value.shape;
      const dtype = ('dims' in value ? value.type : value.dtype) as DType;
      this.fixed.set(tensor.input, { dtype, shape, data: value.data as TypedData });
      this.kept = undefined;
    }
    const missing = this.growing.filter(({ source }) => !given[source]);
    if (missing.length === this.growing.length) return;
    if (missing.length > 0) throw new Error(`internal: the run gave no ${missing.map(({ source }) => source).join()}`);
    this.append(this.growing.map(({ source }) => wordsOf((given[source] as RuntimeTensor).data as TypedData)));
  }

  /**
   * Reorders the rows: row i gets the contents of row rows[i]. The number of rows may change. Rows that stay in place
   * cost nothing.
   *
   * @param shared leading slots that are equal in both, as the prompt's are for its beams, and need not be copied; if
   *   above 0, fixed tensors are taken to be equal, too
   */
  reorder(rows: readonly number[], shared = 0): void {
    if (rows.length > this.form.rows) throw new Error(`internal: ${rows.length} rows in a state of ${this.form.rows}`);
    const moves = inOrder(rows);
    const start = rows.length > this.rows ? 0 : shared;
    for (const { words, blocks, width, zeroUnused } of this.growing) {
      const stretches = Array.from({ length: blocks }, (_, block) => {
        const slot = block * this.capacity;
        return { start: (slot + start) * width, end: (slot + this.length) * width };
      });
      moveRows(words, blocks * this.capacity * width, moves, stretches);
      if (zeroUnused) this.clearUnused(words, rows.length * blocks, width);
    }
    const areShared = shared > 0 && rows.length === this.rows;
    if (!areShared && (moves.length > 0 || rows.length !== this.rows)) {
      for (const [input, held] of this.fixed) this.fixed.set(input, gathered(held, rows));
    }
    this.rows = rows.length;
    this.kept = undefined;
  }

  /** Clears the state, and keeps the memory of growing tensors. */
  clear(): void {
    this.length = 0;
    this.rows = 0;
    this.fixed.clear();
    this.kept = undefined;
  }

  private start(rows: number): void {
    if (rows > this.form.rows) throw new Error(`internal: a batch of ${rows} rows for a state of ${this.form.rows}`);
    const slots = roundedUp(this.form.slots);
    for (const tensor of this.growing) {
      const { blocks, width, zeroUnused } = tensor;
      if (tensor.words.length === 0) tensor.words = new Int32Array(this.form.rows * blocks * slots * width);
      else if (zeroUnused) tensor.words.fill(0, 0, rows * blocks * chunk * width);
    }
    this.rows = rows;
    this.capacity = chunk;
    this.kept = undefined;
  }

  /** Appends new slots of each growing tensor: [rows, ..., new slots, ...]. */
  private append(values: readonly Int32Array[]): void {
    const { blocks, width } = this.growing[0] as Growing;
    const added = Math.floor((values[0] as Int32Array).length / (this.rows * blocks * width));
    if (this.length + added > this.capacity) this.grow(roundedUp(this.length + added));
    for (const [i, { words, blocks, width }] of this.growing.entries()) {
      const from = values[i] as Int32Array;
      const stretch = added * width;
      if (from.length !== this.rows * blocks * stretch) {
        const { source } = this.growing[i] as Growing;
        throw new Error(`internal: ${source} does not have ${added} new slots for each of ${this.rows} rows`);
      }
      for (let block = 0; block < this.rows * blocks; block++) {
        const start = block * stretch;
        const to = (block * this.capacity + this.length) * width;
        // Short runs are copied faster by a loop than by making a view of them.
        if (added === 1) for (let j = 0; j < width; j++) words[to + j] = from[start + j] as number;
        else words.set(from.subarray(start, start + stretch), to);
      }
    }
    this.length += added;
  }

  /** Grows the capacity by moving blocks apart, the last one first, so that none is overwritten before it has moved. */
  private grow(capacity: number): void {
    const { slots } = this.form;
    if (capacity > roundedUp(slots)) throw new Error(`internal: ${capacity} slots in a state of ${slots}`);
    const before = this.capacity;
    this.capacity = capacity;
    for (const { words, blocks, width, zeroUnused } of this.growing) {
      for (let block = this.rows * blocks - 1; block > 0; block--) {
        const from = block * before * width;
        words.copyWithin(block * capacity * width, from, from + this.length * width);
      }
      if (zeroUnused) this.clearUnused(words, this.rows * blocks, width);
    }
    this.kept = undefined;
  }

  private clearUnused(words: Int32Array, blocks: number, width: number): void {
    for (let block = 0; block < blocks; block++) {
      const start = block * this.capacity;
      words.fill(0, (start + this.length) * width, (start + this.capacity) * width);
    }
  }

  /** Tensor views of the buffers, which remain valid while slots are filled. */
  private tensors(): Record<string, RuntimeTensor> {
    const { Tensor } = this.runtime;
    const feeds: Record<string, RuntimeTensor> = {};
    for (const { input, dtype, shape, words, blocks, width } of this.growing) {
      const dims = shape.map((size) => (size === 'rows' ? this.rows : size === 'slots' ? this.capacity : size));
      const count = this.rows * blocks * this.capacity * width;
      feeds[input] =
        dtype === 'int64'
          ? new Tensor(dtype, new BigInt64Array(words.buffer, 0, count / 2), dims)
          : new Tensor(dtype, new Float32Array(words.buffer, 0, count), dims);
    }
    for (const [input, { dtype, shape, data }] of this.fixed) {
      feeds[input] = new Tensor(dtype, data as Float32Array, [...shape]);
    }
    return feeds;
  }
}

const roundedUp = (slots: number): number => Math.ceil(slots / chunk) * chunk;

const wordsOf = ({ buffer, byteOffset, byteLength }: TypedData): Int32Array =>
  new Int32Array(buffer, byteOffset, byteLength / 4);

function withoutMemory(tensor: GrowingTensor): Growing {
  const at = tensor.shape.indexOf('slots');
  const product = (sizes: readonly (number | string)[]) => sizes.reduce<number>((all, size) => all * Number(size), 1);
  const width = product(tensor.shape.slice(at + 1)) * (tensor.dtype === 'int64' ? 2 : 1);
  return { ...tensor, blocks: product(tensor.shape.slice(1, at)), width, words: new Int32Array(0) };
}

/** Gathers rows of a tensor: row i is row rows[i]. */
function gathered({ dtype, shape, data }: Fixed, rows: readonly number[]): Fixed {
  const words = wordsOf(data);
  const width = words.length / (shape[0] as number);
  const result = new Int32Array(rows.length * width);
  for (const [to, from] of rows.entries()) result.set(words.subarray(from * width, (from + 1) * width), to * width);
  const made = dtype === 'int64' ? new BigInt64Array(result.buffer) : new Float32Array(result.buffer);
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: made };
}

interface Move {
  readonly from: number;
  readonly to: number;
}

/**
 * The moves that put rows in place, in an order in which no row is overwritten before it has been read where there is
 * one; rows of a cycle are read first (`moveRows`).
 */
function inOrder(rows: readonly number[]): Move[] {
  const open = rows.map((from, to) => ({ from, to })).filter(({ from, to }) => from !== to);
  const ordered: Move[] = [];
  for (;;) {
    const free = open.findIndex(({ to }) => !open.some((other) => other.from === to));
    if (free < 0) return [...ordered, ...open];
    ordered.push(...open.splice(free, 1));
  }
}

/** Carries out moves of row ranges. A source that an earlier move overwrites is copied first. */
function moveRows(
  words: Int32Array,
  rowSize: number,
  moves: readonly Move[],
  stretches: readonly { start: number; end: number }[],
): void {
  const aside = new Map<number, Int32Array>();
  for (const [i, { from }] of moves.entries()) {
    const isLost = moves.slice(0, i).some(({ to }) => to === from);
    if (isLost && !aside.has(from)) aside.set(from, words.slice(from * rowSize, (from + 1) * rowSize));
  }
  for (const { from, to } of moves) {
    const kept = aside.get(from);
    for (const { start, end } of stretches) {
      if (kept) words.set(kept.subarray(start, end), to * rowSize + start);
      else words.copyWithin(to * rowSize + start, from * rowSize + start, from * rowSize + end);
    }
  }
}
