/**
 * @file How a lazy tensor gets computed by hand: through an evaluator that the engine registers.
 *
 * Tensors know nothing of engines (imports point one way); the package's entry puts the two together.
 */
import type { TypedData } from './dtype.js';
import type { Tensor } from './tensor.js';

/** Computes tensors whose graphs have no open inputs. */
export type Evaluator = (tensors: readonly Tensor[]) => Promise<TypedData[]>;

let registered: Evaluator | undefined;

/** Sets what `tensor.data()` computes with. */
export function setEvaluator(evaluator: Evaluator): void {
  registered = evaluator;
}

/** Computes several tensors in one run. */
export async function evaluate(tensors: readonly Tensor[]): Promise<TypedData[]> {
  if (!registered) throw new Error('internal: no evaluator is registered; import from the package, not from its files');
  return registered(tensors);
}
