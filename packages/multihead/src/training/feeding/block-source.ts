/** @file Blocks of a corpus as features to train on. */
import type { Blocks } from '../../data/pretraining/blocks.js';
import type { Feature } from '../../tasks/feature.js';
import type { LanguageModelingTask } from '../../tasks/pretraining/language-modeling.js';
import type { FeatureSource } from './feature-source.js';

/**
 * Features of blocks. Every epoch has as many as the first: where another one's blocks are more or fewer, some of them,
 * evenly from the whole, are left out or come twice.
 *
 * @param blocks those of every epoch, or a function that makes them anew for each
 * @example
 * const task = new MaskedLanguageModeling({ tokenizer });
 * blockSource((epoch) => packedBlocks(corpus.train, { size: 126, shift: (37 * epoch) % 126 }), task)
 */
export function blockSource<Block, OneFeature extends Feature>(
  blocks: Blocks<Block> | ((epoch: number) => Blocks<Block>),
  task: Pick<LanguageModelingTask<Block, OneFeature>, 'feature' | 'specialTokens'>,
): FeatureSource<OneFeature> {
  const of = typeof blocks === 'function' ? blocks : () => blocks;
  let current = { epoch: 0, blocks: of(0) };
  const { length, fingerprint } = current.blocks;
  const during = (epoch: number): Blocks<Block> => {
    if (current.epoch !== epoch) current = { epoch, blocks: of(epoch) };
    return current.blocks;
  };
  const place = (index: number, { length: there }: Blocks<Block>) => Math.floor((index * there) / length);
  return {
    length,
    lengthOf: (index, epoch) => {
      const blocks = during(epoch);
      return blocks.lengthOf(place(index, blocks)) + task.specialTokens;
    },
    read: async (indices, epoch) => {
      const blocks = during(epoch);
      const read = await blocks.read(indices.map((index) => place(index, blocks)));
      return read.map((block) => task.feature(block));
    },
    fingerprint: () => fingerprint,
  };
}
