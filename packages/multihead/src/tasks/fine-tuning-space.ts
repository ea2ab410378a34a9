/**
 * @file The settings of fine-tuning that a search tries. Hugging Face's (`default_hp_space_optuna`: rates from 1e-6 to 1e-4, 1 to 5
 * epochs, batches of 4 to 64), widened: small models want higher rates, small data more epochs; and warm-up, with which high
 * rates are safe, and weight decay. Rates below 5e-6 hardly move a model, and are left out.
 */
import type { SearchSpace } from '../search/space/search-space.js';

/** A search space for any task that fine-tunes an encoder. */
export const fineTuningSpace = {
  learningRate: { type: 'float', low: 5e-6, high: 1e-3, log: true },
  epochs: { type: 'int', low: 1, high: 10 },
  batchSize: { type: 'categorical', choices: [4, 8, 16, 32, 64] },
  warmupRatio: { type: 'float', low: 0, high: 0.2 },
  weightDecay: { type: 'float', low: 0, high: 0.3 },
} satisfies SearchSpace;
