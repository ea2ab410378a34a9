/** @file A run of training with what two runs are compared by. */
import type { PretrainedModel } from '../models/core/pretrained.js';
import type { TrainingEvent } from '../training/trainer/events.js';
import type { TrainingOptions } from '../training/trainer/options.js';

/** How a run of a test differs from the test's other runs. */
export interface Run extends Partial<TrainingOptions> {
  readonly output: string;
  readonly resume?: boolean;
  readonly onEvent?: (event: TrainingEvent) => void;
}

/** Trains to the end, and lets the model go: the loss of each step that was made, and the weights. */
export async function recordedRun(
  model: PretrainedModel,
  trainer: (onEvent: (event: TrainingEvent) => void) => { train(): Promise<unknown> },
  onEvent?: Run['onEvent'],
): Promise<{ losses: number[]; weights: Float32Array }> {
  const losses: number[] = [];
  const record = (event: TrainingEvent) => {
    if (event.type === 'step') losses.push(event.loss);
    onEvent?.(event);
  };
  try {
    await trainer(record).train();
    return { losses, weights: (await model.weights.read()).data };
  } finally {
    await model.dispose();
  }
}
