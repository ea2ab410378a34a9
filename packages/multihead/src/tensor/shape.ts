/**
 * @file Shapes whose dimensions are numbers or names.
 *
 * A name such as `batch` stands for a size that is known only when the graph runs, so that one graph serves every batch
 * size and length. Products of names are names too (`batch*sequence`, `12*batch`), written in one canonical order.
 */
import { UserError } from '../platform/errors.js';

/** A size: a number, or a name for a number that is known at run time. */
export type Dimension = number | string;

/** The dimensions of a tensor, outermost first. A scalar's shape is `[]`. */
export type Shape = readonly Dimension[];

/** Writes a shape as people do: `[batch, 12, sequence, 64]`. */
export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Whether two shapes are the same, names included. */
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** Whether every dimension is a number. */
export const isStatic = (shape: Shape): shape is readonly number[] => shape.every((d) => typeof d === 'number');

/** Number and names that a dimension is the product of: `12*batch` is 12 and [batch]. */
export function factors(dimension: Dimension): { coefficient: number; names: string[] } {
  if (typeof dimension === 'number') return { coefficient: dimension, names: [] };
  const parts = dimension.split('*');
  const coefficient = /^\d+$/.test(parts[0] as string) ? Number(parts.shift()) : 1;
  return { coefficient, names: parts };
}

/**
 * The product of dimensions, in canonical form.
 *
 * @example product(['sequence', 12, 'batch']) // '12*batch*sequence'
 */
export function product(dimensions: Shape): Dimension {
  let coefficient = 1;
  const names: string[] = [];
  for (const dimension of dimensions) {
    const parts = factors(dimension);
    coefficient *= parts.coefficient;
    names.push(...parts.names);
  }
  if (names.length === 0 || coefficient === 0) return coefficient;
  return [...(coefficient === 1 ? [] : [String(coefficient)]), ...names.sort()].join('*');
}

/** The dimension by which `divisor` must be multiplied to give `total`, or undefined where there is none. */
export function quotient(total: Dimension, divisor: Dimension): Dimension | undefined {
  const numerator = factors(total);
  const denominator = factors(divisor);
  const names = [...numerator.names];
  for (const name of denominator.names) {
    const at = names.indexOf(name);
    if (at < 0) return undefined;
    names.splice(at, 1);
  }
  const coefficient = numerator.coefficient / denominator.coefficient;
  return Number.isInteger(coefficient) ? product([coefficient, ...names]) : undefined;
}

/**
 * The shape that two shapes broadcast to (NumPy's rule: align at the right; equal, or one of them 1).
 *
 * @throws UserError that says both shapes
 */
export function broadcastShapes(what: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new UserError(`${what}: shapes do not broadcast: ${formatShape(a)} and ${formatShape(b)}`);
    }
    return left === 1 ? right : left;
  });
}

/** Turns an axis counted from the end (-1 is the last) into one counted from the start, and checks it. */
export function normalizeAxis(what: string, axis: number, shape: Shape): number {
  const normalized = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= shape.length) {
    throw new UserError(`${what}: there is no axis ${axis} in ${formatShape(shape)}`);
  }
  return normalized;
}

/** Replaces a -1 by the dimension that is left of the elements. */
export function completeShape(from: Shape, shape: Shape): Shape {
  const open = shape.indexOf(-1);
  if (open < 0) return shape;
  const rest = quotient(product(from), product(shape.filter((_, i) => i !== open)));
  if (rest === undefined) throw new UserError(`reshape: ${formatShape(from)} cannot become ${formatShape(shape)}`);
  return shape.map((d, i) => (i === open ? rest : d));
}
