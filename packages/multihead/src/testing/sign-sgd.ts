/** @file An optimizer as a user's own program defines one, in a module of its own. */
import { z } from 'zod';
import { defineOptimizer, type FloatBlock, likeParameter } from '../exports/training.js';

/** Momentum, of whose sign the step is made. */
export default defineOptimizer({
  name: 'sign-sgd',
  description: 'signSGD with momentum (Bernstein et al. 2018), decoupled weight decay.',
  settings: z.strictObject({ momentum: z.number().min(0).lt(1).default(0.9).describe('decay of the momentum') }),
  create: ({ momentum }) => ({
    state: { momentum_buffer: likeParameter },
    scope: 'elements',
    step({ parameters, gradients, state }, { learningRate, weightDecay, gradientScale }) {
      const buffer = state.momentum_buffer as FloatBlock;
      for (const [i, gradient] of gradients.entries()) {
        buffer[i] = momentum * (buffer[i] as number) + (1 - momentum) * gradient * gradientScale;
        const kept = (parameters[i] as number) * (1 - learningRate * weightDecay);
        parameters[i] = kept - learningRate * Math.sign(buffer[i] as number);
      }
    },
  }),
});
