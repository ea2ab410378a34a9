/**
 * @file Dropout masks (Srivastava et al. 2014) that are a function of a seed: the same seed gives the same mask, on
 * every machine, and a run that is resumed with its seeds draws the masks that it would have drawn.
 *
 * The bit at (row, column) is decided by the 32-bit product m * c of an odd number m drawn for the row and a number c
 * drawn for the column: the high bits of such products are as good as random (they are those of a multiplicative
 * congruential generator with the row as multiplier), and the mask costs one multiplication and one comparison an
 * element. A hash of every element would cost ten passes over memory, more than the matrix product beside it.
 */
import type { GraphWriter } from '../operator.js';
import { operator } from '../operator.js';
import { product, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Site: which mask of the graph this is, so that no two are alike. Rate: the share of elements to drop. */
export interface MaskAttributes {
  readonly shape: Shape;
  readonly site: number;
  readonly rate: number;
}

/** A bool mask, true where an element is kept; its one input is the seed, an int64 scalar. */
export const dropoutMask = operator<MaskAttributes>('DropoutMask', {
  shape: (_, { shape }) => shape,
  dtype: () => 'bool',
  onnx: ([seed], { shape, site, rate }, writer) => {
    const leading = shape.slice(0, -1);
    const rows = numbers(writer, product(leading), seed as string, 0n);
    const columns = numbers(writer, shape.at(-1) as number, undefined, mixedSite(site));
    const even = writer.node('Mul', [rows, writer.constant('int32', [], [2])]);
    const odd = writer.node('Add', [even, writer.constant('int32', [], [Number(mixedSite(site) >> 32n) | 1])]);
    const multipliers = writer.node('Reshape', [odd, writer.sizes([...leading, 1])]);
    const bits = writer.node('Mul', [multipliers, columns]);
    const threshold = Math.min(Math.round(rate * 2 ** 32) - 2 ** 31, 2 ** 31 - 1);
    return writer.node('GreaterOrEqual', [bits, writer.constant('int32', [], [threshold])]);
  },
});

const signed64 = (value: bigint): bigint => BigInt.asIntN(64, value);

/** A well mixed 64-bit number for a site (the finalizer of SplitMix64, Steele, Lea and Flood 2014). */
function mixedSite(site: number): bigint {
  let z = BigInt.asUintN(64, BigInt(site + 1) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return signed64(z ^ (z >> 31n));
}

/** `size` int32 numbers, each a hash of its place, the key and the seed. Graphs have no shifts: high bits come by division. */
function numbers(writer: GraphWriter, size: Shape[number], seed: string | undefined, key: bigint): string {
  const constant = (value: bigint) => writer.constant('int64', [], [signed64(value)]);
  const place = writer.node('Range', [constant(0n), writer.node('Squeeze', [writer.size(size)]), constant(1n)]);
  const keyed = writer.node('Add', [place, seed ?? constant(key)]);
  let mixed = writer.node('Mul', [keyed, constant(0x9e3779b97f4a7c15n)]);
  for (const multiplier of [0xbf58476d1ce4e5b9n, 0x94d049bb133111ebn]) {
    const high = writer.node('Div', [mixed, constant(1n << 32n)]);
    mixed = writer.node('Mul', [writer.node('Add', [mixed, high]), constant(multiplier)]);
  }
  return writer.node('Cast', [writer.node('Div', [mixed, constant(1n << 32n)])], { to: 6 });
}

/**
 * Drops elements by a mask and scales what is kept, so that the expected value stays: y = x keep / (1 - rate). A product
 * with the mask as numbers, since ONNX Runtime's Where runs on one thread; the gradient is one product with the same numbers.
 */
export function applyDropout(x: Tensor, keep: Tensor, rate: number): Tensor {
  return x.mul(keep.cast('float32').mul(1 / (1 - rate)));
}
