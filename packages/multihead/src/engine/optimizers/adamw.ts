/**
 * @file AdamW (Loshchilov and Hutter 2019).
 *
 *   m = b1 m + (1 - b1) g      v = b2 v + (1 - b2) g^2
 *   p = (1 - rate decay) p - rate / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + epsilon)
 */
import { z } from 'zod';
import { defineOptimizer, type FloatBlock, likeParameter, type OptimizerContext } from './optimizer.js';

/** AdamW as a row of the registry. */
export const adamw = defineOptimizer({
  name: 'adamw',
  aliases: ['adamw_torch', 'adamw_torch_fused'],
  description: 'AdamW (Loshchilov and Hutter 2019): first and second moments, decoupled weight decay.',
  settings: z.strictObject({
    beta1: z.number().min(0).lt(1).default(0.9).describe('decay of the first moment'),
    beta2: z.number().min(0).lt(1).default(0.999).describe('decay of the second moment'),
    epsilon: z.number().gt(0).lt(1).default(1e-8).describe('added to the denominator'),
  }),
  create: ({ beta1, beta2, epsilon }) => ({
    state: { exp_avg: likeParameter, exp_avg_sq: likeParameter },
    scope: 'elements',
    step({ parameters, gradients, state }, context) {
      const { step, learningRate, gradientScale, loops } = context;
      const rate = learningRate / (1 - beta1 ** step);
      const correction = 1 / Math.sqrt(1 - beta2 ** step);
      loops.run(
        'adamW',
        [parameters, gradients, state.exp_avg as FloatBlock, state.exp_avg_sq as FloatBlock],
        [0, 2, 3],
        [gradientScale, beta1, beta2, kept(context), rate, correction, epsilon],
      );
    },
    stepUntouched(parameters, context) {
      const keep = kept(context);
      if (keep !== 1) context.loops.scale(parameters, keep);
      return true;
    },
  }),
});

/** What decoupled weight decay leaves of a parameter. */
const kept = ({ learningRate, weightDecay }: OptimizerContext): number => 1 - learningRate * weightDecay;
