/**
 * @file Builds a training graph from a loss, with gradients as outputs; gradients of embeddings are output as sparse
 *   rows.
 */
import type { GradientSource, TrainingGraph } from '../../engine/engine.js';
import type { Parameter } from '../../nn/module.js';
import type { Traced } from '../../nn/training-mode.js';
import { type OnnxModel, writeModel } from '../../onnx/model.js';
import { gradient, topologicalOrder } from '../../tensor/gradient.js';
import type { GraphTarget, Node } from '../../tensor/operator.js';
import { add } from '../../tensor/operators/arithmetic.js';
import { type ScatterRowsAttributes, scatterRows } from '../../tensor/operators/select.js';
import { input, range } from '../../tensor/operators/sources.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Options of `trainingGraph`. */
export interface TrainingGraphOptions {
  /** Group index of a parameter, by name. Default: all are in group 0. */
  readonly groupOf?: ((name: string) => number) | undefined;
  /** Export target of the device, which determines the operators. Default: `cpu`. */
  readonly target?: GraphTarget;
}

/**
 * Builds the graph of one training step: the loss, and the gradients of the trainable parameters.
 *
 * The gradient of an embedding table is zero but for the rows of the batch's tokens. Such rows leave the graph as they
 * are, and the engine adds them into its buffer; a whole table of zeros, 94 MB for BERT, is never made.
 *
 * @param traced  the loss; its means have the share 1 where no other is given
 */
export function trainingGraph(
  { result: loss, means }: Traced<Tensor>,
  trainable: readonly Parameter[],
  { groupOf = () => 0, target = 'cpu' }: TrainingGraphOptions = {},
): TrainingGraph {
  const outputs = new Map<Tensor, string>([[loss, 'loss']]);
  const nameOf = (tensor: Tensor, name: string): string => {
    if (tensor.node.definition === input.definition) return (tensor.node.attributes as { name: string }).name;
    const known = outputs.get(tensor);
    if (!known) outputs.set(tensor, name);
    return known ?? name;
  };
  const gradients = gradient(loss, trainable).map((whole, i): GradientSource => {
    const { name, decay } = trainable[i] as Parameter;
    const { dense, rows } = split(whole);
    return {
      parameter: name,
      decay,
      group: groupOf(name),
      ...(dense && { dense: nameOf(dense, `gradient of ${name}`) }),
      rows: rows.map(({ numbers, values, paddingIndex }, j) => ({
        // Rows 0, 1, 2, ... need no numbers. (As an output they would also break ONNX Runtime's GatherToSliceFusion.)
        ...(numbers.node.definition !== range.definition && {
          numbers: nameOf(numbers, `row numbers ${j} of ${name}`),
        }),
        values: nameOf(values, `rows ${j} of ${name}`),
        ...(paddingIndex !== undefined && { paddingIndex }),
      })),
    };
  });
  const ordered = earliestLast([...outputs.keys()]).map((tensor) => [outputs.get(tensor) as string, tensor]);
  return { model: withShares(writeModel(Object.fromEntries(ordered), { target }), means), gradients };
}

/** A graph whose means count whole where nothing else is said. */
function withShares(model: OnnxModel, means: Traced<Tensor>['means']): OnnxModel {
  const whole = ({ share }: (typeof means)[number]) => [
    share,
    { dtype: 'float32' as const, shape: [], data: Float32Array.of(1) },
  ];
  return { ...model, constants: { ...model.constants, ...Object.fromEntries(means.map(whole)) } };
}

/**
 * Puts what is known after fewer steps behind what takes more. ONNX Runtime computes the last output first: the loss then
 * comes before the backward pass, and each gradient as soon as its layer is reached, so that what they are made of can go.
 * (With the loss computed last, all scores over the vocabulary stayed in memory until the end.)
 */
function earliestLast(outputs: readonly Tensor[]): Tensor[] {
  const depths = new Map<Node, number>();
  for (const node of topologicalOrder(outputs)) {
    depths.set(node, 1 + Math.max(0, ...node.inputs.map((input) => depths.get(input.node) as number)));
  }
  const depth = ({ node }: Tensor) => depths.get(node) as number;
  return outputs.toSorted((a, b) => depth(b) - depth(a));
}

interface Rows {
  readonly numbers: Tensor;
  readonly values: Tensor;
  readonly paddingIndex: number | undefined;
}

/** Takes a sum apart into scattered rows and what is left. */
function split(tensor: Tensor): { dense?: Tensor; rows: Rows[] } {
  const { definition, inputs, attributes } = tensor.node;
  if (definition === scatterRows.definition) {
    const [numbers, values] = inputs as [Tensor, Tensor];
    return { rows: [{ numbers, values, paddingIndex: (attributes as ScatterRowsAttributes).paddingIndex }] };
  }
  if (definition !== add.definition) return { dense: tensor, rows: [] };
  const [left, right] = inputs.map(split) as [ReturnType<typeof split>, ReturnType<typeof split>];
  const rows = [...left.rows, ...right.rows];
  if (rows.length === 0) return { dense: tensor, rows };
  const dense = left.dense && right.dense ? left.dense.add(right.dense) : (left.dense ?? right.dense);
  return { ...(dense && { dense }), rows };
}
