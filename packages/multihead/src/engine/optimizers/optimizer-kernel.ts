/**
 * @file The optimizer's compiled inner loops and the memory that they work in.
 *
 * WebAssembly sees only its own memory. Parameters, gradients and moments are therefore laid into one such memory (ONNX
 * Runtime takes views of it as it takes any other). What does not fit its 4 GB, from about 268 million parameters on, is
 * carried through it slice by slice, at half the speed.
 */
import { optimizerWasm } from '../generated/optimizer-wasm.js';
import type { CompiledLoops, FloatBlock } from './optimizer.js';

/** A loop: the addresses of its blocks, their length, and its other arguments. */
type Loop = (...args: number[]) => number | undefined;

const pageSize = 65536;
const largestMemory = 65536 * pageSize - pageSize;
/** Elements of a slice that is carried through the memory: four of them stay in a core's second-level cache. */
const sliceLength = 1 << 14;
const mostBlocks = 4;
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
    const isInside = (block: FloatBlock) => block.buffer === this.memory.buffer;
    if (blocks.every(isInside)) {
      work(
        blocks.map(({ byteOffset }) => byteOffset),
        length,
      );
      return;
    }
    const slots = blocks.map((_, i) => new Float32Array(this.memory.buffer, i * sliceLength * 4, sliceLength));
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
}
