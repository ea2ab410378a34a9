/**
 * @file Tensors that stay in the engine between runs: a decoder's cached keys and values, an encoder's output, and
 *   their masks.
 *
 * A growing tensor has one buffer, allocated once with capacity for all slots unless its form says otherwise. Its front is
 * used as [rows, ..., capacity, ...], with a capacity that is a multiple of 64: the graph reads the whole of it through a
 * mask, and new entries are written into each row's next free slots, so nothing is copied from token to token. Where the
 * capacity is full, the blocks move apart inside the buffer, once in 64 tokens: a 64th of the state's size a token, where a
 * cache that is concatenated anew copies all of it.
 */
import type { DType, TypedData } from '../../tensor/dtype.js';
import type { GrowingTensor, StateForm, TensorValue } from '../engine.js';
import { type FixedTensor, gathered, wordsOf } from './fixed-tensor.js';
import { inOrder, moveRows } from './row-moves.js';
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

/** Inputs or outputs of a run, by name. */
type Given = Readonly<Record<string, RuntimeTensor | TensorValue | undefined>>;

/**
 * The resident state of one batch of sequences. Each row uses its first slots; slots that it must not see are masked. Rows
 * that were started together use as many slots each; rows that joined later may use more or fewer.
 */
export class ResidentState {
  /** Slots in use, of each row. */
  private lengths: number[] = [];
  private capacity = 0;
  private readonly growing: readonly Growing[];
  private readonly fixed = new Map<string, FixedTensor>();
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
    if (this.longest === 0 && this.fixed.size === 0) this.start(rows);
    if (rows !== this.rows) throw new Error(`internal: a batch of ${rows} rows for a state of ${this.rows}`);
    this.kept ??= this.tensors();
    return this.kept;
  }

  private get rows(): number {
    return this.lengths.length;
  }

  /** Slots in use of the row that uses most. */
  private get longest(): number {
    return Math.max(0, ...this.lengths);
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
    const { longest } = this;
    for (const growing of this.growing) {
      const { blocks, width, zeroUnused } = growing;
      this.allocate(growing, rows.length, this.capacity);
      const { words } = growing;
      const stretches = Array.from({ length: blocks }, (_, block) => {
        const slot = block * this.capacity;
        return { start: (slot + start) * width, end: (slot + longest) * width };
      });
      moveRows(words, blocks * this.capacity * width, moves, stretches);
      if (zeroUnused) clearUnused(growing, this.capacity, new Array(rows.length).fill(longest));
    }
    const areShared = shared > 0 && rows.length === this.rows;
    if (!areShared && (moves.length > 0 || rows.length !== this.rows)) {
      for (const [input, held] of this.fixed) this.fixed.set(input, gathered(held, rows));
    }
    this.lengths = rows.map((row) => this.lengths[row] as number);
    this.kept = undefined;
    if (this.form.memory === 'as needed') this.release();
  }

  /**
   * Adds the rows of another state of this form behind those of this one.
   *
   * @param skipped leading slots of each row that are left out, as padding
   */
  join(other: ResidentState, skipped: readonly number[]): void {
    if (this.fixed.size > 0 || other.fixed.size > 0) throw new Error('internal: states with fixed tensors do not join');
    const before = this.rows;
    if (before + other.rows > this.form.rows) {
      throw new Error(`internal: ${before + other.rows} rows in a state of ${this.form.rows}`);
    }
    const added = other.lengths.map((length, row) => length - (skipped[row] as number));
    const capacity = Math.max(this.capacity, roundedUp(Math.max(...added)));
    for (const growing of this.growing) this.allocate(growing, before + added.length, capacity);
    if (capacity > this.capacity) this.resize(capacity);
    this.lengths.push(...added);
    for (const [i, growing] of this.growing.entries()) {
      const { words, blocks, width, zeroUnused } = growing;
      const from = (other.growing[i] as Growing).words;
      for (const [row, length] of added.entries()) {
        for (let block = 0; block < blocks; block++) {
          const start = ((row * blocks + block) * other.capacity + (skipped[row] as number)) * width;
          const to = ((before + row) * blocks + block) * this.capacity * width;
          words.set(from.subarray(start, start + length * width), to);
        }
      }
      if (zeroUnused) clearUnused(growing, this.capacity, this.lengths);
    }
    this.kept = undefined;
  }

  /** Clears the state, and keeps the memory of growing tensors unless it is taken as needed. */
  clear(): void {
    this.lengths = [];
    this.fixed.clear();
    this.kept = undefined;
    if (this.form.memory === 'as needed') this.release();
  }

  private start(rows: number): void {
    if (rows > this.form.rows) throw new Error(`internal: a batch of ${rows} rows for a state of ${this.form.rows}`);
    for (const growing of this.growing) {
      const { words, blocks, width, zeroUnused } = growing;
      const isNew = words.length === 0;
      this.allocate(growing, rows, chunk);
      if (zeroUnused && !isNew) growing.words.fill(0, 0, rows * blocks * chunk * width);
    }
    this.lengths = new Array(rows).fill(0);
    this.capacity = chunk;
    this.kept = undefined;
  }

  /** Sees to it that a tensor has memory for so many rows and slots. */
  private allocate(growing: Growing, rows: number, capacity: number): void {
    const { words, blocks, width } = growing;
    const atMost = this.form.rows * blocks * roundedUp(this.form.slots) * width;
    const needed = rows * blocks * capacity * width;
    if (words.length >= needed && words.length > 0) return;
    const size = this.form.memory === 'as needed' ? Math.min(atMost, Math.ceil(needed * 1.25)) : atMost;
    growing.words = new Int32Array(size);
    growing.words.set(words);
  }

  /** Gives memory back that the rows do not need any more. */
  private release(): void {
    const capacity = Math.max(chunk, roundedUp(this.longest));
    if (2 * capacity <= this.capacity) this.resize(capacity);
    for (const growing of this.growing) {
      const used = this.rows * growing.blocks * this.capacity * growing.width;
      if (4 * used <= growing.words.length) growing.words = growing.words.slice(0, used);
    }
  }

  /** Appends new slots of each growing tensor: [rows, ..., new slots, ...]. */
  private append(values: readonly Int32Array[]): void {
    const { blocks, width } = this.growing[0] as Growing;
    const added = Math.floor((values[0] as Int32Array).length / (this.rows * blocks * width));
    const needed = roundedUp(this.longest + added);
    if (needed > this.capacity) {
      for (const growing of this.growing) this.allocate(growing, this.rows, needed);
      this.resize(needed);
    }
    for (const [i, { words, blocks, width }] of this.growing.entries()) {
      const from = values[i] as Int32Array;
      const stretch = added * width;
      if (from.length !== this.rows * blocks * stretch) {
        const { source } = this.growing[i] as Growing;
        throw new Error(`internal: ${source} does not have ${added} new slots for each of ${this.rows} rows`);
      }
      for (let block = 0; block < this.rows * blocks; block++) {
        const start = block * stretch;
        const length = this.lengths[Math.floor(block / blocks)] as number;
        const to = (block * this.capacity + length) * width;
        // Short runs are copied faster by a loop than by making a view of them.
        if (added === 1) for (let j = 0; j < width; j++) words[to + j] = from[start + j] as number;
        else words.set(from.subarray(start, start + stretch), to);
      }
    }
    this.lengths = this.lengths.map((length) => length + added);
  }

  /**
   * Changes the capacity by moving blocks apart, the last one first, or together, the first one first, so that none is
   * overwritten before it has moved.
   */
  private resize(capacity: number): void {
    const { slots } = this.form;
    if (capacity > roundedUp(slots)) throw new Error(`internal: ${capacity} slots in a state of ${slots}`);
    const before = this.capacity;
    this.capacity = capacity;
    for (const growing of this.growing) {
      const { words, blocks, width, zeroUnused } = growing;
      const count = this.rows * blocks;
      for (let i = 1; i < count; i++) {
        const block = capacity > before ? count - i : i;
        const from = block * before * width;
        const length = this.lengths[Math.floor(block / blocks)] as number;
        words.copyWithin(block * capacity * width, from, from + length * width);
      }
      if (zeroUnused) clearUnused(growing, capacity, this.lengths);
    }
    this.kept = undefined;
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

/** Clears the slots that rows do not use. */
function clearUnused({ words, blocks, width }: Growing, capacity: number, lengths: readonly number[]): void {
  for (let block = 0; block < lengths.length * blocks; block++) {
    const length = lengths[Math.floor(block / blocks)] as number;
    words.fill(0, (block * capacity + length) * width, (block + 1) * capacity * width);
  }
}

const roundedUp = (slots: number): number => Math.ceil(slots / chunk) * chunk;

function withoutMemory(tensor: GrowingTensor): Growing {
  const at = tensor.shape.indexOf('slots');
  const product = (sizes: readonly (number | string)[]) => sizes.reduce<number>((all, size) => all * Number(size), 1);
  const width = product(tensor.shape.slice(at + 1)) * (tensor.dtype === 'int64' ? 2 : 1);
  return { ...tensor, blocks: product(tensor.shape.slice(1, at)), width, words: new Int32Array(0) };
}
