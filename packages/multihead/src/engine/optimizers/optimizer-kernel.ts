/**
 * @file The optimizer's compiled inner loops and the memory that they work in.
 *
 * WebAssembly sees only its own memory. Parameters, gradients and moments are therefore laid into one such memory (ONNX
 * Runtime takes views of it as it takes any other). What does not fit its 4 GB, from about 268 million parameters on, is
 * carried through it slice by slice, at half the speed.
 */
import { optimizerWasm } from '../generated/optimizer-wasm.js';

/** A run of numbers; its offset and length are multiples of 4 elements. */
export type Block = Float32Array<ArrayBuffer>;

interface Exports {
  adamW(p: number, g: number, m: number, v: number, count: number, ...scalars: number[]): void;
  sumOfSquares(x: number, count: number): number;
  add(y: number, x: number, count: number): void;
  scale(x: number, count: number, factor: number): void;
}

/** AdamW's numbers for one pass. */
export interface AdamWScalars {
  /** The gradient is multiplied by this first: clipping, averaging. */
  readonly gradientScale: number;
  readonly beta1: number;
  readonly beta2: number;
  /** What is left of a parameter after weight decay. */
  readonly keep: number;
  /** Learning rate, corrected for the first moment's bias. */
  readonly rate: number;
  /** Corrects the second moment's root for its bias. */
  readonly correction: number;
  readonly epsilon: number;
}

const pageSize = 65536;
const largestMemory = 65536 * pageSize - pageSize;
/** Elements of a slice that is carried through the memory: four of them stay in a core's second-level cache. */
const sliceLength = 1 << 14;
const alignment = 64;

/** The compiled loops, with memory for some blocks. */
export class OptimizerKernel {
  private free = 4 * sliceLength * 4;
  private readonly exports: Exports;
  private readonly memory: WebAssembly.Memory;

  private constructor(bytes: number) {
    const pages = Math.ceil((this.free + bytes) / pageSize);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
    const binary = Uint8Array.from(atob(optimizerWasm), (character) => character.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory: this.memory } });
    this.exports = instance.exports as unknown as Exports;
  }

  /** A kernel with room for blocks of the given lengths (in elements), if that much can be had. */
  static create(lengths: readonly number[]): OptimizerKernel {
    const bytes = lengths.reduce((sum, length) => sum + length * 4 + alignment, 0);
    return new OptimizerKernel(bytes + 4 * sliceLength * 4 < largestMemory ? bytes : 0);
  }

  /** A block of zeros: in the kernel's memory while there is room, elsewhere otherwise. */
  allocate(length: number): Block {
    const start = Math.ceil(this.free / alignment) * alignment;
    const end = start + length * 4;
    if (end > this.memory.buffer.byteLength) return new Float32Array(length);
    this.free = end;
    return new Float32Array(this.memory.buffer, start, length);
  }

  /** One AdamW update: parameters and moments change. */
  adamW(parameters: Block, gradients: Block, first: Block, second: Block, scalars: AdamWScalars): void {
    const { gradientScale, beta1, beta2, keep, rate, correction, epsilon } = scalars;
    this.slices([parameters, gradients, first, second], [0, 2, 3], ([p, g, m, v], count) => {
      this.exports.adamW(
        p as number,
        g as number,
        m as number,
        v as number,
        count,
        gradientScale,
        beta1,
        beta2,
        keep,
        rate,
        correction,
        epsilon,
      );
    });
  }

  /** The sum of a block's squares. */
  sumOfSquares(block: Block): number {
    let sum = 0;
    this.slices([block], [], ([x], count) => {
      sum += this.exports.sumOfSquares(x as number, count);
    });
    return sum;
  }

  /** Adds one block to another. */
  add(to: Block, from: Block): void {
    this.slices([to, from], [0], ([y, x], count) => this.exports.add(y as number, x as number, count));
  }

  /** Multiplies a block by a factor, in single precision. */
  scale(block: Block, factor: number): void {
    this.slices([block], [0], ([x], count) => this.exports.scale(x as number, count, factor));
  }

  /** Calls `work` with the blocks' addresses, after copying in (and before copying out) those that lie elsewhere. */
  private slices(
    blocks: readonly Block[],
    changed: readonly number[],
    work: (addresses: readonly number[], count: number) => void,
  ): void {
    const length = (blocks[0] as Block).length;
    const isInside = (block: Block) => block.buffer === this.memory.buffer;
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
      for (const i of changed) blocks[i]?.set((slots[i] as Block).subarray(0, count), start);
    }
  }
}
