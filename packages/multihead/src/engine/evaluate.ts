/**
 * @file Evaluation of lazy tensors on demand, enabled by importing this file: one shared engine that caches the most
 *   recently used graphs.
 */
import { createEngine } from '#engine';
import { writeModel } from '../onnx/model.js';
import { UserError } from '../platform/errors.js';
import type { TypedData } from '../tensor/dtype.js';
import { setEvaluator } from '../tensor/evaluator.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Engine, TensorValue } from './engine.js';

/** Sessions cost memory, and releasing them leaks a little (onnxruntime issue 25325): keep few, reuse them by form. */
const keptGraphs = 32;

let engine: Engine | undefined;
const loaded = new Map<string, Promise<void>>();

/** Computes tensors in one run and returns their elements. */
export async function evaluateTensors(tensors: readonly Tensor[]): Promise<TypedData[]> {
  engine ??= createEngine();
  const outputs = Object.fromEntries(tensors.map((tensor, i) => [`output_${i}`, tensor]));
  const model = writeModel(outputs, { feedConstants: true });
  const given = model.inputs.map(({ name }) => name).filter((name) => !(name in model.constants));
  const open = [...given, ...model.parameters];
  if (open.length > 0) {
    throw new UserError(
      `data: the tensor depends on ${open.join(', ')}, which have no values here. Run the model instead.`,
    );
  }
  const key = new TextDecoder('latin1').decode(model.bytes);
  if (!loaded.has(key)) {
    loaded.set(key, engine.load(key, model));
    const oldest = loaded.keys().next().value as string;
    if (loaded.size > keptGraphs && loaded.delete(oldest)) void engine.unload(oldest);
  }
  await loaded.get(key);
  const results = await engine.run(key, model.constants);
  return tensors.map((_, i) => (results[`output_${i}`] as TensorValue).data);
}

setEvaluator(evaluateTensors);
