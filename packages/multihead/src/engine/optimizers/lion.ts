/**
 * @file Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms").
 *
 *   p = (1 - rate decay) p - rate sign(b1 m + (1 - b1) g)      m = b2 m + (1 - b2) g
 */
import { z } from 'zod';
import { defineOptimizer, type FloatBlock, likeParameter, type OptimizerContext } from './optimizer.js';

/** Lion as a row of the registry. */
export const lion = defineOptimizer({
  name: 'lion',
  aliases: ['lion_32bit'],
  description:
    'Lion (Chen et al. 2023): the sign of a momentum, decoupled weight decay. Half of the memory of AdamW; its authors take ' +
    'learning rates 3 to 10 times smaller than for AdamW, and weight decay as many times larger.',
  settings: z.strictObject({
    beta1: z.number().min(0).lt(1).default(0.9).describe('weight of the momentum in the direction of a step'),
    beta2: z.number().min(0).lt(1).default(0.99).describe('decay of the momentum'),
  }),
  create: ({ beta1, beta2 }) => ({
    state: { exp_avg: likeParameter },
    scope: 'elements',
    step({ parameters, gradients, state }, context) {
      const { learningRate, gradientScale, loops } = context;
      const blocks = [parameters, gradients, state.exp_avg as FloatBlock];
      loops.run('lion', blocks, [0, 2], [gradientScale, beta1, beta2, kept(context), learningRate]);
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
