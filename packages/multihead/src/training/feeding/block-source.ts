/** @file A source of features made of the blocks of a corpus. */
import type { Blocks } from '../../data/pretraining/blocks.js';
import type { Feature } from '../../tasks/feature.js';
import type { LanguageModelingTask } from '../../tasks/pretraining/language-modeling.js';
import type { FeatureSource } from './feature-source.js';

/**
 * Creates a source of features from blocks. Every epoch has as many features as the first; if it has more or fewer
 * blocks, evenly spaced blocks are omitted or repeated.
 *
 * @param blocks the blocks of every epoch, or a function that makes them for each
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
