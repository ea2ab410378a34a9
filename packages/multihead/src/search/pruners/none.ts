/** @file No pruning: each trial runs to its end. */
import { z } from 'zod';
import { definePruner } from './pruner.js';

/** The row of the registry. */
export const none = definePruner({
  name: 'none',
  description: 'each trial runs to its end',
  options: z.object({}),
  create: () => ({ decide: () => ({ prune: false }) }),
});
