/**
 * @file Keys and values of the tokens that a model has read, kept for the tokens that follow.
 *
 * One buffer for each layer's keys and one for its values, made once with room for all slots that will be needed. Its
 * front is used as [batch, kvHeads, capacity, headDim], with a capacity that is a multiple of 64: the graph reads the
 * whole of it through a mask, and new entries are written into the next free slots, so nothing is copied from token to
 * token. Where a capacity is full, the blocks of the heads move apart inside the buffer, once in 64 tokens: a 64th of
 * the cache's size a token, where a cache that is concatenated anew copies all of it.
 */
import type { CacheForm, Values } from './engine.js';
import type { Runtime, RuntimeTensor } from './runtime.js';

/** Slots by which the capacity grows. */
const chunk = 64;

/** A cache of one batch of sequences. All rows fill the same slots; what a row must not see is masked. */
export class KeyValueCache {
  /** Slots in use. */
  private length = 0;
  private capacity = 0;
  private batch = 0;
  private buffers: Float32Array[] = [];
  /** [batch, capacity], 1 where the slot holds a token that may be seen. */
  private mask = new BigInt64Array(0);
  private kept: Record<string, RuntimeTensor> | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly form: CacheForm,
  ) {}

  /**
   * What the graph reads: `past_mask` and `past_key_values.{layer}.key|value`.
   *
   * @param batch rows of the batch; an empty cache takes any number, up to its form's
   */
  feeds(batch: number): Record<string, RuntimeTensor> {
    if (this.length === 0) this.start(batch);
    if (batch !== this.batch) throw new Error(`internal: a batch of ${batch} rows for a cache of ${this.batch}`);
    this.kept ??= this.tensors();
    return this.kept;
  }

  /** Takes in what the graph gave: `present.{layer}.key|value`, [batch, kvHeads, newLength, headDim]. */
  append(results: Readonly<Record<string, RuntimeTensor>>, newMask: Values[string]): void {
    const { kvHeads, headDim } = this.form;
    const newLength = newMask.shape[1] as number;
    const width = newLength * headDim; // of one head's new entries
    if (this.length + newLength > this.capacity) this.grow(Math.ceil((this.length + newLength) / chunk) * chunk);
    for (const [i, name] of this.names().entries()) {
      const data = (results[`present.${name}`] as RuntimeTensor).data as Float32Array;
      const buffer = this.buffers[i] as Float32Array;
      for (let block = 0; block < this.batch * kvHeads; block++) {
        const from = block * width;
        const to = (block * this.capacity + this.length) * headDim;
        // Short runs are copied faster by a loop than by making a view of them.
        if (newLength === 1) for (let j = 0; j < headDim; j++) buffer[to + j] = data[from + j] as number;
        else buffer.set(data.subarray(from, from + width), to);
      }
    }
    for (let row = 0; row < this.batch; row++) {
      const visible = newMask.data.subarray(row * newLength, (row + 1) * newLength) as BigInt64Array;
      this.mask.set(visible, row * this.capacity + this.length);
    }
    this.length += newLength;
  }

  /**
   * Gives each row the contents of another: row i gets those of rows[i]. There may be more rows than before, or fewer.
   * Rows that stay where they are cost nothing.
   *
   * @param shared slots at the beginning that are the same in both anyhow, as those of the prompt are for its beams
   */
  reorder(rows: readonly number[], shared = 0): void {
    if (rows.length > this.form.rows) throw new Error(`internal: ${rows.length} rows in a cache of ${this.form.rows}`);
    const { kvHeads, headDim } = this.form;
    const moves = inOrder(rows);
    const stretches = Array.from({ length: kvHeads }, (_, head) => {
      const start = head * this.capacity;
      return { start: (start + shared) * headDim, end: (start + this.length) * headDim };
    });
    for (const buffer of this.buffers) moveRows(buffer, kvHeads * this.capacity * headDim, moves, stretches);
    const mask = new BigInt64Array(rows.length * this.capacity);
    for (const [row, from] of rows.entries()) {
      mask.set(this.mask.subarray(from * this.capacity, (from + 1) * this.capacity), row * this.capacity);
    }
    this.mask = mask;
    this.batch = rows.length;
    this.kept = undefined;
  }

  /** Forgets all tokens; the memory stays. */
  clear(): void {
    this.length = 0;
    this.kept = undefined;
  }

  private start(batch: number): void {
    const { rows, slots, kvHeads, headDim } = this.form;
    if (batch > rows) throw new Error(`internal: a batch of ${batch} rows for a cache of ${rows}`);
    if (this.buffers.length === 0) {
      const size = rows * kvHeads * Math.ceil(slots / chunk) * chunk * headDim;
      this.buffers = this.names().map(() => new Float32Array(size));
    }
    this.batch = batch;
    this.capacity = chunk;
    this.mask = new BigInt64Array(batch * chunk);
    this.kept = undefined;
  }

  /** Moves the heads' blocks apart, the last one first, so that none is overwritten before it has moved. */
  private grow(capacity: number): void {
    const { kvHeads, headDim, rows, slots } = this.form;
    if (capacity > Math.ceil(slots / chunk) * chunk) {
      throw new Error(`internal: ${capacity} slots in a cache of ${slots}`);
    }
    const used = this.length * headDim;
    for (const buffer of this.buffers) {
      if (buffer.length < rows * kvHeads * capacity * headDim) throw new Error('internal: the cache is too small');
      for (let block = this.batch * kvHeads - 1; block > 0; block--) {
        const from = block * this.capacity * headDim;
        buffer.copyWithin(block * capacity * headDim, from, from + used);
      }
    }
    const mask = new BigInt64Array(this.batch * capacity);
    for (let row = 0; row < this.batch; row++) {
      mask.set(this.mask.subarray(row * this.capacity, (row + 1) * this.capacity), row * capacity);
    }
    this.mask = mask;
    this.capacity = capacity;
    this.kept = undefined;
  }

  /** Tensors over the buffers. They stay as they are while slots are filled: a run reads the memory behind them. */
  private tensors(): Record<string, RuntimeTensor> {
    const { kvHeads, headDim } = this.form;
    const shape = [this.batch, kvHeads, this.capacity, headDim];
    const size = this.batch * kvHeads * this.capacity * headDim;
    const { Tensor } = this.runtime;
    const feeds: Record<string, RuntimeTensor> = {
      past_mask: new Tensor('int64', this.mask, [this.batch, this.capacity]),
    };
    for (const [i, name] of this.names().entries()) {
      const data = (this.buffers[i] as Float32Array).subarray(0, size);
      feeds[`past_key_values.${name}`] = new Tensor('float32', data, shape);
    }
    return feeds;
  }

  private names(): string[] {
    return Array.from({ length: this.form.layers }, (_, i) => [`${i}.key`, `${i}.value`]).flat();
  }
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

/** Carries moves out, for stretches of the rows. A source that an earlier move overwrites is set aside first. */
function moveRows(
  buffer: Float32Array,
  rowSize: number,
  moves: readonly Move[],
  stretches: readonly { start: number; end: number }[],
): void {
  const aside = new Map<number, Float32Array>();
  for (const [i, { from }] of moves.entries()) {
    const isLost = moves.slice(0, i).some(({ to }) => to === from);
    if (isLost && !aside.has(from)) aside.set(from, buffer.slice(from * rowSize, (from + 1) * rowSize));
  }
  for (const { from, to } of moves) {
    const kept = aside.get(from);
    for (const { start, end } of stretches) {
      if (kept) buffer.set(kept.subarray(start, end), to * rowSize + start);
      else buffer.copyWithin(to * rowSize + start, from * rowSize + start, from * rowSize + end);
    }
  }
}
