/** @file Blocks of a corpus as features to train on. */
import type { TokenBlocks } from '../data/corpus/blocks.js';
import type { LanguageModelingTask } from '../tasks/language-modeling.js';
import type { Feature } from '../tasks/task.js';
import type { FeatureSource } from './feature-source.js';

/**
 * Features of blocks.
 *
 * @param blocks those of every epoch, or a function that cuts them anew for each; all epochs have as many
 * @example
 * blockSource((epoch) => packedBlocks(file, { size: 126, shift: (37 * epoch) % 126 }), task)
 */
export function blockSource(
  blocks: TokenBlocks | ((epoch: number) => TokenBlocks),
  task: Pick<LanguageModelingTask, 'feature' | 'specialTokens'>,
): FeatureSource<Feature> {
  const of = typeof blocks === 'function' ? blocks : () => blocks;
  const first = of(0);
  let current = { epoch: 0, blocks: first };
  return {
    length: first.length,
    lengthOf: (index) => first.lengthOf(index) + task.specialTokens,
    read: async (indices, epoch) => {
      if (current.epoch !== epoch) current = { epoch, blocks: of(epoch) };
      return (await current.blocks.read(indices)).map((block) => task.feature(block));
    },
    fingerprint: () => first.fingerprint,
  };
}
