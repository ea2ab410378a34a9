/**
 * @file Stochastic gradient descent as PyTorch's `torch.optim.SGD`, with momentum and Nesterov's (Sutskever et al. 2013).
 *
 *   g = g + decay p      b = momentum b + (1 - dampening) g, at the first step b = g
 *   p = p - rate b, with Nesterov p = p - rate (g + momentum b)
 */
import { z } from 'zod';
import { defineOptimizer, type FloatBlock, likeParameter } from './optimizer.js';

/** Stochastic gradient descent as a row of the registry. */
export const sgd = defineOptimizer({
  name: 'sgd',
  description:
    "Stochastic gradient descent, as PyTorch's. Weight decay is coupled: it is added to the gradient, after clipping, and so " +
    'goes through the momentum.',
  settings: z
    .strictObject({
      momentum: z.number().min(0).lt(1).default(0).describe('decay of the momentum; 0: none, and no state'),
      dampening: z.number().min(0).max(1).default(0).describe('the gradient counts in the momentum by 1 - dampening'),
      nesterov: z.boolean().default(false).describe("Nesterov's momentum, which needs momentum and no dampening"),
    })
    .refine(({ momentum, dampening, nesterov }) => !nesterov || (momentum > 0 && dampening === 0), {
      error: 'nesterov needs a momentum above 0 and a dampening of 0',
    }),
  create: ({ momentum, dampening, nesterov }) => ({
    state: momentum > 0 ? { momentum_buffer: likeParameter } : {},
    scope: 'elements',
    step({ parameters, gradients, state }, { step, learningRate, weightDecay, gradientScale, loops }) {
      if (momentum === 0) {
        loops.run('sgd', [parameters, gradients], [0], [gradientScale, weightDecay, learningRate]);
        return;
      }
      const share = step === 1 ? 1 : 1 - dampening;
      const scalars = [gradientScale, weightDecay, momentum, share, Number(nesterov), learningRate];
      loops.run('sgdMomentum', [parameters, gradients, state.momentum_buffer as FloatBlock], [0, 2], scalars);
    },
    // Coupled decay is a gradient, and makes momentum of it.
    stepUntouched: (_, { weightDecay }) => weightDecay === 0,
  }),
});
