/** @file Reverse-mode differentiation over the graph of lazy tensors: the gradient is a graph of the same operators. */
import { UserError } from '../platform/errors.js';
import { tensor } from './factories.js';
import type { Node } from './operator.js';
import { addGradients } from './operators/layout.js';
import { formatShape, isStatic } from './shape.js';
import type { Tensor } from './tensor.js';

/** The nodes that tensors depend on, each after those that it depends on. */
export function topologicalOrder(outputs: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack: deep models would overflow a recursion.
  const stack: { node: Node; done: boolean }[] = outputs.map(({ node }) => ({ node, done: false })).reverse();
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    if (entry.done) {
      order.push(entry.node);
      continue;
    }
    if (seen.has(entry.node)) continue;
    seen.add(entry.node);
    stack.push({ node: entry.node, done: true });
    for (const { node } of [...entry.node.inputs].reverse()) {
      if (!seen.has(node)) stack.push({ node, done: false });
    }
  }
  return order;
}

/**
 * Gradients of a scalar with respect to tensors: d(loss)/d(x) for each x, in x's shape, lazy.
 *
 * A tensor that the loss does not depend on gets zeros. What is not asked for is not computed: leaving a parameter out
 * (freezing it) saves its share of the backward pass.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * const [dx] = gradient(x.matmul(x).sum(), [x]);
 * await dx.data(); // Float32Array [7, 11, 9, 13]
 */
export function gradient(loss: Tensor, wanted: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0) {
    throw new UserError(
      `gradient: the loss must be a scalar, not ${formatShape(loss.shape)}; take its sum() or mean()`,
    );
  }
  const order = topologicalOrder([loss]);
  const reaching = new Set<Node>(wanted.map(({ node }) => node));
  for (const node of order) {
    if (node.inputs.some((input) => reaching.has(input.node))) reaching.add(node);
  }
  const upstream = new Map<Tensor, Tensor>([[loss, tensor(1)]]);
  for (const node of order.reverse()) {
    const output = node.outputs[0] as Tensor;
    const dy = upstream.get(output);
    if (!dy || !reaching.has(node) || node.inputs.length === 0) continue;
    backward(node, dy, reaching, upstream);
  }
  return wanted.map((x) => upstream.get(x) ?? zerosLike(x));
}

/** Carries one node's gradient to its inputs, adding to what they have. */
function backward(node: Node, dy: Tensor, reaching: ReadonlySet<Node>, upstream: Map<Tensor, Tensor>): void {
  const { definition, inputs, outputs, attributes } = node;
  if (!definition.gradient) {
    if ((outputs[0] as Tensor).dtype !== 'float32') return;
    throw new Error(`internal: operator ${node.name} has no gradient`);
  }
  const gradients = definition.gradient({ inputs, outputs, output: outputs[0] as Tensor, upstream: dy, attributes });
  for (const [i, input] of inputs.entries()) {
    const share = gradients[i];
    if (!share || !reaching.has(input.node)) continue;
    const sum = upstream.get(input);
    upstream.set(input, sum ? addGradients(sum, share) : share);
  }
}

function zerosLike(x: Tensor): Tensor {
  if (isStatic(x.shape)) return tensor(0).expand(x.shape);
  return x.mul(0);
}
