/** @file Names, shapes and layout of the state tensors that an optimizer keeps for given parameters. */
import type { Optimizer, StateShape } from './optimizer.js';

/** Elements from one tensor to the next in a flat buffer, a multiple of 64 bytes. The gap is zero. */
export const aligned = (length: number): number => Math.ceil(length / 16) * 16;

/** A trainable parameter. */
interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One state tensor of one parameter, and where it lies in the buffer of its kind. */
export interface StateTensor {
  /** `<parameter>.<state>`, as checkpoints name it. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** All state tensors of a kind: one for each parameter that has one, in the parameters' order; and their size in all. */
export interface StateLayout {
  readonly tensors: readonly (StateTensor | undefined)[];
  readonly total: number;
}

/** Lays the state of one kind out. Like the parameters, it lies as their gradients do. */
export function stateLayout(state: string, shapeOf: StateShape, parameters: readonly NamedShape[]): StateLayout {
  let total = 0;
  const tensors = parameters.map(({ name, shape: parameterShape }): StateTensor | undefined => {
    const shape = shapeOf(parameterShape);
    if (!shape) return undefined;
    const length = shape.reduce((product, size) => product * size, 1);
    const offset = total;
    total += aligned(length);
    return { name: `${name}.${state}`, shape, offset, length };
  });
  return { tensors, total };
}

/** Names and shapes of all that a checkpoint holds of an optimizer. */
export const stateTensors = ({ state }: Pick<Optimizer, 'state'>, parameters: readonly NamedShape[]): StateTensor[] =>
  Object.entries(state).flatMap(([name, shapeOf]) =>
    stateLayout(name, shapeOf, parameters).tensors.filter((tensor) => tensor !== undefined),
  );
