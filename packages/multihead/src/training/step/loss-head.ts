/** @file Layers that only a task's loss has. They are trained with the model and kept in checkpoints, but not saved with it. */
import { isOfLoss, type PretrainedModel } from '../../models/core/pretrained.js';
import type { TrainingTask } from '../../tasks/task.js';

/** Adds the layers of a task's loss to a model, with new weights; without such a loss, takes those of another away. */
export async function setLossHead(model: PretrainedModel, task: TrainingTask, seed: number): Promise<void> {
  const head = task.lossHead?.();
  if (!head && !model.lossHead) return;
  await model.changeModules(() => {
    model.lossHead = head;
  });
  for (const name of model.weights.parameters.keys()) if (isOfLoss(name)) model.weights.initialize(name, seed);
}
