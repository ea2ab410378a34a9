/**
 * @file The optimizer's compiled inner loops and the memory that they work in.
 *
 * WebAssembly sees only its own memory. Parameters, gradients and moments are therefore laid into one such memory (ONNX
 * Runtime takes views of it as it takes any other). What does not fit its 4 GB, from about 268 million parameters on, is
 * carried through it slice by slice, at half the speed.
 */
import { optimizerWasm } from '../generated/optimizer-wasm.js';
import type { CompiledLoops, FloatBlock, RowBlocks } from './optimizer.js';

/** A loop: the addresses of its blocks, their length, and its other arguments. */
type Loop = (...args: number[]) => number | undefined;

const pageSize = 65536;
const largestMemory = 65536 * pageSize - pageSize;
/** Elements of a slice that is carried through the memory: all of them stay in a core's second-level cache. */
const sliceLength = 1 << 14;
const mostBlocks = 5;
const alignment = 64;

/** The compiled loops, with memory for some blocks. */
export class OptimizerKernel implements CompiledLoops {
  private free = mostBlocks * sliceLength * 4;
  private readonly exports: Readonly<Record<string, Loop>>;
  private readonly memory: WebAssembly.Memory;

  private constructor(bytes: number) {
    const pages = Math.ceil((this.free + bytes) / pageSize);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
    const binary = Uint8Array.from(atob(optimizerWasm), (character) => character.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory: this.memory } });
    this.exports = instance.exports as unknown as Record<string, Loop>;
  }

  /** A kernel with room for blocks of the given lengths (in elements), if that much can be had. */
  static create(lengths: readonly number[]): OptimizerKernel {
    const bytes = lengths.reduce((sum, length) => sum + length * 4 + alignment, 0);
    return new OptimizerKernel(bytes + mostBlocks * sliceLength * 4 < largestMemory ? bytes : 0);
  }

  /** A block of zeros: in the kernel's memory while there is room, elsewhere otherwise. */
  allocate(length: number): FloatBlock {
    const start = Math.ceil(this.free / alignment) * alignment;
    const end = start + length * 4;
    if (end > this.memory.buffer.byteLength) return new Float32Array(length);
    this.free = end;
    return new Float32Array(this.memory.buffer, start, length);
  }

  run(loop: string, blocks: readonly FloatBlock[], changed: readonly number[], scalars: readonly number[]): number {
    const compiled = this.exports[loop];
    if (!compiled || blocks.length > mostBlocks)
      throw new Error(`internal: no loop ${loop} of ${blocks.length} blocks`);
    let sum = 0;
    this.slices(blocks, changed, (addresses, count) => {
      sum += compiled(...addresses, count, ...scalars) ?? 0;
    });
    return sum;
  }

  runRows(loop: string, blocks: RowBlocks, changed: readonly FloatBlock[], scalars: readonly number[]): number {
    const { matrices, rows, columns } = blocks;
    const [height, width] = [(rows[0] as FloatBlock).length, (columns[0] as FloatBlock).length];
    const compiled = this.exports[loop];
    if (!compiled) throw new Error(`internal: no loop ${loop}`);
    const all = [...matrices, ...rows, ...columns];
    if (all.every((block) => this.isInside(block))) {
      return compiled(...all.map(({ byteOffset }) => byteOffset), height, width, ...scalars) ?? 0;
    }
    if (width > sliceLength) throw new Error(`internal: ${loop} takes rows of up to ${sliceLength} columns`);
    const most = Math.floor(sliceLength / width);
    let sum = 0;
    for (let start = 0; start < height; start += most) {
      const count = Math.min(most, height - start);
      const parts = [
        ...matrices.map((block) => block.subarray(start * width, (start + count) * width)),
        ...rows.map((block) => block.subarray(start, start + count)),
        ...columns,
      ];
      const slots = this.slots(all.length);
      for (const [i, part] of parts.entries()) slots[i]?.set(part);
      sum += compiled(...slots.map(({ byteOffset }) => byteOffset), count, width, ...scalars) ?? 0;
      for (const [i, part] of parts.entries()) {
        if (changed.includes(all[i] as FloatBlock)) part.set((slots[i] as FloatBlock).subarray(0, part.length));
      }
    }
    return sum;
  }

  /** The sum of a block's squares. */
  sumOfSquares(block: FloatBlock): number {
    return this.run('sumOfSquares', [block], [], []);
  }

  /** Adds one block to another. */
  add(to: FloatBlock, from: FloatBlock): void {
    this.run('add', [to, from], [0], []);
  }

  /** Multiplies a block by a factor, in single precision. */
  scale(block: FloatBlock, factor: number): void {
    this.run('scale', [block], [0], [factor]);
  }

  /** Calls `work` with the blocks' addresses, after copying in (and before copying out) those that lie elsewhere. */
  private slices(
    blocks: readonly FloatBlock[],
    changed: readonly number[],
    work: (addresses: readonly number[], count: number) => void,
  ): void {
    const length = (blocks[0] as FloatBlock).length;
    if (blocks.every((block) => this.isInside(block))) {
      work(
        blocks.map(({ byteOffset }) => byteOffset),
        length,
      );
      return;
    }
    const slots = this.slots(blocks.length);
    for (let start = 0; start < length; start += sliceLength) {
      const count = Math.min(sliceLength, length - start);
      for (const [i, block] of blocks.entries()) slots[i]?.set(block.subarray(start, start + count));
      work(
        slots.map(({ byteOffset }) => byteOffset),
        count,
      );
      for (const i of changed) blocks[i]?.set((slots[i] as FloatBlock).subarray(0, count), start);
    }
  }

  private isInside(block: FloatBlock): boolean {
    return block.buffer === this.memory.buffer;
  }

  private slots(count: number): FloatBlock[] {
    return Array.from(
      { length: count },
      (_, i) => new Float32Array(this.memory.buffer, i * sliceLength * 4, sliceLength),
    );
  }
}
