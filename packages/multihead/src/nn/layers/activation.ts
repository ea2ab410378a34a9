/** @file Activation functions by the names that Hugging Face's configurations use. */
import { UserError } from '../../platform/errors.js';
import type { Tensor } from '../../tensor/tensor.js';

const activations = {
  gelu: (x: Tensor) => x.gelu(),
  gelu_new: (x: Tensor) => x.gelu('tanh'),
  gelu_pytorch_tanh: (x: Tensor) => x.gelu('tanh'),
  relu: (x: Tensor) => x.relu(),
  tanh: (x: Tensor) => x.tanh(),
  sigmoid: (x: Tensor) => x.sigmoid(),
  silu: (x: Tensor) => x.mul(x.sigmoid()),
} satisfies Record<string, (x: Tensor) => Tensor>;

/** A function applied element by element after a linear layer. */
export type Activation = (x: Tensor) => Tensor;

/**
 * Returns an activation function by name, such as that of `hidden_act`.
 *
 * @example
 * await activation('relu')(tensor([-1, 2])).data(); // Float32Array [0, 2]
 */
export function activation(name: string): Activation {
  if (!Object.hasOwn(activations, name)) {
    throw new UserError(`hidden_act "${name}" is not known; there are: ${Object.keys(activations).join(', ')}`);
  }
  return activations[name as keyof typeof activations];
}
